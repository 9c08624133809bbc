"""Convert a shape (a type of a service model) to a JSON Schema: a function for each kind of shape, such as a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple, Protocol

from ..bounds import OF_TYPE
from .titles import title

Schema = dict[str, Any]
Shape = Mapping[str, Any]


class Manner(NamedTuple):
    """How a service writes values: its name, the cited document, the format of times, and whether responses are JSON.

    With `spelt`, a time may have every form that the SDK accepts or returns. And a response that breaks a bound or a
    pattern gets only a warning, since services do not always follow their models.
    """

    service: str
    source: str
    times: str = "unixTimestamp"
    json: bool = True
    spelt: bool = False


class Model(Protocol):
    """The part of the class `Shapes` that the functions of this module need."""

    source: str
    manner: Manner

    def member(self, facts: Mapping[str, Any], direction: str) -> Schema:
        """Return the schema of a member, of an item of a list, or of a key or value of a map."""

    def pattern(self, name: str, shape: Shape) -> tuple[Schema, str]:
        """Return the keywords for a shape's pattern, or no keyword and the reason why it is left out."""


BASE64 = "^(?:(?:[A-Za-z0-9+\\/]{4})*(?:[A-Za-z0-9+\\/]{2}==|[A-Za-z0-9+\\/]{3}=)?)$(?!\\n)"


