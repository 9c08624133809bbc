"""What a value of each kind of shape must be: one maker of a schema a kind, and the table of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple, Protocol

from ..bounds import OF_TYPE
from .titles import title

Schema = dict[str, Any]
Shape = Mapping[str, Any]


class Manner(NamedTuple):
    """How a service writes: its name, the document that violations cite, times in a body, whether answers are JSON.

    With `spelt`, a time may have every form in which the SDK takes or shows it, and an answer that breaks a bound or a
    pattern is only warned of: services do not always keep to their models.
    """

    service: str
    source: str
    times: str = "unixTimestamp"
    json: bool = True
    spelt: bool = False


class Model(Protocol):
    """What a maker needs of the model that its shape is in."""

    source: str
    manner: Manner

    def member(self, facts: Mapping[str, Any], direction: str) -> Schema:
        """Return the schema of a member, or of what a list or a map holds."""

    def pattern(self, name: str, shape: Shape) -> tuple[Schema, str]:
        """Return the keywords of a shape's pattern; or none, and why."""


BASE64 = "^(?:(?:[A-Za-z0-9+\\/]{4})*(?:[A-Za-z0-9+\\/]{2}==|[A-Za-z0-9+\\/]{3}=)?)$(?!\\n)"


def anything(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """A value of any kind."""
    return {}


def is_free(shape: Shape) -> bool:
    """Return whether a structure has no form of its own: any JSON value, or a stream."""
    return bool(shape.get("document") or shape.get("eventstream"))


def structure(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """An object with these members and, but in what the service sends, no others."""
    if is_free(shape):
        return {}
    members = shape.get("members", {})
    wire = direction == "response"
    made: Schema = {"title": "an object", "type": "object", "x-source": {"document": model.source, "section": name}}
    needed = [
        each for each in shape.get("required", ()) if each in members and not members[each].get("idempotencyToken")
    ]
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
    """A list; how long, and what of. One with gaps may hold null."""
    item = model.member(shape["member"], direction)
    return {
        "title": "a list",
        "type": "array",
        **_bounds(shape, "array"),
        "items": _or_null(item) if shape.get("sparse") else item,
    }


def mapping(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """An object whose names are data. One with gaps may hold null."""
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
    """A text: how long, of what form, or one of a list."""
    made: Schema = {"title": title(name) if "pattern" in shape else "text", "type": "string"}
    made.update(_bounds(shape, "string"))
    if "pattern" in shape:
        made.update(model.pattern(name, shape)[0])
    if "enum" in shape:
        made["title"] = title(name)
        choices: Schema = {"enum": list(shape["enum"])}
        made.update({"x-warnings": [choices]} if direction == "response" else choices)
    return made


def number(kind: str, words: str) -> Callable[[Model, str, Shape, str], Schema]:
    """Return the maker of a number of some kind."""
    return lambda model, name, shape, direction: {"title": words, "type": kind, **_bounds(shape, "number")}


def timestamp(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """A moment: Unix seconds; in whatever form the SDK takes or shows it, where the manner is that."""
    if model.manner.spelt:
        return {"title": "a date and time, or a number of Unix seconds", "type": ["number", "string"]}
    written = shape.get("timestampFormat", model.manner.times)
    if direction == "response" and written != "unixTimestamp":
        return {"title": "a date and time", "type": "string"}
    return {"title": "a number of Unix seconds", "type": "number"}


def blob(model: Model, name: str, shape: Shape, direction: str) -> Schema:
    """Bytes, as Base64. Lengths are those of the bytes: here, of the groups of four, and how the last ends."""
    made: Schema = {"title": "Base64 text", "type": "string", "pattern": BASE64}
    least, most = length(shape, "min") or 0, length(shape, "max")
    if least:
        made["minLength"] = 4 * -(-least // 3)
    if most is not None:
        made["maxLength"] = 4 * -(-most // 3)
    return {**made, **({"allOf": rules} if (rules := [*_shortest(least), *_longest(most)]) else {})}


def _shortest(least: int) -> Iterator[Schema]:
    """What the last group of bytes as few as may be must hold."""
    if least % 3 != 1 and least:
        end = r"^(?:[^\n]*[^=]=?)$(?!\n)" if least % 3 else r"^(?:[^\n]*[^=])$(?!\n)"
        then = {"title": f"Base64 text of at least {least:,} bytes", "pattern": end}
        yield {"if": {"maxLength": 4 * -(-least // 3)}, "then": then}


def _longest(most: int | None) -> Iterator[Schema]:
    """How the last group of bytes as many as may be must end."""
    if most and most % 3:
        end = r"^(?:[^\n]*=)$(?!\n)" if most % 3 == 2 else r"^(?:[^\n]*==)$(?!\n)"
        then = {"title": f"Base64 text of at most {most:,} bytes", "pattern": end}
        yield {"if": {"minLength": 4 * -(-most // 3)}, "then": then}


def _bounds(shape: Shape, kind: str) -> Schema:
    """The bounds of a shape under the keywords of its kind; no length is below zero anyway."""
    bound = OF_TYPE[kind]
    read = length if bound.noun else _number
    least = read(shape, "min")
    found = {bound.least: None if least == 0 and bound.noun else least, bound.most: read(shape, "max")}
    return {keyword: value for keyword, value in found.items() if value is not None}


def length(shape: Shape, key: str) -> int | None:
    """Return a bound of a length; None where there is none, or none that can be read."""
    value = _number(shape, key)
    return value if isinstance(value, int) and value >= 0 else None


def _number(shape: Shape, key: str) -> int | float | None:
    """Return a bound of a shape; None where there is none, or none that is a finite number."""
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
