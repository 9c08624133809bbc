"""uvicorn's protocol on httptools, with what it lacks: bounds on what a connection sends and holds, an end in order.

uvicorn keeps a header of any size, takes trailers for headers, and waits for ever for the end of a head, or for the
first byte of a connection. It parses a pipeline to its end, however long, and keeps what it finds until it is answered.
It closes as soon as it has refused; where the sender still sends, that resets the connection, and the refusal is lost.

Why not uvicorn's own settings: it has none for these bounds (`h11_max_incomplete_event_size` is for h11 alone, without
a time limit), and an application sees a request only after its head. So this class overrides methods that uvicorn does
not promise to keep. `pyproject.toml` has an upper bound on its version, and `tests/serve/test_serve_protocol.py` fails
where a release changes what is overridden: raise the bound once these tests and `test_serve_connections.py` pass.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .flow_control import PausingFlowControl, ReadBuffer

HEAD_BYTES = 65_536
"""Bytes of a head, or of what stands between or after chunks, not counting the piece in which it begins: as much as h11
takes, and more than Envoy does."""

MOST_HEADERS = 1_000
"""More than what the boundary refuses, so that it is the boundary that answers."""

LINGER = 2.0
"""Seconds for which what still comes is read and thrown away, once a connection has had its last answer."""

BODY_HEADERS = (b"content-length", b"transfer-encoding")
"""The headers that announce a body."""


class Unreadable(ValueError):
    """A head with more headers than anybody sends, or with a body that the parser skips; it makes a refusal of it."""


class GuardedProtocol(HttpToolsProtocol):
    """Parses no further than to the first request that waits for its answer, or a few small ones behind it.

    A head or trailers longer than `HEAD_BYTES` are refused. Where a head takes too long, or answers are not read, the
    connection is closed without an answer.
    """

    head_seconds = 10.0
    _framing = 0
    """Bytes since the last of a body, or since the message began."""
    _counts = False
    """Whether the piece that is parsed began within what is counted."""
    _in_head = _in_body = _lingers = _deaf = _ended = False
    _refusal: str | None = None
    _timer: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Give a new connection the time of a head for its first byte."""
        super().connection_made(transport)
        self._buffer = ReadBuffer()
        self.flow = PausingFlowControl(transport, self._buffer)
        self.timeout_keep_alive_task = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._stop()
        self._stop_unread()
        self._buffer.clear()
        super().connection_lost(exc)

    # What is received.

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        self._buffer.put(data)
        self._go_on()

    def _go_on(self) -> None:
        """Parse until a request has to be answered first; the rest is kept, and nothing more is read meanwhile."""
        buffer = self._buffer
        while buffer.data and not self._is_over():
            if not self._in_head and self._is_asked():
                self.flow.pause_reading()
                return
            self._take(buffer.take())
        buffer.clear()
        if self.flow.read_paused and (self.cycle is None or len(self.cycle.body) <= HIGH_WATER_LIMIT):
            self.flow.resume_reading()

    def _is_over(self) -> bool:
        """Whether nothing is parsed any more."""
        return self._deaf or self.transport.is_closing()

    def _is_asked(self) -> bool:
        """Whether a whole request, or one behind it, has no answer yet."""
        cycle = self.cycle
        return bool(self.pipeline) or (cycle is not None and not cycle.response_complete and not cycle.more_body)

    def _take(self, piece: bytes) -> None:
        """Parse a piece, and bound what of it is neither a body nor a message that has ended."""
        self._unset_keepalive_if_required()
        self._counts = self._in_head or self._in_body
        self._feed(piece)
        if self._is_over():
            return
        if self._counts:
            self._framing += len(piece)
        is_answered = self.cycle is None or self.cycle.response_complete
        if self._framing > HEAD_BYTES:
            self.send_400_response("The head is too long." if self._in_head else "The trailers are too long.")
        elif self._in_head or (self._in_body and is_answered):
            self._start()
        else:
            self._stop()
            if is_answered:
                self._wait()

    def _feed(self, piece: bytes) -> None:
        try:
            self.parser.feed_data(piece)
        except HttpParserUpgrade:  # which is not granted, and what is beyond it may be of another protocol
            self.cycle.keep_alive = False
            self._end()
        except HttpParserError:
            self.send_400_response("Invalid HTTP request received.")

    def eof_received(self) -> bool | None:  # type: ignore[override]  # uvicorn's says None alone, asyncio's both
        """Close, unless what has been asked is to be answered first."""
        self._ended = True
        return self._is_asked()

    # What the parser finds.

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._in_head = True
        self._progress()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header; those that follow a body say nothing of it (RFC 9110, section 6.5.1)."""
        if not self._in_head:
            return
        if len(self.headers) >= MOST_HEADERS:
            raise Unreadable
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """End a head."""
        if self.parser.should_upgrade() and any(name in BODY_HEADERS and value != b"0" for name, value in self.headers):
            raise Unreadable  # the parser would take its body for what follows it
        self._in_head, self._in_body = False, True
        self._progress()
        super().on_headers_complete()
        self.cycle.transport = self._answering()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._progress()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._in_body = False
        self._progress()
        super().on_message_complete()

    def _progress(self) -> None:
        self._framing, self._counts = 0, False

    # What is answered.

    def on_response_complete(self) -> None:
        """Go on with the next request, or with the refusal that has waited for its turn."""
        is_last = not self.pipeline
        if self._lingers:
            self.pipeline.clear()
        super().on_response_complete()
        if self._lingers or self.transport.is_closing():
            return
        if self._refusal is not None and is_last:
            self._refuse(self._refusal)
        else:
            self._go_on()
        if self._ended and not self._is_asked():
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, once every request before it has its answer, and close."""
        self._end()
        if self.pipeline and self.cycle.more_body:
            self.pipeline.popleft()  # it is this one's body that cannot be read
        elif self._in_body and self.cycle.response_complete:
            return self.linger(self.transport)  # it is answered already
        elif self.cycle is None or self.cycle.response_complete or self.cycle.more_body:
            return self._refuse(msg)
        self._refusal = msg
        return None

    def _refuse(self, msg: str) -> None:
        transport = self.transport
        self.transport = self._answering()
        super().send_400_response(msg)
        self.transport = transport
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # whoever waits for the body waits no more
            self.cycle.message_event.set()

    def _answering(self) -> Any:
        """Return what an answer is written to: a transport whose `close` waits for the sender, for a bounded time."""
        is_closing, close = self.transport.is_closing, partial(self.linger, self.transport)
        return SimpleNamespace(write=partial(_write, self.transport), is_closing=is_closing, close=close)

    # How it ends.

    def _end(self) -> None:
        """Parse nothing more."""
        self._deaf = True
        self._stop()

    def linger(self, transport: Any) -> None:
        """Say that nothing more is sent, and take no notice of what still comes (RFC 9112, section 9.6)."""
        if self._lingers or transport.is_closing():
            return
        self._lingers = True
        self._end()
        self._buffer.clear()
        if not self._ended:
            with suppress(OSError):  # a sender that has left; asyncio's own loop raises it here
                transport.write_eof()
            self.flow.resume_reading()
        self._timer = self.loop.call_later(0 if self._ended else LINGER, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Close; answers that are not read keep a connection no longer than idling does."""
        self._stop()
        self.transport.close()
        self._timer = self.loop.call_later(self.timeout_keep_alive, self.transport.abort)

    def pause_writing(self) -> None:
        """Wait for the reader of the answers, but not for ever."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.timeout_keep_alive, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on with answers."""
        super().resume_writing()
        self._stop_unread()

    def _stop_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _wait(self) -> None:
        """Give a connection on which nothing goes on the time of a kept one."""
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _start(self) -> None:
        """Give what has begun the time of a head to end, if it has not begun before."""
        if self._timer is None:
            self._timer = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _write(transport: asyncio.Transport, data: bytes) -> None:
    if not transport.is_closing():
        transport.write(data)
