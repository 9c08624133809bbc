"""Show the progress of a run: on a terminal one line that is updated, otherwise a new line every 10 seconds."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from typing import TextIO

PLAIN_EVERY = 10.0
"""Seconds between two plain lines."""


class RunProgress(ABC):
    """Writes the progress line of a run to a stream, on a terminal at most once in `live_every` seconds.

    Nothing is written if the stream is None, or has been closed. A subclass must hold `lock` while it changes its
    counts, since several threads may count.
    """

    def __init__(self, stream: TextIO | None, live_every: float) -> None:
        self._stream = stream
        self._live = stream is not None and stream.isatty()
        self._every = live_every if self._live else PLAIN_EVERY
        self._start = time.monotonic()
        self._next = self._start + (0 if self._live else PLAIN_EVERY)
        self.lock = threading.Lock()

    @abstractmethod
    def line(self, taken: float) -> str:
        """Return the progress line. `taken` is the number of seconds since the run began."""

    def advance(self) -> None:
        """Write the progress line, unless the last one was written too recently."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self._every
            line = self.line(now - self._start)
            self._write(f"\r\x1b[K{line}" if self._live else f"lambda-validate: {line}\n")

    def close(self) -> None:
        """Clear the progress line, if the stream is a terminal."""
        if self._live:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        if self._stream is not None:
            try:
                self._stream.write(text)
                self._stream.flush()
            except (OSError, ValueError):
                self._stream = None


class FileProgress(RunProgress):
    """The progress of a run that reads files: how many files and bytes of the total are read."""

    def __init__(self, stream: TextIO | None, files: int, size: int) -> None:
        super().__init__(stream, 0.2)
        self._total, self._size = files, size
        self._files = self._bytes = 0

    def __call__(self, files: int, size: int) -> None:
        """Add numbers of files and bytes that were read, and update the progress line."""
        with self.lock:
            self._files, self._bytes = min(self._files + files, self._total), min(self._bytes + size, self._size)
            self.advance()

    def line(self, taken: float) -> str:
        """Return the progress line, such as "3 of 9 files, 1.2 of 4.0 MB, 0.6 MB/s, 5 s left"."""
        rate = self._bytes / taken if taken > 0 else 0.0
        left = f", {(self._size - self._bytes) / rate:,.0f} s left" if rate else ""
        sizes = f"{self._bytes / 1e6:,.1f} of {self._size / 1e6:,.1f} MB"
        return f"{self._files:,} of {self._total:,} files, {sizes}, {rate / 1e6:,.1f} MB/s{left}"


class StepProgress(RunProgress):
    """The progress of a run in several named parts, such as "cases": how many steps of the current part are done."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__(stream, 0.1)
        self._phase, self._total, self._done = "", 0, 0

    def phase(self, name: str, total: int) -> None:
        """Begin a named part of the run. `total` is the number of its steps."""
        with self.lock:
            self._phase, self._total, self._done = name, total, 0

    def tick(self) -> None:
        """Count one step of the current part, and update the progress line."""
        with self.lock:
            self._done = min(self._done + 1, self._total)  # shrinking takes more steps than were planned
            self.advance()

    def line(self, taken: float) -> str:
        """Return the progress line, such as "cases: 3 of 10, 5 s". The seconds are those since the run began."""
        return f"{self._phase}: {self._done} of {self._total}, {taken:.0f} s"
