"""Bytes become a JSON value in one quick step, or `UNREAD` where anything about them is odd.

There are two parsers: jiter where it is installed (the extra `fast`), else the interpreter's own scanner with hooks. A
parser returns a value only if all readers of JSON agree on it, so both refuse what `json_body` then reads thoroughly:

>>> interpreter(b'{"BatchSize": 10}')
{'BatchSize': 10}
>>> interpreter(b'{"BatchSize": 10, "BatchSize": 1000}') is UNREAD
True

Both refuse names that stand twice, numbers that no double holds, lone surrogates and what RFC 8259 forbids. jiter also
refuses more than 200 levels. The interpreter's scanner also refuses every `\\u` escape. A parser may refuse too much:
the thorough reader decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isfinite
from typing import Any

from ..base.engines import is_pure

Parser = Callable[[bytes], Any]

DIGITS = 308
"""An integer of so many digits is one that a double holds; a longer one may be none, and takes long to convert."""

DIGIT_BLOCK = DIGITS // 2
"""Characters of a block: wherever so many digits and one more stand, they fill one of those that follow each other."""

UNREAD = object()
"""Stands for a body that the quick parser leaves to the thorough one."""

SIMPLE = frozenset({str, int, bool, type(None)})
"""The types of values that hold no number which may be infinite."""


class Odd(ValueError):
    """A string that needs the thorough reader."""


def has_long(text: bytes | str) -> bool:
    """Return whether there may be a number of more digits than `DIGITS`: a whole block is digits then."""
    if len(text) <= DIGITS:
        return False
    return any(text[start : start + DIGIT_BLOCK].isdigit() for start in range(0, len(text), DIGIT_BLOCK))


def interpreter(body: bytes) -> Any:
    """Return the value of a body that has nothing odd, as the interpreter's scanner reads it, else `UNREAD`."""
    try:
        text = body.decode()
        value, end = (DECODE_LONG if has_long(text) else DECODE)(text)
    except (ValueError, RecursionError):
        return UNREAD
    return value if end == len(text) and "\\u" not in text else UNREAD


def jiter() -> Parser:
    """Return the parser that reads by jiter. Raise `ImportError` where it is not installed, or does not load."""
    from jiter import from_json

    def parse(body: bytes) -> Any:
        """Return the value of a body that has nothing odd, as jiter reads it, else `UNREAD`."""
        if len(body) > DIGITS and has_long(body):
            return UNREAD
        try:  # jiter caches names only, so that no value stays in memory
            value = from_json(body, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
        except ValueError:
            return UNREAD
        return value if is_finite(value) else UNREAD

    return parse


def is_finite(value: Any) -> bool:
    """Return whether all numbers of a JSON value are finite: jiter reads 1e400 as infinity."""
    rest = [value]
    for each in rest:  # grows with what is found inside
        kind = type(each)
        if kind is dict:
            inner = each.values()
        elif kind is list:
            inner = each
        elif kind is float and not isfinite(each):
            return False
        else:
            continue
        if not SIMPLE.issuperset(map(type, inner)):
            rest += [one for one in inner if type(one) not in SIMPLE]
    return True


def best() -> Parser:
    """Return jiter's parser where it loads and `LAMBDA_VALIDATE_PURE` is not set, else the interpreter's."""
    if is_pure():
        return interpreter
    try:
        return jiter()
    except ImportError:
        return interpreter


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of names and values. Raise `Odd` if a name stands twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Odd
    return made


def finite(text: str) -> float:
    """Return a number. Raise `Odd` if no double holds it."""
    value = float(text)
    if not isfinite(value):
        raise Odd
    return value


def integer(text: str) -> int:
    """Return an integer. Raise `Odd` if no double holds it."""
    if len(text) > DIGITS and (len(text) > DIGITS + 2 or not isfinite(float(text))):  # a sign, and a digit more
        raise Odd
    return int(text)


# NaN and Infinity are no numbers to `int`, which raises ValueError.
STRICT: dict[str, Any] = {"object_pairs_hook": once, "parse_constant": int, "parse_float": finite}
DECODE = json.JSONDecoder(**STRICT).raw_decode
DECODE_LONG = json.JSONDecoder(**STRICT, parse_int=integer).raw_decode
