"""Count the work of a call, so that no test asserts on a clock.

The work is the number of function calls, including those of C functions. `sys.setprofile` reports each.
The number is the same on a busy machine as on an idle one. Coverage measures as before, because it uses another hook.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

GROWTH = 2.2
"""The maximum growth of work for twice the input. Linear work grows twofold, quadratic work fourfold."""
HANG = 120.0
"""The processor time in seconds after which a call counts as endless."""


class Calls:
    """Count function calls while entered, and fail the test if they exceed a limit."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = sys.maxsize if limit is None else limit
        self.number = 0

    def __enter__(self) -> Calls:
        self.before = sys.getprofile()
        sys.setprofile(self._counter())
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(self.before)

    def _counter(self) -> Callable[[FrameType, str, Any], None]:
        """Return the profile function, which Python calls at each call and return.

        It is short, because it takes most of the time.
        """
        limit = self.limit

        def count(frame: FrameType, event: str, argument: Any) -> None:
            if event == "call" or event == "c_call":
                self.number = number = self.number + 1
                if number > limit:
                    sys.setprofile(self.before)
                    pytest.fail(f"more than {limit:,} calls, and no end yet", pytrace=False)

        return count


def calls(function: Callable[[], object], limit: int | None = None) -> int:
    """Return how many calls a function makes, and fail the test as soon as they exceed the limit.

    Garbage collection is disabled, because callbacks that other tests register with it would be counted.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with ends(), Calls(limit) as counter:
            function()
    finally:
        if was_enabled:
            gc.enable()
    return counter.number


def growth(make: Callable[[int], Callable[[], object]], size: int) -> float:
    """Return the ratio of the calls for twice a size to those for the size.

    `make` prepares a call, which is counted, for a size. The first call of each is not counted: it fills caches.
    """
    counts = []
    for each in (size, 2 * size):
        make(each)()
        counts.append(calls(make(each)))
    return counts[1] / counts[0]


@contextmanager
def ends() -> Iterator[None]:
    """Fail the test if the block never ends. This is a safety net for slow C code that makes no calls.

    The limit is processor time, so that a busy machine does not reach it sooner.
    """
    if not hasattr(signal, "setitimer"):  # as on Windows
        yield
        return

    def over(number: int, frame: FrameType | None) -> None:
        pytest.fail(f"no end after {HANG:g} seconds of the processor")

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANG)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
