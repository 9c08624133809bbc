"""What counts as which JSON type, for any Python object. Imports nothing of ours.

The generated checkers test `type(value) is dict` and so on first; these functions decide the rest. Each returns the
value as the exact built-in type, so that no method of a subclass is ever called while checking, or None where the value
is of another type. A value is what its type is, not what its `__class__` says. A boolean is no number, NaN and the
infinities are no numbers, and 10.0 is the integer 10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from math import isfinite
from typing import Any, NamedTuple

LARGEST = 100_000
"""Members that are read of a mapping which is no dict: it might have no end."""


class Opaque(NamedTuple):
    """Stands for a value that is no scalar: only its type is kept, so that no report holds on to a payload."""

    kind: str


def as_string(value: Any) -> str | None:
    """Return a string as exactly a `str`, else None."""
    return str.__str__(value) if issubclass(type(value), str) else None


def as_integer(value: Any) -> int | None:
    """Return a whole number as exactly an `int`, else None; 10.0 is one."""
    if issubclass(type(value), int):
        return None if type(value) is bool else int.__int__(value)
    if issubclass(type(value), float) and float.is_integer(value):
        return float.__int__(value)
    return None


def as_number(value: Any) -> int | float | None:
    """Return a finite number as exactly an `int` or `float`, else None."""
    if issubclass(type(value), int):
        return None if type(value) is bool else int.__int__(value)
    return float.__float__(value) if issubclass(type(value), float) and isfinite(value) else None


def as_status(value: Any) -> int | None:
    """Return an HTTP status as exactly an `int`, else None; a member of `HTTPStatus` is one, 200.0 is not."""
    return as_integer(value) if issubclass(type(value), int) else None


def as_array(value: Any) -> list[Any] | None:
    """Return a list or tuple as exactly a `list`, else None."""
    if issubclass(type(value), list):
        return list.copy(value)
    return list(tuple.__iter__(value)) if issubclass(type(value), tuple) else None


def as_object(value: Any) -> dict[Any, Any] | None:
    """Return a mapping as exactly a `dict`, else None; also None where its own methods raise."""
    try:
        if issubclass(type(value), dict):
            items: Iterable[tuple[Any, Any]] = dict.items(value)
        elif issubclass(type(value), Mapping):
            items = islice(((key, value[key]) for key in value), LARGEST)
        else:
            return None
        return {key if (name := as_string(key)) is None else name: each for key, each in items}
    except Exception:
        return None


NAMES = {str: "a string", bool: "a boolean", int: "an integer", float: "a number", list: "an array", tuple: "an array",
         dict: "an object", type(None): "null"}  # fmt: skip


NAME: Callable[[type], str] = type.__dict__["__name__"].__get__
"""What `type` itself says of a class, whatever its metaclass would."""

LONGEST = 80
"""Characters of a class's name that a sentence shows."""


def kind_name(value: Any) -> str:
    """Return what a value is, as a sentence says it: "a string", "null", "a datetime"."""
    kind = type(value)
    if kind is Opaque:
        return str(value.kind)
    if issubclass(kind, float) and not isfinite(value):
        return "a number that is not finite"
    for base, known in NAMES.items():
        if issubclass(kind, base):
            return known
    name = NAME(kind)
    return f"a Python {name}" if name.isidentifier() and len(name) <= LONGEST else "a Python object"


def seen(value: Any) -> Any:
    """Return what a violation may keep of a value: a plain scalar itself, of anything else only its kind."""
    kind = type(value)  # compared by identity: a metaclass may have its own idea of equality
    plain = kind is str or kind is int or kind is float or kind is bool or value is None
    return value if plain else Opaque(kind_name(value))


def key_name(key: Any) -> str:
    """Return a member's name as a step of a path; a key that is no string is shown as its type."""
    name = as_string(key)
    return f"<{kind_name(key)}>" if name is None else name


EXACT: dict[str, Callable[[Any], Any]] = {
    "string": as_string, "integer": as_integer, "number": as_number, "array": as_array, "object": as_object,
}  # fmt: skip


def is_kind(value: Any, kind: str) -> bool:
    """Whether a value is of a JSON type, given by its JSON Schema name."""
    if kind == "null":
        return value is None
    if kind == "boolean":
        return type(value) is bool
    return EXACT[kind](value) is not None


def is_kinds(value: Any, kinds: tuple[str, ...]) -> bool:
    """Whether a value is of one of several JSON types."""
    return any(is_kind(value, kind) for kind in kinds)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal: 1 is 1.0, but true is not 1, also deep inside."""
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
    """Whether a value equals one of several JSON values."""
    return any(same(value, each) for each in choices)
