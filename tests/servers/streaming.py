"""Define applications that read a payload in chunks, and return a requested number of bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from support.gateway_calls import asgi_middleware, wsgi_middleware

PIECE = b"\xff" * 65_536
EARLY, ANSWER, SIZE = "x-early", "x-answer", "x-size"
"""Headers of requests and responses.

`x-early` requests a response after the first chunk, and `x-answer` its size. `x-size` in a response states how many
bytes had arrived.
"""


def pieces(size: int) -> Iterator[bytes]:
    """Yield bytes in chunks."""
    for start in range(0, size, len(PIECE)):
        yield PIECE[: size - start]


async def bare_asgi(scope: Any, receive: Any, send: Any) -> None:
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    size, more = 0, True
    while more and not (size and EARLY in headers):
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    answered = [(b"content-type", b"application/octet-stream"), (SIZE.encode(), str(size).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": answered})
    for piece in pieces(int(headers.get(ANSWER, "2"))):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    while more:
        message = await receive()
        more = message.get("more_body", False)
    await send({"type": "http.response.body", "body": b""})


def bare_wsgi(environ: Any, start_response: Any) -> Iterator[bytes]:
    size, early = 0, "HTTP_X_EARLY" in environ
    while piece := environ["wsgi.input"].read(16_384):
        size += len(piece)
        if early:
            break
    start_response("200 OK", [("content-type", "application/octet-stream"), (SIZE, str(size))])
    yield from pieces(int(environ.get("HTTP_X_ANSWER", "2")))
    while early and environ["wsgi.input"].read(65_536):
        pass


asgi_app = asgi_middleware(bare_asgi, edition="current", responses="block")
wsgi_app = wsgi_middleware(bare_wsgi, edition="current", responses="block")
