"""Compare two sets of documents, such as an edition and the documents that a newer model gives. Does no I/O.

It compares single facts: bounds, patterns, choices, members and so on, but no words and no conditional rules. A
difference in a type that several operations use is listed once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, NamedTuple

from ..bounds import OF_KEYWORD
from ..bundle import Reader, Schema, type_name

WIRE = ("method", "path", "query", "success", "contentType")
NOT_HERE = "-"
"""Shown for a fact that one side does not have."""


class Difference(NamedTuple):
    """One fact that differs between two sets of documents, "ours" and "theirs".

    `kind` is one of: operation, route, exception, member, required, choice, bound, pattern, type. `operations` are all
    operations with this difference. `place` is the path to it in the first of them: the direction, then members.
    `fact` is the keyword or the name. `ours` and `theirs` are the values of each side, None if a side has none.
    """

    kind: str
    operations: tuple[str, ...]
    place: str
    fact: str
    ours: Any
    theirs: Any

    @property
    def refuses(self) -> bool:
        """Whether our side refuses values that the other side allows. If our pattern differs, it is assumed to."""
        return refuses(self.kind, self.fact, self.ours, self.theirs)


def refuses(kind: str, fact: str, ours: Any, theirs: Any) -> bool:
    """Return whether our side refuses values that the other allows, for a difference: its kind, fact and two values."""
    if kind == "bound":
        if ours is None or type(theirs) not in (int, float):  # none, or one that cannot be read
            return ours is not None
        return bool(theirs > ours if fact.startswith("max") else theirs < ours)
    if kind in ("required", "pattern"):
        return ours is not None
    return kind == "route" or theirs is not None


class Side(NamedTuple):
    """A schema in one of the two sets of documents that are compared.

    `document` contains the schema, and `read` returns the other documents of the set by file name.
    """

    schema: Schema
    read: Reader
    document: Schema

    def resolved(self) -> tuple[Side, str]:
        """Return the schema that a reference points to, and the name of its type; "" if it is not a reference."""
        side, name = self, ""
        for _ in range(MAX_REFERENCE_CHAIN):
            reference = side.schema.get("$ref") if isinstance(side.schema, dict) else None
            if not isinstance(reference, str):
                break
            file, _, pointer = reference.partition("#")
            name = type_name(pointer)
            home = side.read(file) if file else side.document
            side = Side(home["$defs"][name], side.read, home)
        return side if isinstance(side.schema, dict) else side._replace(schema={}), name

    def at(self, *steps: str) -> Side:
        """Return the schema at a path inside this one, such as `at("$defs", "request")`; an empty one if missing."""
        schema = self.schema
        for step in steps:
            schema = schema.get(step, {}) if isinstance(schema, dict) else {}
        return self._replace(schema=schema)


MAX_REFERENCE_CHAIN = 20
"""Maximum number of references to follow in a row."""


def differences(ours: Reader, theirs: Reader, *, common: bool = False) -> tuple[Difference, ...]:
    """Return the differences between the documents of two sides, in the order of the operations.

    A side is a function that returns the document for a file name, including `operations.json` and `types.json`. With
    `common`, only operations that both sides have are compared.
    """
    found: dict[Hashable, Difference] = {}
    ours_has, theirs_has = (tuple(side("operations.json")["operations"]) for side in (ours, theirs))
    has_same_types = ours("types.json") == theirs("types.json")
    for name in sorted({*ours_has, *theirs_has}):
        both = name in ours_has and name in theirs_has
        if not both and not common:
            sides = (name if name in has else None for has in (ours_has, theirs_has))
            found[name] = Difference("operation", (name,), "", name, *sides)
        if both and has_same_types and ours(f"{name}.json") == theirs(f"{name}.json"):
            continue
        for key, difference in _operation(name, ours, theirs) if both else ():
            known = found.get(key)
            found[key] = known._replace(operations=_joined(known.operations, name)) if known else difference
    return tuple(found.values())


def _joined(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


def _operation(name: str, ours: Reader, theirs: Reader) -> Iterator[tuple[Hashable, Difference]]:
    """Yield the differences of one operation, each with a key. Equal differences in the same type have the same key."""
    one, other = (Side(document, read, document) for read in (ours, theirs) for document in [read(f"{name}.json")])
    for kind, fact, mine, yours in _wire(one.schema["x-operation"], other.schema["x-operation"]):
        yield (name, kind, fact), Difference(kind, (name,), "", fact, mine, yours)
    for direction in ("request", "response"):
        sides = one.at("$defs", direction), other.at("$defs", direction)
        for holder, kind, place, fact, mine, yours in _schemas(*sides, direction, (name, direction), frozenset()):
            yield (holder, kind, fact, repr(mine), repr(yours)), Difference(kind, (name,), place, fact, mine, yours)


Fact = tuple[str, str, Any, Any]


def _wire(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Fact]:
    for key in WIRE:
        if one.get(key) != other.get(key):
            yield "route", key, one.get(key), other.get(key)
    errors, others = one.get("errors", {}), other.get("errors", {})
    for name in sorted({*errors, *others}):
        mine, yours = (side[name]["status"] if name in side else None for side in (errors, others))
        if mine != yours:
            yield "exception", name, mine, yours


PlacedFact = tuple[Hashable, str, str, str, Any, Any]


# Types may refer to themselves. So `above` holds the pairs of types that are being compared, and such a pair is not
# compared again inside itself. `holder` is a part of the key by which a difference is counted once. If both sides name
# a type, `holder` is the pair of names. So a difference in a type that ten operations use is reported once, with these
# ten operations.
def _schemas(one: Side, other: Side, place: str, holder: Hashable, above: frozenset[Any]) -> Iterator[PlacedFact]:
    """Yield the differences of two schemas and of all schemas inside them.

    `holder` is the type or the place that the schemas belong to. It is part of the key of each difference.
    """
    (one, mine), (other, yours) = one.resolved(), other.resolved()
    pair = (mine, yours)
    if mine and pair in above:
        return
    home: Hashable = pair if mine and yours else holder
    if ("type" in one.schema) != ("type" in other.schema):  # one side knows the name alone
        name = place.rpartition("/")[2]
        here, there = (name if "type" in side.schema else None for side in (one, other))
        yield home, "member", place, name, here, there
        return
    above |= {pair}
    for kind, fact, here, there in facts(one.schema, other.schema):
        yield home, kind, place, fact, here, there
    members, others = (side.schema.get("properties", {}) for side in (one, other))
    for name in members:
        if name in others:
            sides = one.at("properties", name), other.at("properties", name)
            yield from _schemas(*sides, f"{place}/{name}", (home, name), above)
    for part in ("items", "additionalProperties", "propertyNames"):
        if all(isinstance(side.schema.get(part), dict) for side in (one, other)):
            yield from _schemas(one.at(part), other.at(part), f"{place}/*", (home, part), above)


def facts(one: Schema, other: Schema) -> Iterator[Fact]:
    """Yield the facts that differ between two schemas: kind, fact and two values, `("bound", "maximum", 10, 20)`."""
    for kind, key in (("type", "type"), *(("bound", keyword) for keyword in OF_KEYWORD)):
        if one.get(key) != other.get(key):
            yield kind, key, one.get(key), other.get(key)
    if _pattern(one) != _pattern(other):
        yield "pattern", "pattern", _pattern(one), _pattern(other)
    for kind, names, yours in (
        ("member", tuple(one.get("properties", ())), tuple(other.get("properties", ()))),
        ("required", tuple(one.get("required", ())), tuple(other.get("required", ()))),
        ("choice", _choices(one), _choices(other)),
    ):
        for name in (*(name for name in yours if name not in names), *(name for name in names if name not in yours)):
            yield kind, str(name), name if name in names else None, name if name in yours else None
    for name, schema in one.get("properties", {}).items():
        pair = schema, other.get("properties", {}).get(name)
        places = [side.get("x-in") if isinstance(side, dict) else None for side in pair]
        if all(places) and places[0] != places[1]:
            yield "route", name, *places


def _choices(schema: Schema) -> tuple[Any, ...]:
    """Return the choices in the `enum` of a schema, or else in that of a schema in `x-warnings`."""
    warned = [
        warning["enum"] for warning in schema.get("x-warnings", ()) if isinstance(warning, dict) and "enum" in warning
    ]
    return tuple(schema.get("enum", warned[0] if warned else ()))


def _pattern(schema: Schema) -> Any:
    """Return the pattern of a schema as its document or model writes it, not in the portable form; None without one."""
    return schema.get("x-pattern", schema.get("pattern"))


def shown(value: Any) -> str:
    """Return one of the two values of a difference as a string: "1,000" for 1000, "-" for a missing value."""
    if value is None:
        return NOT_HERE
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
