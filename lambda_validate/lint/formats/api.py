"""Recognise payloads of the API in JSON and YAML: an object in a file, or each object in a list, such as a request.

The operation and direction (request or response) are found by the names of members:

- A name *identifies* an operation if no other operation has it, it has more than one word, and `SHARED` does not list
  it.
- An object is a payload if at least two of its names, and more than half of them, belong to the operation. At most
  `SLIPS` of these may be misspelt, and one must identify the operation.
- An object with all members of the operation, and no others, needs no identifying name. If the operation has several
  required members, an object with all of them and an identifying name may have any other names.
- A name in `HINTS` identifies a request if FunctionName is there too, and all other names are members.
- Settings, which PutFunctionEventInvokeConfig writes, are recognised by FunctionName and an identifying name.
- A name that only the response has excludes the request, and the other way round, unless all required members are
  there.
- Of several operations, the one with the most matching names counts. Of equals, a request is preferred to a response.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from ... import catalog
from ...base.spelling import nearest
from ...catalog import Edition
from ..documents.places import Document, Path
from ..findings.lint_rules import LINT_RULES, SKELETON
from ..findings.resource import LINTED, SETTINGS, FormatFinding, Resource
from ..unresolved.parts import Budget, Unknown, engines, filled, plain
from . import Markers
from .aws_resources import SETTING
from .cloudformation.template import invoke_names
from .members import Names, PayloadDraft

SLIPS = 2
"""Maximum number of misspelt names in a payload."""
MAX_PAYLOAD_MEMBERS = 200
"""Maximum number of members of a payload. No operation has nearly as many."""

SHARED = frozenset(
    {"BatchSize", "FilterCriteria", "KMSKeyArn", "LoggingConfig", "MetricsConfig", "ScalingConfig",
     "StateTransitionReason"}
)  # fmt: skip
"""Names that do not identify an operation, since other operations and programs use them too."""
HINTS = frozenset({"BatchSize", "FilterCriteria", "Qualifier"})
"""Names that identify a request only if FunctionName is there too, and every other name is a member of the request."""
TARGET = "FunctionName"
CHOICE = re.compile(r"[A-Z][A-Z0-9_]+|ReportBatchItemFailures|EventCount|1970-01-01T00:00:00.*|0")
"""The strings that are not empty in the output of `aws lambda … --generate-cli-skeleton`.

They are the first value of each enumeration, and a timestamp. All other strings are empty, numbers are zero, and
booleans are true. A list has one item, and a map has one member KeyName. Source: the AWS CLI user guide, "Skeletons and
input files".
"""
FEWEST, DEPTH = 3, 10
"""Minimum number of members of a skeleton, since a user may write two empty ones; and maximum size and depth of objects
in it.
"""
HINTED = rb"functionname[\s\S]{0,500}?batchsize|batchsize[\s\S]{0,500}?functionname"
"""Pattern of bytes: FunctionName and BatchSize near each other show that a file was meant to contain a request."""


class PayloadShape(NamedTuple):
    """The names of the members of a request or response, by which it is recognised.

    `identifying` are the names that no other operation has. `foreign` are the names that only the other direction has:
    for a request, those of the response.
    """

    operation: str
    direction: str
    members: frozenset[str]
    required: frozenset[str]
    identifying: frozenset[str]
    foreign: frozenset[str]


@cache
def shapes() -> tuple[PayloadShape, ...]:
    """Return the names of members in the request and response of each linted operation.

    Settings for asynchronous invocation, a request of PutFunctionEventInvokeConfig, are included. The names come from
    the edition `documents`, and include members of newer editions. So a payload is recognised alike in every edition.
    """
    schemas = {name: catalog.operation(name) for name in LINTED}
    found = {
        (name, direction): operation.schema(direction)
        for name, operation in schemas.items()
        for direction in catalog.DIRECTIONS
    }
    owned = {
        name: frozenset().union(*(found[name, direction]["properties"] for direction in catalog.DIRECTIONS))
        for name in schemas
    }
    known = tuple(_shape(name, direction, schema, owned) for (name, direction), schema in found.items())
    return (*known, _settings(known[-1], frozenset(settings_names("documents").own)))


def _settings(response: PayloadShape, members: frozenset[str]) -> PayloadShape:
    """Return the names by which settings for asynchronous invocation are recognised.

    `members` are the names in settings. A `response` with settings has further names, such as LastModified. An object
    with one of these is not recognised as settings.
    """
    return PayloadShape(
        SETTING.operation, SETTINGS, members, frozenset({TARGET}), response.identifying, response.members - members
    )


@cache
def settings_names(edition: Edition) -> Names:
    """Return the names of the members of a request of PutFunctionEventInvokeConfig."""
    return invoke_names(edition)._replace(title="PutFunctionEventInvokeConfig")


def _shape(name: str, direction: str, schema: Any, owned: dict[str, frozenset[str]]) -> PayloadShape:
    members = frozenset(schema["properties"])
    others = frozenset().union(*(names for other, names in owned.items() if other != name))
    identifying = set(filter(_is_compound, members - others - SHARED))
    return PayloadShape(
        name, direction, members, frozenset(schema.get("required", ())), frozenset(identifying), owned[name] - members
    )


@cache
def member_names() -> frozenset[str]:
    """Return the names of the members of all linted requests, responses and settings."""
    return frozenset().union(*(shape.members for shape in shapes()))


def _is_compound(name: str) -> bool:
    """Return whether a name has several words. Others, such as State or UUID, are too common to identify a payload."""
    return not name.isupper() and not name[1:].islower()


@cache
def markers(edition: Edition) -> Markers:
    """Return the patterns by which a file may have a payload: `weak` for any member, `strong` for identifying names.

    They are searched in the file in lower case, before it is parsed.
    """
    weak = {name for shape in shapes() for name in shape.members if _is_compound(name)}
    strong = {name for shape in shapes() for name in shape.identifying}
    return Markers(_any_of(weak), _any_of(strong) + b"|" + HINTED)


def _any_of(names: set[str]) -> bytes:
    return "|".join(sorted(map(re.escape, (name.lower() for name in names)))).encode()


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the payloads in a document: the document itself, or items of the list that it is."""
    value = document.value
    candidates = enumerate(value) if isinstance(value, list) else ((None, value),)
    for index, payload in candidates:
        path: Path = () if index is None else (index,)
        shape = recognised(frozenset(payload)) if isinstance(payload, dict) else None
        if shape is not None:
            known = plain(payload) if document.tagged else payload
            if document.text.is_template:
                known = filled(known, Budget(), engines)
            yield _resource(shape, known, path, edition)


