"""uvicorn's protocol on httptools, with the two bounds that it lacks: how long a head may be, and how long it may take.

uvicorn keeps a header of any size, and waits for ever for the end of a head, or for the first byte of a connection.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = 65_536
"""Bytes of a head, not counting the piece in which it begins: as much as h11 takes, and more than Envoy does."""

PIECE = 16_384
"""Bytes that are parsed at once: the parser does not say where in them a head begins."""

HEADERS = 1_000
"""More than what the boundary refuses, so that it is the boundary that answers."""


class TooMany(ValueError):
    """A head with more headers than anybody sends; the parser makes a refusal of it."""


class GuardedProtocol(HttpToolsProtocol):
    """Refuses a head that is longer than `HEAD` and closes a connection whose head takes too long."""

    head_seconds = 10.0
    _head = 0
    _in_head = _begins = False
    _refusal: str | None = None
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Give a new connection the time of a kept one for its first byte."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come, until something of it is refused."""
        for start in range(0, len(data), PIECE):
            if self._refusal is not None or self.transport.is_closing():
                break
            self._take(data[start : start + PIECE])

    def _take(self, piece: bytes) -> None:
        """Parse a piece, and count what of it belongs to a head that has not ended."""
        self._begins = False
        super().data_received(piece)
        if not self._in_head:
            self._stop()
            return
        if not self._begins:  # else most of it may be bodies of the requests before
            self._head += len(piece)
        if self._head > HEAD and not self.transport.is_closing():
            self.send_400_response("The head is too long.")
        elif self._timer is None:
            self._timer = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, once every request before it has its answer, and close."""
        if self.pipeline and self.cycle.more_body:
            self.pipeline.popleft()  # it is this one's body that cannot be read
        elif self.cycle is None or self.cycle.response_complete or self.cycle.more_body:
            super().send_400_response(msg)
            return
        self._refusal = msg

    def on_response_complete(self) -> None:
        """Go on with the next request, or with the refusal that has waited for its turn."""
        is_last = not self.pipeline
        super().on_response_complete()
        if self._refusal is not None and is_last and not self.transport.is_closing():
            super().send_400_response(self._refusal)

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._in_head = self._begins = True
        self._head = 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header."""
        if len(self.headers) >= HEADERS:
            raise TooMany
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """End a head."""
        self._in_head = False
        super().on_headers_complete()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
