"""uvicorn's protocol on httptools, with limits on what a connection may send and store, and with an orderly end.

What uvicorn lacks:

- It accepts a header of any size, and adds trailers to the headers.
- It waits forever for the end of a head, or for the first byte of a connection.
- It parses all pipelined requests at once, and stores them until they are answered.
- It closes the connection directly after it refused a request. If the client is still sending, that resets the
  connection, and the client never sees the response.

Why not uvicorn's own settings: it has none for these limits (`h11_max_incomplete_event_size` is only for h11, and has
no time limit). An application sees a request only after its head. So this class overrides methods that uvicorn does not
promise to keep. `pyproject.toml` has an upper bound on its version, and `tests/serve/test_serve_protocol.py` fails if a
release changes what is overridden. Raise the bound once these tests and `test_serve_connections.py` pass.

The state of a connection:

    _in_head, _in_body   which part of a message the parser is in
    _framing             bytes of the current head, or between and after chunks: at most `HEAD_BYTES`
    _deaf                nothing more is parsed; set by a refusal, an upgrade or the end
    _refusal             a refusal that waits until all earlier requests are answered
    _lingers             all answers are sent; incoming bytes are dropped for `LINGER` seconds
    _ended               the client has closed its side
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
"""Maximum size of a head, or of the bytes between and after chunks. The piece in which it begins is not counted.
h11 has the same limit, and Envoy a lower one."""

MOST_HEADERS = 1_000
"""Maximum number of headers. The limit of the boundary is lower, so that usually the boundary answers."""

LINGER = 2.0
"""Time in seconds for which incoming bytes are read and dropped after the last answer."""

BODY_HEADERS = (b"content-length", b"transfer-encoding")
"""The headers that announce a body."""


class Unreadable(ValueError):
    """Raised while parsing to refuse a request: it has too many headers, or both a body and a protocol upgrade."""


class GuardedProtocol(HttpToolsProtocol):
    """A uvicorn protocol that stops parsing while a request waits for its answer.

    It parses bytes in pieces, so a few small requests that follow in the same piece are parsed too. A head or trailers
    longer than `HEAD_BYTES` are refused. If a head takes too long, or if the client does not read its answers, the
    connection is closed without an answer.
    """

    head_seconds = 10.0
    _framing = 0
    """Number of bytes since the last byte of a body, or since the message began."""
    _counts = False
    """Whether the current piece began inside a head or body, so that its bytes count."""
    _in_head = _in_body = _lingers = _deaf = _ended = False
    _refusal: str | None = None
    _timer: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Set up a new connection, with a time limit for its first byte."""
        super().connection_made(transport)
        self._buffer = ReadBuffer()
        self.flow = PausingFlowControl(transport, self._buffer)
        self.timeout_keep_alive_task = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers of a connection that was closed, and drop its unparsed bytes."""
        self._stop()
        self._stop_unread()
        self._buffer.clear()
        super().connection_lost(exc)

    # The following methods receive bytes and parse them.

    def data_received(self, data: bytes) -> None:
        """Store received bytes, and parse as many of them as the limits allow."""
        self._buffer.put(data)
        self._go_on()

    def _go_on(self) -> None:
        """Parse received bytes until a request must be answered first. Then pause reading, and parse the rest later."""
        buffer = self._buffer
        while buffer.data and not self._is_over():
            if not self._in_head and self._awaits_response():
                self.flow.pause_reading()
                return
            self._take(buffer.take())
        buffer.clear()
        if self.flow.read_paused and (self.cycle is None or len(self.cycle.body) <= HIGH_WATER_LIMIT):
            self.flow.resume_reading()

    def _is_over(self) -> bool:
        """Return whether no more bytes of this connection are parsed."""
        return self._deaf or self.transport.is_closing()

    def _awaits_response(self) -> bool:
        """Return whether a complete request has no complete answer yet."""
        cycle = self.cycle
        return bool(self.pipeline) or (cycle is not None and not cycle.response_complete and not cycle.more_body)

    def _take(self, piece: bytes) -> None:
        """Parse a piece of the received bytes, and start or stop the timers.

        A head, or chunk sizes and trailers, of more than `HEAD_BYTES` bytes are refused.
        """
        self._unset_keepalive_if_required()
        self._counts = self._in_head or self._in_body
        self._feed(piece)
        if self._is_over():
            return
        if self._counts:
            self._framing += len(piece)
        is_answered = self.cycle is None or self.cycle.response_complete
        if self._framing > HEAD_BYTES:
            self.send_400_response(
                "The head of the request is too long." if self._in_head else "The trailers of the request are too long."
            )
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
        """Handle the end of the client's bytes. Return whether the connection stays open for a further answer."""
        self._ended = True
        return self._awaits_response()

    # The parser calls the following methods while it parses.

    def on_message_begin(self) -> None:
        """Handle the first byte of a request's head."""
        self._in_head = True
        self._progress()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Handle one header. Trailers, which follow a body, are dropped (RFC 9110, section 6.5.1)."""
        if not self._in_head:
            return
        if len(self.headers) >= MOST_HEADERS:
            raise Unreadable
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Handle the end of a request's head: start the application. Refuse a body with a protocol upgrade."""
        if self.parser.should_upgrade() and any(name in BODY_HEADERS and value != b"0" for name, value in self.headers):
            raise Unreadable  # the parser would read its body as the next request
        self._in_head, self._in_body = False, True
        self._progress()
        super().on_headers_complete()
        self.cycle.transport = self._answering()

    def on_body(self, body: bytes) -> None:
        """Handle a part of a request's body."""
        self._progress()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Handle the end of a request."""
        self._in_body = False
        self._progress()
        super().on_message_complete()

    def _progress(self) -> None:
        self._framing, self._counts = 0, False

    # The following methods send answers.

    def on_response_complete(self) -> None:
        """Parse the next request after an answer was sent completely, or send a refusal that has waited for that."""
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
        if self._ended and not self._awaits_response():
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse an unreadable request, once all requests before it are answered. Then close the connection."""
        self._end()
        if self.pipeline and self.cycle.more_body:
            self.pipeline.popleft()  # the body of this request is the unreadable part
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
            self.cycle.disconnected = True  # an application that waits for the body gets a disconnect
            self.cycle.message_event.set()

    def _answering(self) -> Any:
        """Return a transport for an answer. Its `close` waits until the client closes, but only for a limited time."""
        is_closing, close = self.transport.is_closing, partial(self.linger, self.transport)
        return SimpleNamespace(write=partial(_write, self.transport), is_closing=is_closing, close=close)

    # The following methods end a connection, or limit the time that it may take.

    def _end(self) -> None:
        """Stop parsing the bytes of this connection, and stop its timer."""
        self._deaf = True
        self._stop()

    def linger(self, transport: Any) -> None:
        """Close the sending side of the connection, and drop incoming bytes for `LINGER` seconds (RFC 9112, 9.6)."""
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
        """Close the connection. If the client does not read its last answers, abort after the keep-alive time."""
        self._stop()
        self.transport.close()
        self._timer = self.loop.call_later(self.timeout_keep_alive, self.transport.abort)

    def pause_writing(self) -> None:
        """Set a time limit for the client to read its answers, since the buffer for sending is full."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.timeout_keep_alive, self.transport.abort)

    def resume_writing(self) -> None:
        """Continue to send, since the client has read, and remove the time limit that `pause_writing` set."""
        super().resume_writing()
        self._stop_unread()

    def _stop_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _wait(self) -> None:
        """Start the timer that closes an idle connection after the keep-alive time."""
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _start(self) -> None:
        """Start the timer for a head, or for the rest of a body that is answered already, unless it is running."""
        if self._timer is None:
            self._timer = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _write(transport: asyncio.Transport, data: bytes) -> None:
    if not transport.is_closing():
        transport.write(data)
