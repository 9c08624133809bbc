"""Bytes of a connection that are not parsed yet, and flow control that reads no more while there are any."""

from __future__ import annotations

import re
from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl

LARGEST_PIECE = 16_384
"""Bytes of a piece: the parser does not say where in it a head begins."""

SMALLEST_PIECE = 128
"""Bytes of a piece, if so many are there: fewer would cost more to part than they hold."""

BLANK_LINE = re.compile(rb"\n\r?\n")
"""The end of a head, if it is not part of a body; where pieces end decides nothing but how much is parsed at once."""


class ReadBuffer:
    """Bytes in the order in which they came; `data` is empty once none are left."""

    def __init__(self) -> None:
        self.data, self._at = b"", 0

    def put(self, data: bytes) -> None:
        """Add what has come."""
        self.data, self._at = self.data[self._at :] + data, 0

    def take(self) -> bytes:
        """Remove and return the next piece: few heads, each of which ends with an empty line, or one and a body."""
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
        """Forget them all."""
        self.data, self._at = b"", 0


class PausingFlowControl(FlowControl):
    """Reads on only once all that has come is parsed."""

    def __init__(self, transport: Any, buffer: ReadBuffer) -> None:
        super().__init__(transport)
        self._buffer = buffer

    def resume_reading(self) -> None:
        """Read on, unless something is left."""
        if not self._buffer.data:
            super().resume_reading()
