"""Describe the conditions of rules in words: `StartingPosition is AT_TIMESTAMP`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..base.spelling import listing
from ..catalog import Schema
from ..catalog.references import resolve
from ..compiler.assertions import ASSERTIONS
from ..patterns.matching import whole


def words(root: Schema, schema: Schema, subject: str | None) -> str:
    """Describe the condition of an `if` in words: `{"const": "LATEST"}` becomes `StartingPosition is LATEST`.

    `subject` is the name of the member that the schema is about, None for the whole payload.
    """
    found = [
        part
        for keyword in KEYWORD_WORDS
        if keyword in schema
        for part in KEYWORD_WORDS[keyword](root, schema, subject)
        if part
    ]
    return listing(found, "and") or "it is there"


def _reference(root: Schema, schema: Schema, subject: str | None) -> list[str]:
    target = resolve(root, schema["$ref"])
    known = target.get("description")
    if known:
        return [f"it is {known[:1].lower()}{known[1:].rstrip('.')}"]
    return [words(root, target, subject)]


def _required(root: Schema, schema: Schema, subject: str | None) -> list[str]:
    rest = [name for name in schema["required"] if name not in schema.get("properties", {})]
    return [f"there is {listing(rest, 'and')}"] if rest else []


def _not(root: Schema, schema: Schema, subject: str | None) -> list[str]:
    found = words(root, schema["not"], subject)
    for stated, denied in DENIED.items():
        if stated in found:
            return [found.replace(stated, denied, 1)]
    return [f"not: {found}"]


def _plain(template: str, keyword: str) -> Callable[[Schema, Schema, str | None], list[str]]:
    def condition(root: Schema, schema: Schema, subject: str | None) -> list[str]:
        argument = plain_pattern(schema[keyword]) if keyword == "pattern" else _value(schema[keyword])
        return [template.format(subject or "the payload", argument, "" if schema[keyword] == 1 else "s")]

    return condition


def _stated(sentence: str) -> str:
    """Turn the template of a message into that of a condition: `{} must be at least {}.` to `{} is at least {}`."""
    return sentence.replace(" must be ", " is ").replace(" must have ", " has ").rstrip(".")


def _value(argument: Any) -> str:
    if isinstance(argument, list):
        return listing(map(_value, argument))
    if isinstance(argument, int) and not isinstance(argument, bool):
        return f"{argument:,}"
    return str(argument)


def plain_pattern(pattern: str) -> str:
    """Return a pattern without the anchors that make it match whole strings: `^(?:[a-z]+)$` becomes `[a-z]+`."""
    return whole(pattern) or pattern


DENIED: Mapping[str, str] = {
    "there is ": "there is no ",
    " is ": " is not ",
    " matches ": " does not match ",
    " has at ": " has not at ",
}
"""For `not`, words of a condition and the words that replace them: `there is ` becomes `there is no `."""

KEYWORD_WORDS: Mapping[str, Callable[[Schema, Schema, str | None], list[str]]] = {
    "$ref": _reference,
    "required": _required,
    "properties": lambda root, schema, _: [words(root, member, name) for name, member in schema["properties"].items()],
    "const": _plain("{} is {}", "const"),
    "enum": _plain("{} is {}", "enum"),
    "pattern": _plain("{} matches {}", "pattern"),
    **{keyword: _plain(_stated(row.sentence), keyword) for keyword, row in ASSERTIONS.items() if row.sentence},
    "not": _not,
    "allOf": lambda root, schema, subject: [words(root, condition, subject) for condition in schema["allOf"]],
}
"""For each keyword, the function that describes it in words as a part of a condition. `type` is left out."""
