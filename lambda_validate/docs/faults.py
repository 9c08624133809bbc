"""Values that are likely to break a keyword: what people write instead, and what lies just beyond a bound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..catalog import Schema
from ..catalog.bounds import OF_TYPE
from . import samples
from .statements import Statement

NOTHING: Any = object()
"""Stands for a member that is left out."""


def faults(statement: Statement, ways: list[str]) -> Iterator[Any]:
    """Yield values that are likely to break a keyword of a schema; `ways` are texts that its value may be."""
    keyword, schema = statement.constraint.keyword, statement.schema
    if keyword in FAULTS:
        yield from FAULTS[keyword](schema.get(keyword), schema)
    if keyword in ("not", "pattern", "x-relation"):
        yield from ways


def _wrong_type(argument: Any, schema: Schema) -> Iterator[Any]:
    kinds = argument if isinstance(argument, list) else [argument]
    yield from (INSTEAD[kind] for kind in kinds)


INSTEAD: Mapping[str, Any] = {
    "string": 1, "integer": "10", "number": "10", "boolean": "true", "array": "text", "object": "text", "null": "text",
}  # fmt: skip
"""By JSON type, what people write instead."""


def _unmatched(argument: Any, schema: Schema) -> Iterator[Any]:
    for text in [*schema.get("examples", ()), *samples.texts(argument, schema.get("minLength", 0))][:2]:
        yield from (f"{text}{end}" for end in ("!", " ", "\n"))
        yield from (text[:-1], f" {text}")
    yield from ("not right", "!")


def _unlisted(argument: Any, schema: Schema) -> Iterator[Any]:
    for each in argument if isinstance(argument, list) else [argument]:
        if isinstance(each, str):
            yield from (each.lower(), each.title(), f"{each}S")
    yield "Unknown"


def _too_long(argument: Any, schema: Schema) -> Iterator[Any]:
    if argument < samples.LONGEST:
        yield from samples.texts(schema.get("pattern", ".*"), argument + 1)
        yield from ("a" * (argument + 1), "1" * (argument + 1))


def _too_short(argument: Any, schema: Schema) -> Iterator[Any]:
    yield "" if argument == 1 else "a" * max(0, argument - 1)
    yield "1" * max(0, argument - 1)


def _too_many(argument: Any, schema: Schema) -> Iterator[Any]:
    if argument < samples.LONGEST:
        items = schema.get("items", {})
        item = "text" if "$ref" in items else next(samples.values({}, items), "text")
        yield [item] * (argument + 1)


def _opposite(argument: Any, schema: Schema) -> Iterator[Any]:
    """What a `not` speaks of, where it says so itself."""
    if isinstance(argument, dict):
        yield from samples.values({}, argument)
    yield from ("text", 1, True, [], {})


FAULTS: Mapping[str, Callable[[Any, Schema], Iterator[Any]]] = {
    "type": _wrong_type,
    "required": lambda argument, schema: iter((NOTHING,)),
    "enum": _unlisted,
    "const": _unlisted,
    "pattern": _unmatched,
    "minLength": _too_short,
    "maxLength": _too_long,
    "minimum": lambda argument, schema: iter((argument - 1,)),
    "maximum": lambda argument, schema: iter((argument + 1,)),
    OF_TYPE["array"].least: lambda argument, schema: iter(([],)),
    OF_TYPE["array"].most: _too_many,
    "minProperties": lambda argument, schema: iter(({},)),
    "maxProperties": lambda argument, schema: iter(({f"name{each}": "text" for each in range(argument + 1)},)),
    "format": lambda argument, schema: iter(("not right", "{}", '{"a": 1}')),
    "not": _opposite,
}
"""By keyword, what makes values that break it."""
