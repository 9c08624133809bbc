"""How many bytes the parts of an operation's messages may have, as its file states them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..report import Source


class Limit(NamedTuple):
    """How many bytes a part of an operation's messages may have, and where that is stated.

    `cases` are members outside the body, a value of each, and the bytes where it has that value.
    """

    bytes: int
    source: Source
    cases: tuple[tuple[str, str, int], ...] = ()

    def of(self, values: Mapping[str, Any]) -> int:
        """Return the bytes for the values of members."""
        return next((size for member, value, size in self.cases if values.get(member) == value), self.bytes)


def limits(facts: Mapping[str, Any]) -> Mapping[str, Limit]:
    """Return the limits that an operation's file states, by part."""
    return MappingProxyType({part: _limit(fact) for part, fact in facts.items()})


def _limit(fact: Mapping[str, Any]) -> Limit:
    cases = ((each["member"], each["is"], each["bytes"]) for each in fact.get("when", ()))
    return Limit(fact["bytes"], Source(**fact["x-source"]), tuple(cases))
