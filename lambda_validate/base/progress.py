"""Show how far a run is: one line that is updated on a terminal, else a line from time to time."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from typing import TextIO

PLAIN_EVERY = 10.0
"""Seconds between two plain lines."""


class RunProgress(ABC):
    """Writes the line of a run, on a terminal at most once in `live_every` seconds.

    Nothing is printed if the stream is None, or has been closed. A subclass counts while it holds `lock`.
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
        """Return the line to show after so many seconds."""

    def advance(self) -> None:
        """Write the line, if it is time for one."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self._every
            line = self.line(now - self._start)
            self._write(f"\r\x1b[K{line}" if self._live else f"lambda-validate: {line}\n")

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


class FileProgress(RunProgress):
    """Counts files and bytes of a total."""

    def __init__(self, stream: TextIO | None, files: int, size: int) -> None:
        super().__init__(stream, 0.2)
        self._total, self._size = files, size
        self._files = self._bytes = 0

    def __call__(self, files: int, size: int) -> None:
        """Count files and bytes."""
        with self.lock:
            self._files, self._bytes = min(self._files + files, self._total), min(self._bytes + size, self._size)
            self.advance()

    def line(self, taken: float) -> str:
        """Return the files and bytes that were read, how fast, and how long the rest takes."""
        rate = self._bytes / taken if taken > 0 else 0.0
        left = f", {(self._size - self._bytes) / rate:,.0f} s left" if rate else ""
        sizes = f"{self._bytes / 1e6:,.1f} of {self._size / 1e6:,.1f} MB"
        return f"{self._files:,} of {self._total:,} files, {sizes}, {rate / 1e6:,.1f} MB/s{left}"


class StepProgress(RunProgress):
    """Counts the steps of each part of a run."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__(stream, 0.1)
        self._phase, self._total, self._done = "", 0, 0

    def phase(self, name: str, total: int) -> None:
        """Begin a part of the run, which has this many steps."""
        with self.lock:
            self._phase, self._total, self._done = name, total, 0

    def tick(self) -> None:
        """Count one step."""
        with self.lock:
            self._done = min(self._done + 1, self._total)  # shrinking takes more steps than were planned
            self.advance()

    def line(self, taken: float) -> str:
        """Return the part of the run, its steps, and the time since the run began."""
        return f"{self._phase}: {self._done} of {self._total}, {taken:.0f} s"
