"""Decide which JSON type a Python object has. Imports no other package of ours.

The generated checkers first test for exact types, such as `type(value) is dict`. For any other type they call these
functions. Each returns the value as the exact built-in type, or None if the value has another JSON type. So no method
of a subclass is called while a payload is checked.

The type of a value is `type(value)`, never its `__class__` attribute, which an object can forge. A boolean is not a
number. NaN and the infinities are not numbers. 10.0 is the integer 10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from math import isfinite
from typing import Any, NamedTuple

MAX_MAPPING_MEMBERS = 100_000
"""Maximum number of members read from a mapping that is not a dict, since its iterator may never end."""


class Opaque(NamedTuple):
    """A placeholder for an array, object or other value that is not a scalar.

    It stores only the type, so that a report does not keep a payload in memory.
    """

    kind: str


def as_string(value: Any) -> str | None:
    """Return a string as an exact `str`; None for any other value."""
    return str.__str__(value) if issubclass(type(value), str) else None


def as_integer(value: Any) -> int | None:
    """Return a whole number as an exact `int`; None for any other value. 10.0 becomes 10."""
    if issubclass(type(value), int):
        return None if type(value) is bool else int.__int__(value)
    if issubclass(type(value), float) and float.is_integer(value):
        return float.__int__(value)
    return None


def as_number(value: Any) -> int | float | None:
    """Return a finite number as an exact `int` or `float`; None for any other value."""
    if issubclass(type(value), int):
        return None if type(value) is bool else int.__int__(value)
    return float.__float__(value) if issubclass(type(value), float) and isfinite(value) else None


def as_status(value: Any) -> int | None:
    """Return an HTTP status as an exact `int`; None for any other value.

    Members of `HTTPStatus` are accepted, 200.0 is not.
    """
    return as_integer(value) if issubclass(type(value), int) else None


def as_array(value: Any) -> list[Any] | None:
    """Return a list or tuple as an exact `list`; None for any other value."""
    if issubclass(type(value), list):
        return list.copy(value)
    return list(tuple.__iter__(value)) if issubclass(type(value), tuple) else None


def as_object(value: Any) -> dict[Any, Any] | None:
    """Return a mapping as an exact `dict`; None for any other value, and for a mapping whose own methods raise."""
    try:
        if issubclass(type(value), dict):
            items: Iterable[tuple[Any, Any]] = dict.items(value)
        elif issubclass(type(value), Mapping):
            items = islice(((key, value[key]) for key in value), MAX_MAPPING_MEMBERS)
        else:
            return None
        return {key if (name := as_string(key)) is None else name: member for key, member in items}
    except Exception:
        return None


NAMES = {str: "a string", bool: "a boolean", int: "an integer", float: "a number", list: "an array", tuple: "an array",
         dict: "an object", type(None): "null"}  # fmt: skip


NAME: Callable[[type], str] = type.__dict__["__name__"].__get__
"""Read the name of a class by `type` itself, so that a metaclass cannot run code."""

MAX_CLASS_NAME_LENGTH = 80
"""Maximum number of characters of a class name in a message."""


def kind_name(value: Any) -> str:
    """Return the type of a value in words for a message: "a string", "null", "a Python datetime"."""
    kind = type(value)
    if kind is Opaque:
        return str(value.kind)
    if issubclass(kind, float) and not isfinite(value):
        return "a number that is not finite"
    for base, known in NAMES.items():
        if issubclass(kind, base):
            return known
    name = NAME(kind)
    return f"a Python {name}" if name.isidentifier() and len(name) <= MAX_CLASS_NAME_LENGTH else "a Python object"


def seen(value: Any) -> Any:
    """Return the form of a value that a violation stores: a scalar itself, an `Opaque` for anything else."""
    kind = type(value)  # compared by identity: a metaclass may have its own idea of equality
    plain = kind is str or kind is int or kind is float or kind is bool or value is None
    return value if plain else Opaque(kind_name(value))


def key_name(key: Any) -> str:
    """Return a key of an object as one step of a path. A key that is not a string becomes "<an integer>" or similar."""
    name = as_string(key)
    return f"<{kind_name(key)}>" if name is None else name


EXACT: dict[str, Callable[[Any], Any]] = {
    "string": as_string, "integer": as_integer, "number": as_number, "array": as_array, "object": as_object,
}  # fmt: skip


def is_kind(value: Any, kind: str) -> bool:
    """Return whether a value has the JSON type `kind`, a name of JSON Schema such as "integer" or "object"."""
    if kind == "null":
        return value is None
    if kind == "boolean":
        return type(value) is bool
    return EXACT[kind](value) is not None


def is_kinds(value: Any, kinds: tuple[str, ...]) -> bool:
    """Return whether a value has one of several JSON types, given by names such as "integer"."""
    return any(is_kind(value, kind) for kind in kinds)


def same(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal. 1 equals 1.0, but true does not equal 1, at any depth."""
    if type(one) is bool or type(other) is bool or one is None or other is None:
        return one is other
    for exact in (as_string, as_number):
        if exact(one) is not None or exact(other) is not None:
            return exact(one) == exact(other)
    if (left := as_array(one)) is not None and (right := as_array(other)) is not None:
        return len(left) == len(right) and all(map(same, left, right))
    if (ours := as_object(one)) is not None and (theirs := as_object(other)) is not None:
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    return False


def one_of(value: Any, choices: tuple[Any, ...]) -> bool:
    """Return whether a value equals one of several JSON values."""
    return any(same(value, choice) for choice in choices)
