"""Answer every operation with the simplest response that its edition allows, behind the middleware.

The environment names the edition (`EDITION`) and disabled rules (`DISABLED`), whose faults a test must find.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from lambda_validate import catalog, http
from lambda_validate.gateway.asgi import Middleware

EDITION = os.environ.get("EDITION", "documents")
DISABLED = os.environ.get("DISABLED", "").split()


async def service(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    if scope["type"] != "http":
        return
    target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    check = http.check_request(scope["method"], target, scope["headers"], b"", edition=EDITION)
    status = catalog.operation(str(check.operation), EDITION).status
    body = b"" if status == 204 else b"{}"
    headers = [
        (b"content-length", str(len(body)).encode()),
        *([(b"content-type", b"application/json")] if body else []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


app = Middleware(service, edition=EDITION, disable=DISABLED, requests="block", responses="block", unknown_route="deny")
