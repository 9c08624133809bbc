"""JSON Schema patterns as functions that say whether a text matches, in ASCII.

A pattern written `^(?:P)$(?!\\n)` binds the whole value: every engine reads it alike, and here it becomes a `fullmatch`
of `P`, which is the fastest form. Any other pattern may match anywhere, as JSON Schema has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from . import PatternError

HEAD, TAIL = "^(?:", ")$(?!\\n)"


def whole(pattern: str) -> str | None:
    """Return `P` of a pattern `^(?:P)$(?!\\n)`, or None where a pattern is of another form."""
    return pattern[len(HEAD) : -len(TAIL)] if pattern.startswith(HEAD) and pattern.endswith(TAIL) else None


@cache
def matcher(pattern: str) -> Callable[[str], Any]:
    """Return a function that gives a match, or None. A pattern that cannot be compiled raises `PatternError`.

    One that names properties of Unicode is compiled, and so raises, when the function is first called.
    """
    return _late(pattern) if has_properties(pattern) else _matcher(pattern)


def _late(pattern: str) -> Callable[[str], Any]:
    """Return the function of a pattern that needs `regex`, which takes longer to import than all else together."""
    made: Callable[[str], Any] | None = None

    def match(text: str) -> Any:
        nonlocal made
        made = made or _matcher(pattern)
        return made(text)

    return match


def _matcher(pattern: str) -> Callable[[str], Any]:
    body = whole(pattern)
    try:
        compiled: re.Pattern[str] = _compiled(pattern if body is None else body)
    except (re.error, TypeError) as error:
        raise PatternError(f"the pattern {pattern!r} cannot be read: {error}") from None
    if body is not None:
        return compiled.fullmatch
    return compiled.match if pattern.startswith("^") and not alternates(pattern) else compiled.search


def _compiled(pattern: str) -> Any:
    if not has_properties(pattern):
        return re.compile(quicker(pattern), re.ASCII)
    import regex  # only few patterns name properties of Unicode

    try:
        return regex.compile(pattern, regex.VERSION0)
    except regex.error as error:
        raise PatternError(f"the pattern {pattern!r} cannot be read: {error}") from None


# Why not the tree of `syntax`: every first verdict loads this module. To import `syntax` takes 4 ms more, and to
# read FunctionName's pattern 80 us where these tokens take 30. The tests prove that what comes out means the same.
TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|\)\?(?![?+])|.", re.DOTALL)


BLOCK = 256
"""Repetitions that are matched as one."""


def quicker(pattern: str) -> str:
    """Return a pattern that matches the same as another, in three quarters of the time.

    `re` takes far longer to try a group that may be repeated than one that may be empty: `(?:x)?` becomes `(?:x|)`.
    """
    pieces, opened = [], []
    tokens = TOKEN.findall(pattern)
    for token in in_blocks(tokens) if "})*" in pattern else tokens:  # hardly any pattern has such a group
        if token[0] == "(":
            opened.append(token)
        elif token[0] == ")" and opened and opened.pop() == "(?:" and token == ")?":
            token = "|)"
        pieces.append(token)
    return "".join(pieces)


def in_blocks(tokens: list[str]) -> Iterator[str]:
    """Yield tokens of a pattern that matches the same as another, of which `re` keeps less in mind.

    It keeps a hundred bytes for each time that a group has matched: of the Base64 of 50 MB, 1.6 GB. So characters of a
    set, by so many any number of times, as in Base64, are matched many times so many at once, and then the rest.
    """
    index = 0
    while index < len(tokens):
        match tokens[index : index + 8]:
            case ["(?:", each, "{", size, "}", ")", "*", *after] if (
                each[0] == "[" and size.isdigit() and after not in (["?"], ["+"])
            ):
                yield from ("(?:", f"{each}{{{BLOCK * int(size)}}}", ")*")
                yield from ("(?:", f"{each}{{{size}}}", f"){{0,{BLOCK - 1}}}")
                index += 7
            case _:
                yield tokens[index]
                index += 1


def has_properties(pattern: str) -> bool:
    """Whether a pattern names properties of Unicode, such as `\\p{L}`: those are not bound to ASCII."""
    return "\\p{" in pattern or "\\P{" in pattern


def alternates(pattern: str) -> bool:
    """Whether a `|` stands outside every group, so that a leading `^` binds only the first alternative."""
    plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", pattern)  # without escapes and character classes
    depth = 0
    for character in plain:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            return True
    return False
