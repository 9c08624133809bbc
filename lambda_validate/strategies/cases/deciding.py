"""Decide whether a value is valid for a schema, valid with a warning, or invalid.

A schema becomes a function once, which then decides many values. `leaves.py` finds which keywords a payload breaks, and
where. Conditions and tests of mutants need only the verdict, which is faster. Patterns are matched by Python's `re`. No
code is shared with the compiled checkers, nor with the automata from which strings are drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from ...catalog.bundle import type_name
from ...catalog.formats import FORMATS, STATED
from ...catalog.relations import RELATIONS

ADVICE = ("x-warnings", "x-unknown-members")
"""Keywords whose violations are warnings."""
FINE, WARNED, BROKEN = 0, 1, 2
"""The levels of a value: valid, valid with a warning, or invalid."""

Shared = Mapping[str, Any]
"""A function for each type under `$defs`, by the name of the type. It returns FINE, WARNED or BROKEN for a value."""
Decision = Callable[[Any, Shared], int]
"""A function that returns FINE, WARNED or BROKEN for a value."""


def is_kind(kinds: Any, value: Any) -> bool:
    """Return whether a JSON value has a type, or one of several types."""
    return TYPES[kinds](value) if isinstance(kinds, str) else any(TYPES[kind](value) for kind in kinds)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and value == value // 1,
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


@cache
def _regex(pattern: str) -> Any:
    if not re.search(r"\\[pP]\{", pattern):
        return re.compile(pattern, re.ASCII)
    import regex  # which knows the properties of Unicode, and is dear to load

    return regex.compile(pattern, regex.VERSION0)


def _same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


ASSERTIONS: Mapping[str, tuple[str | None, Callable[[Any, Any], bool]]] = {
    "enum": (None, lambda value, listed: any(_same(value, choice) for choice in listed)),
    "const": (None, _same),
    "minLength": ("string", lambda value, bound: len(value) >= bound),
    "maxLength": ("string", lambda value, bound: len(value) <= bound),
    "pattern": ("string", lambda value, pattern: _regex(pattern).search(value) is not None),
    "format": ("string", lambda value, name: name in STATED or FORMATS[name](value)),
    "minimum": ("number", lambda value, bound: value >= bound),
    "maximum": ("number", lambda value, bound: value <= bound),
    "minItems": ("array", lambda value, bound: len(value) >= bound),
    "maxItems": ("array", lambda value, bound: len(value) <= bound),
    "minProperties": ("object", lambda value, bound: len(value) >= bound),
    "maxProperties": ("object", lambda value, bound: len(value) <= bound),
    "required": ("object", lambda value, names: all(name in value for name in names)),
    "x-relation": ("object", lambda value, name: not RELATIONS[name](value)),
}
"""For each keyword, the JSON type that it applies to (None for any), and a test of a value and the keyword's
argument."""


class Decider:
    """Turns schemas into functions that say whether a value is valid, each schema once.

    For a copy of a schema with one part changed, the functions of all other parts are used again.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, Decision]] = {}
        self._shared: dict[int, tuple[Any, Shared]] = {}

    def level(self, root: Any, value: Any) -> int:
        """Return FINE, WARNED or BROKEN for a value. `root` is a schema whose references point into its own `$defs`."""
        return self.decision(root)(value, self.shared(root))

    def meets(self, root: Any, schema: Any, value: Any) -> bool:
        """Return whether a value matches a schema, ignoring warnings. The schema may refer to the types of `root`."""
        return self.decision(schema)(value, self.shared(root)) < BROKEN

    def shared(self, root: Any) -> Shared:
        """Return a function for each type in the `$defs` of a schema, by name. It decides the values of that type."""
        if id(root) not in self._shared:
            types = {name: self.decision(schema) for name, schema in root.get("$defs", {}).items()}
            self._shared[id(root)] = root, types  # kept, so that its id stays its own
        return self._shared[id(root)][1]

    def decision(self, schema: Any) -> Decision:
        """Return the function for a schema. It returns FINE, WARNED or BROKEN for a value."""
        if isinstance(schema, bool):
            return (lambda value, shared: FINE) if schema else (lambda value, shared: BROKEN)
        if id(schema) not in self._known:
            self._known[id(schema)] = schema, self._made(schema)
        return self._known[id(schema)][1]

    def _made(self, schema: Mapping[str, Any]) -> Decision:
        tests = [_tested(keyword, argument) for keyword, argument in schema.items() if keyword in ASSERTIONS]
        visits = [VISITS[keyword](self, schema, keyword) for keyword in schema if keyword in VISITS]
        whole = _worst([*tests, *visits])
        return _typed(schema["type"], whole) if "type" in schema else whole


