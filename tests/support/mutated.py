"""Change payloads in one to three places: a value, a type, a member or a character."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from random import Random
from typing import Any


class Text(str):
    """A string that is not exactly a `str`."""


class Object(dict[Any, Any]):
    """An object that is not exactly a `dict`."""


class Array(list[Any]):
    """An array that is not exactly a `list`."""


class Whole(int):
    """An integer that is not exactly an `int`."""


CHARACTERS = [*"\n\r :aZ0-_/.$é€", "\ud800", "\x00", "\x7f", "\x80", ""]
KEYS = [
    "FunctionName",
    "Qualifier",
    "EventSourceArn",
    "Tags",
    "a",
    "",
    "é",
    "\ud800",
    Text("FunctionName"),
    1,
    None,
    (),
]


def nested(depth: int, kind: Callable[[Any], Any]) -> Any:
    """Return an object or array inside others."""
    value: Any = {}
    for _ in range(depth):
        value = kind(value)
    return value


VALUES: list[Any] = [
    Text("x"), Object(), Array(), Whole(1), math.nan, math.inf, -math.inf, 10**30, -(10**30), 2**53, 2**53 + 1,
    -(2**63), 2**64, 10.0, 1.5, -0.0, 1e300, True, False, None, "", "\n", "a\n", "é", "\ud800", "x" * 2000,
    "x" * (1 << 21), (1, 2), b"x", object(), {1: 2}, {Text("FunctionName"): 1}, {None: 1}, {"a": 1}, [], {},
    [1], ["a"], 0, 1, -1, "1",
    nested(300, lambda value: [value]), nested(300, lambda value: {"Filters": [value], "a": value}),
]  # fmt: skip


def mutated(payload: Any, random: Random) -> Any:
    """Return a copy of a payload that differs in one to three places."""
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        payload = _changed(payload, random)
    return payload


def _changed(value: Any, random: Random) -> Any:
    """Return a value with a change somewhere inside it, or to itself."""
    if value and type(value) in (dict, list) and random.random() < 0.8:
        key = random.choice(list(value) if type(value) is dict else range(len(value)))
        copy = value.copy()
        copy[key] = _changed(value[key], random)
        return copy
    if random.random() < 0.2:
        return random.choice(VALUES)
    choices = list(CHANGES.get(type(value), _anything)(value, random))
    return random.choice(choices)


def _text(value: str, random: Random) -> Iterator[Any]:
    at = random.randrange(len(value) + 1)
    for _ in range(6):
        yield value[:at] + random.choice(CHARACTERS) + value[at + random.choice([0, 1]) :]
    yield from (
        value * 2,
        value[:at],
        value[at:],
        Text(value),
        value + "\n",
        value.upper(),
        value.encode("utf-8", "replace"),
    )


def _number(value: Any, random: Random) -> Iterator[Any]:
    if math.isfinite(value) and abs(value) < 1e300:
        yield from (
            -value,
            value + 1,
            value - 1,
            value * 10,
            float(value),
            value + 0.5,
            Whole(value),
            str(value),
            not value,
        )
    yield random.choice(VALUES)


def _object(value: dict[Any, Any], random: Random) -> Iterator[Any]:
    yield from (Object(value), [value], {**value, random.choice(KEYS): random.choice(VALUES)})
    yield dict(random.sample(list(value.items()), random.randrange(len(value) + 1)))
    yield dict(random.sample(list(value.items()), len(value)))


def _array(value: list[Any], random: Random) -> Iterator[Any]:
    yield from (value * 2, value[1:], tuple(value), Array(value), [*value, random.choice(VALUES)], value * 200)


def _anything(value: Any, random: Random) -> Iterator[Any]:
    yield random.choice(VALUES)


CHANGES: dict[type, Callable[[Any, Random], Iterator[Any]]] = {
    str: _text, int: _number, float: _number, bool: _number, dict: _object, list: _array,
}  # fmt: skip
"""Functions that yield changed values, by type."""
