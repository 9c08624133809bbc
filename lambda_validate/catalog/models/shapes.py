"""Convert the shapes of a service model into JSON Schemas, one type for each shape.

Requests are validated strictly. In a response, an unknown member or choice is only a warning, since a newer service may
add some, and no member is required. A shape with such a difference becomes two types: `Name` and `Name.response`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from ...patterns import PatternError
from ...patterns.ambiguity import may_hang
from ...patterns.portable import portable
from ..bounds import OF_KEYWORD
from .kinds import KINDS, Manner, Schema, Shape, anything, is_free, length

RESPONSE = ".response"
TRAITS = ("enum", "min", "max", "pattern", "timestampFormat", "jsonvalue")
"""The restrictions that a member may add to those of its shape."""
UNTRUE: Mapping[tuple[str, ...], str] = {
    ("AppRunner", "ServiceId"): "its pattern requires 36 characters, but its length is 32",
    (
        "DataExchange",
        "AwsAccountId",
    ): "its pattern requires a slash at both ends, but its length is that of an account id",
    # In botocore before 1.36, the pattern of S3's CopySource requires a slash at the beginning. But botocore itself
    # makes strings without one, in `handle_copy_source_param`.
    ("S3", "CopySource", r"\/.+\/.+"): "its pattern requires a slash at the beginning, but the service does not",
}
"""Patterns of published models that refuse valid strings, by service id and shape, and why. If a later model corrects
the pattern, the wrong one is part of the key."""
LIMITS = frozenset(("pattern", "x-pattern", "allOf", *OF_KEYWORD))
"""Keywords of bounds and patterns."""
SETS_ALONE = re.compile(r"(?:\[[^\]\\]+\])+")
"""A pattern that consists only of character classes, such as `[a-z]`. Models mean "a string of these characters"."""


class Omission(NamedTuple):
    """A fact of a model that the schemas leave out: the shape or member, and the reason."""

    place: str
    reason: str


class Shapes:
    """The shapes (types) of one service model, as JSON Schemas."""

    def __init__(self, shapes: Mapping[str, Shape], manner: Manner) -> None:
        self.shapes, self.manner, self.source = shapes, manner, manner.source

    def reference(self, name: str, direction: str) -> Schema:
        """Return a reference to the type of a shape in a direction, such as `{"$ref": "#/$defs/Name.response"}`."""
        suffix = RESPONSE if direction == "response" and name in self.differing else ""
        return {"$ref": f"#/$defs/{name}{suffix}"}

    def schema(self, name: str, direction: str) -> Schema:
        """Return the JSON Schema of a shape for one direction. It refers to the types of other shapes."""
        return self._made(name, self.shapes[name], direction)

    def member(self, facts: Mapping[str, Any], direction: str) -> Schema:
        """Return the schema of a member, item, key or value of a shape.

        It is a reference to the shape of that part. If the part has restrictions of its own, it is a copy with these.
        """
        own = {trait: facts[trait] for trait in TRAITS if trait in facts}
        if not own:
            return self.reference(facts["shape"], direction)
        return self._made(facts["shape"], {**self.shapes[facts["shape"]], **own}, direction)

    def _made(self, name: str, shape: Shape, direction: str) -> Schema:
        made = KINDS.get("any" if shape.get("jsonvalue") else shape["type"], anything)(self, name, shape, direction)
        return _doubted(made) if direction == "response" and self.manner.spelt else made

    def below(self, name: str) -> Iterator[str]:
        """Yield the names of the shapes that a shape refers to, such as those of its members."""
        yield from (part["shape"] for part in self._parts(name).values())

    def _parts(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the members of a structure, the item of a list, or the key and value of a map, by name."""
        shape = self.shapes[name]
        if shape["type"] == "structure":
            return {} if is_free(shape) else shape.get("members", {})
        return {part: shape[part] for part in ("member", "key", "value") if part in shape}

    @cached_property
    def differing(self) -> frozenset[str]:
        """The names of shapes whose type depends on the direction.

        They contain a structure, an `enum` or, unless the service writes times as Unix seconds, a time.
        """
        if self.manner.spelt:
            return frozenset(self.shapes)
        kinds = {"structure"} if self.manner.times == "unixTimestamp" else {"structure", "timestamp"}
        found = {name for name, shape in self.shapes.items() if shape["type"] in kinds or "enum" in shape}
        grown = True
        while grown:
            new = {name for name in self.shapes.keys() - found if not found.isdisjoint(self.below(name))}
            found |= new
            grown = bool(new)
        return frozenset(found)

    def omissions(self, name: str, direction: str, seen: set[str]) -> Iterator[Omission]:
        """Yield an omission for each fact that the schema of a shape, or of a shape inside it, leaves out."""
        waiting = [name]
        while waiting:
            shape = waiting.pop()
            if shape not in seen:
                seen.add(shape)
                yield from self._omitted(shape, direction)
                waiting += self.below(shape)

    def _omitted(self, name: str, direction: str) -> Iterator[Omission]:
        shape = self.shapes[name]
        yield from (Omission(name, reason) for reason in self.reasons(name, shape))
        for own, facts in self._parts(name).items():
            traits = {trait: facts[trait] for trait in TRAITS if trait in facts}
            member_shape = {**traits, "type": self.shapes[facts["shape"]]["type"]}
            yield from (Omission(f"{name}.{own}", reason) for reason in self.reasons(name, member_shape) if traits)
        for own in shape.get("required", ()) if direction == "request" else ():
            if own not in shape.get("members", {}):
                yield Omission(f"{name}.{own}", "it is required, but there is no such member")
            elif shape["members"][own].get("idempotencyToken"):
                yield Omission(f"{name}.{own}", "it is required, but the SDK adds it if it is left out")

    def reasons(self, name: str, shape: Shape) -> Iterator[str]:
        """Yield a reason for each fact of a shape or a member that its schema leaves out, such as its pattern."""
        if shape.get("jsonvalue"):
            yield "any JSON value is valid"
        elif is_free(shape):
            yield "a document or a stream of events is not validated"
        elif shape["type"] not in KINDS:
            yield f"the type {shape['type']} is not known, so any value is valid"
        elif "pattern" in shape and (reason := self.pattern(name, shape)[1]):
            yield reason

    def pattern(self, name: str, shape: Shape) -> tuple[Schema, str]:
        """Return the keywords for a shape's pattern, or no keyword and the reason why it is left out."""
        text = shape["pattern"]
        if not isinstance(text, str):
            return {}, "its pattern is left out: it is not a string"
        place = self.manner.service, name
        if reason := UNTRUE.get(place) or UNTRUE.get((*place, text)):
            return {}, f"its pattern is left out: {reason}"
        if shape["type"] not in ("string", "character"):
            return {}, f"its pattern is left out: the type is not string but {shape['type']}"
        most, sets = length(shape, "max"), text.count("[")
        if SETS_ALONE.fullmatch(text) and (most is None or most > sets):
            return {}, "its pattern is left out: it matches a few characters only, but the value may be longer"
        try:
            found = portable(text)
        except PatternError as error:
            return {}, f"its pattern is left out: it has no form for all regular expression engines: {error}"
        if may_hang(found):
            return {}, "its pattern is left out: some strings would take forever to match"
        return {"pattern": found, "x-pattern": text}, ""


def _doubted(schema: Schema) -> Schema:
    """Return a schema in which bounds and patterns are moved to `x-warnings`, so that breaking them is a warning."""
    limits = {key: value for key, value in schema.items() if key in LIMITS}
    if not limits:
        return schema
    unbounded = {key: value for key, value in schema.items() if key not in LIMITS}
    return {**unbounded, "x-warnings": [{"title": schema["title"], **limits}, *schema.get("x-warnings", ())]}
