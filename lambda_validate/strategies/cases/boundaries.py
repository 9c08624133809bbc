"""`boundary_cases`: valid and invalid cases at the edge of what each keyword of a schema allows.

Each is made in every cell where that is possible. A cell is a set of payloads with fixed possible values for each
member.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from ...base.grouping import grouped
from ...catalog.bounds import COUNTED, OF_KEYWORD
from ...catalog.bundle import type_name
from ..sets import domains
from ..sets.domains import ANY, Items, Members, Slot, Values
from ..sets.solver import Focus, Steps
from ..values.samples import every_member, plain, stranger
from .case import Case
from .generator import Generator, numbered, statement
from .leaves import Leaf, pointer_of

OUTSIDER = "OUTSIDER"
"""A string that no enum lists."""


@cache
def cases(maker: Generator) -> tuple[Case, ...]:
    """Return the boundary cases for the requests, or the responses, of an operation."""
    return tuple(numbered(_cases(maker)))


def _cases(maker: Generator) -> Iterator[Case]:
    yield from _crowded(maker)
    yield from _valid(maker)
    for leaf in maker.breakable:
        for demand, what in EDGES[leaf.keyword](leaf) if leaf.keyword in EDGES else ():
            yield from at_edge(maker, leaf, demand, what)
        for plan in maker.plans(leaf):
            for cell in few(maker, plan.cells):
                for payload, what in _faults(leaf, cell):
                    yield maker.case(payload, what, plan)
    yield from _conditions(maker)


def _valid(maker: Generator) -> Iterator[Case]:
    """Yield valid cases for each cell (a set of similar payloads).

    The cases are: the smallest payload; that payload with one optional member, for each of these members; and a payload
    with all members.
    """
    for cell in maker.cells:
        payload = plain((cell,))
        yield maker.case(payload, "least")
        for name, slot in cell.slots.items() if isinstance(cell, Members) else ():
            for value in slot.values if name not in payload else ():
                yield maker.case({**payload, name: plain((value,))}, f"with-{name}")
        yield maker.case(every_member(cell), "every-member")


def _crowded(maker: Generator) -> Iterator[Case]:
    """Yield a case with every known member, including those that give a warning since only newer clients send them."""
    warnings = frozenset(path for path, leaf in maker.leaves.items() if leaf.is_warning)
    for cell in maker.solver.solve(None, warnings)[:1]:
        yield maker.observed(every_member(cell), "every-known-member")


def at_edge(maker: Generator, leaf: Leaf, demand: Any, what: str) -> Iterator[Case]:
    """Yield cases in which the value at a keyword also matches `demand`, a schema such as `{"const": 10}`.

    They are valid if the keyword allows such a value; otherwise they break the keyword. If the keyword allows it, but
    another rule forbids it in every payload, there are none: that rule has its own cases.
    """
    passing = maker.solver.solve(Focus(leaf.path, {"allOf": [statement(leaf), demand]}))
    for payload, form in spread(few(maker, passing), leaf.path):
        yield maker.case(payload, f"{leaf.rule}{what}{form}")
    if not passing and maker.solver.holds({"allOf": [{"not": statement(leaf)}, demand]}):
        plan = maker.plan(leaf, demand)
        for payload, form in spread(few(maker, plan.cells), leaf.path):
            yield maker.case(payload, f"{what.lstrip('-')}{form}", plan)


MANY, ENOUGH = 16, 2
"""If there are more than `MANY` cells (sets of similar payloads), only `ENOUGH` of each event source are used."""


def few(maker: Generator, cells: Values) -> Values:
    """Return all cells (sets of similar payloads) if there are few, else the first ones of each event source."""
    if len(cells) <= MANY:
        return cells
    by_source = grouped((maker.source(plain((cell,))), cell) for cell in cells)
    return tuple(cell for some in by_source.values() for cell in some[:ENOUGH])


def spread(cells: Values, path: Steps) -> Iterator[tuple[Any, str]]:
    """Yield a payload for each cell (a set of similar payloads), and for each form of the value at a path.

    If the value can be a string or null, for example, there are two payloads. The second item yielded is a suffix for
    the id of the case, such as `-form-2`.
    """
    for cell in cells:
        if not isinstance(cell, Members):
            yield plain((cell,)), ""
            continue
        forms = list(split(cell, pointer_of(path)))
        for index, form in enumerate(forms):
            yield plain((form,)), f"-form-{index + 1}" if len(forms) > 1 else ""


def split(cell: Any, steps: tuple[Any, ...]) -> Iterator[Any]:
    """Yield a cell (a set of similar payloads) once for each domain of the value at a path.

    For example, if the value can be a string or null, the first result has only strings there, and the second only
    null.
    """
    name = steps[0] if steps else None
    if isinstance(cell, Items) and name == "*":
        first, more = (*cell.some, cell.each)[0], cell.some[1:]
        for value in first if first is not ANY else [domains.KINDS["string"]]:
            for domain in split(value, steps[1:]):
                yield cell._replace(least=max(1, cell.least), some=((domain,), *more))
        return
    if not isinstance(cell, Members) or name not in cell.slots or not cell.slots[name].values:
        yield cell
        return
    slot = cell.slots[name]
    for value in slot.values if slot.values is not ANY else [domains.KINDS["string"]]:
        for domain in split(value, steps[1:]):
            yield cell._replace(slots={**cell.slots, name: slot._replace(values=(domain,))})


def with_member(cell: Any, steps: tuple[Any, ...]) -> Any:
    """Return a cell (a set of similar payloads) in which the member at a path is required, if it is allowed there."""
    name = steps[0] if steps else None
    if isinstance(cell, Items) and name == "*" and cell.most:
        union = tuple(with_member(value, steps[1:]) for value in cell.each)
        return cell._replace(least=max(1, cell.least), some=cell.some or (union,))
    if not isinstance(cell, Members) or name not in cell.slots or not _has_room(cell, name):
        return cell
    values = tuple(with_member(value, steps[1:]) for value in cell.slots[name].values)
    return cell._replace(slots={**cell.slots, name: Slot(bool(values) or cell.slots[name].required, values)})


def _has_room(members: Members, name: str) -> bool:
    """Return whether an object can have the named member as well as all required ones, within its maximum size."""
    others = [slot for other, slot in members.slots.items() if slot.required and other != name]
    return len(others) + len(members.some) < members.most


def _faults(leaf: Leaf, cell: Any) -> Iterator[tuple[Any, str]]:
    """Yield payloads that break a keyword, one for each form of the invalid value, with a description for the case id.

    For a keyword about unknown members, also yield a payload with a misspelt name.
    """
    for form in split(cell, leaf.steps):
        payload = plain((form,))
        yield payload, leaf.keyword
        if leaf.keyword in ("additionalProperties", "x-unknown-members") and not leaf.steps:
            known = next(iter(leaf.schema["properties"]), "Name")
            name = stranger(form, payload)
            yield {known.swapcase() if key == name else key: value for key, value in payload.items()}, "misspelt"


def _length(least: int, most: int) -> Any:
    return {"type": "string", "minLength": least, "maxLength": most}


def exactly(keyword: str, bound: Any) -> Any:
    """Return the schema of the values whose size is exactly a bound: for `maxLength`, strings of this length."""
    kind, least, most, _ = OF_KEYWORD[keyword]
    return {"type": kind, least: bound, most: bound}


def around(keyword: str, bound: Any) -> Iterator[tuple[Any, str]]:
    """Yield the schemas of the values one below, at and one above a bound, each with a suffix for the case id."""
    for step, what in ((-1, "-minus-1"), (0, ""), (1, "-plus-1")):
        if bound + step >= 0 or keyword not in COUNTED:
            yield exactly(keyword, bound + step), what


def _bound(leaf: Leaf) -> Iterator[tuple[Any, str]]:
    return ((demand, f"-{leaf.keyword}{what}") for demand, what in around(leaf.keyword, leaf.schema[leaf.keyword]))


def _members(leaf: Leaf) -> Iterator[tuple[Any, str]]:
    """Yield the schemas of values to test an `enum` with, each with a suffix for the case id.

    The values are: one that is not in the `enum`, each choice, and each choice with upper and lower case swapped.
    """
    yield {"const": OUTSIDER}, f"-{OUTSIDER}"
    for choice in leaf.schema["enum"]:
        yield {"const": choice}, f"-{choice}"
        if isinstance(choice, str) and choice.swapcase() != choice:
            yield {"const": choice.swapcase()}, f"-{choice}-swapped"


def _kinds(leaf: Leaf) -> Iterator[tuple[Any, str]]:
    """Yield the schemas of both values of a boolean, each with a suffix for the case id; nothing for other types."""
    kinds = leaf.schema["type"]
    for value in (True, False) if "boolean" in kinds else ():
        yield {"const": value}, f"-{str(value).lower()}"


EDGES: Mapping[str, Callable[[Leaf], Iterator[tuple[Any, str]]]] = {
    **dict.fromkeys(OF_KEYWORD, _bound),
    "enum": _members,
    "type": _kinds,
}
"""For each keyword, a function that yields the schemas of the values at its edge, with a suffix for the case id."""


def _conditions(maker: Generator) -> Iterator[Case]:
    """Yield cases at the bounds inside `if`, such as 9, 10 and 11 for `{"if": {"maximum": 10}}`.

    They include payloads that break the `then` or `else` of that condition.
    """
    for path, schema in _choices(maker.schema, maker.schema, ()):
        trio = {key: schema[key] for key in ("if", "then", "else") if key in schema}
        for condition, what in _edges(schema["if"], ()):
            for demand in (trio, {"not": trio}):
                cells = maker.solver.solve(Focus((*path, "if"), {"allOf": [demand, condition]}))
                for payload, form in spread(few(maker, cells), path):
                    yield maker.observed(payload, f"if-{what}{form}")


def _edges(condition: Any, path: Steps) -> Iterator[tuple[Any, str]]:
    """Yield copies of the schema in an `if`. In each, one bound is replaced by a value below, at or above it."""
    for keyword, bound in condition.items():
        if keyword in OF_KEYWORD:
            lifted = {key: value for key, value in condition.items() if key not in OF_KEYWORD}
            for demand, what in around(keyword, bound):
                yield {"allOf": [lifted, demand]}, f"{keyword}{what}"
        elif keyword == "properties":
            for name, member in bound.items():
                for inner, what in _edges(member, (*path, name)):
                    changed = deepcopy(condition)
                    changed["properties"][name] = inner
                    yield changed, f"{name}-{what}"


def _choices(root: Any, schema: Any, path: Steps) -> Iterator[tuple[Steps, Any]]:
    """Yield the paths of subschemas with an `if`, each with the subschema."""
    if not isinstance(schema, dict):
        return
    if "if" in schema:
        yield path, schema
    for keyword in ("allOf", "x-warnings"):
        for index, branch in enumerate(schema.get(keyword, ())):
            yield from _choices(root, branch, (*path, keyword, str(index)))
    for name, member in schema.get("properties", {}).items():
        yield from _choices(root, member, (*path, "properties", name))
    for keyword in ("items", "additionalProperties", "then", "else"):
        yield from _choices(root, schema.get(keyword), (*path, keyword))
    if "$ref" in schema:
        yield from _choices(root, root["$defs"][type_name(schema["$ref"])], (*path, "$ref"))
