"""Build scopes, environments and applications to test both middlewares without a server."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

from lambda_validate.gateway import asgi, wsgi

PATH = "/2015-03-31/event-source-mappings/"
VALID = b'{"EventSourceArn":"arn:aws:sqs:us-west-2:123456789012:orders","FunctionName":"orders"}'
JSON = [(b"content-type", b"application/json")]
READ = "/2019-09-25/functions/orders/event-invoke-config"


def scope(method: str = "POST", path: str = PATH, **more: Any) -> dict[str, Any]:
    raw = path.encode("utf-8", "surrogatepass")
    return {"type": "http", "method": method, "path": path, "raw_path": raw, "query_string": b"",
            "headers": [*JSON], "http_version": "1.1", "root_path": ""} | more  # fmt: skip


def part(body: bytes = b"", more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


LEFT = {"type": "http.disconnect"}


class Recorder:
    """An application that stores the received messages until its request ends, and answers with some messages."""

    def __init__(self, *answer: dict[str, Any]) -> None:
        self.answer = answer
        self.received: list[Any] = []
        self.scope: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        while True:
            message = await receive()
            self.received.append(message)
            if not message.get("more_body"):
                break
        for each in self.answer:
            await send(each)


def run(middleware: asgi.Middleware, scope: Any, *messages: Any) -> list[Any]:
    waiting, sent = list(messages), []

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(middleware(scope, receive, send))
    return sent


def start(status: int = 200) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": JSON}


def body(data: bytes = b"", more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


def environ(method: str = "POST", path: str = PATH, data: bytes = VALID, **more: Any) -> dict[str, Any]:
    made = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(data)), "wsgi.input": io.BytesIO(data)} | more  # fmt: skip
    return {key: value for key, value in made.items() if value is not None}


def serve(middleware: wsgi.Middleware, given: dict[str, Any]) -> tuple[str, bytes]:
    begun: list[str] = []
    written: list[bytes] = []

    def start_response(status: str, headers: Any, *error: Any) -> Any:
        begun.append(status)
        return written.append

    result = middleware(given, start_response)
    content = b"".join(result)
    getattr(result, "close", bool)()
    return begun[-1], b"".join(written) + content


def reading(environ: Any, start_response: Any) -> Any:
    start_response("202 Accepted", [("content-type", "application/json")])
    return [json.dumps({"UUID": str(len(environ["wsgi.input"].read()))}).encode()]


def asgi_middleware(app: Any, **settings: Any) -> asgi.Middleware:
    """Return a middleware that uses the edition `documents` and rejects other routes by default."""
    return asgi.Middleware(app, **{"edition": "documents", "unknown_route": "deny", **settings})


def wsgi_middleware(app: Any, **settings: Any) -> wsgi.Middleware:
    """Return the same for WSGI."""
    return wsgi.Middleware(app, **{"edition": "documents", "unknown_route": "deny", **settings})
