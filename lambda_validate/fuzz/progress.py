"""Show how far a run is: one line that is updated on a terminal, else a line from time to time."""

from __future__ import annotations

import threading
import time
from typing import TextIO

LIVE_EVERY, PLAIN_EVERY = 0.1, 10.0
"""Seconds between two updates on a terminal, and between two lines elsewhere."""


class RunProgress:
    """Counts requests. Nothing is printed if the stream is None, or has been closed."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._live = stream is not None and stream.isatty()
        self._phase, self._total, self._done = "", 0, 0
        self._start = time.monotonic()
        self._next = self._start + (0 if self._live else PLAIN_EVERY)
        self._lock = threading.Lock()

    def phase(self, name: str, total: int) -> None:
        """Begin a part of the run, which has this many steps."""
        with self._lock:
            self._phase, self._total, self._done = name, total, 0

    def tick(self) -> None:
        """Count one step."""
        with self._lock:
            self._done = min(self._done + 1, self._total)  # shrinking takes more steps than were planned
            now = time.monotonic()
            if now >= self._next:
                self._next = now + (LIVE_EVERY if self._live else PLAIN_EVERY)
                self._show(now)

    def close(self) -> None:
        """Clear the line on a terminal."""
        if self._live:
            self._write("\r\x1b[K")

    def _show(self, now: float) -> None:
        line = f"{self._phase}: {self._done} of {self._total}, {now - self._start:.0f} s"
        self._write(f"\r\x1b[K{line}" if self._live else f"lambda-validate: {line}\n")

    def _write(self, text: str) -> None:
        if self._stream is not None:
            try:
                self._stream.write(text)
                self._stream.flush()
            except (OSError, ValueError):
                self._stream = None
