"""What a command does that is asked to end: it raises, so that what is temporary is removed on the way out."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
KILLED = 128
"""What a shell adds to a signal to make the exit status of a process that it has ended."""


@contextmanager
def ending() -> Iterator[None]:
    """Raise `SystemExit` where a signal asks this process to end. Only a main thread can take signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.signal(each, _end) for each in SIGNALS if signal.getsignal(each) == signal.SIG_DFL}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _end(number: int, frame: FrameType | None) -> None:
    for each in SIGNALS:  # a second one must not stop the removal
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(KILLED + number)
