"""The received but unparsed bytes of a connection, and flow control that stops reading while there are any."""

from __future__ import annotations

import re
from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl

LARGEST_PIECE = 16_384
"""Maximum size of a piece. The parser does not say at which byte of it a head begins, so pieces must be small."""

SMALLEST_PIECE = 128
"""Minimum size of a piece, if there are enough bytes. Splitting into smaller ones would cost more than it saves."""

BLANK_LINE = re.compile(rb"\n\r?\n")
"""The end of a head; or part of a body, which does no harm. Pieces only decide how much is parsed at once."""


class ReadBuffer:
    """A queue of the bytes that a connection has received but not parsed. `data` is empty if none are left."""

    def __init__(self) -> None:
        self.data, self._at = b"", 0

    def put(self, data: bytes) -> None:
        """Add received bytes at the end."""
        self.data, self._at = self.data[self._at :] + data, 0

    # A client may send thousands of small requests in one packet (pipelining). The parser would parse all of them at
    # once, and each would wait in memory. So `take` returns only a piece, which ends at the second empty line after
    # `SMALLEST_PIECE` bytes: it contains few heads. The other bytes stay here until these requests are answered.
    def take(self) -> bytes:
        """Remove and return the next bytes to parse: a few heads (which end with empty lines), or one with a body."""
        data, start = self.data, self._at
        end = start + LARGEST_PIECE
        first = BLANK_LINE.search(data, start + SMALLEST_PIECE, end)
        second = BLANK_LINE.search(data, first.end(), end) if first else None
        if second:
            end = second.end()
        if end >= len(data):
            self.clear()
        else:
            self._at = end
        return data[start:end]

    def clear(self) -> None:
        """Drop all bytes."""
        self.data, self._at = b"", 0


class PausingFlowControl(FlowControl):
    """Flow control that starts reading from the connection again only when all received bytes are parsed."""

    def __init__(self, transport: Any, buffer: ReadBuffer) -> None:
        super().__init__(transport)
        self._buffer = buffer

    def resume_reading(self) -> None:
        """Start reading from the connection again, unless unparsed bytes are left."""
        if not self._buffer.data:
            super().resume_reading()
