"""How far a run is: one line that is written over on a terminal, else a plain line now and then."""

from __future__ import annotations

import threading
import time
from typing import TextIO

LIVE_EVERY, PLAIN_EVERY = 0.2, 10.0
"""Seconds between two lines."""


class Progress:
    """Counts files and bytes of a total. Nothing is printed if the stream is None, or has been closed."""

    def __init__(self, stream: TextIO | None, files: int, size: int) -> None:
        self._stream = stream
        self._live = stream is not None and stream.isatty()
        self._total, self._size = files, size
        self._files = self._bytes = 0
        self._start = time.monotonic()
        self._next = self._start + (0 if self._live else PLAIN_EVERY)
        self._lock = threading.Lock()

    def __call__(self, files: int, size: int) -> None:
        """Count files and bytes."""
        with self._lock:
            self._files, self._bytes = min(self._files + files, self._total), min(self._bytes + size, self._size)
            now = time.monotonic()
            if now >= self._next:
                self._next = now + (LIVE_EVERY if self._live else PLAIN_EVERY)
                line = self._line(now - self._start)
                self._write(f"\r\x1b[K{line}" if self._live else f"lambda-validate: {line}\n")

    def _line(self, taken: float) -> str:
        rate = self._bytes / taken if taken > 0 else 0.0
        left = f", {(self._size - self._bytes) / rate:,.0f} s left" if rate else ""
        sizes = f"{self._bytes / 1e6:,.1f} of {self._size / 1e6:,.1f} MB"
        return f"{self._files:,} of {self._total:,} files, {sizes}, {rate / 1e6:,.1f} MB/s{left}"

    def close(self) -> None:
        """Clear the line on a terminal."""
        if self._live:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        if self._stream is not None:
            try:
                self._stream.write(text)
                self._stream.flush()
            except (OSError, ValueError):
                self._stream = None
