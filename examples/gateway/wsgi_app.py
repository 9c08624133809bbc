"""Emulate two operations behind the WSGI middleware: `gunicorn wsgi_app:app` in this folder, then

curl -i localhost:8000/2015-03-31/event-source-mappings/ -H 'content-type: application/json' -d '{"BatchSize": 0}'
"""

from __future__ import annotations

import json
from typing import Any

from lambda_validate.gateway.wsgi import Middleware


def emulator(environ: Any, start_response: Any) -> list[bytes]:
    """Answer as if every function existed. Only valid requests reach this application."""
    reads = environ["REQUEST_METHOD"] == "GET"
    answer = {"MaximumRetryAttempts": 2} if reads else {"State": "Creating"}
    start_response("200 OK" if reads else "202 Accepted", [("content-type", "application/json")])
    return [json.dumps(answer).encode()]


app = Middleware(emulator, rendering="problem")
