"""Convert the parameters of a record to a payload as the API spells it, and note values that were not recorded.

CloudTrail begins names of members in lower case, and writes times as strings. It leaves out secrets, replaces them, or
records empty objects for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..catalog.bundle import type_name
from ..lint.unresolved.parts import Unknown
from ..report import Path

SUFFIX = re.compile(r"20[0-9]{6}(?:v[0-9]+)?\Z")
"""Matches the date and version at the end of an event name, as in `GetFunction20150331v2`."""
HIDDEN = frozenset({"HIDDEN_DUE_TO_SECURITY_REASONS", "****", "sensitiveDataRemoved"})
"""Strings that CloudTrail records instead of a secret."""
EMPTIED = frozenset({"Environment", "FilterCriteria"})
"""Members of Lambda's requests that CloudTrail always records as empty objects, since they may contain secrets."""
ADDED = frozenset({"FullyQualifiedArn", "IncomingTransitiveTags", "Interactive", "MaxItems", "MonitorMode"})
"""Members that a service adds to the recorded parameters, although the caller did not send them. Lambda adds most, and
STS adds the tags of a session to AssumeRole."""
TIMES = ("a number of Unix seconds", "a time: Unix seconds", "a date and time, or a number of Unix seconds")
"""The beginnings of the titles of schemas of times. A member with such a title is converted to Unix seconds."""
BYTES = "a Base64 string"
ZIP = "ZipFile"
FORMATS = (
    "%b %d, %Y, %I:%M:%S %p", "%b %d, %Y %I:%M:%S %p", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%SZ", "%a %b %d %H:%M:%S UTC %Y",
)  # fmt: skip
MAX_SCHEMA_DEPTH = 60


class SpellingPlan:
    """How to spell the members of one type.

    `names` maps a member's name in lower case to its name in the API and the plan of its type. `element` is the plan of
    a list's items or a map's values. `bytes` are members with binary content, which CloudTrail does not record. `body`
    is a required member that is the whole body of a request.
    """

    __slots__ = ("body", "bytes", "element", "is_bytes", "is_time", "names")

    def __init__(self) -> None:
        self.names: dict[str, tuple[str, SpellingPlan]] | None = None
        self.element: SpellingPlan | None = None
        self.is_time = self.is_bytes = False
        self.bytes: tuple[str, ...] = ()
        self.body: str | None = None


def plan(schema: Mapping[str, Any]) -> SpellingPlan:
    """Return the plan that says how to spell the members of a request, from its schema."""
    return _plan(schema, schema.get("$defs", {}), {})


def _plan(schema: Any, types: Mapping[str, Any], made: dict[str, SpellingPlan]) -> SpellingPlan:
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    if isinstance(reference, str) and set(schema) <= {"$ref", "x-in", "x-name", "x-source", "title", "description"}:
        name = type_name(reference) or ""
        if name not in made:
            found = made[name] = SpellingPlan()
            _fill(found, types.get(name, {}), types, made)
        return made[name]
    found = SpellingPlan()
    _fill(found, schema, types, made)
    return found


def _fill(found: SpellingPlan, schema: Any, types: Mapping[str, Any], made: dict[str, SpellingPlan]) -> None:
    for facts in _facts(schema, types, 0):
        title = str(facts.get("title", ""))
        found.is_time = found.is_time or title.startswith(TIMES)
        found.is_bytes = found.is_bytes or (title == BYTES and "type" in facts)
        if "properties" in facts:
            found.names = found.names or {}
            for name, member in facts["properties"].items():
                inner = _plan(member, types, made)
                for known in (name, str(member.get("x-name", name)) if isinstance(member, dict) else name):
                    found.names.setdefault(known.lower(), (name, inner))
        for part in ("items", "additionalProperties"):
            if isinstance(facts.get(part), dict):
                found.element = _plan(facts[part], types, made)
    if found.names:
        needed = {ZIP, *schema.get("required", ())}
        own = [name for name in dict.fromkeys(name for name, _ in found.names.values()) if name in needed]
        found.bytes = tuple(name for name in own if found.names[name.lower()][1].is_bytes)
        found.body = next((name for name in own if schema["properties"][name].get("x-in") == "payload"), None)


