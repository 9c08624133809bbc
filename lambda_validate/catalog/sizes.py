"""Read the size limits of requests and responses from the schema file of an operation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..report import Source


class Limit(NamedTuple):
    """The maximum size in bytes of a part of a message, and the source of the limit.

    `cases` are exceptions: a member outside the body, a value, and the limit if the member has that value.
    """

    bytes: int
    source: Source
    cases: tuple[tuple[str, str, int], ...] = ()

    def of(self, values: Mapping[str, Any]) -> int:
        """Return the limit in bytes for a request whose members outside the body have these values."""
        return next((size for member, value, size in self.cases if values.get(member) == value), self.bytes)


def limits(facts: Mapping[str, Any]) -> Mapping[str, Limit]:
    """Return the size limits that an operation's file states, by part of the message: "body", "response", "target"."""
    return MappingProxyType({part: _limit(fact) for part, fact in facts.items()})


def _limit(fact: Mapping[str, Any]) -> Limit:
    cases = ((condition["member"], condition["is"], condition["bytes"]) for condition in fact.get("when", ()))
    return Limit(fact["bytes"], Source(**fact["x-source"]), tuple(cases))
