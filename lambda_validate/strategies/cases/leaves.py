"""List the keywords of a schema that a payload can break (its leaves), and find those that a given payload breaks.

This is a plain walk over schema and payload. It shares no code with the compiled checkers, nor with the automata from
which strings are drawn. So it can find mistakes in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from ...catalog.bundle import type_name
from ...catalog.formats import STATED
from ...catalog.relations import RELATIONS
from ..sets.solver import Steps
from .deciding import ADVICE, ASSERTIONS, TYPES, Decider, is_kind

Pointer = tuple[Any, ...]


class Leaf(NamedTuple):
    """A keyword of a schema that a payload can break.

    `path` is the way to it from the top of the schema, through references. `place` is its location in the schema.
    Several paths lead to one place if several members refer to the same type.
    """

    path: Steps
    place: Steps
    keyword: str
    schema: Any
    rule: str
    is_warning: bool

    @property
    def steps(self) -> Pointer:
        """The path of the validated value in a payload, with `*` for any item or any unnamed member."""
        return pointer_of(self.path)


def pointer_of(path: Steps) -> Pointer:
    """Convert a path through a schema to a path in a payload, with `*` for any item or unnamed member.

    For example, `("properties", "Tags", "items", "minLength")` becomes `("Tags", "*")`.
    """
    steps: list[Any] = []
    rest = iter(path[:-1])
    for step in rest:
        if step == "properties":
            steps.append(next(rest, None))
        elif step in ("items", "additionalProperties"):
            steps.append("*")
    return tuple(step for step in steps if step is not None)


def rule_of(schema: Any, keyword: str, member: str) -> str:
    """Return the id of the rule that a keyword states about a member.

    It is the id that the schema gives in `x-rules`, if any, else one made of both names, such as `batch-size.maximum`.
    """
    if keyword in schema.get("x-rules", {}):
        return str(schema["x-rules"][keyword]["id"])
    if keyword in ("additionalProperties", "x-unknown-members"):
        return "member.unknown"
    return f"{_kebab(member or 'payload')}.{_kebab(keyword)}"


def _kebab(name: str) -> str:
    words = re.findall(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z0-9]+|[A-Z]", name)
    return "-".join(word.lower() for word in words)


def leaves(root: Any) -> tuple[Leaf, ...]:
    """Return every keyword that can be broken, once for each path that leads to it.

    The schema's references must point into its own `$defs`.
    """
    return tuple(_leaves(root, root, (), (), "", False))


def _leaves(root: Any, schema: Any, path: Steps, place: Steps, member: str, warning: bool) -> Iterator[Leaf]:
    if not isinstance(schema, dict):
        if schema is False:
            yield Leaf(path, place, path[-1], {}, rule_of({}, path[-1], member), warning)
        return
    for keyword, argument in schema.items():
        here, there = (*path, keyword), (*place, keyword)
        if keyword in STATEMENTS and not _is_certain(keyword, argument, path):
            yield Leaf(here, there, keyword, schema, rule_of(schema, keyword, member), warning or keyword in ADVICE)
        elif keyword == "required":
            for index, name in enumerate(argument):
                rule = rule_of(schema, keyword, name)
                yield Leaf((*here, str(index)), (*there, str(index)), keyword, schema, rule, warning)
        elif keyword == "additionalProperties" and argument is False:
            yield Leaf(here, there, keyword, schema, rule_of(schema, keyword, member), warning)
        elif keyword == "$ref":
            name = type_name(argument)
            yield from _leaves(root, root["$defs"][name], here, ("$defs", name), member, warning)
        elif keyword == "properties":
            for name, inner in argument.items():
                yield from _leaves(root, inner, (*here, name), (*there, name), name, warning)
        elif keyword in ("allOf", "x-warnings"):
            for index, branch in enumerate(argument):
                below = ((*here, str(index)), (*there, str(index)))
                yield from _leaves(root, branch, *below, member, warning or keyword in ADVICE)
        elif keyword in ("then", "else", "items", "additionalProperties", "propertyNames"):
            yield from _leaves(root, argument, here, there, member, warning)


def _is_certain(keyword: str, argument: Any, path: Steps) -> bool:
    """Return whether no value can break this keyword alone.

    This is so for `{"type": "string"}` in `propertyNames`, since a member's name is always a string. It is also so for
    a format that the keywords beside it state too, such as `pattern`: a value that breaks it breaks one of these.
    """
    if keyword == "type" and "propertyNames" in path:
        below = path[path.index("propertyNames") + 1 :]
        return is_kind(argument, "") and all(step == "$ref" for step in below)
    return keyword == "format" and argument in STATED


STATEMENTS = ASSERTIONS.keys() - {"required"} | {"type", "not", "x-unknown-members"}
"""Keywords whose violation is reported at the value itself. A violation of `required` is reported at a member."""


class KeywordEvent(NamedTuple):
    """One keyword that was applied to a value: the keyword's path, the value's path, and whether the value matched."""

    path: Steps
    pointer: Pointer
    matches: bool


class SchemaEvaluator:
    """Applies a schema to payloads. The schema's references must point into its own `$defs`."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema
        self.decider = Decider()

    def examine(self, payload: Any) -> list[KeywordEvent]:
        """Return a `KeywordEvent` for every keyword that applies to a part of a payload, also those of warnings."""
        found: list[KeywordEvent] = []
        self.visit(self.schema, payload, (), (), found)
        return found

    def meets(self, schema: Any, value: Any) -> bool:
        """Return whether a value matches a schema, ignoring warnings.

        The schema may use the `$defs` of the whole schema.
        """
        return self.decider.meets(self.schema, schema, value)

    def visit(self, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]) -> None:
        """Add an event to `found` for every keyword that applies to a value.

        If its type is wrong, only `type` applies.
        """
        if isinstance(schema, bool):
            if not schema:
                found.append(KeywordEvent(path, pointer, False))
            return
        if "type" in schema:
            matches = is_kind(schema["type"], value)
            found.append(KeywordEvent((*path, "type"), pointer, matches))
            if not matches:
                return
        for keyword, argument in schema.items():
            if keyword in VISITORS:
                VISITORS[keyword](self, schema, value, (*path, keyword), pointer, found)
            elif keyword in ASSERTIONS:
                kind, test = ASSERTIONS[keyword]
                if kind is None or TYPES[kind](value):
                    found.append(KeywordEvent((*path, keyword), pointer, test(value, argument)))


