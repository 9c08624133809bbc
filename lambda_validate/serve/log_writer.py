"""Write log lines for a reader that may stall: a queue with a limit in bytes, and a thread that writes.

Why not `logging.handlers.QueueHandler` and `QueueListener`: their queue limits the number of records, not bytes.
`QueueListener.stop` waits for its thread without a timeout, so a process could not end while its log is not read. A
thread that runs all the time does not survive the fork of a worker. And the listener makes one system call for each
line, where this module writes many lines at once.
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
"""Maximum number of queued bytes. Further lines are dropped and counted."""

PIPE_BYTES = 4_096
"""Number of bytes that a pipe accepts in one piece (`PIPE_BUF`), so that lines of several processes do not mix."""

GATHER_SECONDS = 0.02
"""Pause in seconds after a write, so that under load one write has many lines."""


class LogWriter:
    """Writes lines to a file descriptor in order, without waiting for a reader of its pipe.

    `put` only queues a line, and a thread writes it. If the queue is full, lines are dropped. `lost` makes a line from
    the number of dropped lines. That line is written as soon as the reader reads again.
    """

    def __init__(self, file: int, lost: Callable[[int], bytes], room: int = ROOM_BYTES) -> None:
        self._file, self._lost, self._room = file, lost, room
        self._lock = Lock()
        self._waiting: deque[bytes] = deque()
        self._size = self._dropped = 0
        self._writes = False
        self._is_ready = always_ready(file)

    # Writing to a regular file never waits, so `put` writes a line directly. For a pipe or a terminal, it queues the
    # line. If no thread is running (`_writes` is False), it starts one. The thread ends as soon as the queue is empty,
    # so that a fork rarely happens while the thread runs: a forked process would lack the thread.
    def put(self, line: bytes) -> None:
        """Write a line to a file, or queue it for the thread."""
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
        """Wait until all lines are written, but at most this many seconds. Return whether they are written."""
        end = time.monotonic() + seconds
        while self._size and time.monotonic() < end:
            time.sleep(0.005)
        return not self._size

    def _begin(self) -> None:
        """Start the thread that writes queued lines. It ends when none are left, so it rarely runs during a fork."""
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
        """Return the bytes to write next, and how many came from the queue: 0 for the line about dropped lines.

        If there are no bytes, the thread ends.
        """
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
        """Write bytes, however long that takes. If the reader has closed the pipe, drop them."""
        with suppress(OSError):
            while data:
                data = self._rest(data)

    def _rest(self, data: bytes) -> bytes:
        """Write as many bytes as one call accepts, and return the remaining ones.

        If another process has set the descriptor to non-blocking mode, all of them may remain.
        """
        select([], [self._file], [])
        try:
            return data[os.write(self._file, data) :]
        except BlockingIOError:
            return data


def always_ready(file: int) -> bool:
    """Return whether writing to a file descriptor never waits: True for a file, False for a pipe or a terminal."""
    try:
        mode = os.fstat(file).st_mode
        return stat.S_ISREG(mode) or (stat.S_ISCHR(mode) and not os.isatty(file))
    except OSError:
        return True
