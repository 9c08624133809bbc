"""Cache strings that already matched: gateways see the same few hundred identifiers repeatedly.

A look-up costs a tenth of a match, but only pays where it finds something. So a cache with a hit rate below 50 % is
disabled for `REST` periods, then retried. A cache is bounded in entries and, as no long string enters it, in bytes: at
most 1 MB for each pattern of an operation that is in use.
"""

from __future__ import annotations

from typing import Any

from .arns import Arn
from .nodes import (
    NONE,
    OUTLIVES,
    All,
    AnyOf,
    Assign,
    Call,
    Check,
    Code,
    Compare,
    Holds,
    If,
    InSet,
    Item,
    Literal,
    Not,
    Operand,
)

PERIOD = 1024
"""Number of payloads after which the hit rate of each cache is computed."""
REST = 15
"""Number of periods for which a cache is disabled."""
MOST = 2048
"""Maximum number of entries; a full cache is replaced by an empty one."""
MAX_LENGTH = 256
"""Maximum number of characters of a cached string."""

Table = dict[Any, Any]


def turned(table: Table | None, size: int, rest: int) -> tuple[Table | None, int, int]:
    """Return the state of a cache after a period, from its state before.

    A state is the table, None while it is disabled; its number of entries when the period began; and the number of
    periods for which it is still disabled.
    """
    if table is None:
        return (None, 0, rest - 1) if rest > 1 else ({}, 0, 0)
    if len(table) - size > PERIOD // 2:
        return None, 0, REST
    return ({}, 0, 0) if len(table) >= MOST else (table, len(table), 0)


class MatchCache:
    """The caches of one checker. Each is a variable of the generated module: a dict, or None while it is disabled.

    A table is never emptied, but replaced: another thread may be reading it.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._states: dict[str, tuple[int, ...]] = {}
        names["left"], names["turn"] = PERIOD, self.turn

    def cached(self, value: str, code: Code, arn: Arn | None) -> Code:
        """Return code that checks the string in a variable, unless the string is in the cache.

            table_v1 = cache_v1
            if table_v1 is None or v1 not in table_v1:
                ...                                       # the code; it leaves where the string is invalid
                if table_v1 is not None and len(v1) <= 256 and len(table_v1) < 2048:
                    table_v1[v1] = True

        The entry of an ARN is its service, and only ARNs with a valid resource are cached.
        """
        table, cache = f"table_{value}", f"cache_{value}"
        self._names[cache], self._states[cache] = {}, (0, 0)
        entry: Operand = Literal(True)
        valid: list[Check] = []
        hit: Code = []
        if arn:
            entry, valid = arn.valid_name, [Holds(arn.valid_name)]
            hit = [Assign(name, Item(table, value), OUTLIVES) for name in (arn.valid_name, arn.service_name)]
        is_short = Not(Compare(Call("len", (value,)), ">", Literal(MAX_LENGTH)))
        has_room = Compare(Call("len", (table,)), "<", Literal(MOST))
        enters = All((Not(Compare(table, "is", NONE)), *valid, is_short, has_room))
        store = If(enters, [Assign(Item(table, value), entry, OUTLIVES)], [])
        is_new = AnyOf((Compare(table, "is", NONE), Not(InSet(value, table))))
        return [Assign(table, cache), If(is_new, [*code, *(arn.read() if arn else ()), store], hit)]

    def turn(self) -> None:
        """Look at each cache. The generated code calls this after each `PERIOD` payloads."""
        self._names["left"] = PERIOD
        for name, (size, rest) in self._states.items():
            self._names[name], *state = turned(self._names[name], size, rest)
            self._states[name] = tuple(state)
