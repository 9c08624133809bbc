"""Parse usual JSON fast. For anything unusual return `UNREAD`, so that the thorough parser in `json_body` decides.

There are two fast parsers: jiter, if it is installed (the extra `fast`), else the scanner of the `json` module with
hooks. Both return a value only if all JSON parsers agree on it:

>>> interpreter(b'{"BatchSize": 10}', depth=32)
{'BatchSize': 10}
>>> interpreter(b'{"BatchSize": 10, "BatchSize": 1000}', depth=32) is UNREAD
True

Both refuse duplicate names, numbers outside the range of a double, lone surrogates and what RFC 8259 forbids. jiter
also refuses more than 200 levels of nesting. The scanner of `json` also refuses every `\\u` escape. A fast parser may
refuse valid JSON, since the thorough parser decides then.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import accumulate, chain
from math import isfinite
from typing import Any

from ..base.engines import is_pure
from ..native import engine

Parser = Callable[[bytes, int], Any]
"""A parser takes a body and the maximum nesting depth."""

DIGITS = 308
"""An integer of this many digits is always a finite double. A longer one may not be, and is slow to convert."""

DIGIT_BLOCK = DIGITS // 2
"""Size of the blocks to scan. A run of more than `DIGITS` digits fills at least one block, wherever it begins."""

UNREAD = object()
"""The result for a body that the fast parser leaves to the thorough one."""


class Odd(ValueError):
    """Raised inside the fast parser for unusual JSON, such as a duplicate name, which the thorough parser handles."""


# Why not a regular expression: to find long runs of digits, it looks at every byte. Here `isdigit` looks at one block
# of bytes at a time, and stops at the first byte that is not a digit. So for most blocks it looks at one or two bytes
# only.
def has_long(text: bytes | str) -> bool:
    """Return whether a body may contain an integer of more than `DIGITS` (308) digits.

    True if some block of `DIGIT_BLOCK` characters has only digits.
    """
    if len(text) <= DIGITS:
        return False
    return any(text[start : start + DIGIT_BLOCK].isdigit() for start in range(len(text))[::DIGIT_BLOCK])


def interpreter(body: bytes, depth: int) -> Any:
    """Parse a body with the scanner of the `json` module. Return its value, or `UNREAD` for anything unusual."""
    if body.count(b"{") + body.count(b"[") > depth and nesting(body) > depth:
        return UNREAD
    try:
        text = body.decode()
        value, end = (DECODE_LONG if has_long(text) else DECODE)(text)
    except (ValueError, RecursionError):
        return UNREAD
    return value if end == len(text) and "\\u" not in text else UNREAD


def jiter() -> Parser:
    """Return a parser that uses jiter. Raise `ImportError` if jiter is not installed or cannot be loaded."""
    from jiter import from_json

    reader = engine().reader
    if reader:
        return reader(from_json, UNREAD).read

    def parse(body: bytes, depth: int) -> Any:
        """Parse a body with jiter. Return its value, or `UNREAD` for anything unusual."""
        if len(body) > DIGITS and has_long(body):
            return UNREAD
        try:  # jiter caches names only, so that no value stays in memory
            value = from_json(body, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
        except ValueError:
            return UNREAD
        return value if is_bounded(value, depth) else UNREAD

    return parse


def is_bounded(value: Any, depth: int) -> bool:
    """Return whether a JSON value nests at most `depth` levels deep, and all its numbers are finite.

    A number may be infinite, since jiter parses 1e400 as infinity.
    """
    level = [value]
    for _ in range(depth + 1):
        if any(type(item) is float and not isfinite(item) for item in level):
            return False
        inner = [item.values() if type(item) is dict else item for item in level if type(item) in (dict, list)]
        if not inner:
            return True
        level = [*chain.from_iterable(inner)]
    return False


# Compute the depth of nesting without a parser: a recursive one could overflow the stack, which this function is meant
# to prevent. Remove the strings and all characters but brackets. Map `[` and `{` to +1 and `]` and `}` to -1, and take
# the maximum of the running sum. For `{"a": ["]"]}` the steps are +1 +1 -1 -1, so the depth is 2.
def nesting(body: bytes) -> int:
    """Return the maximum nesting depth of a JSON body, 2 for `{"a": []}`. The cost depends only on its length."""
    plain = body.replace(b"\\\\", b"").replace(b'\\"', b"")  # now every quotation mark begins or ends a string
    brackets = b"".join(plain.split(b'"')[::2]).translate(NESTING_STEPS, NEITHER)
    return max(accumulate(memoryview(brackets).cast("b"), initial=0))


def best() -> Parser:
    """Return the fastest JSON parser: jiter, if it is installed and `LAMBDA_VALIDATE_PURE` is not set, else `json`."""
    if is_pure():
        return interpreter
    try:
        return jiter()
    except ImportError:
        return interpreter


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a dict of the names and values of a JSON object. Raise `Odd` for a duplicate name."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Odd
    return made


def finite(text: str) -> float:
    """Convert the digits of a JSON number to a float. Raise `Odd` if it is outside the range of a double."""
    value = float(text)
    if not isfinite(value):
        raise Odd
    return value


def integer(text: str) -> int:
    """Convert the digits of a JSON integer to an int. Raise `Odd` if it is outside the range of a double."""
    if len(text) > DIGITS and (len(text) > DIGITS + 2 or not isfinite(float(text))):  # a sign, and a digit more
        raise Odd
    return int(text)


# NaN and Infinity are not valid JSON, but Python's parser accepts them by default. With `parse_constant=int` it calls
# `int("NaN")`, which raises ValueError.
STRICT: dict[str, Any] = {"object_pairs_hook": once, "parse_constant": int, "parse_float": finite}
DECODE = json.JSONDecoder(**STRICT).raw_decode
DECODE_LONG = json.JSONDecoder(**STRICT, parse_int=integer).raw_decode

NESTING_STEPS = bytes({**dict.fromkeys(b"[{", 1), **dict.fromkeys(b"]}", 255)}.get(byte, byte) for byte in range(256))
"""Maps an opening bracket to 1, and a closing bracket to 255, which is -1 as a signed byte."""

NEITHER = bytes(byte for byte in range(256) if byte not in b"[]{}")
