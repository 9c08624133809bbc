"""What was found right before, kept for a while: much of what a gateway sees, it sees again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..compiler.match_cache import MOST, PERIOD, turned


class Kept:
    """A table that is put away while most look-ups find nothing, and is tried again later for a short while.

    A table is never emptied, but replaced: another thread may be looking into it. Threads may lose a count to each
    other, never an entry's truth. `after` is called after each period.
    """

    __slots__ = ("_after", "_left", "_rest", "_size", "_table")

    def __init__(self, after: Callable[[], object]) -> None:
        self._table: dict[Any, Any] | None = {}
        self._left, self._size, self._rest = PERIOD, 0, 0
        self._after = after

    def table(self) -> dict[Any, Any] | None:
        """Return the table for one look-up, None while it is put away."""
        self._left -= 1
        if self._left < 0:
            self._turn()
        return self._table

    def _turn(self) -> None:
        self._left = PERIOD
        self._table, self._size, self._rest = turned(self._table, self._size, self._rest)
        self._after()


def keep(table: dict[Any, Any], key: Any, value: Any) -> None:
    """Put something into a table, unless it is full."""
    if len(table) < MOST:
        table[key] = value
