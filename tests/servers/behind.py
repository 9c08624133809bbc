"""Define applications for real servers. The header `x-app` selects one, and each echoes its input."""

from __future__ import annotations

import json
from typing import Any

from support.gateway_calls import asgi_middleware, wsgi_middleware


async def early(scope: Any, receive: Any, send: Any) -> None:
    """Answer without reading."""
    await answer(send, 401, {})


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the content of the scope after the body was received."""
    before, size = len(scope["headers"]), 0
    while True:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    headers = [[name.decode(), value.decode()] for name, value in scope["headers"]]
    content = {"path": scope["path"], "root": scope["root_path"], "size": size, "headers": headers, "before": before}
    await answer(send, 202, content)


async def answer(send: Any, status: int, content: Any) -> None:
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def settled(kind: Any, early: Any, echo: Any) -> dict[str, Any]:
    """Return the application without the middleware, and with it in different settings."""
    return {
        "early": early,
        "early-logged": kind(early, requests="log", responses="log"),
        "echo": kind(echo),
        "echo-all": kind(echo, edition="current"),
        "echo-more": kind(echo, edition="current", responses="log"),
        "echo-logged": kind(echo, edition="current", requests="log"),
        "others-pass": kind(echo, unknown_route="pass"),
    }


def wsgi_early(environ: Any, start_response: Any) -> Any:
    start_response("401 Unauthorized", [("content-type", "application/json"), ("content-length", "2")])
    return [b"{}"]


def wsgi_echo(environ: Any, start_response: Any) -> Any:
    content = {"path": environ["PATH_INFO"], "root": environ["SCRIPT_NAME"], "size": len(environ["wsgi.input"].read())}
    body = json.dumps(content).encode()
    start_response("202 Accepted", [("content-type", "application/json"), ("content-length", str(len(body)))])
    return [body]


ASGI = settled(asgi_middleware, early, echo)
WSGI = settled(wsgi_middleware, wsgi_early, wsgi_echo)


async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
    """Call the application that the request names."""
    await ASGI[dict(scope["headers"])[b"x-app"].decode()](scope, receive, send)


def wsgi_app(environ: Any, start_response: Any) -> Any:
    """Call the WSGI application that the request names."""
    return WSGI[environ["HTTP_X_APP"]](environ, start_response)
