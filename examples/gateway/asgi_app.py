"""Emulate two operations behind the middleware: `uvicorn asgi_app:app` in this folder, then

curl -i localhost:8000/2019-09-25/functions/my%20function/event-invoke-config
"""

from __future__ import annotations

import json
from typing import Any

from lambda_validate.gateway.asgi import Middleware


async def emulator(scope: Any, receive: Any, send: Any) -> None:
    """Answer as if every function existed. Only valid requests reach this application."""
    if scope["type"] != "http":
        return
    reads = scope["method"] == "GET"
    answer = {"MaximumRetryAttempts": 2} if reads else {"State": "Creating"}
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200 if reads else 202, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


app = Middleware(emulator, responses="log")
