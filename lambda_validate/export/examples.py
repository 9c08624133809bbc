"""Valid payloads as examples for OpenAPI: a small and a full request for each event source, and a full response."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from itertools import chain, count
from typing import Any

from ..catalog import Operation
from ..strategies import GenerationError
from ..strategies.cases.examples import full, least, valid
from ..strategies.cases.generator import of_operation

MAX_SOURCE_EXAMPLES = 6
"""Maximum number of event sources that have a small example."""
ALONE, FULL = "minimal", "full"
"""The names of the examples of an operation without event sources."""

EMPTY_VALUES: tuple[Any, ...] = ("", [], {})
"""Values that are not useful as examples."""


@cache
def requests(operation: Operation) -> Mapping[str, Mapping[str, Any]]:
    """Return valid requests by the name of the example, such as `"sqs"`; an empty mapping if none can be made.

    A request is one object with all members, wherever HTTP sends them.
    """
    found: dict[str, Mapping[str, Any]] = {}
    with suppress(GenerationError, LookupError):  # an example less
        maker = of_operation(operation, "request")
        for payload in map(least, maker.cells):
            if len(found) < MAX_SOURCE_EXAMPLES:
                found.setdefault(maker.source(payload) or ALONE, payload)
        for payload in map(full, maker.cells):
            source = maker.source(payload) or ALONE
            name = FULL if source == ALONE else f"{source}-{FULL}"
            if (name not in found and len(payload) > len(found.get(source, payload))) or _adds(payload, found):
                found[_free(name, found)] = payload
    return found


def _adds(payload: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]]) -> bool:
    """Return whether a payload has a member that is missing or empty in all examples found so far."""
    return not _members_with_values(payload) <= set().union(*map(_members_with_values, found.values()))


def _members_with_values(payload: Mapping[str, Any]) -> set[str]:
    return {name for name, value in payload.items() if value not in EMPTY_VALUES}


def _free(name: str, found: Mapping[str, Any]) -> str:
    return next(title for title in chain([name], (f"{name}-{number}" for number in count(2))) if title not in found)


@cache
def responses(operation: Operation) -> Mapping[str, Any]:
    """Return a mapping of one valid response with all members, by its name; an empty mapping if none can be made."""
    with suppress(GenerationError, LookupError):
        return {FULL: valid(of_operation(operation, "response"))[1]}
    return {}
