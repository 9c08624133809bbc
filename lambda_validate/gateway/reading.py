"""Read a request's body from an ASGI server, within a limit of size and of time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal, NamedTuple

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
End = Literal["whole", "large", "slow", "left"]


class Body(NamedTuple):
    """The part of a request's body that was read.

    `end` says why reading ended: `"whole"`, `"large"`, `"slow"`, or `"left"` if the client disconnected. `more` says
    whether more of the body will come. `counted` is the number of bytes if they were only counted.
    """

    content: bytes
    end: End = "whole"
    more: bool = False
    counted: int | None = None

    @property
    def size(self) -> int:
        """The number of bytes that were read. If they were only counted, `content` has just the first byte."""
        return len(self.content) if self.counted is None else self.counted


async def read_body(receive: Receive, limit: int, seconds: float | None, holds: bool = True) -> Body:
    """Read a body to its end, or until it exceeds `limit` bytes or `seconds`, or the client disconnects.

    If `holds` is False, the bytes are only counted.
    """
    if seconds is None:
        return await _read(receive, limit, bytearray(), holds)
    body, task, late = bytearray(), asyncio.current_task(), []

    def end() -> None:
        late.append(True)
        if task is not None:
            task.cancel()

    timer = asyncio.get_running_loop().call_later(seconds, end)
    try:
        return await _read(receive, limit, body, holds)
    except asyncio.CancelledError:
        if not late:
            raise
        if task is not None:
            task.uncancel()
        return Body(bytes(body), "slow", True)
    finally:
        timer.cancel()


async def _read(receive: Receive, limit: int, body: bytearray, holds: bool) -> Body:
    """Read the body into `body`, so that its caller has the bytes so far if time is up.

    Each piece is appended at once: a list of pieces would be large if each were a single byte.
    """
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return Body(bytes(body), "left", True, None if holds else size)
        piece, more = message.get("body", b""), message.get("more_body", False)
        if holds and not more and not body and len(piece) <= limit:
            return Body(bytes(piece))
        size += len(piece)
        body += piece if holds else piece[: 1 - len(body)]
        if size > limit or not more:
            return Body(bytes(body), "large" if size > limit else "whole", more, None if holds else size)
