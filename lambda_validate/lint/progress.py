"""A live line while many files are looked at. It is told to whoever shows it; a terminal must be what does."""

from __future__ import annotations

import time
from collections.abc import Callable

DELAY, PERIOD = 0.5, 0.1
"""Seconds before the line is first shown, and between two of its states."""
CLEAR = "\r\x1b[K"


class Progress:
    """Tells how far linting has come. `clear` takes the line away again, and must come last."""

    def __init__(self, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.tell, self.clock = tell, clock
        self.next, self.is_shown = clock() + DELAY, False

    def step(self, files: int, checked: int) -> None:
        """Note how many files have been looked at, and how many of them hold a payload."""
        now = self.clock()
        if now >= self.next:
            self.next, self.is_shown = now + PERIOD, True
            self.tell(f"{CLEAR}{files:,} files looked at, {checked:,} with payloads")

    def clear(self) -> None:
        """Take the line away, if it is there."""
        if self.is_shown:
            self.tell(CLEAR)
