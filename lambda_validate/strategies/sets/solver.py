"""Solve a schema: find the set of all payloads that match it, or that match it except for one keyword.

`Solver.solve()` returns the valid payloads as cells, which are sets of similar payloads. A schema with one `if` gives
the cells of `then` and the cells of `else`. `Solver.solve(focus)` returns the payloads that match all keywords but one,
the focus. Instead of it, they match another schema, the demand. For example, the demand is that the keyword is broken,
or that the value is exactly at its bound. Keywords that contradict the demand can be left out (`without`).

    {"properties": {"A": {"type": "integer", "minimum": 1}}}
    solve()                                                          A is missing, or an integer of at least 1
    solve(Focus(("properties", "A", "minimum"), {"not": {"minimum": 1}}))      A is an integer below 1

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
from .domains import ANY, ENDLESS, Items, Members, Slot, Stranger, Text, Values, constrained
from .fillings import filling
from .meeting import complement, is_inhabited, meet, meet_all
from .numbers import Number
from .relating import RELATED

Steps = tuple[str, ...]
LOOSE: frozenset[Steps] = frozenset()


class Focus(NamedTuple):
    """A keyword by its path, and a schema, the demand, that payloads match instead of this keyword.

    With `alone`, the demand also replaces all keywords beside this one.
    """

    path: Steps
    demand: Any
    alone: bool = False


Part = Callable[[Focus | None, frozenset[Steps]], Values]
"""A function that solves one keyword: it takes a focus and the keywords to leave out, and returns the set of values."""


class Solver:
    """Finds the sets of values that match a schema and its parts, and caches them.

    The schema's references must point into its own `$defs`.
    """

    def __init__(self, schema: Any) -> None:
        self.schema = schema
        self._known: dict[Any, Values] = {}
        self._schemas: list[Any] = []

    def solve(self, focus: Focus | None = None, without: frozenset[Steps] = LOOSE) -> Values:
        """Return the payloads that match all keywords, including those of warnings, as a set of cells.

        If there is a focus, they match its demand instead of its keyword. The keywords in `without` are ignored.
        """
        return self.at(self.schema, (), focus, without)

    def holds(self, schema: Any) -> Values:
        """Return the values that match any schema.

        It need not be a part of the solver's own schema, but may use its `$defs`.
        """
        self._schemas.append(schema)  # known by its id from now on, which must not be given to another
        return self.at(schema, (f"at {id(schema)}",), None, LOOSE)

    # The cache makes the solver fast. A focus replaces one keyword by another schema, such as its opposite. `without`
    # has the keywords to leave out. Neither affects a schema that does not contain the keywords. So keywords that are
    # not below `path` are dropped from both. Such a schema then has the same key of the cache as without a focus, and
    # is solved only once.
    def at(self, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
        """Return the set of values that match the schema at a path."""
        focus = focus if focus and focus.path[: len(path)] == path else None
        if isinstance(schema, bool):
            return ANY if schema or path in without or (focus and focus.path == path) else ()
        without = frozenset(other for other in without if other[: len(path)] == path) if without else without
        key = (path, focus and (focus.path, repr(focus.demand), focus.alone), without)
        if key not in self._known:
            if len(path) > MAX_PATH_STEPS:
                raise GenerationError(f"the schema at {'/'.join(path[:8])} refers to itself")
            self._known[key] = self._solved(schema, path, focus, without)
        return self._known[key]

    def _solved(self, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
        if focus and focus.alone and focus.path[:-1] == path:
            return self.holds(focus.demand)
        for keyword in sorted(
            keyword for keyword in schema.keys() - KEYWORDS.keys() - ANNOTATIONS if keyword[:2] != "x-"
        ):
            raise GenerationError(f"the generator does not support {keyword!r} at {'/'.join(path) or 'the top'}")
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
        """Return the set of values that match all parts of the schema at a path.

        The intersection of the parts that neither the focus nor `without` concerns is cached.
        """
        wanted = (*without, *([focus.path] if focus else ()))
        next_steps = {other[len(path)] for other in wanted if len(other) > len(path) and other[: len(path)] == path}
        if next_steps & {"then", "else"}:
            next_steps.add("if")
        key = (path, "but", frozenset(next_steps))
        if key not in self._known:
            self._known[key] = meet_all(part(None, LOOSE) for name, part in parts.items() if name not in next_steps)
        return meet_all([self._known[key], *(parts[name](focus, without) for name in parts if name in next_steps)])

    def resolve(self, reference: str) -> Any:
        """Return the schema that a `$ref` refers to."""
        return self.schema["$defs"][type_name(reference)]


MAX_PATH_STEPS = 60
"""Maximum number of steps of a path through a schema. Only a schema that refers to itself has longer paths."""


def _language(pattern: str) -> Automaton:
    """Return an automaton for the strings that a pattern matches.

    Raise this package's `PatternError` if there is none.
    """
    try:
        return building.of_pattern(pattern)
    except patterns.PatternError as error:
        raise PatternError(str(error)) from None


def _hinted(values: Values, examples: Any) -> Values:
    if not examples:
        return values
    texts = tuple(example for example in examples if isinstance(example, str))
    return tuple(
        domain._replace(hints=tuple(dict.fromkeys((*domain.hints, *texts)))) if isinstance(domain, Text) else domain
        for domain in values
    )


def _is_below(focus: Focus | None, path: Steps) -> bool:
    return focus is not None and focus.path[: len(path)] == path


def _kind(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    kinds = schema["type"]
    return domains.kind(*([kinds] if isinstance(kinds, str) else kinds))


def _listed(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    listed = schema["enum"] if path[-1] == "enum" else [schema["const"]]
    texts = frozenset(choice for choice in listed if isinstance(choice, str))
    found: list[Any] = [Text(building.of_texts(texts), hints=tuple(listed))] if texts else []
    for choice in listed:
        if choice is None or isinstance(choice, bool):
            found.append(domains.Null() if choice is None else domains.Flag(frozenset([choice])))
        elif isinstance(choice, (int, float)):
            found.append(Number(choice, choice))
        elif not isinstance(choice, str):
            raise GenerationError(
                f"{'/'.join(path)} lists an array or object; the generator supports only scalars there"
            )
    return tuple(found)


def _one_type(make: Callable[[Any], Any]) -> Callable[..., Values]:
    """Return a function that returns the values allowed by a keyword about one JSON type, such as `maxLength`.

    `make` turns the keyword's argument into a domain, such as the strings of at most 3 characters. All values of other
    types are allowed too.
    """
    return lambda solver, schema, path, focus, without: constrained(make(schema[path[-1]]))


BOUNDED: Mapping[str, Any] = {
    "string": Text(),
    "number": Number(),
    "array": Items(0, ENDLESS, ANY),
    "object": Members({}, ANY),
}
"""All values of each JSON type."""


def _bounded(kind: str, side: str) -> Callable[..., Values]:
    """Return a function that returns the values allowed by a bound of a JSON type, such as `maxLength`.

    `side` is `"least"` for a minimum, and `"most"` for a maximum.
    """
    return _one_type(lambda bound: BOUNDED[kind]._replace(**{side: bound}))


def _format(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    texts = filling(schema["format"], schema.get("examples", ()))
    return ANY if texts is None else constrained(Text(building.of_texts(frozenset(texts)), hints=texts))


def _every(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    def part(index: int, subschema: Any) -> Part:
        return lambda focus, without: solver.at(subschema, (*path, str(index)), focus, without)

    parts = {str(index): part(index, subschema) for index, subschema in enumerate(schema[path[-1]])}
    return solver.meet_parts(path, parts, focus, without)


def _condition(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    """Return the values that match `if` and `then`, and those that match `else` and not `if`.

    If the focus is inside `then` or `else`, return only the values of that branch.
    """
    then, other = (*path[:-1], "then"), (*path[:-1], "else")
    met = solver.holds(schema["if"])
    matched = meet(met, solver.at(schema.get("then", True), then, focus, without))
    unmatched = meet(complement(met), solver.at(schema.get("else", True), other, focus, without))
    if _is_below(focus, then) or _is_below(focus, other):
        return matched if _is_below(focus, then) else unmatched
    return (*matched, *unmatched)


def _relation(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    name = schema["x-relation"]
    if name not in RELATED:
        raise GenerationError(f"the generator does not support the relation {name!r}: add it to {__package__}.relating")
    return tuple(domain for demand in RELATED[name].matching for domain in solver.holds(demand))


def _properties(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    slots = {
        name: Slot(_is_below(focus, (*path, name)), solver.at(member, (*path, name), focus, without))
        for name, member in schema["properties"].items()
    }
    members = Members({name: slot for name, slot in slots.items() if slot != Slot(False, ANY)}, ANY)
    return (members,) if _is_below(focus, path) else constrained(members)


def _required(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    """Return the objects with the required members.

    Each name is a keyword of its own, with a path such as `required/0`.
    """
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
    """Return the objects whose member names match `propertyNames`.

    If the focus is inside, one name matches its demand instead.
    """
    names = meet(solver.at(schema["propertyNames"], path, focus, without), domains.kind("string"))
    if _is_below(focus, path):
        return (Members({}, ANY, (Stranger(frozenset(), ANY, names),)),)
    return constrained(Members({}, ANY, names=names))


def _items(solver: Solver, schema: Any, path: Steps, focus: Focus | None, without: frozenset[Steps]) -> Values:
    """Return the arrays whose items match `items`. If the focus is inside, one item matches its demand instead."""
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
    # No schema of the catalog has `anyOf`, but a demand (a schema that a caller gives to the solver) may have it.
    "anyOf": lambda solver, schema, *_: tuple(domain for branch in schema["anyOf"] for domain in solver.holds(branch)),
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
"""The function that solves each keyword. Other keywords are annotations, or are solved with another one, as `then`
is."""
ORDER = {keyword: index for index, keyword in enumerate(KEYWORDS)}
"""The order in which keywords are solved. `type` is first, so that the intersections that follow have few domains."""
ANNOTATIONS = frozenset(
    """then else $schema $id $defs $comment title description default examples deprecated readOnly writeOnly""".split()  # noqa: SIM905  # a list of words, read as one
)
"""Keywords without a meaning of their own, like those that begin with `x-`. Any other unknown keyword is an error:
values that it forbids would be generated."""
