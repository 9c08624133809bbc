"""Find every subschema of a schema, with the paths to it, and make copies of a schema with one keyword changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ...catalog.bundle import type_name
from ..sets.solver import Steps
from .deciding import ADVICE

GONE = object()
"""Given as the new argument of a keyword, this deletes the keyword."""


class Occurrence(NamedTuple):
    """A subschema, with one of the paths that lead to it. `place` is its location in the schema.

    Several paths lead to one place if several members refer to the same type. For a subschema inside `if` or `not`,
    `outer` is the path of that keyword, and `outer_place` is the place of the schema that has it. A change
    inside it is only noticed by the outcome of that keyword.
    """

    path: Steps
    place: Steps
    schema: Any
    is_warning: bool
    outer: Steps | None
    outer_place: Steps | None

    def focus(self, keyword: str) -> Steps:
        """Return the path of the keyword by whose outcome a change of `keyword` in this schema is noticed.

        Inside an `if` or `not`, it is the path of that `if` or `not`. For `then` and `else`, it is the path of the `if`
        beside them. Otherwise it is the path of `keyword` itself.
        """
        if self.outer is not None:
            return self.outer
        return (*self.path, "if" if keyword in BRANCHES else keyword)

    def owner(self, place: Steps) -> Steps:
        """Return the place of the schema that has the enclosing `if` or `not`; `place` if there is none."""
        return place if self.outer_place is None else self.outer_place

    def owner_keyword(self, keyword: str) -> str:
        """Return `"if"` or `"not"` if this schema is inside one of these; otherwise the given keyword."""
        return keyword if self.outer is None else self.outer[-1]


BRANCHES = ("if", "then", "else")
NESTED = ("then", "else", "items", "additionalProperties", "propertyNames")


def occurrences(root: Any) -> Iterator[Occurrence]:
    """Yield every subschema of a schema, once for each path to it.

    References must point into the schema's own `$defs`.
    """
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
    """Return the subschema at a place, such as `("$defs", "Arn")`."""
    for step in place:
        root = root[int(step)] if isinstance(root, list) else root[step]
    return root


def changed_at(root: Any, place: Steps, keyword: str, argument: Any) -> Any:
    """Return a schema with another argument for one keyword of the subschema at a place. `GONE` deletes the keyword.

    All unchanged parts are shared with the original.
    """
    if not place:
        rest = {key: value for key, value in root.items() if key != keyword}
        return rest if argument is GONE else {**root, keyword: argument}
    step, rest_of = place[0], place[1:]
    if isinstance(root, list):
        index = int(step)
        return [*root[:index], changed_at(root[index], rest_of, keyword, argument), *root[index + 1 :]]
    return {**root, step: changed_at(root[step], rest_of, keyword, argument)}


def statement_of(root: Any, place: Steps, keyword: str) -> Any:
    """Return a schema with one keyword of the subschema at a place, and the keywords that give it a meaning.

    For example, it is `{"if": …, "then": …}` for the keyword `then`.
    """
    schema = found_at(root, place)
    together = next((group for group in TOGETHER if keyword in group), (keyword,))
    return {name: schema[name] for name in together if name in schema}


TOGETHER = (BRANCHES, ("properties", "additionalProperties", "x-unknown-members"))
"""Groups of keywords that depend on each other: `then` has no meaning without `if`."""


def inlined(root: Any, schema: Any, strict: bool) -> Any:
    """Return a schema in which each `$ref` is replaced by the type that it refers to.

    With `strict`, keywords of warnings become ordinary keywords. Otherwise they are removed.
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
