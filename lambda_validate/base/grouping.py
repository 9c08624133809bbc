"""Group values by a key: `grouped([(1, "a"), (2, "bb"), (1, "c")])` is `{1: ["a", "c"], 2: ["bb"]}`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """Return a dict from each key to the list of its values. Keys and values are in the order of the pairs."""
    found: dict[Key, list[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def firsts(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, Value]:
    """Return a dict from each key to its first value. The keys are in the order in which they first occur."""
    found: dict[Key, Value] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found
