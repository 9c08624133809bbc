"""Flatten a schema into its assertions. The place of each is that of the statement in a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lambda_validate.catalog.formats import STATED
from support.transcription import OURS

VALUES = ("type", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "pattern", "default", "x-pattern",
          "x-in", "additionalProperties", "x-unknown-members", "x-relation")  # fmt: skip
WORDS = ("$schema", "$defs", "title", "description", "examples", "x-source", "x-rules")
"""Keywords without constraints."""


class Fact:
    """A keyword at a place, its value, and the additional rule that it belongs to, if any."""

    def __init__(self, schema: Any, place: str, keyword: str, value: Any, ours: str | None) -> None:
        self.place, self.value = f"{place}{keyword}", value
        named = schema.get("x-rules", {}).get(keyword, {}).get("id")
        self.ours = named if named in OURS else own(schema, self.place, keyword) or ours


def own(schema: Any, place: str, keyword: str) -> str | None:
    """Return the additional rule that a keyword belongs to without being named after it."""
    newer = keyword == "x-in" and schema.get("$ref", "").endswith("/NewerMember")
    unnamed = {"member.unknown": keyword == "x-unknown-members", "payload.type": place == "type", "member.newer": newer}
    return next((rule for rule, applies in unnamed.items() if applies), None)


def facts(schema: Any, root: Any, place: str = "", ours: str | None = None) -> Iterator[Fact]:
    """Yield all assertions of a schema with references resolved. An unknown keyword is an error."""
    for keyword, value in schema.items():
        if keyword in VALUES:
            if not (keyword == "pattern" and "x-pattern" in schema):  # equal, as another test shows
                yield Fact(schema, place, keyword, value, ours)
        elif keyword == "$ref":
            yield from facts(target(value, root), root, place, ours)
        elif keyword == "required":
            yield from (Fact(schema, f"{place}{name}/", keyword, True, ours) for name in value)
        elif keyword == "format":
            if value not in STATED:  # the others repeat the keywords beside them
                yield Fact(schema, place, keyword, value, ours)
        elif keyword not in WORDS:
            yield from APPLIED[keyword](schema, root, place, ours)


def of_members(schema: Any, root: Any, place: str, ours: str | None) -> Iterator[Fact]:
    for name, subschema in schema["properties"].items():
        yield from facts(subschema, root, f"{place}{name}/", ours)


def of_items(schema: Any, root: Any, place: str, ours: str | None) -> Iterator[Fact]:
    yield from facts(schema["items"], root, f"{place}[items]/", ours)


def of_negation(schema: Any, root: Any, place: str, ours: str | None) -> Iterator[Fact]:
    rule = schema.get("x-rules", {}).get("not", {}).get("id")
    negated = {keyword: value for keyword, value in schema["not"].items() if keyword != "type"}  # where it applies
    yield from facts(negated, root, f"{place}not/", rule if rule in OURS else ours)
    if not schema["not"]:
        yield Fact(schema, place, "not", {}, ours)


def of_all(schema: Any, root: Any, place: str, ours: str | None) -> Iterator[Fact]:
    for each in schema["allOf"]:
        yield from facts(each, root, place if "if" in each else f"{place}[also]/", ours)


def of_condition(schema: Any, root: Any, place: str, ours: str | None) -> Iterator[Fact]:
    label = condition(schema["if"], root)
    for keyword, mark in (("then", ""), ("else", "unless ")):
        yield from facts(schema.get(keyword, {}), root, f"{place}[{mark}{label}]/", ours)


def of_warnings(schema: Any, root: Any, place: str, ours: str | None) -> Iterator[Fact]:
    for each in schema["x-warnings"]:
        yield from facts(each, root, f"{place}[warned]/", "observed")


def nothing(schema: Any, root: Any, place: str, ours: str | None) -> Iterator[Fact]:
    return iter(())


APPLIED = {"properties": of_members, "items": of_items, "not": of_negation, "allOf": of_all, "if": of_condition,
           "then": nothing, "else": nothing, "x-warnings": of_warnings}  # fmt: skip


def target(reference: str, root: Any) -> Any:
    return root["$defs"][reference.rpartition("/")[2]]


def condition(schema: Any, root: Any) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    return f"if({', '.join(f'{fact.place}={fact.value}' for fact in facts(schema, root))})"
