"""Extend a schema of an edition by a newer model: values that only the model allows become warnings. Does no I/O.

For example, the edition allows at most 10 and the newer model 20. Then the result allows at most 20, with a warning
for more than 10. Members and choices that only the model has are allowed, with a warning. Rules that only the edition
has, such as conditional rules, remain.

Both schemas hold their types under `$defs`.
"""

from __future__ import annotations

from ...patterns.matching import HEAD, TAIL, whole
from ..bundle import Schema, type_name
from .drift import MAX_REFERENCE_CHAIN, facts, refuses

WIRE = ("x-in", "x-name")
PARTS = ("items", "additionalProperties", "propertyNames")


class Words:
    """Makes the messages that say that something is newer than an edition."""

    def __init__(self, edition: str, made_from: str) -> None:
        self.edition = f"the edition {edition}, which is made from {made_from}"

    def warning(self, rule: str, subject: str, consequence: str = "") -> Schema:
        """Return a schema that no value matches. Its message says that something is newer than the edition."""
        message = f"{subject} is newer than {self.edition}; the SDK's model has it{consequence}."
        return {"not": {}, "x-rules": {"not": {"id": rule, "message": message}}}


def widened(ours: Schema, theirs: Schema, words: Words) -> Schema:
    """Return a schema of an edition, widened so that it accepts all that a model's schema accepts.

    If it does so already, it is returned unchanged.
    """
    widening = _Widening(ours, theirs, words)
    made = widening.schema(ours, theirs)
    return {**made, "$defs": {**ours.get("$defs", {}), **widening.types}} if widening.is_changed else ours


def unchecked(theirs: Schema, warning: Schema, source: Schema) -> Schema:
    """Return the schema for an operation that only the model has.

    It has the locations of the members, such as "query", and a warning for every payload. It checks no values.
    """
    members = theirs.get("properties", {}) if isinstance(theirs, dict) else {}
    properties = {name: _places(member) for name, member in members.items()}
    known = {"properties": properties} if members else {}
    return {"title": theirs["title"], "x-source": source, **known, "x-warnings": [warning]}


def _places(schema: Schema) -> Schema:
    return {key: schema[key] for key in WIRE if key in schema}


class _Widening:
    """Goes through a schema of the edition and one of the model in parallel, and makes the widened schema.

    `types` are the types that the result refers to. `is_changed` says whether the result allows more than the edition.
    """

    def __init__(self, ours: Schema, theirs: Schema, words: Words) -> None:
        self.ours, self.theirs = (side.get("$defs", {}) for side in (ours, theirs))
        self.words = words
        self.types: dict[str, Schema] = {}
        self.is_changed = False

    def schema(self, one: Schema, other: Schema) -> Schema:
        """Return the edition's schema `one`, widened so that it allows what the model's schema `other` allows.

        A reference is returned unchanged, and the type that it points to is widened once.
        """
        other = self.resolved(other)
        if not isinstance(one, dict) or not isinstance(other, dict):
            return one
        name = _target(one)
        if name is None:
            return self.whole(one, other)
        if name in self.ours and name not in self.types:
            self.types[name] = self.ours[name]  # holds the place, so that a type may refer to itself
            self.types[name] = self.schema(self.ours[name], other)
        return one

    def resolved(self, schema: Schema) -> Schema:
        """Return the schema that a reference in the model points to; a schema that is not a reference unchanged."""
        for _ in range(MAX_REFERENCE_CHAIN):
            name = _target(schema)
            if name is None:
                break
            schema = self.theirs.get(name, {})
        return schema

    def whole(self, one: Schema, other: Schema) -> Schema:
        """Return `one`, which is not a reference, widened by `other`. All schemas inside it are widened too."""
        if "type" not in one or "type" not in other:  # free of any form, on one side at least
            return one
        found = Refused((kind, fact) for kind, fact, *sides in facts(one, other) if refuses(kind, fact, *sides))
        self.is_changed = self.is_changed or bool(found)
        if ("type", "type") in found:
            return {**_places(one), "if": {"type": other["type"]}, "then": {"x-warnings": [one]}, "else": one}
        made = {**one, **self.below(one, other, found)}
        for widen in (_limits, self.choices):
            made = widen(made, other, found)
        return made

    def below(self, one: Schema, other: Schema, found: Refused) -> Schema:
        """Return the keywords of `one` that contain schemas, such as `items`, after all of these schemas are widened.

        Also return `required`, if `one` has it, without the members that the model does not require.
        """
        members, others = (side.get("properties", {}) for side in (one, other))
        parts = {part for part in PARTS if all(isinstance(side.get(part), dict) for side in (one, other))}
        made = {part: self.schema(one[part], other[part]) for part in parts}
        if members or others:
            common = {name: self.schema(member, others.get(name, {})) for name, member in members.items()}
            made["properties"] = common | {name: self.newer(name, others[name]) for name in found.of("member")}
        if "required" in one:
            made["required"] = [name for name in one["required"] if name not in found.of("required")]
        return made

    def newer(self, name: str, schema: Schema) -> Schema:
        """Return the schema for a member that only the model has: it accepts every value, with a warning."""
        title = "a member of newer versions of the API"
        return {"title": title, **_places(schema), "x-warnings": [self.words.warning("member.newer", name)]}

    def choices(self, one: Schema, other: Schema, found: Refused) -> Schema:
        """Return a schema that also accepts the choices of the model, with a warning."""
        newer = found.of("choice")
        if not newer:
            return one
        warned = {**self.words.warning("choice.newer", "This choice"), "not": {"enum": newer}}
        grown = [_with_choices(warning, newer) for warning in one.get("x-warnings", ())]
        return {**_with_choices(one, newer), "x-warnings": [*grown, warned]}


class Refused(frozenset[tuple[str, str]]):
    """The facts by which the edition refuses values that the model allows, as pairs of kind and fact."""

    def of(self, *kinds: str) -> list[str]:
        """Return the facts of the given kinds: for "member", the names of members that only the model has."""
        return sorted(fact for kind, fact in self if kind in kinds)


def _with_choices(schema: Schema, newer: list[str]) -> Schema:
    return {**schema, "enum": [*schema["enum"], *newer]} if "enum" in schema else schema


def _target(schema: Schema) -> str | None:
    """Return the name of the type that a schema refers to, None if it is not a reference."""
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    return type_name(reference) if isinstance(reference, str) else None


def _limits(one: Schema, other: Schema, found: Refused) -> Schema:
    """Return a schema whose bounds and pattern accept what the edition or the model accepts.

    The edition's own bounds become a warning. It applies only to values that the model accepts, since any other value
    breaks the new bounds and is an error already.
    """
    keys = found.of("bound", "pattern")
    if not keys:
        return one
    stated = {key: other[key] for key in keys if key in other}
    made = {key: value for key, value in one.items() if key not in (*keys, "x-pattern")} | stated
    if "pattern" in stated:
        made["pattern"] = _either(one["pattern"], other["pattern"])
    ours = {key: one[key] for key in ("title", "x-rules", *keys) if key in one}
    warned = {"if": stated, "then": ours} if stated else ours
    return {**made, "x-warnings": [*one.get("x-warnings", ()), warned]}


def _either(one: str, other: str) -> str:
    """Return a pattern that matches every string that one of two patterns matches.

    If both match whole strings only, as those of models do, the result does too.
    """
    bodies = whole(one), whole(other)
    return f"(?:{one})|(?:{other})" if None in bodies else f"{HEAD}(?:{bodies[0]})|(?:{bodies[1]}){TAIL}"
