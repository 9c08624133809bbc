"""The statements of a schema, keyword by keyword: the rule, its message, its source, and when it applies.

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
"""A path through a payload. `ITEM` is any item, `NAME` is any member that the schema does not name."""
ITEM, NAME = "[]", "*"
POLICY = Policy()


class Statement(NamedTuple):
    """One keyword at one place. `when` says when it applies. `schema` is the schema that contains it."""

    path: Steps
    constraint: Constraint
    when: tuple[str, ...]
    schema: Schema

    @property
    def message(self) -> str:
        """The statement in one sentence."""
        return self.constraint.explain(self.constraint, UNSEEN).message


class StatedMember(NamedTuple):
    """A member of a payload, with all unconditional descriptions of it merged into one schema."""

    path: Steps
    schema: Schema
    is_required: bool


class Default(NamedTuple):
    """The default value of a member, and the condition under which it applies."""

    path: Steps
    value: Any
    when: tuple[str, ...]


Fact = Statement | StatedMember | Default


class _Spot(NamedTuple):
    """The position of the walk.

    `plain` is False inside conditions and warnings. `behind` are the references on the way.
    """

    at: Place
    path: Steps = ()
    when: tuple[str, ...] = ()
    plain: bool = True
    behind: tuple[str, ...] = ()

    def below(self, step: str, member: str | None = None) -> _Spot:
        return self._replace(path=(*self.path, step), at=self.at._replace(member=member or self.at.member))


def facts(root: Schema) -> Iterator[Fact]:
    """Yield all statements of a self-contained schema in its order. A type that contains itself is visited once."""
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
    """Return whether a format only repeats the keywords beside it."""
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
    """Return the unconditional description of a value: a schema merged with the one that it refers to."""
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
"""The function that yields the statements of an applicator, by keyword."""


def shown(path: Steps) -> str:
    """Return a path for readers: `Filters[].Pattern`, `Variables.*`."""
    return ".".join(path).replace(f".{ITEM}", ITEM)
