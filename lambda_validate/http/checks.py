"""What was found of a request or a response, as values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..report import EMPTY, Report, Violation
from .answers import Answer

NOTHING: Mapping[str, Any] = MappingProxyType({})

PLACES = frozenset({"path", "query", "header", "body", "target", "method"})
"""What a fault of a message's form is about, which stands where the keyword of a member's rule does."""


class RequestCheck(NamedTuple):
    """What was found of a request. `answer` is None when it may pass.

    `operation` is None where the target names none; `parameters` are flat and decoded; `places` tells of each one
    whether it travelled in the path, the query or the body, and `homes` of each member where it belongs.
    """

    operation: str | None
    parameters: Mapping[str, Any] = NOTHING
    places: Mapping[str, str] = NOTHING
    report: Report = EMPTY
    answer: Answer | None = None
    homes: Mapping[str, str] = NOTHING

    def place(self, violation: Violation) -> str:
        """Return where what a violation is about travelled, or should have: `"path"`, `"query"`, `"body"` and so on."""
        if violation.keyword in PLACES:
            return violation.keyword
        member = str(violation.path[0]) if violation.path else ""
        place = self.places.get(member) or self.homes.get(member, "body")
        return place if place in PLACES else "body"


class ResponseCheck(NamedTuple):
    """What was found of a response. `error` is its exception's name, if any; `answer` is None when it may pass."""

    operation: str
    error: str | None = None
    report: Report = EMPTY
    answer: Answer | None = None
