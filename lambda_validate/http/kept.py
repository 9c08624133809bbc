"""What was found right before, kept for a while: much of what a gateway sees, it sees again."""

from __future__ import annotations

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
    other, never an entry's truth.
    """

    __slots__ = ("_left", "_rest", "_size", "table")

    def __init__(self) -> None:
        self.table: dict[Any, Any] | None = {}
        self._left, self._size, self._rest = PERIOD, 0, 0

    def get(self, key: Any) -> Any:
        """Return what is kept under a key, else None."""
        self._left -= 1
        if self._left < 0:
            self._turn()
        table = self.table
        return None if table is None else table.get(key)

    def put(self, key: Any, value: Any) -> None:
        """Keep a value."""
        table = self.table
        if table is not None and len(table) < MOST:
            table[key] = value

    def _turn(self) -> None:
        self._left, table = PERIOD, self.table
        if table is None:
            self._rest -= 1
            if self._rest <= 0:
                self.table, self._size = {}, 0
        elif len(table) - self._size > PERIOD // 2:
            self.table, self._rest = None, REST
        elif len(table) >= MOST:
            self.table, self._size = {}, 0
        else:
            self._size = len(table)
