"""A progress line that is updated while many files are linted. It is for terminals only."""

from __future__ import annotations

import time
from collections.abc import Callable

DELAY, PERIOD = 0.5, 0.1
"""Seconds before the line is first shown, and between two of its states."""
CLEAR = "\r\x1b[K"


class ProgressLine:
    """Shows how many files are linted. `clear` removes the line, and must be called last."""

    def __init__(self, show: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.show, self.clock = show, clock
        self.next, self.is_shown = clock() + DELAY, False

    def step(self, files: int, checked: int) -> None:
        """Note how many files have been looked at, and how many of them hold a payload."""
        now = self.clock()
        if now >= self.next:
            self.next, self.is_shown = now + PERIOD, True
            self.show(f"{CLEAR}{files:,} files looked at, {checked:,} with payloads")

    def clear(self) -> None:
        """Remove the line, if it is shown."""
        if self.is_shown:
            self.show(CLEAR)
