"""A request's body read from an ASGI server: never past a limit, nor past a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal, NamedTuple

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
End = Literal["whole", "large", "slow", "left"]


class Body(NamedTuple):
    """The bytes that were read, why reading ended, whether more will come, and the message of a client that left."""

    content: bytes
    end: End = "whole"
    more: bool = False
    left: Message | None = None
    counted: int | None = None

    @property
    def size(self) -> int:
        """How many bytes were read, of which a body that is only counted has the first."""
        return len(self.content) if self.counted is None else self.counted


async def read_body(receive: Receive, limit: int, seconds: float | None, holds: bool = True) -> Body:
    """Read until the body ends, is larger than `limit` bytes, takes longer than `seconds`, or the client leaves.

    Unless it `holds`, the body is only counted.
    """
    read = _read if holds else _count
    if seconds is None:
        return await read(receive, limit, bytearray())
    body, task, late = bytearray(), asyncio.current_task(), []

    def end() -> None:
        late.append(True)
        if task is not None:
            task.cancel()

    timer = asyncio.get_running_loop().call_later(seconds, end)
    try:
        return await read(receive, limit, body)
    except asyncio.CancelledError:
        if not late:
            raise
        if task is not None:
            task.uncancel()
        return Body(bytes(body), "slow", True)
    finally:
        timer.cancel()


async def _read(receive: Receive, limit: int, body: bytearray) -> Body:
    """Read into `body`; its pieces are joined at once, since a piece may be a single byte."""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return Body(bytes(body), "left", True, message)
        piece, more = message.get("body", b""), message.get("more_body", False)
        if not more and not body and len(piece) <= limit:
            return Body(bytes(piece))
        body += piece
        if len(body) > limit:
            return Body(bytes(body), "large", more)
        if not more:
            return Body(bytes(body))


async def _count(receive: Receive, limit: int, first: bytearray) -> Body:
    """Read, and keep the first byte."""
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return Body(bytes(first), "left", True, message, size)
        piece, more = message.get("body", b""), message.get("more_body", False)
        first += piece[: 1 - len(first)]
        size += len(piece)
        if size > limit or not more:
            return Body(bytes(first), "large" if size > limit else "whole", more, None, size)
