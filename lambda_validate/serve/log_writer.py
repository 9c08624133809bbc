"""Log lines for a reader that may stall: a bounded queue of bytes that a thread writes.

Why not `logging.handlers.QueueHandler` and `QueueListener`: their queue bounds records, not bytes. `QueueListener.stop`
joins its thread without a timeout, so a process would not end while its log is not read. A thread that runs all the
time does not survive the fork of a worker. The listener also takes one system call a line, and this writes many.
"""

from __future__ import annotations

import os
import signal
import stat
import time
from _thread import start_new_thread
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from select import select
from threading import Lock

ROOM_BYTES = 4_194_304
"""Bytes that may wait; lines beyond are dropped, and counted."""

PIPE_BYTES = 4_096
"""Bytes that a pipe takes whole or not at all (`PIPE_BUF`), so that lines of several processes do not mix."""

GATHER_SECONDS = 0.02
"""Seconds in which lines gather after a write: under load, one write takes many."""


class LogWriter:
    """Write lines to a file descriptor in order; `put` never waits for the reader.

    `lost` makes the line that says how many were dropped; it is written as soon as the reader reads again.
    """

    def __init__(self, file: int, lost: Callable[[int], bytes], room: int = ROOM_BYTES) -> None:
        self._file, self._lost, self._room = file, lost, room
        self._lock = Lock()
        self._waiting: deque[bytes] = deque()
        self._size = self._dropped = 0
        self._writes = False
        self._is_ready = always_ready(file)

    def put(self, line: bytes) -> None:
        """Write a line, or have it written."""
        if self._is_ready:
            with suppress(OSError):
                os.write(self._file, line)
            return
        with self._lock:
            if self._size + len(line) > self._room:
                self._dropped += 1
                return
            self._waiting.append(line)
            self._size += len(line)
            begins, self._writes = not self._writes, True
        if begins:
            self._begin()

    def flush(self, seconds: float) -> bool:
        """Wait until all is written, no longer than that; return whether it is."""
        end = time.monotonic() + seconds
        while self._size and time.monotonic() < end:
            time.sleep(0.005)
        return not self._size

    def _begin(self) -> None:
        """Start the thread: a new one for each time that there is something to do, so that forks meet none."""
        try:
            start_new_thread(self._run, ())
        except RuntimeError:  # the next line tries again
            self._writes = False

    def _run(self) -> None:
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # they are the main thread's
        while (piece := self._next())[0]:
            self._write(piece[0])
            with self._lock:
                self._size -= piece[1]
            if not self._waiting:
                time.sleep(GATHER_SECONDS)

    def _next(self) -> tuple[bytes, int]:
        """Return what to write at once, and how much of what waited it is; where there is nothing, the thread ends."""
        with self._lock:
            if self._dropped:
                dropped, self._dropped = self._dropped, 0
                return self._lost(dropped), 0
            lines: list[bytes] = []
            size = 0
            while self._waiting and (not lines or size + len(self._waiting[0]) <= PIPE_BYTES):
                lines.append(self._waiting.popleft())
                size += len(lines[-1])
            self._writes = bool(lines)
            return b"".join(lines), size

    def _write(self, data: bytes) -> None:
        """Write, however long that takes; a reader that has left misses what is written for it."""
        with suppress(OSError):
            while data:
                data = self._rest(data)

    def _rest(self, data: bytes) -> bytes:
        """Write once, and return what is left. Whoever shares the descriptor may have set it not to block."""
        select([], [self._file], [])
        try:
            return data[os.write(self._file, data) :]
        except BlockingIOError:
            return data


def always_ready(file: int) -> bool:
    """Whether a file descriptor takes whatever is written at once: a file does, a pipe or a terminal does not."""
    try:
        mode = os.fstat(file).st_mode
        return stat.S_ISREG(mode) or (stat.S_ISCHR(mode) and not os.isatty(file))
    except OSError:
        return True