def _worst(parts: list[Decision]) -> Decision:
    if len(parts) == 1:
        return parts[0]

    def decide(value: Any, shared: Shared) -> int:
        worst = FINE
        for part in parts:
            level = part(value, shared)
            if level:
                if level == BROKEN:
                    return BROKEN
                worst = level
        return worst

    return decide


def _typed(kinds: Any, decision: Decision) -> Decision:
    """Return a function that returns BROKEN for a value of a wrong type, and else asks the given function."""
    if not isinstance(kinds, str):
        return lambda value, shared: decision(value, shared) if is_kind(kinds, value) else BROKEN
    test = TYPES[kinds]
    return lambda value, shared: decision(value, shared) if test(value) else BROKEN


def _tested(keyword: str, argument: Any) -> Decision:
    kind, test = ASSERTIONS[keyword]
    if keyword == "pattern":
        search = _regex(argument).search
        return lambda value, shared: BROKEN if isinstance(value, str) and search(value) is None else FINE
    if kind is None:
        return lambda value, shared: FINE if test(value, argument) else BROKEN
    applies = TYPES[kind]
    return lambda value, shared: BROKEN if applies(value) and not test(value, argument) else FINE


def _reference(decider: Decider, schema: Any, keyword: str) -> Decision:
    name = type_name(schema["$ref"])
    return lambda value, shared: int(shared[name](value, shared))


def _every(decider: Decider, schema: Any, keyword: str) -> Decision:
    return _worst([decider.decision(branch) for branch in schema[keyword]])


def _advice(decider: Decider, schema: Any, keyword: str) -> Decision:
    decision = _every(decider, schema, keyword)
    return lambda value, shared: min(decision(value, shared), WARNED)


def _negation(decider: Decider, schema: Any, keyword: str) -> Decision:
    decision = decider.decision(schema["not"])
    return lambda value, shared: FINE if decision(value, shared) == BROKEN else BROKEN


def _condition(decider: Decider, schema: Any, keyword: str) -> Decision:
    condition, then, other = (decider.decision(schema.get(part, True)) for part in ("if", "then", "else"))
    return lambda value, shared: (then if condition(value, shared) < BROKEN else other)(value, shared)


def _each(decision: Decision, values: Iterable[Any], shared: Shared) -> int:
    return max((decision(value, shared) for value in values), default=FINE)


def _properties(decider: Decider, schema: Any, keyword: str) -> Decision:
    members = {name: decider.decision(member) for name, member in schema["properties"].items()}

    def decide(value: Any, shared: Shared) -> int:
        worst = FINE
        for name in value if isinstance(value, dict) else ():
            if name in members and (level := members[name](value[name], shared)):
                if level == BROKEN:
                    return BROKEN
                worst = level
        return worst

    return decide


def _others(decider: Decider, schema: Any, keyword: str) -> Decision:
    known, decision = schema.get("properties", {}).keys(), decider.decision(schema["additionalProperties"])

    def decide(value: Any, shared: Shared) -> int:
        others = value.keys() - known if isinstance(value, dict) else ()
        return _each(decision, (value[name] for name in others), shared)

    return decide


def _unknown(decider: Decider, schema: Any, keyword: str) -> Decision:
    known = schema.get("properties", {}).keys()
    return lambda value, shared: WARNED if isinstance(value, dict) and value.keys() - known else FINE


def _names(decider: Decider, schema: Any, keyword: str) -> Decision:
    decision = decider.decision(schema["propertyNames"])
    return lambda value, shared: _each(decision, value if isinstance(value, dict) else (), shared)


def _items(decider: Decider, schema: Any, keyword: str) -> Decision:
    decision = decider.decision(schema["items"])
    return lambda value, shared: _each(decision, value if isinstance(value, list) else (), shared)


VISITS: Mapping[str, Callable[[Decider, Any, str], Decision]] = {
    "$ref": _reference,
    "allOf": _every,
    "x-warnings": _advice,
    "not": _negation,
    "if": _condition,
    "properties": _properties,
    "additionalProperties": _others,
    "x-unknown-members": _unknown,
    "propertyNames": _names,
    "items": _items,
}
"""For each keyword that applies other schemas, such as `properties`, the function that makes its decision."""
