"""Patterns in ASCII alone, for tools that put one into a header: `\\u00e9`, which every engine that they use reads.

Python's `re`, Rust's `regex` and ECMAScript, with and without its flag `u`, have no common escape of a character beyond
the basic plane. A class with some of those is written as what it lacks of the basic plane, and takes all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from ..patterns.printing import printed
from ..patterns.syntax import characters, read
from .dialects import changed

LAST, FIRST = "\ud7ff", "\ue000"
"""The characters of the basic plane on either side of the surrogates, which no text holds."""
BASIC = ("".join(map(chr, range(ord(LAST) + 1))), "".join(map(chr, range(ord(FIRST), 0x10000))))
BASIC_END = "\uffff"
ANY = r"[\s\S]"


class Members(NamedTuple):
    """What a class holds: the runs of characters of the basic plane, and of those that it lacks; and whether it holds
    some of those beyond that plane, and lacks some."""

    inside: tuple[str, ...]
    outside: tuple[str, ...]
    goes_beyond: bool
    lacks_some: bool


@cache
def in_ascii(pattern: str) -> str:
    """Return a pattern that matches the same texts, but for characters beyond the basic plane: see `widens`."""
    return pattern if pattern.isascii() else printed(read(pattern), _piece)


@cache
def widens(pattern: str) -> bool:
    """Whether a pattern is spelt so in ASCII that it takes more characters beyond the basic plane than it names."""
    found = (_members(_class(each)) for each in characters(read(pattern)) if not each.isascii())
    return any(each.goes_beyond and each.lacks_some for each in found)


def all_in_ascii(schema: Any) -> Any:
    """Return a schema with each pattern in ASCII."""
    return changed(schema, _own_in_ascii)


def _own_in_ascii(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "pattern": in_ascii(schema["pattern"])} if "pattern" in schema else schema


def _class(piece: str) -> str:
    return piece if piece.startswith("[") else f"[{piece}]"


def _piece(piece: str) -> str:
    if piece.isascii():
        return piece
    if len(piece) < 3 and piece[-1] <= BASIC_END:
        return _escaped(piece[-1])
    found = _members(_class(piece))
    if not found.goes_beyond:
        return f"[{_ranges(found.inside)}]"
    return _all_but(found.outside) if found.outside else ANY


@cache
def _astral() -> str:
    """Every character beyond the basic plane."""
    return "".join(map(chr, range(0x10000, 0x110000)))


@cache
def _members(spelt: str) -> Members:
    own, others = re.compile(f"{spelt}+"), re.compile(f"(?:(?!{spelt})[\\s\\S])+")
    inside, outside = (tuple(run for part in BASIC for run in each.findall(part)) for each in (own, others))
    return Members(inside, outside, bool(own.search(_astral())), bool(others.search(_astral())))


def _all_but(runs: tuple[str, ...]) -> str:
    """Any character but some. After `[^`, Rust's `regex` takes the two sides of the surrogates where it finds both."""
    ends = {run[-1] for run in runs} & {LAST}, {run[0] for run in runs} & {FIRST}
    if not all(ends):
        return f"[^{_ranges(runs)}]"
    shorter = [run.removesuffix(LAST) for run in runs]
    return f"(?:(?!{_escaped(LAST)})[^{_ranges(filter(None, shorter))}])"


def _ranges(runs: Iterable[str]) -> str:
    return "".join(_range(run[0], run[-1]) for run in runs)


def _range(first: str, last: str) -> str:
    ends = [_escaped(each) for each in dict.fromkeys((first, last))]
    return "".join(ends) if ord(last) <= ord(first) + 1 else "-".join(ends)


def _escaped(character: str) -> str:
    return character if character.isascii() and character.isalnum() else f"\\u{ord(character):04x}"
