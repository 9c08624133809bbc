r"""Write patterns in ASCII, for tools that put them into a header: `\u00e9`, which all of their engines read.

Python's `re`, Rust's `regex` and ECMAScript (with and without the flag `u`) have no common escape for characters beyond
the basic plane. A class with some of these is written as the complement of the other characters of the basic plane, and
so accepts all characters beyond it.
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
"""The characters of the basic plane before and after the surrogates, which no valid string contains."""
BASIC = ("".join(map(chr, range(ord(LAST) + 1))), "".join(map(chr, range(ord(FIRST), 0x10000))))
BASIC_END = "\uffff"
ANY = r"[\s\S]"


class ClassContent(NamedTuple):
    """The content of a class: its ranges within the basic plane, those that it lacks, and whether it has or lacks some
    beyond.
    """

    inside: tuple[str, ...]
    outside: tuple[str, ...]
    goes_beyond: bool
    lacks_some: bool


@cache
def in_ascii(pattern: str) -> str:
    """Return a pattern that matches the same strings, except for characters beyond the basic plane; see `widens`."""
    return pattern if pattern.isascii() else printed(read(pattern), _piece)


@cache
def widens(pattern: str) -> bool:
    """Return whether the pattern in ASCII accepts more characters beyond the basic plane than the original."""
    found = (_members(_class(character)) for character in characters(read(pattern)) if not character.isascii())
    return any(content.goes_beyond and content.lacks_some for content in found)


def all_in_ascii(schema: Any) -> Any:
    """Return a schema with all patterns in ASCII."""
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
    """Return the class of all characters beyond the basic plane."""
    return "".join(map(chr, range(0x10000, 0x110000)))


@cache
def _members(spelt: str) -> ClassContent:
    own, others = re.compile(f"{spelt}+"), re.compile(f"(?:(?!{spelt})[\\s\\S])+")
    inside, outside = (tuple(run for part in BASIC for run in pattern.findall(part)) for pattern in (own, others))
    return ClassContent(inside, outside, bool(own.search(_astral())), bool(others.search(_astral())))


def _all_but(runs: tuple[str, ...]) -> str:
    """Return the class of all characters except some.

    Rust's `regex` needs both sides of the surrogates listed after `[^`.
    """
    ends = {run[-1] for run in runs} & {LAST}, {run[0] for run in runs} & {FIRST}
    if not all(ends):
        return f"[^{_ranges(runs)}]"
    shorter = [run.removesuffix(LAST) for run in runs]
    return f"(?:(?!{_escaped(LAST)})[^{_ranges(filter(None, shorter))}])"


def _ranges(runs: Iterable[str]) -> str:
    return "".join(_range(run[0], run[-1]) for run in runs)


def _range(first: str, last: str) -> str:
    ends = [_escaped(end) for end in dict.fromkeys((first, last))]
    return "".join(ends) if ord(last) <= ord(first) + 1 else "-".join(ends)


def _escaped(character: str) -> str:
    return character if character.isascii() and character.isalnum() else f"\\u{ord(character):04x}"