def _reference(
    evaluator: SchemaEvaluator, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]
) -> None:
    evaluator.visit(evaluator.schema["$defs"][type_name(schema["$ref"])], value, path, pointer, found)


def _every(
    evaluator: SchemaEvaluator, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]
) -> None:
    for index, branch in enumerate(schema[path[-1]]):
        evaluator.visit(branch, value, (*path, str(index)), pointer, found)


def _negation(
    evaluator: SchemaEvaluator, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]
) -> None:
    found.append(KeywordEvent(path, pointer, not evaluator.meets(schema["not"], value)))


def _condition(
    evaluator: SchemaEvaluator, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]
) -> None:
    branch = "then" if evaluator.meets(schema["if"], value) else "else"
    evaluator.visit(schema.get(branch, True), value, (*path[:-1], branch), pointer, found)


def _properties(
    evaluator: SchemaEvaluator, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]
) -> None:
    if isinstance(value, dict):
        for name, member in schema["properties"].items():
            if name in value:
                evaluator.visit(member, value[name], (*path, name), (*pointer, name), found)


def _required(
    evaluator: SchemaEvaluator, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]
) -> None:
    if isinstance(value, dict):
        for index, name in enumerate(schema["required"]):
            found.append(KeywordEvent((*path, str(index)), (*pointer, name), name in value))


def _others(
    evaluator: SchemaEvaluator, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]
) -> None:
    if isinstance(value, dict):
        subschema = False if path[-1] == "x-unknown-members" else schema["additionalProperties"]
        others = value.keys() - schema.get("properties", {}).keys()
        if not others and subschema is False:
            found.append(KeywordEvent(path, pointer, True))
        for name in sorted(others):
            evaluator.visit(subschema, value[name], path, (*pointer, name), found)


def _names(
    evaluator: SchemaEvaluator, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]
) -> None:
    for name in value if isinstance(value, dict) else ():
        evaluator.visit(schema["propertyNames"], name, path, (*pointer, name), found)


def _items(
    evaluator: SchemaEvaluator, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]
) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            evaluator.visit(schema["items"], item, path, (*pointer, index), found)


def _relation(
    evaluator: SchemaEvaluator, schema: Any, value: Any, path: Steps, pointer: Pointer, found: list[KeywordEvent]
) -> None:
    if isinstance(value, dict):
        blamed = RELATIONS[schema["x-relation"]](value)
        found += [KeywordEvent(path, (*pointer, *place), False) for place in blamed] or [
            KeywordEvent(path, pointer, True)
        ]


VISITORS: Mapping[str, Callable[[SchemaEvaluator, Any, Any, Steps, Pointer, list[KeywordEvent]], None]] = {
    "$ref": _reference,
    "allOf": _every,
    "x-warnings": _every,
    "not": _negation,
    "if": _condition,
    "properties": _properties,
    "required": _required,
    "additionalProperties": _others,
    "x-unknown-members": _others,
    "propertyNames": _names,
    "items": _items,
    "x-relation": _relation,
}
"""For each keyword that needs more than a test of the value, the function that adds its events."""
