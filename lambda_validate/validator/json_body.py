"""Parse the bytes of a body into one JSON value and a list of faults. The caller must limit the size of the body.

RFC 8259 does not say how to read duplicate names, huge numbers and lone surrogates. If two parsers read them
differently, a bad value gets past a check. So all of these are refused.

A usual body is parsed by the fast parser that `json_parsers` chose. If that parser refuses the body, it is parsed a
second time, leniently, to report every fault and its position.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from math import inf, isfinite
from typing import Any, NamedTuple

from ..base.json_errors import trailing_comma
from ..report import Path
from .faults import Fault
from .json_parsers import UNREAD, Odd, best, has_long, integer, nesting

FAULTS = 1_000
"""Maximum number of faults reported per body, so that reporting never costs more than parsing."""

BYTE_ORDER_MARKS = (BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)


class Reading(NamedTuple):
    """A parsed JSON value and the faults of its body. `value` is `UNREAD` if the body could not be parsed."""

    value: Any
    faults: tuple[Fault, ...] = ()


class Repeated(dict[str, Any]):
    """An object with duplicate names. The last value of each name counts."""

    names: tuple[str, ...] = ()


quick = best()
"""The fast parser of this process: `quick(body, depth)` returns the value of a body, or `UNREAD`."""


def read(body: bytes, depth: int) -> Reading:
    """Parse a JSON body. Return its value and all its faults; nesting deeper than `depth` levels is a fault."""
    value = quick(body, depth)
    return Reading(value) if value is not UNREAD else thorough(body, depth)


def thorough(body: bytes, depth: int) -> Reading:
    """Return the same as `read`, without the fast parser."""
    try:
        if body.startswith(BYTE_ORDER_MARKS):
            return _refused("body.encoding", "The body must not begin with a byte-order mark.")
        text = body.decode()
        if nesting(body) > depth:
            return _refused("body.depth", f"The body must nest at most {depth} levels deep.")
        value = (LENIENT_LONG if has_long(text) else LENIENT).decode(text)
    except UnicodeDecodeError as error:
        return _refused("body.encoding", f"The body must be UTF-8; byte {error.start + 1} is invalid.")
    except json.JSONDecodeError as error:
        return _refused("body.syntax", f"The body must be one JSON value; {_syntax(error)}.")
    except RecursionError:
        return _refused("body.depth", "The body must not nest deeper than Python can parse.")
    return Reading(value, tuple(islice(_faults(value), FAULTS)))


def _syntax(error: json.JSONDecodeError) -> str:
    comma = trailing_comma(error.doc, error.pos)
    if comma is not None:
        return f"character {comma + 1} is a comma before a closing bracket"
    return f"character {error.pos + 1} is invalid" if error.doc.strip() else "it is empty"


def _refused(rule: str, message: str) -> Reading:
    return Reading(UNREAD, (Fault(rule, message, "body"),))


# Why a loop, and not recursion: a body may nest deeper than Python's stack. `levels` is a stack instead: for each
# object or array that is being visited, its path and an iterator over its remaining members.
def _faults(value: Any) -> Iterator[Fault]:
    """Yield a fault for every duplicate name, infinite number and lone surrogate in a JSON value.

    They are in the order of the body. A caller that needs only the first faults can stop, and saves the time for the
    rest.
    """
    levels: list[tuple[Path, Iterator[tuple[Any, Any]]]] = [((), iter(((None, value),)))]
    while levels:
        above, inner = levels[-1]
        for name, part in inner:
            find = FAULT_FINDERS.get(type(part))
            if find is not None:
                path = above if name is None else (*above, name)
                yield from find(path, part)
                if find is not _number and find is not _text:
                    levels.append((path, iter(part.items() if isinstance(part, dict) else enumerate(part))))
                    break
        else:
            levels.pop()


def _object(path: Path, value: dict[str, Any]) -> Iterator[Fault]:
    if isinstance(value, Repeated):
        for name in value.names:
            yield Fault("body.duplicate", "The name must occur only once in its object.", "body", (*path, name))
    if any(map(_is_broken, value)):
        yield Fault("body.surrogate", "A name must not contain a lone surrogate.", "body", path)


def _number(path: Path, value: float) -> Iterator[Fault]:
    if not isfinite(value):
        yield Fault("body.number", "A number must be finite, and in the range of a double.", "body", path)


def _text(path: Path, value: str) -> Iterator[Fault]:
    if _is_broken(value):
        yield Fault("body.surrogate", "A string must not contain a lone surrogate.", "body", path)


FAULT_FINDERS: Mapping[type, Callable[[Path, Any], Iterator[Fault]]] = {
    dict: _object, Repeated: _object, list: lambda *_: iter(()), float: _number, str: _text,
}  # fmt: skip
"""For each type, a function that yields the faults of a value itself, without those of its members or items."""


def _is_broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    again = Repeated(made)
    again.names = tuple(dict.fromkeys(name for name, _ in pairs if name in seen or seen.add(name)))  # type: ignore[func-returns-value]  # add returns None
    return again


def _integer_or_none(text: str) -> int | float:
    try:
        return integer(text)
    except Odd:
        return inf


LENIENT = json.JSONDecoder(object_pairs_hook=_repeated)
LENIENT_LONG = json.JSONDecoder(object_pairs_hook=_repeated, parse_int=_integer_or_none)