def anything(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """Return the schema that accepts any value, for a shape of a kind that is not known."""
    return {}


def is_free(shape: Shape) -> bool:
    """Return whether a structure has no members to check: it is any JSON value, or a stream."""
    return bool(shape.get("document") or shape.get("eventstream"))


def structure(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """Return the schema of a structure: an object with the members of the shape. A response may have more members."""
    if is_free(shape):
        return {}
    members = shape.get("members", {})
    wire = direction == "response"
    made: Schema = {"title": "an object", "type": "object", "x-source": {"document": model.source, "section": name}}
    needed = [own for own in shape.get("required", ()) if own in members and not members[own].get("idempotencyToken")]
    if needed and not wire:
        made["required"] = needed
    made["properties"] = {
        str(member.get("locationName", own) if wire and model.manner.json else own): model.member(member, direction)
        for own, member in members.items()
    }
    made.update({"x-unknown-members": "warning"} if wire else {"additionalProperties": False})
    if shape.get("union") and not wire:
        made.update(minProperties=1, maxProperties=1)
    return made


def array(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """Return the schema of a list, with its lengths and items. A sparse list may contain null."""
    item = model.member(shape["member"], direction)
    return {
        "title": "a list",
        "type": "array",
        **_bounds(shape, "array"),
        "items": _or_null(item) if shape.get("sparse") else item,
    }


def mapping(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """Return the schema of a map: an object with arbitrary names. A sparse map may contain null."""
    value = model.member(shape["value"], direction)
    return {
        "title": "an object",
        "type": "object",
        **_bounds(shape, "object"),
        "propertyNames": model.member(shape["key"], direction),
        "additionalProperties": _or_null(value) if shape.get("sparse") else value,
    }


def _or_null(schema: Schema) -> Schema:
    return {"if": {"type": "null"}, "else": schema}


def string(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """Return the schema of a string, with its lengths, its pattern or its choices."""
    made: Schema = {"title": title(name) if "pattern" in shape else "a string", "type": "string"}
    made.update(_bounds(shape, "string"))
    if "pattern" in shape:
        made.update(model.pattern(name, shape)[0])
    if "enum" in shape:
        choices: Schema = {"enum": list(shape["enum"])}
        made.update({"x-warnings": [choices]} if direction == "response" else choices)
    return made


def number(kind: str, words: str) -> Callable[[Model, str, Shape, str], Schema]:
    """Return the function that converts a shape to a schema of numbers, with the JSON type `kind` and a title."""
    return lambda model, name, shape, direction: {"title": words, "type": kind, **_bounds(shape, "number")}


def timestamp(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """Return the schema of a time: Unix seconds, or every form that the SDK accepts or returns."""
    if model.manner.spelt:
        return {"title": "a date and time, or a number of Unix seconds", "type": ["number", "string"]}
    written = shape.get("timestampFormat", model.manner.times)
    if direction == "response" and written != "unixTimestamp":
        return {"title": "a date and time", "type": "string"}
    return {"title": "a number of Unix seconds", "type": "number"}


# A model of AWS limits the number of bytes of a blob, but a schema limits the number of characters of its Base64
# string. Three bytes make four characters, so at most 4 bytes means at most 8 characters. But 8 characters may also be
# 5 or 6 bytes. The padding says how many: 4 bytes end in `==`, 5 in `=` and 6 in neither. So `_shortest` and `_longest`
# add a condition on the last characters of a string of the limit's length.
def blob(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """Return the schema of bytes as a Base64 string."""
    made: Schema = {"title": "a Base64 string", "type": "string", "pattern": BASE64}
    least, most = length(shape, "min") or 0, length(shape, "max")
    if least:
        made["minLength"] = 4 * -(-least // 3)
    if most is not None:
        made["maxLength"] = 4 * -(-most // 3)
    return {**made, **({"allOf": rules} if (rules := [*_shortest(least), *_longest(most)]) else {})}


def _shortest(least: int) -> Iterator[Schema]:
    """Yield a rule about the padding of Base64 strings of the minimum length: they must encode at least `least` bytes.

    Such a rule is not needed if any padding is valid.
    """
    if least % 3 != 1 and least:
        end = r"^(?:[^\n]*[^=]=?)$(?!\n)" if least % 3 else r"^(?:[^\n]*[^=])$(?!\n)"
        then = {"title": f"a Base64 string of at least {least:,} bytes", "pattern": end}
        yield {"if": {"maxLength": 4 * -(-least // 3)}, "then": then}


def _longest(most: int | None) -> Iterator[Schema]:
    """Yield a rule about the padding of Base64 strings of the maximum length: they may encode at most `most` bytes.

    Such a rule is not needed if any padding is valid.
    """
    if most and most % 3:
        end = r"^(?:[^\n]*=)$(?!\n)" if most % 3 == 2 else r"^(?:[^\n]*==)$(?!\n)"
        then = {"title": f"a Base64 string of at most {most:,} bytes", "pattern": end}
        yield {"if": {"minLength": 4 * -(-most // 3)}, "then": then}


def _bounds(shape: Shape, kind: str) -> Schema:
    """Return the bounds of a shape as keywords, such as `{"minLength": 1}`. A minimum length of 0 is left out."""
    bound = OF_TYPE[kind]
    read = length if bound.noun else _number
    least = read(shape, "min")
    found = {bound.least: None if least == 0 and bound.noun else least, bound.most: read(shape, "max")}
    return {keyword: value for keyword, value in found.items() if value is not None}


def length(shape: Shape, key: str) -> int | None:
    """Return the minimum or maximum length of a shape (`key` is "min" or "max"); None if missing or not valid."""
    value = _number(shape, key)
    return value if isinstance(value, int) and value >= 0 else None


def _number(shape: Shape, key: str) -> int | float | None:
    """Return the minimum or maximum of a shape (`key` is "min" or "max"); None if missing or not a finite number."""
    value = shape.get(key)
    if type(value) is float:
        return int(value) if value.is_integer() else value if isfinite(value) else None
    return value if type(value) is int else None


KINDS: Mapping[str, Callable[[Model, str, Shape, str], Schema]] = {
    "structure": structure,
    "list": array,
    "map": mapping,
    "string": string,
    "character": string,
    "integer": number("integer", "a whole number"),
    "long": number("integer", "a whole number"),
    "short": number("integer", "a whole number"),
    "byte": number("integer", "a whole number"),
    "bigInteger": number("integer", "a whole number"),
    "float": number("number", "a number"),
    "double": number("number", "a number"),
    "bigDecimal": number("number", "a number"),
    "boolean": lambda model, name, shape, direction: {"title": "true or false", "type": "boolean"},
    "timestamp": timestamp,
    "blob": blob,
}
