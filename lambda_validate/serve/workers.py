"""Serve from several forked processes: start them, replace any that dies, and end them together. POSIX only."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType
from typing import Any

from . import log

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SIGNAL_NAMES = {int(signum): signum.name for signum in signal.Signals}
"""The names of signals by number. Real-time signals have no name."""
Handlers = Mapping[signal.Signals, Any]

YOUNG = 1.0
"""If a worker fails within this many seconds, all workers end, since a new one would fail again."""


class Workers:
    """Several forks of this process, which all call `work` and exit with its result. There are `count` of them.

    `seconds` is the time that they have to end after a signal. Then they are killed.
    """

    def __init__(self, count: int, work: Callable[[], int], seconds: float) -> None:
        self._count, self._work, self._seconds = count, work, seconds
        self._begun: dict[int, float] = {}
        self._stopping = False

    def run(self) -> int:
        """Start the workers, and supervise them until a signal ends them. Return the exit code."""
        handlers = {number: signal.signal(number, self._stop) for number in SIGNALS}
        handlers[signal.SIGALRM] = signal.signal(signal.SIGALRM, lambda *_: self._send(signal.SIGKILL))
        code = 0
        try:
            for _ in range(self._count):
                self._start(handlers)
            while self._begun:
                code = self._reap(*os.wait(), handlers) or code
        finally:
            signal.alarm(0)
            for number, handler in handlers.items():
                signal.signal(number, handler)
        return code

    def _start(self, handlers: Handlers) -> int:
        """Start a worker process, and return its process id."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # a signal in between would miss the new process
        pid = os.fork()
        if pid == 0:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            code = 1
            try:
                log.renew()
                code = self._work()
            finally:
                os._exit(code)
        self._begun[pid] = time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return pid

    def _reap(self, pid: int, status: int, handlers: Handlers) -> int:
        """Handle the end of a worker process: start another one, unless all are stopping. Return 0.

        If the worker failed within a second, stop all workers, since a new one would fail again. Then return its exit
        code, with which the service ends.
        """
        begun = self._begun.pop(pid, 0.0)
        code = os.waitstatus_to_exitcode(status)
        if self._stopping:
            return 0
        if code > 0 and time.monotonic() - begun < YOUNG:
            log.report("a worker failed as soon as it began, so all workers end", "error", pid=pid, code=code)
            self._stop(signal.SIGTERM)
            return code
        end = {"signal": SIGNAL_NAMES.get(-code, str(-code))} if code < 0 else {"code": code}
        log.report(
            "a worker ended, and another one was started", "warning", pid=pid, **end, replacement=self._start(handlers)
        )
        return 0

    def _stop(self, number: int, frame: FrameType | None = None) -> None:
        self._stopping = True
        signal.alarm(max(1, round(self._seconds)))
        self._send(signal.SIGTERM)

    def _send(self, number: signal.Signals) -> None:
        for pid in self._begun:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
