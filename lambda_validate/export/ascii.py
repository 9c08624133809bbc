r"""Write patterns in ASCII, since some tools put them into HTTP headers: `é` becomes `\u00e9`.

Python's `re`, Rust's `regex` and ECMAScript (with and without the flag `u`) have no common escape for characters above
U+FFFF. A class with some of these is written as "every character except", with the characters up to U+FFFF that are not
in it. So the result accepts all characters above U+FFFF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from ..patterns.portable import ANY_CHARACTER
from ..patterns.printing import printed
from ..patterns.syntax import characters, read
from .dialects import changed

LAST, FIRST = "\ud7ff", "\ue000"
"""The characters before and after the surrogates (U+D800 to U+DFFF), which no valid string contains."""
BASIC = ("".join(map(chr, range(ord(LAST) + 1))), "".join(map(chr, range(ord(FIRST), 0x10000))))
BASIC_END = "\uffff"


class ClassContent(NamedTuple):
    """What a character class matches: the ranges up to U+FFFF that it has, and those that it lacks.

    `goes_beyond` says whether it has characters above U+FFFF, and `lacks_some` whether it lacks some of these.
    """

    inside: tuple[str, ...]
    outside: tuple[str, ...]
    goes_beyond: bool
    lacks_some: bool


@cache
def in_ascii(pattern: str) -> str:
    """Return a pattern in ASCII that matches the same strings.

    It may match more characters above U+FFFF: see `widens`.
    """
    return pattern if pattern.isascii() else printed(read(pattern), _piece)


@cache
def widens(pattern: str) -> bool:
    """Return whether a pattern, written in ASCII, accepts more characters above U+FFFF than the original."""
    found = (_members(_class(character)) for character in characters(read(pattern)) if not character.isascii())
    return any(content.goes_beyond and content.lacks_some for content in found)


def all_in_ascii(schema: Any) -> Any:
    """Return a schema with all its patterns written in ASCII."""
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
    return _all_but(found.outside) if found.outside else ANY_CHARACTER


@cache
def _astral() -> str:
    """Return a string of all characters above U+FFFF."""
    return "".join(map(chr, range(0x10000, 0x110000)))


@cache
def _members(spelt: str) -> ClassContent:
    own, others = re.compile(f"{spelt}+"), re.compile(f"(?:(?!{spelt})[\\s\\S])+")
    inside, outside = (tuple(run for part in BASIC for run in pattern.findall(part)) for pattern in (own, others))
    return ClassContent(inside, outside, bool(own.search(_astral())), bool(others.search(_astral())))


def _all_but(runs: tuple[str, ...]) -> str:
    """Return a pattern for one character that is in none of the given ranges.

    If `[^…]` lists both U+D7FF and U+E000, Rust's `regex` excludes neither. So a look-ahead then excludes U+D7FF.
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
