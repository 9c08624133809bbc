"""JSON Schema patterns as functions that say whether a text matches, in ASCII.

A pattern written `^(?:P)$(?!\\n)` binds the whole value: every engine reads it alike, and here it becomes a `fullmatch`
of `P`, which is the fastest form. Any other pattern may match anywhere, as JSON Schema has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from .catalog import SchemaError

HEAD, TAIL = "^(?:", ")$(?!\\n)"


def whole(pattern: str) -> str | None:
    """Return `P` of a pattern `^(?:P)$(?!\\n)`, or None where a pattern is of another form."""
    return pattern[len(HEAD) : -len(TAIL)] if pattern.startswith(HEAD) and pattern.endswith(TAIL) else None


@cache
def matcher(pattern: str) -> Callable[[str], Any]:
    """Return a function that gives a match, or None. A pattern that cannot be compiled raises `SchemaError`."""
    body = whole(pattern)
    try:
        compiled: re.Pattern[str] = _compiled(pattern if body is None else body)
    except (re.error, TypeError) as error:
        raise SchemaError(f"the pattern {pattern!r} cannot be read: {error}") from None
    if body is not None:
        return compiled.fullmatch
    return compiled.match if pattern.startswith("^") and not _alternates(pattern) else compiled.search


# arn:partition:service:…; what a rule that depends on the source asks for is one service, one of several, or any
SERVICES = re.compile(r"\^arn:\[\^:\]\*:(?:(?P<one>[a-z0-9]+)|\(\?:(?P<some>[a-z0-9]+(?:\|[a-z0-9]+)*)\)|\[\^:\]\+):")
NAMING = re.compile(r"(arn:[a-z]*(?:\[[a-zA-Z0-9\\-]*\]\*)?:)(\[[a-zA-Z0-9\\-]*\]\+)(:[^|]*)")
"""A pattern of one alternative whose first parts are those of an ARN, none of which can hold a colon."""


def services(pattern: str) -> tuple[str, ...] | None:
    """Return the services that a pattern admits which looks no further into an ARN than that; none stands for any.

    None for any other pattern: it has to be matched.
    """
    found = SERVICES.fullmatch(pattern)
    if found is None:
        return None
    return (found["one"],) if found["one"] else tuple((found["some"] or "").split("|")) if found["some"] else ()


def naming(pattern: str) -> Callable[[str], Any] | None:
    """Return what `matcher` does, with the service as the match's first group; None where a pattern binds no ARN."""
    found = NAMING.fullmatch(whole(pattern) or "")
    return matcher(f"{HEAD}{found[1]}({found[2]}){found[3]}{TAIL}") if found else None


def _compiled(pattern: str) -> Any:
    if not has_properties(pattern):
        return re.compile(pattern, re.ASCII)
    import regex  # only few patterns name properties of Unicode, and this is dear to load

    try:
        return regex.compile(pattern, regex.VERSION0)
    except regex.error as error:
        raise SchemaError(f"the pattern {pattern!r} cannot be read: {error}") from None


def has_properties(pattern: str) -> bool:
    """Whether a pattern names properties of Unicode, such as `\\p{L}`: those are not bound to ASCII."""
    return "\\p{" in pattern or "\\P{" in pattern


def _alternates(pattern: str) -> bool:
    """Whether a `|` stands outside every group, so that a leading `^` binds only the first alternative."""
    plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", pattern)  # without escapes and character classes
    depth = 0
    for character in plain:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            return True
    return False
