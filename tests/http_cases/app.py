"""Define applications for real servers.

They report that a request reached them, and return invalid responses on request.

`GET` of a function named `wrong-…` gets an invalid response, and any other request a valid one.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from support.gateway_calls import asgi_middleware, wsgi_middleware

REACHED = "x-reached"
VALID = b'{"MaximumRetryAttempts":2}'
RESPONSES: dict[str, tuple[int, str, bytes]] = {
    "wrong-status": (201, "application/json", VALID),
    "wrong-type": (200, "text/html", VALID),
    "wrong-body": (200, "application/json", b'{"MaximumRetryAttempts":3,"FunctionArn":"s3cr3t"}'),
    "wrong-html": (500, "text/html", b"<html>s3cr3t</html>"),
    "wrong-size": (200, "application/json", b" " * 2_000_000 + VALID),
}


def response(path: str) -> tuple[int, str, bytes]:
    if path.startswith("/2019-09-25/"):
        return RESPONSES.get(path.split("/")[3], (200, "application/json", VALID))
    return 202, "application/json", b'{"State":"Creating"}'


async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        return await send({"type": "lifespan.shutdown.complete"})
    size = 0
    while True:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    status, media, body = response(scope["path"])
    headers = [(b"content-type", media.encode()), (REACHED.encode(), str(size).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for start in range(0, len(body), 65_536):
        await send({"type": "http.response.body", "body": body[start : start + 65_536], "more_body": True})
    return await send({"type": "http.response.body", "body": b""})


def wsgi_app(environ: Any, start_response: Any) -> Any:
    size = len(environ["wsgi.input"].read()) if environ.get("wsgi.input_terminated") else 0
    status, media, body = response(environ["PATH_INFO"])
    start_response(f"{status} Something", [("content-type", media), (REACHED, str(size))])
    yield from (body[start : start + 65_536] for start in range(0, len(body), 65_536))


def note(event: Any) -> None:
    line = [event.direction, event.operation, event.outcome, [each.rule for each in event.report], event.seconds]
    print("CHECK", json.dumps(line), file=sys.stderr, flush=True)


blocking_asgi = asgi_middleware(asgi_app, responses="block", on_check=note, read_seconds=8)
blocking_wsgi = wsgi_middleware(wsgi_app, responses="block", on_check=note)
logging_asgi = asgi_middleware(asgi_app, requests="log", responses="log", on_check=note)
logging_wsgi = wsgi_middleware(wsgi_app, requests="log", responses="log", on_check=note)
