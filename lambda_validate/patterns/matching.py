"""Compile JSON Schema patterns into functions that match a string. Classes such as `\\d` match ASCII only.

A pattern of the form `^(?:P)$(?!\\n)` must match the whole string. This form means the same in all regular expression
engines, and here it becomes `fullmatch` of `P`, which is fastest. Any other pattern may match anywhere in a string.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from . import PatternError

HEAD, TAIL = "^(?:", ")$(?!\\n)"


def whole(pattern: str) -> str | None:
    """Return `P` if a pattern has the form `^(?:P)$(?!\\n)`, else None."""
    return pattern[len(HEAD) : -len(TAIL)] if pattern.startswith(HEAD) and pattern.endswith(TAIL) else None


@cache
def matcher(pattern: str) -> Callable[[str], Any]:
    """Return a function that matches a string with a pattern, and returns a match or None.

    A pattern that cannot be compiled raises `PatternError`. One with Unicode properties is compiled at the first call
    of the function, so the error is raised then.
    """
    return _late(pattern) if has_properties(pattern) else _matcher(pattern)


def _late(pattern: str) -> Callable[[str], Any]:
    """Return a function that matches a string with a pattern, and compiles it when it is first called.

    For that it imports the library `regex`, which takes longer than all other imports together.
    """
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


# Why tokens, and not the syntax tree of `patterns.syntax`: the first validation of every process imports this module.
# To import `syntax` too would take 4 ms more. To parse FunctionName's pattern with it takes 80 µs, to split it into
# these tokens 30 µs. Tests prove that the rewritten patterns match the same strings.
TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|\)\?(?![?+])|.", re.DOTALL)


BLOCK = 256
"""Number of repetitions of a group that are joined into one."""


def quicker(pattern: str) -> str:
    """Return a pattern that matches the same strings as another, but takes a quarter less time.

    `re` needs much more time for an optional group than for an empty alternative. So `(?:x)?` becomes `(?:x|)`.
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


# `re` stores each repetition of a group, so repetitions are joined to save memory. Example: `(?:[a-z]{4})*` becomes
# `(?:[a-z]{1024})*(?:[a-z]{4}){0,255}`, which matches the same strings: first blocks of 256 repetitions, then at most
# 255 single ones.
def in_blocks(tokens: list[str]) -> Iterator[str]:
    """Yield the tokens of a pattern that matches the same strings, but for which `re` needs less memory.

    `re` stores 100 bytes for each repetition of a group: 1.6 GB for 50 MB of Base64. So repetitions are matched in
    blocks of `BLOCK`.
    """
    index = 0
    while index < len(tokens):
        match tokens[index : index + 8]:
            case ["(?:", token, "{", size, "}", ")", "*", *after] if (
                token[0] == "[" and size.isdigit() and after not in (["?"], ["+"])
            ):
                yield from ("(?:", f"{token}{{{BLOCK * int(size)}}}", ")*")
                yield from ("(?:", f"{token}{{{size}}}", f"){{0,{BLOCK - 1}}}")
                index += 7
            case _:
                yield tokens[index]
                index += 1


def has_properties(pattern: str) -> bool:
    """Return whether a pattern contains Unicode properties, such as `\\p{L}`, which `re` does not support."""
    return "\\p{" in pattern or "\\P{" in pattern


def alternates(pattern: str) -> bool:
    """Return whether a pattern has a `|` outside all groups, so that a leading `^` applies to one alternative only."""
    plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", pattern)  # without escapes and character classes
    depth = 0
    for character in plain:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            return True
    return False
