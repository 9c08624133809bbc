"""`Term`: a set of JSON values that is described without conditions. Any schema can be written as a union of terms.

The terms of a schema do not overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor, inf
from typing import Any, NamedTuple

from ..base.values import same
from ..catalog.bounds import BOUNDS, OF_TYPE
from ..strategies.sets.domains import ENDLESS, Text
from ..strategies.sets.meeting import is_inhabited
from ..strategies.sets.numbers import Number
from ..strategies.sets.texts import Texts, has, language

Schema = Any

KINDS = ("null", "boolean", "integer", "fraction", "string", "array", "object")
"""The JSON types. A number is either an integer or a fraction. `1.0` is an integer."""
EVERY_KIND = frozenset(KINDS)
NUMBERS = frozenset({"integer", "fraction"})
LEAST = tuple(bound.least for bound in BOUNDS if bound.noun)
NOTES = ("title", "description", "default", "examples", "deprecated")
"""Keywords that are annotations. If several schemas give a term the same annotation, the last one counts."""


class Term(NamedTuple):
    """A set of JSON values: those of the types `kinds` that match all other fields.

    A field restricts only its own type. `among` are the only values allowed, or None. `besides` are values that are
    excluded. `members` has for each name schemas that must all match. `closed` are the only names allowed, or None.
    `others` are schemas that must match too and are not expanded. `labels` are the names of the conditions that the
    values match, such as `FromKinesis`.
    """

    kinds: frozenset[str] = EVERY_KIND
    number: Number = Number()
    bounds: Mapping[str, Any] = {}
    texts: Texts = Texts()
    among: tuple[Any, ...] | None = None
    besides: tuple[Any, ...] = ()
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    members: Mapping[str, tuple[Schema, ...]] = {}
    closed: tuple[str, ...] | None = None
    others: tuple[Schema, ...] = ()
    notes: Mapping[str, Any] = {}
    labels: tuple[str, ...] = ()


EVERYTHING = Term()


def joined(one: Term, other: Term) -> Term:
    """Return the intersection of two terms (sets of values). It may be empty."""
    return Term(
        kinds=one.kinds & other.kinds,
        number=one.number.meet(other.number),
        bounds=_tighter(one.bounds, other.bounds),
        texts=Texts(*(_union(mine, yours) for mine, yours in zip(one.texts, other.texts, strict=True))),
        among=_common(one.among, other.among),
        besides=_union(one.besides, other.besides),
        required=_union(one.required, other.required),
        forbidden=_union(one.forbidden, other.forbidden),
        members={
            name: _union(one.members.get(name, ()), other.members.get(name, ()))
            for name in (*one.members, *(name for name in other.members if name not in one.members))
        },
        closed=_common(one.closed, other.closed),
        others=_union(one.others, other.others),
        notes={**one.notes, **other.notes},
        labels=_union(one.labels, other.labels),
    )


def _tighter(one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    found = dict(one)
    for keyword, bound in other.items():
        pick: Callable[[Any, Any], Any] = max if keyword in LEAST else min
        found[keyword] = pick(found[keyword], bound) if keyword in found else bound
    return found


def _union(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*one, *(item for item in other if item not in one))


def _common(one: tuple[Any, ...] | None, other: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    if one is None or other is None:
        return one if other is None else other
    return tuple(value for value in one if any(same(value, rival) for rival in other))


def pruned(term: Term, is_impossible: Callable[[tuple[Schema, ...]], bool]) -> Term | None:
    """Remove from a term (a set of values) every type that no value of it has. Return None if no type is left.

    `is_impossible` is a function that returns whether no value matches all of the given schemas.
    """
    hopeless = tuple(name for name, schemas in term.members.items() if is_impossible(schemas))
    term = term._replace(forbidden=_union(term.forbidden, hopeless))
    if term.among is not None:
        term = term._replace(among=tuple(choice for choice in term.among if admits(term, choice)))
        term = term._replace(kinds=term.kinds & {kind_of(choice) for choice in term.among or ()})
    kinds = frozenset(kind for kind in term.kinds if kind not in POSSIBLE or POSSIBLE[kind](term))
    return term._replace(kinds=kinds) if kinds else None


def _spans(term: Term, kind: str) -> bool:
    _, least, most, _ = OF_TYPE[kind]
    return bool(term.bounds.get(least, -inf) <= term.bounds.get(most, inf))


def _has_text(term: Term) -> bool:
    bounds = term.bounds
    return is_inhabited(Text(language(term.texts), bounds.get("minLength", 0), bounds.get("maxLength", ENDLESS)))


def _has_object(term: Term) -> bool:
    missing = set(term.required) & set(term.forbidden)
    if term.closed is not None:
        missing |= set(term.required) - set(term.closed)
    return not missing and _spans(term, "object")


POSSIBLE: Mapping[str, Callable[[Term], bool]] = {
    "string": _has_text,
    "integer": lambda term: term.number._replace(whole=True).tight().is_inhabited(),
    "fraction": lambda term: term.number._replace(whole=False).is_inhabited(),
    "array": lambda term: _spans(term, "array"),
    "object": _has_object,
}
"""For a type, the function that returns whether a term may contain a value of it. A term may contain any other type."""


def kind_of(value: Any) -> str:
    """Return the type of a JSON value, one of `KINDS`: `"integer"` for 1.0, and `"fraction"` for 1.5."""
    if isinstance(value, bool) or value is None:
        return "null" if value is None else "boolean"
    if isinstance(value, (int, float)):
        return "integer" if value == floor(value) else "fraction"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def admits(term: Term, value: Any) -> bool:
    """Return whether a value is in a term (a set of values). For an array or object, only the type is checked."""
    kind = kind_of(value)
    if kind not in term.kinds or any(same(refused, value) for refused in term.besides):
        return False
    if term.among is not None and not any(same(choice, value) for choice in term.among):
        return False
    if kind == "string":
        inside = term.bounds.get("minLength", 0) <= len(value) <= term.bounds.get("maxLength", inf)
        return inside and has(term.texts, value)
    return kind not in NUMBERS or term.number.fits(value)
