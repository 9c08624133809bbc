"""Forward each request to `UPSTREAM`, in an ASGI application behind the middleware that checks both directions."""

from __future__ import annotations

import asyncio
import http.client
import os
from typing import Any

from lambda_validate.gateway.asgi import Middleware

OWN = {"connection", "content-length", "transfer-encoding"}


def forward(method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection(os.environ["UPSTREAM"], timeout=30)
    try:
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


async def proxy(scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    target = scope["raw_path"].decode() + ("?" + scope["query_string"].decode() if scope["query_string"] else "")
    headers = {name.decode(): value.decode() for name, value in scope["headers"] if name.decode() not in OWN}
    status, answered, content = await asyncio.to_thread(forward, scope["method"], target, headers, body)
    forwarded = [(name.encode(), value.encode()) for name, value in answered if name.lower() not in OWN]
    await send({"type": "http.response.start", "status": status, "headers": forwarded})
    await send({"type": "http.response.body", "body": content})


app = Middleware(proxy, responses="block", edition="documents")
