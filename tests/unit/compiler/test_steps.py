"""Test the counter of work: it detects excessive growth, and stops endless calls."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

import pytest
from support import steps
from support.steps import GROWTH, calls, growth


def nested(depth: int) -> Callable[[int], Callable[[], None]]:
    """Return a function that calls `len` as many times as a size to the power of a depth."""

    def work(size: int, left: int) -> None:
        for _ in range(size):
            if left > 1:
                work(size, left - 1)
            else:
                len("")

    return lambda size: lambda: work(size, depth)


def test_work_that_is_linear_doubles_with_the_size_and_other_work_grows_faster() -> None:
    assert 1.9 < growth(nested(1), 100) < GROWTH
    assert growth(nested(2), 100) > 3.9


def test_calls_are_counted_in_python_and_in_c() -> None:
    assert calls(lambda: [len("") for _ in range(100)]) >= 100
    assert calls(lambda: [nested(1) for _ in range(100)]) >= 100
    assert calls(lambda: [None for _ in range(100)]) < 10
    assert sys.getprofile() is None


def test_exceeding_the_call_limit_fails_at_once() -> None:
    def endless() -> None:
        while True:
            len("")

    with pytest.raises(pytest.fail.Exception, match="more than 1,000 calls"):
        calls(endless, limit=1_000)
    assert sys.getprofile() is None


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the timer is that of POSIX")
def test_an_endless_loop_without_calls_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "HANG", 0.05)

    def endless() -> None:
        while True:
            pass

    with pytest.raises(pytest.fail.Exception, match="no end"):
        calls(endless)
