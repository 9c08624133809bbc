"""`Resource`: a payload that a format finds in a document, with the API's names and the position of each member."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ...report import Severity, Source
from ..documents.places import Path

LINTED = ("CreateEventSourceMapping", "GetFunctionEventInvokeConfig")
"""The operations whose payloads occur in configuration files."""
SETTINGS = "settings"
"""The direction of settings, which PutFunctionEventInvokeConfig writes. FunctionName and Qualifier are validated as
members of a request. All others are validated as members of the response, which returns what was written."""


class FormatFinding(NamedTuple):
    """A finding of a format.

    `path` is the path in the document. With `is_key`, the name is marked instead of the value.
    """

    rule: str
    severity: Severity
    path: Path
    message: str
    help: str | None = None
    source: Source | None = None
    is_key: bool = True


class Timeout(NamedTuple):
    """The seconds that a queue hides a message, or that a function may take.

    `argument` is the property that sets it, and `name` the resource. If `is_written` is False, it is the default.
    `path` is its place in the document, None if it is not there.
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

    - `payload` has the API's names. Its values may be `Unknown`, `Partial` or `Choice`.
    - `path` is the document path of the object with the members. A missing member is reported at its name.
    - `places` maps a path in the payload to the document path where it is written. Paths below continue with the same
      steps. `()` maps to `path`.
    - `names` maps a path in the payload to the format's name of the member, if it differs, also for missing members.
    - `extra` are findings of the format itself.
    - `converts` says that the format accepts strings as numbers and booleans, and the other way round.
    - `possible` returns whether some options of choices can occur together.
    - `owner` is the document path of the entry that a user calls the resource.
    - `status` and `error` belong to a response.
    - `refused` are rules that the format's own tool checks, so breaking one is an error.
    - `related` has the timeouts of the resources that members refer to, by member.
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
