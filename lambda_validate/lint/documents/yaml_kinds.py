"""What plain scalars of YAML mean: a table for each version. In both, a date is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from re import Pattern
from typing import Any, NamedTuple

from .digits import DIGITS, integer


class ScalarKind(NamedTuple):
    """A kind of plain scalar: its tag, how it is written, and how that is read."""

    tag: str
    pattern: Pattern[str]
    read: Callable[[str], Any]


def _whole(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    base = {"0o": 8, "0x": 16}.get(digits[:2])
    return sign * (int(digits[2:], base) if base else integer(digits))


def _whole11(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-").replace("_", "")
    base = {"0b": 2, "0x": 16}.get(digits[:2])
    if base:
        return sign * int(digits[2:] or "0", base)
    return sign * (int(digits[:DIGITS], 8) if digits.startswith("0") else integer(digits))


def _real(text: str) -> float:
    return float(text.lower().replace("_", "").replace(".inf", "inf"))


REAL = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
REAL11 = r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?"
WORDS = {word: word in ("yes", "true", "on") for word in ("yes", "no", "true", "false", "on", "off")}

Row = tuple[str, str, Callable[[str], Any]]
NULL: Row = ("null", r"null|Null|NULL|~|", lambda text: None)
NAN: Row = ("float", r"\.(?:nan|NaN|NAN)", lambda text: float("nan"))
CORE: tuple[Row, ...] = (
    NULL,
    ("bool", r"true|True|TRUE|false|False|FALSE", lambda text: text[0] in "tT"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", _whole),
    ("float", REAL + r"|[-+]?\.(?:inf|Inf|INF)", _real),
    NAN,
)
"""The core schema of YAML 1.2."""
YAML11: tuple[Row, ...] = (
    NULL,
    ("bool", "|".join(f"{each}|{each.title()}|{each.upper()}" for each in WORDS), lambda text: WORDS[text.lower()]),
    ("int", r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)", _whole11),
    ("float", REAL11 + r"|[-+]?\.(?:inf|Inf|INF)", _real),
    NAN,
)
"""The types of YAML 1.1, as CloudFormation reads templates: `yes` is true and 010 is eight. It has no base of sixty."""

FIRST = frozenset("0123456789+-.~nNtTfFyYoO")
"""How plain scalars begin that may be anything but text, in both versions; so does no ARN, and hardly a name."""

DIALECTS: Mapping[str, tuple[Row, ...]] = {"core": CORE, "yaml11": YAML11}


@cache
def kinds(dialect: str = "core") -> tuple[ScalarKind, ...]:
    """Return the kinds of a dialect; most runs need but one."""
    return tuple(ScalarKind(tag, re.compile(pattern), read) for tag, pattern, read in DIALECTS[dialect])
