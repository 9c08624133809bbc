"""A schema, and what is wanted of one of its keywords, become the set of all payloads that are so.

`Solver.solve()` gives the valid payloads as flat cells: conditional rules are gone, each cell states for each member
what it may be. `Solver.solve(focus)` gives the payloads in which everything holds but one keyword, of which something
else is demanded: that it fails, that the value is just at its bound, or that it tells the schema from a changed one.
Rules that cannot hold beside it may be left out (`without`).

A keyword is named by its path through the schema, as in `("properties", "BatchSize", "$ref", "maximum")`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ... import patterns
from ...catalog.bounds import BOUNDS
from ...catalog.bundle import type_name
from ...patterns import building
from ...patterns.automata import Automaton
from ..errors import GenerationError, PatternError
from . import domains
from .complements import complement
from .domains import ANY, ENDLESS, Items, Members, Number, Slot, Stranger, Text, Values, constrained
from .fillings import filling
from .meeting import is_inhabited, meet, meet_all
from .relating import RELATED

Steps = tuple[str, ...]
LOOSE: frozenset[Steps] = frozenset()


class Focus(NamedTuple):
    """A keyword by its path, and the schema that stands in for it; `alone`, for all others beside it too."""

    path: Steps
    demand: Any
    alone: bool = False


Part = Callable[[Focus | None, frozenset[Steps]], Values]
"""A part of a schema: given a focus and what is left out, the values that it admits."""


class Solver:
    """Solves one self-contained schema; what it has worked out once, it keeps."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema
        self._known: dict[Any, Values] = {}
        self._kept: list[Any] = []

    def solve(self, focus: Focus | None = None, without: frozenset[Steps] = LOOSE) -> Values:
        """Return the payloads that meet everything, warnings too, but a focus' demand where one is given."""
        return self.at(self.schema, (), focus, without)

    def holds(self, schema: Any) -> Values:
        """Return the values that meet a schema, wherever it stands."""
        self._kept.append(schema)  # known by its id from now on, which must not be given to another
        return self.at(schema, (f"at {id(schema)}",), None, LOOSE)

    def at(self, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
        """Return the values that meet a schema at a path; a focus and what is left out matter only below it."""
        focus = focus if focus and focus.path[: len(path)] == path else None
        if isinstance(schema, bool):
            return ANY if schema or path in without or (focus and focus.path == path) else ()
        without = frozenset(each for each in without if each[: len(path)] == path) if without else without
        key = (path, focus and (focus.path, repr(focus.demand), focus.alone), without)
        if key not in self._known:
            if len(path) > DEEPEST:
                raise GenerationError(f"the schema at {'/'.join(path[:8])} refers to itself")
            self._known[key] = self._solved(schema, path, focus, without)
        return self._known[key]

    def _solved(self, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
        if focus and focus.alone and focus.path[:-1] == path:
            return self.holds(focus.demand)
        for keyword in sorted(each for each in schema.keys() - KEYWORDS.keys() - ANNOTATIONS if each[:2] != "x-"):
            raise GenerationError(f"the keyword {keyword!r} at {'/'.join(path) or 'the top'} cannot be generated")
        parts = {
            keyword: self._part(schema, keyword, (*path, keyword))
            for keyword in sorted(KEYWORDS.keys() & schema.keys(), key=ORDER.__getitem__)
        }
        values = self.meet_parts(path, parts, focus, without)
        if values is not ANY:
            values = tuple(filter(is_inhabited, values))
        return _hinted(values, schema.get("examples", ()))

    def _part(self, schema: Any, keyword: str, here: Steps) -> Part:
        def solved(focus: Focus | None, without: frozenset[Steps]) -> Values:
            if here in without:
                return ANY
            if focus and focus.path == here:
                return self.holds(focus.demand)
            return KEYWORDS[keyword](self, schema, here, focus, without)

        return solved

    def meet_parts(
        self, path: Steps, parts: Mapping[str, Part], focus: Focus | None, without: frozenset[Steps]
    ) -> Values:
        """Return what all parts of the schema at a path admit; those that nothing is asked of are met once for all."""
        wanted = (*without, *([focus.path] if focus else ()))
        asked = {each[len(path)] for each in wanted if len(each) > len(path) and each[: len(path)] == path}
        if asked & {"then", "else"}:
            asked.add("if")
        key = (path, "but", frozenset(asked))
        if key not in self._known:
            self._known[key] = meet_all(part(None, LOOSE) for name, part in parts.items() if name not in asked)
        return meet_all([self._known[key], *(parts[name](focus, without) for name in parts if name in asked)])

    def resolve(self, reference: str) -> Any:
        """Return the type that a reference names."""
        return self.schema["$defs"][type_name(reference)]


DEEPEST = 60
"""Steps of a path that only a schema which refers to itself can have."""


def _language(pattern: str) -> Automaton:
    """Return the strings that a pattern of a schema matches."""
    try:
        return building.of_pattern(pattern)
    except patterns.PatternError as error:
        raise PatternError(str(error)) from None


def _hinted(values: Values, examples: Any) -> Values:
    if not examples:
        return values
    texts = tuple(each for each in examples if isinstance(each, str))
    return tuple(
        each._replace(hints=tuple(dict.fromkeys((*each.hints, *texts)))) if isinstance(each, Text) else each
        for each in values
    )


def _is_below(focus: Focus | None, path: Steps) -> bool:
    return focus is not None and focus.path[: len(path)] == path


def _kind(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    kinds = schema["type"]
    return domains.kind(*([kinds] if isinstance(kinds, str) else kinds))


def _listed(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    listed = schema["enum"] if path[-1] == "enum" else [schema["const"]]
    texts = frozenset(each for each in listed if isinstance(each, str))
    found: list[Any] = [Text(building.of_texts(texts), hints=tuple(listed))] if texts else []
    for each in listed:
        if each is None or isinstance(each, bool):
            found.append(domains.Null() if each is None else domains.Flag(frozenset([each])))
        elif isinstance(each, (int, float)):
            found.append(Number(each, each))
        elif not isinstance(each, str):
            raise GenerationError(f"{'/'.join(path)} lists an array or object, which cannot be generated")
    return tuple(found)


def _one_type(make: Callable[[Any], Any]) -> Callable[..., Values]:
    """A keyword that says something of one JSON type, and nothing of all others."""
    return lambda solver, schema, path, focus, without: constrained(make(schema[path[-1]]))


BOUNDED: Mapping[str, Any] = {
    "string": Text(),
    "number": Number(),
    "array": Items(0, ENDLESS, ANY),
    "object": Members({}, ANY),
}
"""By JSON type, all values of it."""


def _bounded(kind: str, side: str) -> Callable[..., Values]:
    """A bound of the values of a JSON type; `side` is `least` or `most`."""
    return _one_type(lambda bound: BOUNDED[kind]._replace(**{side: bound}))


def _format(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    texts = filling(schema["format"], schema.get("examples", ()))
    return ANY if texts is None else constrained(Text(building.of_texts(frozenset(texts)), hints=texts))


def _every(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    def part(index: int, subschema: Any) -> Part:
        return lambda focus, without: solver.at(subschema, (*path, str(index)), focus, without)

    parts = {str(index): part(index, each) for index, each in enumerate(schema[path[-1]])}
    return solver.meet_parts(path, parts, focus, without)


def _condition(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    """Both branches, one after the other; the one that a focus is below, alone."""
    then, other = (*path[:-1], "then"), (*path[:-1], "else")
    met = solver.holds(schema["if"])
    right = meet(met, solver.at(schema.get("then", True), then, focus, without))
    wrong = meet(complement(met), solver.at(schema.get("else", True), other, focus, without))
    if _is_below(focus, then) or _is_below(focus, other):
        return right if _is_below(focus, then) else wrong
    return (*right, *wrong)


def _relation(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    name = schema["x-relation"]
    if name not in RELATED:
        raise GenerationError(f"the relation {name!r} cannot be kept by construction: {__package__}.relating lacks it")
    return tuple(domain for each in RELATED[name].kept for domain in solver.holds(each))


def _properties(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    slots = {
        name: Slot(_is_below(focus, (*path, name)), solver.at(each, (*path, name), focus, without))
        for name, each in schema["properties"].items()
    }
    members = Members({name: slot for name, slot in slots.items() if slot != Slot(False, ANY)}, ANY)
    return (members,) if _is_below(focus, path) else constrained(members)


def _required(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    """Each name is a rule of its own, and `required/0` its path."""
    slots: dict[str, Slot] = {}
    for index, name in enumerate(schema["required"]):
        if (*path, str(index)) in without:
            continue
        if _is_below(focus, (*path, str(index))):
            slots[name] = Slot(False, ())
        else:
            slots[name] = Slot(True, ANY)
    return (Members(slots, ANY),) if _is_below(focus, path) else constrained(Members(slots, ANY))


def _others(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    subschema = False if path[-1] == "x-unknown-members" else schema["additionalProperties"]
    below = _is_below(focus, path)
    values = solver.at(subschema, path, focus, without)
    slots = {name: Slot(False, ANY) for name in schema.get("properties", ())}
    return (
        (Members(slots, ANY, (Stranger(frozenset(slots), values, ANY),)),)
        if below
        else constrained(Members(slots, values))
    )


def _names(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    """Under a focus one name is as demanded."""
    names = meet(solver.at(schema["propertyNames"], path, focus, without), domains.kind("string"))
    if _is_below(focus, path):
        return (Members({}, ANY, (Stranger(frozenset(), ANY, names),)),)
    return constrained(Members({}, ANY, names=names))


def _items(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    """Under a focus one item is as demanded, and the others are as they should be."""
    values = solver.at(schema["items"], path, focus, without)
    if not _is_below(focus, path):
        return constrained(Items(0, ENDLESS, values))
    plain = solver.at(schema["items"], path, None, LOOSE)
    return (Items(1, ENDLESS, plain, (values,)),)


KEYWORDS: dict[str, Callable[..., Values]] = {
    "type": _kind,
    "enum": _listed,
    "const": _listed,
    "pattern": _one_type(lambda pattern: Text(_language(pattern))),
    **{bound.least: _bounded(bound.kind, "least") for bound in BOUNDS},
    **{bound.most: _bounded(bound.kind, "most") for bound in BOUNDS},
    "format": _format,
    "$ref": lambda solver, schema, *rest: solver.at(solver.resolve(schema["$ref"]), *rest),
    "allOf": _every,
    "x-warnings": _every,
    # No schema of ours has it; what is demanded may.
    "anyOf": lambda solver, schema, *_: tuple(domain for each in schema["anyOf"] for domain in solver.holds(each)),
    "if": _condition,
    "not": lambda solver, schema, *_: complement(solver.holds(schema["not"])),
    "properties": _properties,
    "required": _required,
    "additionalProperties": _others,
    "x-unknown-members": _others,
    "propertyNames": _names,
    "items": _items,
    "x-relation": _relation,
}
"""What each keyword admits. Those that are not here are annotations, or read with another one."""
ORDER = {keyword: index for index, keyword in enumerate(KEYWORDS)}
"""Types first: what follows then has but one kind of value to look at."""
ANNOTATIONS = frozenset(
    """then else $schema $id $defs $comment title description default examples deprecated readOnly writeOnly""".split()  # noqa: SIM905  # a list of words, read as one
)
"""Keywords that say nothing by themselves, as all others do that begin with `x-`. Any that is not known is an error:
what it forbids would be generated."""
