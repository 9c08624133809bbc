"""What was found right before, kept for a while: much of what a gateway sees, it sees again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

PERIOD = 1024
"""Look-ups after which a table is looked at."""
REST = 15
"""Periods for which a table that was of no use is put away."""
MOST = 2048
"""Entries of a table; one that has as many is begun anew."""


class Kept:
    """A table that is put away while most look-ups find nothing, and is tried again later for a short while.

    A table is never emptied, but replaced: another thread may be looking into it. Threads may lose a count to each
    other, never an entry's truth. `turned` is called after each period.
    """

    __slots__ = ("_left", "_rest", "_size", "_table", "_turned")

    def __init__(self, turned: Callable[[], object]) -> None:
        self._table: dict[Any, Any] | None = {}
        self._left, self._size, self._rest = PERIOD, 0, 0
        self._turned = turned

    def table(self) -> dict[Any, Any] | None:
        """Return the table for one look-up, None while it is put away."""
        self._left -= 1
        if self._left < 0:
            self._turn()
        return self._table

    def _turn(self) -> None:
        self._left, table = PERIOD, self._table
        self._turned()
        if table is None:
            self._rest -= 1
            if self._rest <= 0:
                self._table, self._size = {}, 0
        elif len(table) - self._size > PERIOD // 2:
            self._table, self._rest = None, REST
        elif len(table) >= MOST:
            self._table, self._size = {}, 0
        else:
            self._size = len(table)


def keep(table: dict[Any, Any], key: Any, value: Any) -> None:
    """Put something into a table, unless it is full."""
    if len(table) < MOST:
        table[key] = value
