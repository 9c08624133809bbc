"""What a format makes of a document: `Resource`, a payload that is spelt as the API spells it, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ...report import Severity, Source
from ..documents.places import Path

LINTED = ("CreateEventSourceMapping", "GetFunctionEventInvokeConfig")
"""The operations whose payloads configuration holds."""
SETTINGS = "settings"
"""The direction of what PutFunctionEventInvokeConfig writes: FunctionName and Qualifier are validated as a request's
members, all others as those of the response, which is what was written."""


class FormatFinding(NamedTuple):
    """A finding of the format itself. `path` leads through the document; `is_key` points at the name that is there."""

    rule: str
    severity: Severity
    path: Path
    message: str
    help: str | None = None
    source: Source | None = None
    is_key: bool = True


class Timeout(NamedTuple):
    """How many seconds a queue hides a message, or a function may take.

    `argument` is what sets them, and `name` the resource that has it. Unless they `is_written` they are the default.
    `path` is where they are written in the document, None where they are not.
    """

    seconds: int
    argument: str
    name: str
    is_written: bool = False
    path: Path | None = None


Picks = Mapping[Hashable, int]
NO_PLACES: Mapping[Path, Path] = MappingProxyType({})
NO_NAMES: Mapping[Path, str] = MappingProxyType({})
NO_TIMEOUTS: Mapping[str, Timeout] = MappingProxyType({})


class Resource(NamedTuple):
    """A payload in a document.

    `payload` holds the API's names, and values that may be `Unknown`, `Partial` or `Choice`. `path` is the document
    path of the object that holds the members: its name is what a missing member is shown at. `places` maps a path in
    the payload to the document path where it is written; below a path that is there the steps are the same, and `()` is
    `path`. `names` maps a path in the payload to the format's own name of the member, where that differs; a member that
    is missing may be there too. `extra` is what the format itself has to say. `converts` says that the format takes
    numbers and booleans as text, and back. `possible` says whether options of choices, by the choices' keys, can go
    together. `owner` is the document path of the entry that a user would call the resource. `status` and `error` belong
    to a response. `refused` has the rules that the format's own tool checks, so that breaking one is an error.
    `related` has by member of the payload the timeout of the resource that it refers to.
    """

    operation: str
    direction: str
    payload: Any
    path: Path = ()
    status: int | None = None
    error: str | None = None
    places: Mapping[Path, Path] = NO_PLACES
    names: Mapping[Path, str] = NO_NAMES
    format: str = "api"
    extra: tuple[FormatFinding, ...] = ()
    converts: bool = False
    possible: Callable[[Picks], bool] | None = None
    owner: Path = ()
    refused: frozenset[str] = frozenset()
    related: Mapping[str, Timeout] = NO_TIMEOUTS


def place(places: Mapping[Path, Path], base: Path, path: Path) -> Path:
    """Return the document path of a path in a payload."""
    for length in range(len(path), 0, -1):
        known = places.get(path[:length])
        if known is not None:
            return known + path[length:]
    return places.get((), base) + path
