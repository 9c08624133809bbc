"""uvicorn's protocol on httptools, with the two bounds that it lacks: how long a head may be, and how long it may take.

uvicorn keeps a header of any size, and waits for ever for the end of a head, or for the first byte of a connection.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = 65_536
"""Bytes of a head: as much as h11 takes, and more than Envoy does."""

HEADERS = 1_000
"""More than what the boundary refuses, so that it is the boundary that answers."""


class TooMany(ValueError):
    """A head with more headers than anybody sends; the parser makes a refusal of it."""


class GuardedProtocol(HttpToolsProtocol):
    """Refuses a head that is longer than `HEAD` and closes a connection whose head takes too long."""

    head_seconds = 10.0
    _head = 0
    _in_head = False
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
        """Take what has come, and count what of it belongs to a head that has not ended."""
        super().data_received(data)
        if not self._in_head:
            if self._timer is not None:
                self._stop()
            return
        self._head += len(data)
        if self._head > HEAD and not self.transport.is_closing():
            self.send_400_response("The head is too long.")
        elif self._timer is None:
            self._timer = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._in_head, self._head = True, 0
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
