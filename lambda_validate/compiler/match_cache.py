"""Texts that a verdict found right, kept for a while: a gateway sees the same few hundred identifiers again and again.

Looking up costs a tenth of matching, but only where it finds something. So each table is watched: one of which most
look-ups find nothing is put away, and tried again later for a short while. What is kept is bounded in entries and,
since no long text is kept, in bytes: at most 1 MB for each pattern of an operation that is in use.
"""

from __future__ import annotations

from typing import Any

from .arns import Arn
from .source import Code, Expression

PERIOD = 1024
"""Payloads after which each table is looked at."""
REST = 15
"""Periods for which a table that was of no use is put away."""
MOST = 2048
"""Entries of a table; when it has as many, it is begun anew."""
LONGEST = 256
"""Characters of a text that is kept."""


Table = dict[Any, Any]


def turned(table: Table | None, size: int, rest: int) -> tuple[Table | None, int, int]:
    """Return what becomes of a table after a period: the table, None while it is put away, or a new one.

    `size` is how many entries it had when the period began, `rest` for how many it is put away yet; both come back too.
    """
    if table is None:
        return (None, 0, rest - 1) if rest > 1 else ({}, 0, 0)
    if len(table) - size > PERIOD // 2:
        return None, 0, REST
    return ({}, 0, 0) if len(table) >= MOST else (table, len(table), 0)


class Memo:
    """The tables of one checker, which are names of its code: each a dict, or None while it is put away.

    A table is never emptied, but replaced: code of another thread may be looking into it.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._states: dict[str, tuple[int, ...]] = {}
        names["left"], names["turn"] = PERIOD, self.turn

    def passed_over(self, value: str, code: Code, arn: Arn | None) -> Code:
        """Return code that looks at a text in a variable, and does not where the text was found right before."""
        table, right = f"kept_{value}", arn.right if arn else "True"
        self.table(f"memo_{value}")
        fit = f"{right} and len({value}) <= {LONGEST}" if arn else f"len({value}) <= {LONGEST}"
        has_room = Expression(f"{table} is not None and {fit} and len({table}) < {MOST}")
        keep = has_room, [f"{table}[{value}] = {right}"]
        body = [*code, *(arn.told() if arn else ()), keep]
        known: Code = [("else:", [f"{right} = {arn.named} = {table}[{value}]"])] if arn else []
        unknown = Expression(f"{table} is None or {value} not in {table}")
        return [f"{table} = memo_{value}", (unknown, body), *known]

    def table(self, name: str) -> None:
        """Begin a table under a name."""
        self._names[name] = {}
        self._states[name] = 0, 0

    def turn(self) -> None:
        """Look at each table: called by the code after each `PERIOD` payloads."""
        self._names["left"] = PERIOD
        for name, (size, rest) in self._states.items():
            self._names[name], *state = turned(self._names[name], size, rest)
            self._states[name] = tuple(state)
