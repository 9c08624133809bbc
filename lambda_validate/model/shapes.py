"""Shapes of a service model as JSON Schemas, one type a shape.

What travels to the service is judged strictly; in what comes from it, members and choices may be added, so that both
are only warnings there. A shape that holds any of these has two types, the second with `.response` after its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from .patterns import PatternError, portable
from .titles import title

Schema = dict[str, Any]
Shape = Mapping[str, Any]

RESPONSE = ".response"
BASE64 = "^(?:(?:[A-Za-z0-9+\\/]{4})*(?:[A-Za-z0-9+\\/]{2}==|[A-Za-z0-9+\\/]{3}=)?)$(?!\\n)"
OPEN = frozenset(["structure", "list", "map"])
"""Kinds of shapes that hold others."""


class Omission(NamedTuple):
    """What a model states and a schema does not say: of which shape or member, and why."""

    place: str
    reason: str


class Shapes:
    """The shapes of one model. `source` is the document that violations cite."""

    def __init__(self, shapes: Mapping[str, Shape], source: str, times: str) -> None:
        self.shapes, self.source, self.times = shapes, source, times

    def reference(self, name: str, direction: str) -> Schema:
        """Return the schema that refers to a shape's type."""
        suffix = RESPONSE if direction == "response" and name in self.differing else ""
        return {"$ref": f"#/$defs/{name}{suffix}"}

    def schema(self, name: str, direction: str) -> Schema:
        """Return the type of a shape; in the direction in which it travels."""
        shape = self.shapes[name]
        return KINDS.get(shape["type"], anything)(self, name, shape, direction)

    def below(self, name: str) -> Iterator[str]:
        """Yield the shapes that a shape refers to."""
        shape = self.shapes[name]
        if shape["type"] == "structure" and not _is_free(shape):
            yield from (each["shape"] for each in shape.get("members", {}).values())
        yield from (shape[part]["shape"] for part in ("member", "key", "value") if part in shape)

    @cached_property
    def differing(self) -> frozenset[str]:
        """The shapes whose type depends on the direction: those that hold a structure or a choice."""
        found = {name for name, shape in self.shapes.items() if shape["type"] == "structure" or "enum" in shape}
        grown = True
        while grown:
            new = {name for name in self.shapes.keys() - found if not found.isdisjoint(self.below(name))}
            found |= new
            grown = bool(new)
        return frozenset(found)

    def omissions(self, name: str, seen: set[str]) -> Iterator[Omission]:
        """Yield what the types of a shape, and of all below it, do not say."""
        if name in seen:
            return
        seen.add(name)
        shape = self.shapes[name]
        if "pattern" in shape:
            try:
                portable(shape["pattern"])
            except PatternError as error:
                yield Omission(name, f"its pattern has no portable form: {error}")
        if _is_free(shape):
            yield Omission(name, "a document or a stream of events is taken as it is")
        if shape["type"] not in KINDS:
            yield Omission(name, f"the type {shape['type']} is not known")
        for each in self.below(name):
            yield from self.omissions(each, seen)


def _is_free(shape: Shape) -> bool:
    """Whether a structure has no form of its own: any JSON value, or a stream."""
    return bool(shape.get("document") or shape.get("eventstream"))


def anything(shapes: Shapes, name: str, shape: Shape, direction: str) -> Schema:
    """A value of any kind."""
    return {}


def structure(shapes: Shapes, name: str, shape: Shape, direction: str) -> Schema:
    """An object with these members and, but in what the service sends, no others."""
    if _is_free(shape):
        return {}
    members = shape.get("members", {})
    wire = direction == "response"
    made: Schema = {"title": "an object", "type": "object", "x-source": {"document": shapes.source, "section": name}}
    needed = [
        each for each in shape.get("required", ()) if each in members and not members[each].get("idempotencyToken")
    ]
    if needed and not wire:
        made["required"] = needed
    made["properties"] = {
        str(member.get("locationName", own) if wire else own): shapes.reference(member["shape"], direction)
        for own, member in members.items()
    }
    made.update({"x-unknown-members": "warning"} if wire else {"additionalProperties": False})
    if shape.get("union") and not wire:
        made.update(minProperties=1, maxProperties=1)
    return made


def array(shapes: Shapes, name: str, shape: Shape, direction: str) -> Schema:
    """A list; how long, and what of."""
    return {
        "title": "a list",
        "type": "array",
        **_bounds(shape, "minItems", "maxItems"),
        "items": shapes.reference(shape["member"]["shape"], direction),
    }


def mapping(shapes: Shapes, name: str, shape: Shape, direction: str) -> Schema:
    """An object whose names are data."""
    return {
        "title": "an object",
        "type": "object",
        **_bounds(shape, "minProperties", "maxProperties"),
        "propertyNames": shapes.reference(shape["key"]["shape"], direction),
        "additionalProperties": shapes.reference(shape["value"]["shape"], direction),
    }


def string(shapes: Shapes, name: str, shape: Shape, direction: str) -> Schema:
    """A text: how long, of what form, or one of a list."""
    made: Schema = {"title": title(name) if "pattern" in shape else "text", "type": "string"}
    made.update(_bounds(shape, "minLength", "maxLength"))
    if "pattern" in shape:
        made.update(_pattern(shape["pattern"]))
    if "enum" in shape:
        made["title"] = title(name)
        choices: Schema = {"enum": list(shape["enum"])}
        made.update({"x-warnings": [choices]} if direction == "response" else choices)
    return made


def _pattern(pattern: str) -> Schema:
    try:
        return {"pattern": portable(pattern), "x-pattern": pattern}
    except PatternError:
        return {}  # `omissions` says so


def number(kind: str, words: str) -> Callable[[Shapes, str, Shape, str], Schema]:
    """Return the maker of a number of some kind."""

    def made(shapes: Shapes, name: str, shape: Shape, direction: str) -> Schema:
        return {"title": words, "type": kind, **_bounds(shape, "minimum", "maximum", zero=True)}

    return made


def boolean(shapes: Shapes, name: str, shape: Shape, direction: str) -> Schema:
    """True or false."""
    return {"title": "true or false", "type": "boolean"}


def timestamp(shapes: Shapes, name: str, shape: Shape, direction: str) -> Schema:
    """A moment: Unix seconds, or in what comes from a service that writes it so, a text."""
    written = shape.get("timestampFormat", shapes.times)
    if direction == "response" and written != "unixTimestamp":
        return {"title": "a date and time", "type": "string"}
    return {"title": "a number of Unix seconds", "type": "number"}


def blob(shapes: Shapes, name: str, shape: Shape, direction: str) -> Schema:
    """Bytes, as Base64. Lengths are those of the bytes, so that here they are those of the groups of four."""
    groups = {"min": 4 * -(-shape.get("min", 0) // 3), "max": 4 * -(-shape["max"] // 3)} if "max" in shape else {}
    return {"title": "Base64 text", "type": "string", **_bounds(groups, "minLength", "maxLength"), "pattern": BASE64}


def _bounds(shape: Mapping[str, Any], least: str, most: str, *, zero: bool = False) -> Schema:
    """The bounds of a shape under the keywords of its kind; no length is below zero anyway."""
    pairs = {least: shape.get("min"), most: shape.get("max")}
    return {key: _exact(value) for key, value in pairs.items() if value is not None and (zero or value or key == most)}


def _exact(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


KINDS: Mapping[str, Callable[[Shapes, str, Shape, str], Schema]] = {
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
    "boolean": boolean,
    "timestamp": timestamp,
    "blob": blob,
}
