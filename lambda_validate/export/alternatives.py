"""Expand a schema into a union of terms: sets of values that do not overlap, described without `if`, `not` and `allOf`.

Each keyword has two sides: the values that it accepts, and those that it refuses. The values that several keywords
together refuse are split into cases that exclude each other: the first keyword is broken; or the first matches and the
second is broken; and so on. A keyword that `SIDES` does not list stays unchanged. So the result always accepts the same
values as the schema.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..catalog.bounds import BOUNDS
from ..catalog.bundle import type_name
from ..strategies.sets.numbers import Number
from ..strategies.sets.texts import Texts
from .terms import EVERY_KIND, EVERYTHING, NOTES, NUMBERS, Schema, Term, joined, pruned

Terms = tuple[Term, ...]
SILENT = frozenset({*NOTES, "$schema", "$id", "$defs", "$comment", "readOnly", "writeOnly", "then", "else"})
"""Keywords that restrict no values by themselves."""
FREE: tuple[Schema, ...] = ({}, True)
STRING, OBJECT = frozenset({"string"}), frozenset({"object"})


# A schema is expanded into terms. A value is valid if it satisfies one of them. Example: {"if": {"properties": {"A":
# {"const": 1}}}, "then": {"required": ["B"]}} has two terms: "A is absent or 1, and B is there", and "A is there and
# not 1". A term that no value satisfies is dropped at once (`pruned`), since each rule multiplies the number of terms.
class Alternatives:
    """Expands schemas into terms: sets of values that do not overlap. `types` are the schemas that `$ref`s name."""

    def __init__(self, types: Mapping[str, Schema]) -> None:
        self._types, self._known = types, dict[tuple[bool, str], Terms]()

    def of(self, schema: Schema) -> Terms:
        """Return terms (sets of values) for all values that a schema accepts; an empty tuple if it accepts none."""
        return self._remembered(True, schema)

    def against(self, schema: Schema) -> Terms:
        """Return terms (sets of values) for all values that a schema refuses."""
        return self._remembered(False, schema)

    def _remembered(self, admitted: bool, schema: Schema) -> Terms:
        key = (admitted, json.dumps(schema, sort_keys=False))
        if key not in self._known:
            self._known[key] = (self._admitted if admitted else self._refused)(schema)
        return self._known[key]

    def _admitted(self, schema: Schema) -> Terms:
        if isinstance(schema, bool):
            return (EVERYTHING,) if schema else ()
        found: Terms = (EVERYTHING,)
        for keyword in _ordered(schema):
            found = self.both(found, self._side(True, keyword, schema))
        notes = {name: schema[name] for name in NOTES if name in schema}
        return tuple(term._replace(notes={**term.notes, **notes}) for term in found)

    def _refused(self, schema: Schema) -> Terms:
        if isinstance(schema, bool):
            return () if schema else (EVERYTHING,)
        found: list[Term] = []
        matching: Terms = (EVERYTHING,)
        for keyword in _ordered(schema):
            found += self.both(matching, self._side(False, keyword, schema))
            matching = self.both(matching, self._side(True, keyword, schema))
        return tuple(term._replace(notes={}, labels=()) for term in found)

    def _side(self, admitted: bool, keyword: str, schema: Schema) -> Terms:
        sides = SIDES.get(keyword)
        if sides is not None:
            return tuple(sides[0 if admitted else 1](self, schema[keyword], schema))
        unchanged = _unchanged(keyword, schema)
        return (Term(others=(unchanged if admitted else {"not": unchanged},)),)

    def both(self, one: Terms, other: Terms) -> Terms:
        """Return terms for the values that are in one of the terms `one` and also in one of the terms `other`."""
        met = (pruned(joined(mine, yours), self.is_impossible) for mine in one for yours in other)
        return tuple(term for term in met if term is not None)

    def is_impossible(self, schemas: tuple[Schema, ...]) -> bool:
        """Return whether no value matches all of the given schemas.

        A single schema is not examined: it counts as impossible only if it is `false` or `{"not": {}}`.
        """
        if len(schemas) == 1:
            return schemas[0] is False or schemas[0] == {"not": {}}
        return not self.of({"allOf": list(schemas)})

    def named(self, reference: str) -> Schema:
        """Return the schema that a `$ref` names."""
        return self._types[type_name(reference)]


def _ordered(schema: Mapping[str, Any]) -> list[str]:
    """Return the keywords of a schema that restrict values.

    `$ref` and `type` come first, since they are cheap and exclude most.
    """
    found = [keyword for keyword in schema if keyword not in SILENT]
    return sorted(found, key=lambda keyword: ("$ref", "type").index(keyword) if keyword in ("$ref", "type") else 2)


def _unchanged(keyword: str, schema: Mapping[str, Any]) -> Schema:
    """Return a schema with one keyword as it is, not expanded.

    For `additionalProperties`, it also has the names in `properties`, since these decide which members are additional.
    """
    names = schema.get("properties", {})
    if keyword == "additionalProperties" and names:
        return {"properties": {name: {} for name in names}, keyword: schema[keyword]}
    return {keyword: schema[keyword]}


def _kinds(names: Any) -> frozenset[str]:
    listed = [names] if isinstance(names, str) else names
    return frozenset(kind for name in listed for kind in (NUMBERS if name == "number" else [name]))


def _no_type(self: Alternatives, names: Any, schema: Schema) -> Terms:
    left = EVERY_KIND - _kinds(names)
    return (Term(kinds=left),) if left else ()


def _bound(keyword: str, kinds: frozenset[str], rival: str, step: int) -> tuple[Side, Side]:
    """Return two functions, which make terms (sets of values): for values within a bound, and for those beyond it.

    `rival` is the opposite bound: beyond `maxLength: 3` is `minLength: 4`, for strings only.
    """

    def within(self: Alternatives, bound: Any, schema: Schema) -> Terms:
        return (Term(bounds={keyword: bound}),)

    def beyond(self: Alternatives, bound: Any, schema: Schema) -> Terms:
        return (Term(kinds=kinds, bounds={rival: bound + step}),) if bound + step >= 0 else ()

    return within, beyond


def _not_required(self: Alternatives, names: list[str], schema: Schema) -> Iterator[Term]:
    """Yield terms for the objects that lack a required member or have an invalid member. The terms do not overlap."""
    members, matching = schema.get("properties", {}), EVERYTHING
    for name in dict.fromkeys((*names, *members)):
        member = members.get(name, True)
        failing = Term(kinds=OBJECT, members={name: ({"not": member},)})
        if name not in members:
            failing = Term(kinds=OBJECT, forbidden=(name,))
        elif name not in names:
            failing = failing._replace(required=(name,))
        if member not in FREE or name in names:
            yield joined(matching, failing)
        matching = joined(matching, Term(required=(name,) if name in names else (), members={name: (member,)}))


def _closed(self: Alternatives, others: Schema, schema: Schema) -> Terms:
    if others is False:
        return (Term(closed=tuple(schema.get("properties", ()))),)
    return (EVERYTHING,) if others in FREE else (Term(others=(_unchanged("additionalProperties", schema),)),)


def _open(self: Alternatives, others: Schema, schema: Schema) -> Terms:
    refused = {"not": _unchanged("additionalProperties", schema)}
    return () if others in FREE else (Term(kinds=OBJECT, others=(refused,)),)


def _all_of(self: Alternatives, schemas: list[Schema], schema: Schema) -> Terms:
    found: Terms = (EVERYTHING,)
    for branch in schemas:
        found = self.both(found, self.of(local(branch)))
    return found


def _not_all_of(self: Alternatives, schemas: list[Schema], schema: Schema) -> Iterator[Term]:
    matching: Terms = (EVERYTHING,)
    for branch in schemas:
        yield from self.both(matching, self.against(branch))
        matching = self.both(matching, self.of(branch))


def _if(self: Alternatives, condition: Schema, schema: Schema) -> Terms:
    met = tuple(term._replace(labels=(*_label(condition), *term.labels)) for term in self.of(condition))
    return (
        *self.both(met, self.of(schema.get("then", True))),
        *self.both(self.against(condition), self.of(schema.get("else", True))),
    )


def _no_if(self: Alternatives, condition: Schema, schema: Schema) -> Terms:
    return (
        *self.both(self.of(condition), self.against(schema.get("then", True))),
        *self.both(self.against(condition), self.against(schema.get("else", True))),
    )


def _label(condition: Schema) -> tuple[str, ...]:
    return (type_name(condition["$ref"]),) if isinstance(condition, dict) and "$ref" in condition else ()


def local(schema: Schema) -> Schema:
    """Move a conditional rule into the schema of a member, if its `if` and `then` are only about this member.

    The result is such as `{"properties": {"A": {"if": …, "then": …}}}`. Return any other schema unchanged.
    """
    if not isinstance(schema, dict) or schema.keys() - SILENT != {"if"} or "else" in schema:
        return schema
    condition, then = schema["if"], schema.get("then", True)
    if not all(isinstance(part, dict) for part in (condition, then)) or then.keys() - SILENT != {"properties"}:
        return schema
    names = list(then["properties"])
    about = condition.get("required") == names and list(condition.get("properties", ())) == names
    if not about or len(names) != 1 or condition.keys() - SILENT != {"required", "properties"}:
        return schema
    own = {"if": condition["properties"][names[0]], "then": then["properties"][names[0]]}
    return {"properties": {names[0]: own}}


Side = Callable[[Alternatives, Any, Schema], Iterable[Term]]

SIDES: Mapping[str, tuple[Side, Side]] = {
    "$ref": (lambda self, reference, schema: self.of(self.named(reference)),
             lambda self, reference, schema: self.against(self.named(reference))),
    "type": (lambda self, names, schema: (Term(kinds=_kinds(names)),), _no_type),
    "enum": (lambda self, choices, schema: (Term(among=tuple(choices)),),
             lambda self, choices, schema: (Term(besides=tuple(choices)),)),
    "const": (lambda self, choice, schema: (Term(among=(choice,)),),
              lambda self, choice, schema: (Term(besides=(choice,)),)),
    "pattern": (lambda self, pattern, schema: (Term(texts=Texts(patterns=(pattern,))),),
                lambda self, pattern, schema: (Term(kinds=STRING, texts=Texts(unlike=(pattern,))),)),
    **{least: _bound(least, frozenset({kind}), most, -1) for kind, least, most, noun in BOUNDS if noun},
    **{most: _bound(most, frozenset({kind}), least, 1) for kind, least, most, noun in BOUNDS if noun},
    "minimum": (lambda self, bound, schema: (Term(number=Number(least=bound)),),
                lambda self, bound, schema: (Term(kinds=NUMBERS, number=Number(most=bound, out=frozenset([bound]))),)),
    "maximum": (lambda self, bound, schema: (Term(number=Number(most=bound)),),
                lambda self, bound, schema: (Term(kinds=NUMBERS, number=Number(least=bound, out=frozenset([bound]))),)),
    "required": (lambda self, names, schema: (Term(required=tuple(names)),), _not_required),
    "properties": (lambda self, members, schema: (Term(members={name: (member,) for name, member in members.items()}),),
                   lambda self, members, schema: () if "required" in schema else _not_required(self, [], schema)),
    "additionalProperties": (_closed, _open),
    "allOf": (_all_of, _not_all_of),
    "not": (lambda self, refused, schema: self.against(refused), lambda self, refused, schema: self.of(refused)),
    "if": (_if, _no_if),
}  # fmt: skip
"""For each keyword, a function that returns terms for the values it accepts, and one for the values it refuses."""