def _resource(shape: PayloadShape, payload: Any, path: Path, edition: Edition) -> Resource:
    """Return a payload as a resource.

    Output of `--generate-cli-skeleton` that is not filled in gets a single finding, since all members would be invalid.
    """
    if shape.direction != "response" and is_skeleton(payload):
        help = "Fill in FunctionName and the other members that you need, and remove the rest."
        finding = FormatFinding(SKELETON, "error", path, LINT_RULES[SKELETON].statement, help)
        return Resource(shape.operation, "request", Unknown(), path, owner=path, extra=(finding,))
    if shape.direction != SETTINGS:
        return Resource(shape.operation, shape.direction, payload, path, owner=path)
    draft = PayloadDraft(path)
    draft.payload = draft.read(payload, path, settings_names(edition), lambda value, place: value)
    return draft.resource(SETTING, "settings", path)


def is_skeleton(payload: Any) -> bool:
    """Return whether a payload is output of `--generate-cli-skeleton` in which nothing is filled in."""
    if not isinstance(payload, dict) or len(payload) < FEWEST or payload.get("FunctionName") != "":
        return False
    return all(_is_blank(value, 0) for value in payload.values())


def _is_blank(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        return len(value) <= DEPTH and depth < DEPTH and all(_is_blank(member, depth + 1) for member in value.values())
    if type(value) is list:
        return len(value) == 1 and depth < DEPTH and _is_blank(value[0], depth + 1)
    if isinstance(value, str):
        return not value or CHOICE.fullmatch(value) is not None
    return value is True or value is None or (type(value) in (int, float) and value == 0)


def recognised(names: frozenset[str]) -> PayloadShape | None:
    """Return which request, response or settings an object with these names is; None if it is none of them."""
    if not 0 < len(names) <= MAX_PAYLOAD_MEMBERS:
        return None
    scores = [(_score(shape, names), shape) for shape in shapes()]
    best, shape = max(scores, key=lambda pair: pair[0])  # of equals, the first
    return shape if best != NO_SCORE else None


def _score(shape: PayloadShape, names: frozenset[str]) -> tuple[int, int]:
    """Return how many names are members of a request or response, and how many others are misspelt members.

    Return zeros if an object with these names is not that request or response.
    """
    exact = names & shape.members
    is_settings = shape.direction == SETTINGS
    if not exact or (names & shape.foreign and (is_settings or not (shape.required and shape.required <= names))):
        return NO_SCORE
    if is_settings and TARGET not in names:
        return NO_SCORE
    if exact == names and TARGET in names and names & HINTS:
        return len(exact), 0
    if names == shape.members or (len(shape.required) > 1 and shape.required <= names and names & shape.identifying):
        return len(exact), 0
    slips = _slips(shape, names - member_names())
    own = exact | slips
    return (len(exact), len(slips)) if own & shape.identifying and len(own) > max(1, len(names) / 2) else NO_SCORE


NO_SCORE = (0, 0)


def _slips(shape: PayloadShape, names: frozenset[str]) -> frozenset[str]:
    """Return the members that misspelt names probably mean; none if these are more than `SLIPS` members."""
    if len(names) > MAX_PAYLOAD_MEMBERS // 10:
        return frozenset()
    meant = {nearest(name, sorted(shape.members)) for name in names} - {None}
    return frozenset(member for member in meant if member) if len(meant) <= SLIPS else frozenset()
