"""List the statements of a schema: for each keyword the rule, its message, its source, and the condition.

Rule ids, messages and sources come from the compiler's constraints, so that pages and reports cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ..catalog import Schema
from ..catalog.formats import STATED
from ..catalog.references import resolve
from ..compiler.applicators import missing
from ..compiler.assertions import ASSERTIONS
from ..compiler.constraints import constraint
from ..compiler.messages import UNSEEN
from ..compiler.place import Place
from ..compiler.results import explain
from ..report import Constraint, Source
from ..report.policy import Policy
from .conditions import words

Steps = tuple[str, ...]
"""A path through a payload. A step `ITEM` is any item, and `NAME` is any member that the schema does not name."""
ITEM, NAME = "[]", "*"
POLICY = Policy()


class Statement(NamedTuple):
    """A keyword of a schema that states a rule.

    `path` is the value that it is about. `when` has its conditions in words, such as `when A is 1`. `schema` is the
    schema that contains the keyword.
    """

    path: Steps
    constraint: Constraint
    when: tuple[str, ...]
    schema: Schema

    @property
    def message(self) -> str:
        """The rule in one sentence, such as "BatchSize must be at least 1."."""
        return self.constraint.explain(self.constraint, UNSEEN).message


class StatedMember(NamedTuple):
    """A member of a payload. `schema` is its schema, merged with the schemas that it refers to."""

    path: Steps
    schema: Schema
    is_required: bool


class Default(NamedTuple):
    """The default value of a member. `when` has its conditions in words; it is empty if the default always applies."""

    path: Steps
    value: Any
    when: tuple[str, ...]


Fact = Statement | StatedMember | Default


class _Spot(NamedTuple):
    """The position of the walk through a schema.

    `path` is the path in the payload, and `when` has the conditions so far. If `plain` is True, the members
    found are yielded too. It is False inside conditions, warnings and `propertyNames`. `behind` are the `$ref`s that
    were followed.
    """

    at: Place
    path: Steps = ()
    when: tuple[str, ...] = ()
    plain: bool = True
    behind: tuple[str, ...] = ()

    def below(self, step: str, member: str | None = None) -> _Spot:
        return self._replace(path=(*self.path, step), at=self.at._replace(member=member or self.at.member))


def facts(root: Schema) -> Iterator[Fact]:
    """Yield all statements, members and defaults of a schema, in the order of the schema.

    References must point into the schema's own `$defs`. A type that contains itself is visited once.
    """
    yield from _walk(root, root, _Spot(Place("")))


def _walk(root: Schema, schema: Schema, spot: _Spot) -> Iterator[Fact]:
    if schema is False:
        yield from _stated({}, spot.at.keyword, spot)
    if not isinstance(schema, dict):
        return
    if "x-source" in schema:
        spot = spot._replace(at=spot.at._replace(source=Source(**schema["x-source"])))
    for keyword in schema:
        if keyword in ("type", "not", "x-relation") or (keyword in ASSERTIONS and not _is_said(schema, keyword)):
            yield from _stated(schema, keyword, spot)
        elif keyword in FURTHER:
            yield from FURTHER[keyword](root, schema, spot)


def _is_said(schema: Schema, keyword: str) -> bool:
    """Return whether a keyword is a format that only repeats the keywords beside it, such as `pattern`."""
    return keyword == "format" and schema[keyword] in STATED


def _stated(schema: Schema, keyword: str, spot: _Spot) -> Iterator[Statement]:
    found = constraint(schema, keyword, spot.at, POLICY, explain)
    if found is not None:
        yield Statement(spot.path, found, spot.when, schema)


def _required(root: Schema, schema: Schema, spot: _Spot) -> Iterator[Fact]:
    for name in schema["required"]:
        stated, at = missing(schema, name, spot.at)
        yield from _stated(stated, "required", spot.below(name)._replace(at=at))


def _properties(root: Schema, schema: Schema, spot: _Spot) -> Iterator[Fact]:
    for name, member in schema["properties"].items():
        here = _keyword(spot.below(name, name), "properties")
        if spot.plain and isinstance(member, dict):
            yield StatedMember(here.path, merged(root, member), name in schema.get("required", ()))
        yield from _walk(root, member, here)


def _others(root: Schema, schema: Schema, spot: _Spot) -> Iterator[Fact]:
    other = schema["additionalProperties"]
    if other is False:
        yield from _stated(schema, "additionalProperties", spot)
    elif isinstance(other, dict):
        here = _keyword(spot.below(NAME), "additionalProperties")
        if spot.plain:
            yield StatedMember(here.path, merged(root, other), False)
        yield from _walk(root, other, here)


def _names(root: Schema, schema: Schema, spot: _Spot) -> Iterator[Fact]:
    here = _keyword(spot, "propertyNames")._replace(plain=False, when=(*spot.when, "for each member's name"))
    yield from _walk(root, schema["propertyNames"], here)


def _items(root: Schema, schema: Schema, spot: _Spot) -> Iterator[Fact]:
    here = _keyword(spot.below(ITEM), "items")
    if spot.plain and isinstance(schema["items"], dict):
        yield StatedMember(here.path, merged(root, schema["items"]), False)
    yield from _walk(root, schema["items"], here)


def _all(root: Schema, schema: Schema, spot: _Spot) -> Iterator[Fact]:
    for branch in schema["allOf"]:
        yield from _walk(root, branch, _keyword(spot, "allOf"))


def _warnings(root: Schema, schema: Schema, spot: _Spot) -> Iterator[Fact]:
    for warning in schema["x-warnings"]:
        yield from _walk(root, warning, _severe(spot, "warning")._replace(plain=False))


def _conditional(root: Schema, schema: Schema, spot: _Spot) -> Iterator[Fact]:
    met = words(root, schema["if"], spot.at.member)
    for branch, when in (("then", f"when {met}"), ("else", f"unless {met}")):
        here = _keyword(spot, branch)._replace(plain=False, when=(*spot.when, when))
        yield from _walk(root, schema.get(branch, True), here)


def _reference(root: Schema, schema: Schema, spot: _Spot) -> Iterator[Fact]:
    if schema["$ref"] not in spot.behind:
        yield from _walk(root, resolve(root, schema["$ref"]), spot._replace(behind=(*spot.behind, schema["$ref"])))


def _keyword(spot: _Spot, keyword: str) -> _Spot:
    return spot._replace(at=spot.at._replace(keyword=keyword))


def _severe(spot: _Spot, severity: Any) -> _Spot:
    return spot._replace(at=spot.at._replace(severity=severity))


def merged(root: Schema, schema: Schema) -> Schema:
    """Return a schema merged with the schema that it refers to by `$ref`, and so on.

    The outer schema's keywords win.
    """
    found: dict[str, Any] = {}
    seen = set[str]()
    while isinstance(schema, dict):
        found = {**schema, **found}
        reference = schema.get("$ref")
        if reference is None or reference in seen:
            break
        seen.add(reference)
        schema = resolve(root, reference)
    return found


FURTHER: Mapping[str, Callable[[Schema, Schema, _Spot], Iterable[Fact]]] = {
    "$ref": _reference,
    "default": lambda root, schema, spot: [Default(spot.path, schema["default"], spot.when)],
    "required": _required,
    "properties": _properties,
    "additionalProperties": _others,
    "x-unknown-members": lambda root, schema, spot: _stated(
        schema, "x-unknown-members", _severe(spot, schema["x-unknown-members"])
    ),
    "propertyNames": _names,
    "items": _items,
    "allOf": _all,
    "x-warnings": _warnings,
    "if": _conditional,
}
"""For each keyword that is not a rule by itself, such as `properties`, the function that yields what is stated in
it."""


def shown(path: Steps) -> str:
    """Return a path in a payload as a string for readers: `Filters[].Pattern`, `Variables.*`."""
    return ".".join(path).replace(f".{ITEM}", ITEM)
