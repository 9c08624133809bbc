"""Shapes of a service model as JSON Schemas, one type a shape.

What travels to the service is validated strictly; in what comes from it, members and choices may be added, so that both
are only warnings there, and nothing is required. A shape that holds any of these has two types, the second with
`.response` after its name.
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
"""What a member may say of itself, beside what its shape says."""
UNTRUE: Mapping[tuple[str, ...], str] = {
    ("AppRunner", "ServiceId"): "its pattern asks for 36 characters, and its length is 32",
    (
        "DataExchange",
        "AwsAccountId",
    ): "its pattern asks for a slash at either end, and its length is that of an account",
    # As botocore had it before 1.36, while its own `handle_copy_source_param` made texts without that slash.
    ("S3", "CopySource", r"\/.+\/.+"): "its pattern asks for a slash at the beginning, which the service does not",
}
"""Patterns of published models that right texts do not meet, by the service's id and the shape, and why; of some that
were mended later, the wrong pattern too."""
LIMITS = frozenset(("pattern", "x-pattern", "allOf", *OF_KEYWORD))
"""Keywords that say how much, or of what form."""
SETS_ALONE = re.compile(r"(?:\[[^\]\\]+\])+")
"""A pattern of nothing but sets of characters, once each. Models mean that a text holds these, not that it is one."""


class Omission(NamedTuple):
    """What a model states and a schema does not say: of which shape or member, and why."""

    place: str
    reason: str


class Shapes:
    """The shapes of one model."""

    def __init__(self, shapes: Mapping[str, Shape], manner: Manner) -> None:
        self.shapes, self.manner, self.source = shapes, manner, manner.source

    def reference(self, name: str, direction: str) -> Schema:
        """Return the schema that refers to a shape's type."""
        suffix = RESPONSE if direction == "response" and name in self.differing else ""
        return {"$ref": f"#/$defs/{name}{suffix}"}

    def schema(self, name: str, direction: str) -> Schema:
        """Return the type of a shape; in the direction in which it travels."""
        return self._made(name, self.shapes[name], direction)

    def member(self, facts: Mapping[str, Any], direction: str) -> Schema:
        """Return the schema of a member, or of what a list or a map holds: its shape's type, or one with its traits."""
        own = {trait: facts[trait] for trait in TRAITS if trait in facts}
        if not own:
            return self.reference(facts["shape"], direction)
        return self._made(facts["shape"], {**self.shapes[facts["shape"]], **own}, direction)

    def _made(self, name: str, shape: Shape, direction: str) -> Schema:
        made = KINDS.get("any" if shape.get("jsonvalue") else shape["type"], anything)(self, name, shape, direction)
        return _doubted(made) if direction == "response" and self.manner.spelt else made

    def below(self, name: str) -> Iterator[str]:
        """Yield the shapes that a shape refers to."""
        yield from (each["shape"] for each in self._parts(name).values())

    def _parts(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """What a shape refers to, by what a place below it is called."""
        shape = self.shapes[name]
        if shape["type"] == "structure":
            return {} if is_free(shape) else shape.get("members", {})
        return {part: shape[part] for part in ("member", "key", "value") if part in shape}

    @cached_property
    def differing(self) -> frozenset[str]:
        """The shapes whose type depends on the direction: those that hold a structure, a choice or, written, a time."""
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
        """Yield what the types of a shape, and of all below it, do not say."""
        waiting = [name]
        while waiting:
            each = waiting.pop()
            if each not in seen:
                seen.add(each)
                yield from self._omitted(each, direction)
                waiting += self.below(each)

    def _omitted(self, name: str, direction: str) -> Iterator[Omission]:
        shape = self.shapes[name]
        yield from (Omission(name, reason) for reason in self.reasons(name, shape))
        for own, facts in self._parts(name).items():
            traits = {trait: facts[trait] for trait in TRAITS if trait in facts}
            said = {**traits, "type": self.shapes[facts["shape"]]["type"]}
            yield from (Omission(f"{name}.{own}", reason) for reason in self.reasons(name, said) if traits)
        for own in shape.get("required", ()) if direction == "request" else ():
            if own not in shape.get("members", {}):
                yield Omission(f"{name}.{own}", "it is required, and there is no such member")
            elif shape["members"][own].get("idempotencyToken"):
                yield Omission(f"{name}.{own}", "it is required, but the SDK makes one where it is left out")

    def reasons(self, name: str, shape: Shape) -> Iterator[str]:
        """Yield why something that a shape, or a member, states is not said."""
        if shape.get("jsonvalue"):
            yield "any JSON value is taken as it is"
        elif is_free(shape):
            yield "a document or a stream of events is taken as it is"
        elif shape["type"] not in KINDS:
            yield f"the type {shape['type']} is not known, and any value is taken as it is"
        elif "pattern" in shape and (reason := self.pattern(name, shape)[1]):
            yield reason

    def pattern(self, name: str, shape: Shape) -> tuple[Schema, str]:
        """Return the keywords of a shape's pattern; or none, and why."""
        text = shape["pattern"]
        if not isinstance(text, str):
            return {}, "its pattern is no string"
        place = self.manner.service, name
        if reason := UNTRUE.get(place) or UNTRUE.get((*place, text)):
            return {}, f"its pattern is left out: {reason}"
        if shape["type"] not in ("string", "character"):
            return {}, f"it has a pattern, and is a {shape['type']}"
        most, sets = length(shape, "max"), text.count("[")
        if SETS_ALONE.fullmatch(text) and (most is None or most > sets):
            return {}, "its pattern is left out: it is of a few characters, and the text may be longer"
        try:
            found = portable(text)
        except PatternError as error:
            return {}, f"its pattern has no portable form: {error}"
        if may_hang(found):
            return {}, "its pattern is left out: some texts would take forever to match"
        return {"pattern": found, "x-pattern": text}, ""


def _doubted(schema: Schema) -> Schema:
    """A schema whose bounds and patterns are warnings."""
    limits = {key: each for key, each in schema.items() if key in LIMITS}
    if not limits:
        return schema
    kept = {key: each for key, each in schema.items() if key not in LIMITS}
    return {**kept, "x-warnings": [{"title": schema["title"], **limits}, *schema.get("x-warnings", ())]}
