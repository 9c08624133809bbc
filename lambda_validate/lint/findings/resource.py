"""`Resource`: a payload that is found in a document, with the API's names and the position of each member."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ...report import Severity, Source
from ..documents.places import Path

LINTED = ("CreateEventSourceMapping", "GetFunctionEventInvokeConfig")
"""The operations whose payloads occur in configuration files."""
SETTINGS = "settings"
"""The direction of settings for asynchronous invocation, which PutFunctionEventInvokeConfig writes.

FunctionName and Qualifier are validated as members of a request of GetFunctionEventInvokeConfig. All others are
validated as members of its response, which returns what was written.
"""


class FormatFinding(NamedTuple):
    """A finding about the format of a file, such as a misspelt name in Terraform.

    `path` is the path of the member in the document. With `is_key`, its name is marked instead of its value.
    """

    rule: str
    severity: Severity
    path: Path
    message: str
    help: str | None = None
    source: Source | None = None
    is_key: bool = True


class Timeout(NamedTuple):
    """The visibility timeout of a queue, or the timeout of a function, in seconds.

    `argument` is the property that sets it, and `name` the name of the queue or function. If `is_written` is False, it
    is the default. `path` is its path in the document, None if it is not written there.
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
    - `path` is the document path of the object with the members. A missing member is reported at the object's name.
    - `places` maps paths in the payload to paths in the document. A longer path continues with the same steps in both.
      `()` maps to `path`.
    - `names` maps paths in the payload to the format's names of the members, such as `batch_size`, if they differ.
    - `format` is the name of the format, such as "terraform".
    - `extra` are findings about the format, not the API.
    - `converts` says that the format accepts strings as numbers and booleans, and the other way round.
    - `possible` tests whether some options of choices can occur together.
    - `owner` is the document path of the whole entry in the file, such as a resource with its type and properties.
    - `status` and `error` are the HTTP status and the name of the error, if the payload is a response.
    - `refused` are rules that the format's own tool checks, so breaking one is always an error.
    - `related` has the timeouts of the queue and the function that members refer to, by member.
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
    """Return the document path for a path in a payload. The longest beginning of it in `places` is replaced.

    For a path without an entry, the steps follow those of `base`.
    """
    for length in range(len(path), 0, -1):
        known = places.get(path[:length])
        if known is not None:
            return known + path[length:]
    return places.get((), base) + path