def _facts(schema: Any, types: Mapping[str, Any], depth: int) -> list[Mapping[str, Any]]:
    """Return a schema, with all schemas that it includes by `$ref` or `allOf`."""
    if not isinstance(schema, dict) or depth > MAX_SCHEMA_DEPTH:
        return []
    found: list[Mapping[str, Any]] = [schema]
    reference = schema.get("$ref")
    if isinstance(reference, str):
        found += _facts(types.get(type_name(reference) or "", {}), types, depth + 1)
    for branch in schema.get("allOf", ()):
        found += _facts(branch, types, depth + 1)
    return found


class Spelling:
    """Converts the parameters of one record.

    Afterwards, `hidden` has the paths of values that were not recorded, and `names` is the number of all members.
    `twice` is the name of a member that occurs in two spellings, if any. With `empties`, any empty object counts as one
    that CloudTrail emptied.
    """

    __slots__ = ("empties", "hidden", "names", "twice")

    def __init__(self, empties: bool) -> None:
        self.empties, self.names = empties, 0
        self.hidden: list[Path] = []
        self.twice: str | None = None

    # Example: CloudTrail recorded {"functionName": "f", "environment": {}, "kMSKeyArn":
    # "HIDDEN_DUE_TO_SECURITY_REASONS"}. The result has the API's names: {"FunctionName": "f", "Environment": Unknown,
    # "KMSKeyArn": Unknown}. The paths of both unknown values are added to `hidden`. Whether a rule about an unknown
    # value is broken cannot be decided. So the call is "undecidable", unless another rule is certainly broken.
    def payload(self, parameters: dict[str, Any], plan: SpellingPlan) -> dict[str, Any]:
        """Return the payload for recorded parameters. Values that were not recorded become `Unknown`."""
        made = self._object(parameters, plan, ())
        for name in ADDED.intersection(made):
            if plan.names is None or name.lower() not in plan.names:
                del made[name]
        for folded, (name, inner) in (plan.names or {}).items():
            if inner.bytes and name not in made and folded == name.lower():
                made[name] = self._unknown((name,))
        if plan.body is not None:
            made.setdefault(plan.body, "")
        return made

    def _unknown(self, path: Path) -> Unknown:
        self.hidden.append(path)
        return Unknown()

    def value(self, value: Any, plan: SpellingPlan | None, path: Path) -> Any:
        """Return a recorded value, with its members spelt as the API spells them. `plan` describes the value's type."""
        kind = type(value)
        if kind is str:
            if value in HIDDEN:
                return self._unknown(path)
            return self._time(value, path) if plan is not None and plan.is_time else value
        if kind is dict:
            return self._mapping(value, plan, path)
        if kind is list:
            element = plan.element if plan is not None else None
            return [self.value(item, element, (*path, index)) for index, item in enumerate(value)]
        return value

    def _mapping(self, value: dict[str, Any], plan: SpellingPlan | None, path: Path) -> Any:
        if not value and (self.empties or (len(path) == 1 and path[0] in EMPTIED)):
            return self._unknown(path)
        if plan is not None and plan.names is not None:
            return self._object(value, plan, path)
        self.names += len(value)
        element = plan.element if plan is not None else None
        return {name: self.value(member, element, (*path, name)) for name, member in value.items()}

    def _object(self, value: dict[str, Any], plan: SpellingPlan, path: Path) -> dict[str, Any]:
        made: dict[str, Any] = {}
        known = plan.names or {}
        for given, member in value.items():
            name, inner = known.get(given.lower()) or (given[:1].upper() + given[1:], None)
            if name in made:
                self.twice = name
            made[name] = self.value(member, inner, (*path, name))
        self.names += len(value)
        for name in plan.bytes:
            if name not in made and not any(other.startswith(("S3", "ImageUri")) for other in made):
                made[name] = self._unknown((*path, name))
        return made

    def _time(self, value: str, path: Path) -> Any:
        found = seconds(value)
        return self._unknown(path) if found is None else found


def seconds(text: str) -> float | None:
    """Convert a time as CloudTrail writes it, such as `Jan 2, 2026, 3:04:05 PM`, to Unix seconds; None for others."""
    text = text.replace("\u202f", " ")  # as newer versions of Java write it before AM and PM
    for form in FORMATS:
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def operation_of(event_name: str) -> str:
    """Return the operation of an event name: `GetFunction20150331v2` becomes `GetFunction`."""
    return SUFFIX.sub("", event_name)
