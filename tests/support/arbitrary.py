"""Generate small schemas of supported keywords, and values that are likely to distinguish them, by seed."""

from __future__ import annotations

from random import Random
from typing import Any

NAMES = ["a", "b", "c"]
KINDS = ["string", "integer", "number", "array", "object", "boolean", "null"]
REFERENCES = ["#/$defs/x", "#/$defs/y"]
SCALARS = [0, 1, 2, -1, 1.0, 1.5, 10, "", "a", "b", "ab", "abc", "1", True, False, None]

ARGUMENTS: dict[str, list[Any]] = {
    "type": [*KINDS, "object", "object", ["string", "null"], ["integer", "array"], ["object", "boolean"]],
    "pattern": ["^a", "b$", "^(?:ab?)$(?!\\n)", "1", "^a|b"],
    "required": [["a"], ["b"], ["a", "c"], []],
    "minimum": [0, 1, 1.5],
    "maximum": [0, 1, 1.5],
    **{f"{end}{what}": [0, 1, 2, 1.0] for end in ("min", "max") for what in ("Length", "Items", "Properties")},
}
WITHIN = ["properties"] * 4 + ["allOf", "not", "if", "$ref"] * 2 + ["additionalProperties", "propertyNames", "items"]


def value(random: Random, depth: int = 2) -> Any:
    """Return a small JSON value."""
    kind = random.randrange(8 if depth else 6)
    if kind < 6:
        return random.choice(SCALARS)
    if kind == 6:
        return [value(random, depth - 1) for _ in range(random.randrange(3))]
    return {name: value(random, depth - 1) for name in NAMES if random.random() < 0.6}


def schema(random: Random, depth: int = 3, references: int = 2) -> Any:
    """Return a small schema. `references` is the number of shared schemas that it may refer to."""
    if random.random() < 0.08:
        return random.choice([True, False])
    found: dict[str, Any] = {}
    known = [*ARGUMENTS, "enum", "const", *(WITHIN if depth else ())]
    for keyword in random.sample(known, random.choice([1, 2, 2, 3, 4])):
        found |= _keyword(random, keyword, depth, references)
    return found


def _keyword(random: Random, keyword: str, depth: int, references: int) -> dict[str, Any]:
    def below() -> Any:
        return schema(random, depth - 1, references)

    if keyword in ARGUMENTS:
        return {keyword: random.choice(ARGUMENTS[keyword])}
    if keyword in ("enum", "const"):
        choices = [value(random, 1), value(random, 1)]
        return {keyword: choices if keyword == "enum" else choices[0]}
    if keyword == "$ref":
        return {keyword: random.choice(REFERENCES[-references:])} if references else {}
    if keyword == "properties":
        return {keyword: {name: below() for name in NAMES if random.random() < 0.6}}
    if keyword == "allOf":
        return {keyword: [below() for _ in range(random.choice([1, 2]))]}
    if keyword == "if":
        branches = {each: below() for each in ("then", "else") if random.random() < 0.7}
        return {"if": condition(random) if random.random() < 0.5 else below(), **branches}
    return {keyword: condition(random) if keyword == "not" and random.random() < 0.5 else below()}


def condition(random: Random) -> dict[str, Any]:
    """Return a schema like most conditions: optional or required members, each with one or two simple keywords."""
    members = {name: schema(random, 0, references=0) for name in random.sample(NAMES, random.choice([1, 2]))}
    required = {"required": random.sample(NAMES, 1)} if random.random() < 0.5 else {}
    kind = {"type": "object"} if random.random() < 0.7 else {}
    return {**kind, **required, "properties": members}


def whole_schema(random: Random) -> dict[str, Any]:
    """Return a schema with two shared ones. The first may refer to the second."""
    found = schema(random)
    shared = {"x": schema(random, 2, references=1), "y": schema(random, 1, references=0)}
    return {**(found if isinstance(found, dict) else {"not": not found}), "$defs": shared}


TREE = {
    "type": "object",
    "required": ["a"],
    "properties": {"a": {"type": ["integer", "string"], "minimum": 1}, "b": {"$ref": "#"}},
    "allOf": [{"if": {"required": ["c"]}, "then": {"properties": {"c": {"items": {"$ref": "#"}}}}}],
}
"""Return a schema that contains itself: as a member, and as the items of an array behind a condition."""
