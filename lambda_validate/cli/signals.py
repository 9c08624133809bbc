"""Raise an exception if a signal asks the process to end, so that `finally` blocks remove its temporary files."""

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
    """Raise `SystemExit` inside the `with` block if SIGTERM or SIGHUP asks this process to end.

    In any other thread than the main one it has no effect, since only that receives signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {signum: signal.signal(signum, _end) for signum in SIGNALS if signal.getsignal(signum) == signal.SIG_DFL}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def _end(number: int, frame: FrameType | None) -> None:
    for signum in SIGNALS:  # a second one must not stop the removal
        signal.signal(signum, signal.SIG_IGN)
    raise SystemExit(KILLED + number)
