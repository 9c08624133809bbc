"""uvicorn's protocol on httptools, with what it lacks: bounds on how long a head may be and take, and closing in order.

uvicorn keeps a header of any size, and waits for ever for the end of a head, or for the first byte of a connection. It
closes as soon as it has refused; where the sender still sends, that resets the connection, and the refusal is lost.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = 65_536
"""Bytes of a head, not counting the piece in which it begins: as much as h11 takes, and more than Envoy does."""

PIECE = 16_384
"""Bytes that are parsed at once: the parser does not say where in them a head begins."""

HEADERS = 1_000
"""More than what the boundary refuses, so that it is the boundary that answers."""


LINGER = 2.0
"""Seconds for which what still comes is read and thrown away, once a connection has had its last answer."""


class TooMany(ValueError):
    """A head with more headers than anybody sends; the parser makes a refusal of it."""


class Answering:
    """What an answer is written to: a transport whose close waits until the sender has ended, for a bounded time."""

    def __init__(self, protocol: GuardedProtocol) -> None:
        self.write = protocol.transport.write
        self.is_closing = protocol.transport.is_closing
        self.close = partial(protocol.linger, protocol.transport)


class GuardedProtocol(HttpToolsProtocol):
    """Refuses a head that is longer than `HEAD` and closes a connection whose head takes too long."""

    head_seconds = 10.0
    _head = 0
    _in_head = _begins = _lingers = False
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
            if self._refusal is not None or self._lingers or self.transport.is_closing():
                break
            self._take(data[start : start + PIECE])

    def _take(self, piece: bytes) -> None:
        """Parse a piece, and count what of it belongs to a head that has not ended."""
        self._begins = False
        super().data_received(piece)
        if self._lingers or self.transport.is_closing():
            return
        if not self._in_head:
            self._stop()
            return
        if not self._begins:  # else most of it may be bodies of the requests before
            self._head += len(piece)
        if self._head > HEAD:
            self.send_400_response("The head is too long.")
        elif self._timer is None:
            self._timer = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, once every request before it has its answer, and close."""
        if self.pipeline and self.cycle.more_body:
            self.pipeline.popleft()  # it is this one's body that cannot be read
        elif self.cycle is None or self.cycle.response_complete or self.cycle.more_body:
            self._refuse(msg)
            return
        self._refusal = msg

    def _refuse(self, msg: str) -> None:
        transport = self.transport
        self.transport = self._answering()
        super().send_400_response(msg)
        self.transport = transport

    def _answering(self) -> Any:
        return Answering(self)

    def linger(self, transport: Any) -> None:
        """Say that nothing more is sent, and take no notice of what still comes (RFC 9112, section 9.6)."""
        if self._lingers or transport.is_closing():
            return
        self._lingers = True
        self._stop()
        transport.write_eof()
        self.flow.resume_reading()
        self._timer = self.loop.call_later(LINGER, transport.close)

    def on_response_complete(self) -> None:
        """Go on with the next request, or with the refusal that has waited for its turn."""
        is_last = not self.pipeline
        if self._lingers:
            self.pipeline.clear()
        super().on_response_complete()
        if self._refusal is not None and is_last and not self._lingers and not self.transport.is_closing():
            self._refuse(self._refusal)

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
        self.cycle.transport = self._answering()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
