"""Expand conditional rules: a schema with `if` and `then` becomes a choice (`anyOf`) of schemas without them.

Most tools ignore `if` and `then`. The schemas of the choice, the branches, do not overlap: there is one for each event
source, for example. A schema without conditional rules stays unchanged, including its references.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any

from ..catalog.bounds import BOUNDS
from ..strategies.sets.texts import simplified
from .alternatives import Alternatives
from .terms import EVERY_KIND, KINDS, NUMBERS, Schema, Term, admits

COMPLEX = frozenset({"if", "allOf"})
"""Keywords of a schema that has to be expanded."""
UNEXPANDED_KEYWORDS = frozenset({"type", "pattern", "const", "enum"})
"""A `not` with only these keywords inside is not expanded."""
NESTED = ("items", "additionalProperties", "propertyNames", "not")
NEVER_VALID: Schema = {"not": {}}
OTHERWISE = "Otherwise"
"""The name of the branch for payloads that match none of the named conditions."""


class Branches:
    """Expands conditional rules in schemas.

    `types` are the schemas that `$ref`s name. `union` is the keyword for a choice of branches: `anyOf` or `oneOf`.
    """

    def __init__(self, types: Mapping[str, Schema], union: str = "anyOf") -> None:
        self.alternatives = Alternatives(types)
        self._union = union

    def expanded(self, schema: Schema) -> Schema:
        """Return a schema that accepts the same values, without `if`, `then` and `else`."""
        if not isinstance(schema, dict):
            return schema
        if _is_complex(schema):
            return self.choice(schema, [self.written(term) for term in self.alternatives.of(schema)])
        return {keyword: self._below(keyword, value) for keyword, value in schema.items()}

    def _unchanged(self, schema: Schema) -> Schema:
        """Return a schema with its own keywords as they are, and with the conditional rules inside them expanded."""
        return {keyword: self._below(keyword, value) for keyword, value in schema.items()}

    def _below(self, keyword: str, value: Any) -> Any:
        if keyword in ("properties", "$defs"):
            return {name: self.expanded(schema) for name, schema in value.items()}
        return self.expanded(value) if keyword in NESTED else value

    def choice(self, schema: Schema, branches: list[Schema]) -> Schema:
        """Return a schema that is a choice of branches. Annotations that all branches share are moved to its top."""
        if len(branches) < 2:
            return branches[0] if branches else dict(NEVER_VALID)
        shared = {name: note for name, note in branches[0].items() if name in ("title", "description", "examples")}
        common = {name: note for name, note in shared.items() if all(branch.get(name) == note for branch in branches)}
        alone = [{name: value for name, value in branch.items() if name not in common} for branch in branches]
        return {**common, self._union: alone}

    def written(self, term: Term) -> Schema:
        """Write a term (a set of values) as a schema."""
        found: dict[str, Any] = {**_notes(term), **_type(term), **_choices(term)}
        found |= dict(_bounds(term))
        rest = [*_texts(term), *_besides(term), *_fractions(term)]
        if "object" in term.kinds:
            found |= self._object(term)
        for schema in (*rest, *map(self._unchanged, term.others)):
            apart = found.keys() & schema.keys() or ("additionalProperties" in schema and "properties" in found)
            if apart:
                found["allOf"] = [*found.get("allOf", []), schema]
            else:
                found |= schema
        return found

    def _object(self, term: Term) -> Iterator[tuple[str, Any]]:
        """Yield the keywords about the members of objects, such as `required`, of a term (a set of values)."""
        names = [name for name in term.members if term.closed is None or name in term.closed]
        names += [name for name in term.closed or () if name not in names]
        members = {name: self._member(term.members.get(name, ())) for name in names if name not in term.forbidden}
        if term.closed is None:
            members |= dict.fromkeys(term.forbidden, NEVER_VALID)
        if members:
            yield "properties", members
        if term.required:
            yield "required", [*(name for name in members if name in term.required),
                               *(name for name in term.required if name not in members)]  # fmt: skip
        if term.closed is not None:
            yield "additionalProperties", False

    def _member(self, schemas: tuple[Schema, ...]) -> Schema:
        if len(schemas) == 1:
            return self.expanded(schemas[0])
        return self.expanded({"allOf": list(schemas)}) if schemas else {}


def _is_complex(schema: Mapping[str, Any]) -> bool:
    """Return whether a schema has keywords that have to be expanded, such as `if`."""
    refused = schema.get("not", {})
    tangled = isinstance(refused, dict) and not refused.keys() <= UNEXPANDED_KEYWORDS and refused != {}
    return not COMPLEX.isdisjoint(schema) or tangled


def _notes(term: Term) -> dict[str, Any]:
    """Return the annotations of a term (a set of values), without examples and defaults that are not in the set."""
    found = dict(term.notes)
    if "examples" in found:
        found["examples"] = [example for example in found["examples"] if admits(term, example)]
        if not found["examples"]:
            del found["examples"]
    if "default" in found and not admits(term, found["default"]):
        del found["default"]
    return found


def _type(term: Term) -> dict[str, Any]:
    if term.kinds == EVERY_KIND or (term.among is not None and len(term.kinds) > 1):
        return {}
    kinds = [kind for kind in KINDS if kind in term.kinds - NUMBERS]
    if "fraction" in term.kinds:
        kinds.append("number")
    elif "integer" in term.kinds:
        kinds.append("integer")
    return {"type": kinds[0] if len(kinds) == 1 else kinds}


def _choices(term: Term) -> dict[str, Any]:
    return {} if term.among is None else {"enum": list(term.among)}


def _bounds(term: Term) -> Iterator[tuple[str, Any]]:
    """Yield the bounds of a term (a set of values), such as `("minimum", 1)`, unless an `enum` makes them redundant."""
    if term.among is not None and not term.kinds & {"array", "object"}:
        return
    for kind, least, most, noun in BOUNDS:
        if kind in term.kinds and noun:
            yield from ((keyword, term.bounds[keyword]) for keyword in (least, most) if keyword in term.bounds)
    if not term.kinds.isdisjoint(NUMBERS):
        number = term.number if "fraction" in term.kinds else term.number._replace(whole=True).tight()
        for keyword, limit in (("minimum", number.least), ("maximum", number.most)):
            if abs(limit) != inf:
                is_out = "fraction" in term.kinds and limit in number.out
                yield f"exclusive{keyword.capitalize()}" if is_out else keyword, limit


def _texts(term: Term) -> Iterator[Schema]:
    if "string" in term.kinds and term.among is None:
        texts = simplified(term.texts)
        yield from ({"pattern": pattern} for pattern in texts.patterns)
        yield from ({"not": {"pattern": pattern}} for pattern in texts.unlike)


def _besides(term: Term) -> Iterator[Schema]:
    if term.besides and term.among is None:
        yield {"not": {"enum": list(term.besides)}}


def _fractions(term: Term) -> Iterator[Schema]:
    """Yield a schema that excludes integers, for a term (a set of values) with fractions but no integers.

    JSON Schema has no type for fractions.
    """
    if "fraction" in term.kinds and "integer" not in term.kinds and term.among is None:
        yield {"not": {"type": "integer"}}
