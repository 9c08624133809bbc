"""Find every schema inside a schema: the paths to it, its place, and a copy with one change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ...catalog.bundle import type_name
from ..sets.solver import Steps
from .deciding import ADVICE

GONE = object()
"""The argument of a keyword that is deleted."""


class Occurrence(NamedTuple):
    """A schema as reached by one path. `place` is its location; several paths may lead to one place.

    Inside a condition or a negation, `outer` is the path of that keyword, and `outer_place` the place of its schema:
    only the whole condition can be tested.
    """

    path: Steps
    place: Steps
    schema: Any
    is_warning: bool
    outer: Steps | None
    outer_place: Steps | None

    def focus(self, keyword: str) -> Steps:
        """Return the path of the keyword to solve for, if a keyword of this schema is changed."""
        if self.outer is not None:
            return self.outer
        return (*self.path, "if" if keyword in BRANCHES else keyword)

    def owner(self, place: Steps) -> Steps:
        """Return the place of the schema that has that keyword."""
        return place if self.outer_place is None else self.outer_place

    def owner_keyword(self, keyword: str) -> str:
        """Return the name of that keyword."""
        return keyword if self.outer is None else self.outer[-1]


BRANCHES = ("if", "then", "else")
NESTED = ("then", "else", "items", "additionalProperties", "propertyNames")


def occurrences(root: Any) -> Iterator[Occurrence]:
    """Yield every schema inside a self-contained schema, once for each way to reach it."""
    return _visit(root, Occurrence((), (), root, False, None, None))


def _visit(root: Any, at: Occurrence) -> Iterator[Occurrence]:
    if not isinstance(at.schema, dict):
        return
    yield at
    for keyword, argument in at.schema.items():
        if keyword in ("if", "not"):
            inside = at if at.outer is not None else at._replace(outer=(*at.path, keyword), outer_place=at.place)
            yield from _visit(root, _below(inside, argument, keyword))
        elif keyword == "$ref":
            name = type_name(argument)
            target = at._replace(path=(*at.path, "$ref"), place=("$defs", name), schema=root["$defs"][name])
            yield from _visit(root, target)
        elif keyword in ("allOf", "x-warnings"):
            below = at._replace(is_warning=at.is_warning or keyword in ADVICE)
            for index, branch in enumerate(argument):
                yield from _visit(root, _below(below, branch, keyword, str(index)))
        elif keyword == "properties":
            for name, member in argument.items():
                yield from _visit(root, _below(at, member, keyword, name))
        elif keyword in NESTED:
            yield from _visit(root, _below(at, argument, keyword))


def _below(at: Occurrence, schema: Any, *steps: str) -> Occurrence:
    return at._replace(path=(*at.path, *steps), place=(*at.place, *steps), schema=schema)


def found_at(root: Any, place: Steps) -> Any:
    """Return the schema at a place."""
    for step in place:
        root = root[int(step)] if isinstance(root, list) else root[step]
    return root


def changed_at(root: Any, place: Steps, keyword: str, argument: Any) -> Any:
    """Return a schema with one keyword changed. All unchanged parts are shared with the original."""
    if not place:
        rest = {key: value for key, value in root.items() if key != keyword}
        return rest if argument is GONE else {**root, keyword: argument}
    step, rest_of = place[0], place[1:]
    if isinstance(root, list):
        index = int(step)
        return [*root[:index], changed_at(root[index], rest_of, keyword, argument), *root[index + 1 :]]
    return {**root, step: changed_at(root[step], rest_of, keyword, argument)}


def statement_of(root: Any, place: Steps, keyword: str) -> Any:
    """Return the schema that consists of one keyword only, with the keywords that it depends on."""
    schema = found_at(root, place)
    together = next((group for group in TOGETHER if keyword in group), (keyword,))
    return {name: schema[name] for name in together if name in schema}


TOGETHER = (BRANCHES, ("properties", "additionalProperties", "x-unknown-members"))
"""Groups of keywords that depend on each other."""


def inlined(root: Any, schema: Any, strict: bool) -> Any:
    """Return a schema in which references are replaced by their types.

    Warnings become rules if `strict`, or are removed.
    """
    if isinstance(schema, list):
        return [inlined(root, item, strict) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        key: {name: inlined(root, member, strict) for name, member in value.items()}
        if key == "properties"
        else inlined(root, value, strict)
        for key, value in schema.items()
        if key not in (*ADVICE, "$ref", "$defs", "enum", "const")
    }
    plain |= {key: schema[key] for key in ("enum", "const") if key in schema}
    more = [root["$defs"][type_name(schema["$ref"])]] if "$ref" in schema else []
    if strict:
        plain |= {"additionalProperties": False} if "x-unknown-members" in schema else {}
        more += schema.get("x-warnings", [])
    return {"allOf": [plain, *(inlined(root, branch, strict) for branch in more)]} if more else plain
