"""A call's parameters as the AWS SDK for Python takes them, made into what a schema validates.

The SDK takes datetimes and texts for times, bytes, texts and open files for blobs, and Decimals for numbers. A blob
becomes Base64 text of its length and no more: whatever it holds is right, so only how much of it there is matters. What
is open is not read, and taken to be right. Needs botocore.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from botocore.utils import parse_to_aware_datetime

EXACT_BYTES = 4_096
"""Bytes of a blob up to which its text has its length; that of a longer one is only as right or as wrong as its own."""


class ParameterConverter:
    """What of the parameters of one operation must be converted: shapes by name. Nothing is, for most operations."""

    __slots__ = ("members", "shape", "shapes")

    def __init__(self, shape: Any) -> None:
        self.shape = shape
        self.shapes = _convertible(shape)
        self.members = tuple(name for name, each in shape.members.items() if each.name in self.shapes) if shape else ()

    def converted(self, params: Any) -> Any:
        """Return parameters with what must be converted; the same object where there is nothing. Never raises."""
        if not self.members or not isinstance(params, dict):
            return params
        try:
            members = self.shape.members
            changed = {name: self.value(params[name], members[name]) for name in self.members if name in params}
        except Exception:  # parameters may be any objects, and may hold themselves: they are validated as they are
            return params
        return {**params, **changed} if changed else params

    def value(self, value: Any, shape: Any) -> Any:
        """Return a value of a shape, converted."""
        convert = CONVERSIONS.get(shape.type_name)
        return convert(self, value, shape) if convert and shape.name in self.shapes else value


def _convertible(shape: Any) -> frozenset[str]:
    """The names of the shapes that may hold what must be converted, of all that a shape holds, itself included."""
    if shape is None:
        return frozenset()
    shapes: dict[str, Any] = {}
    waiting = [shape]
    while waiting:
        shape = waiting.pop()
        if shape.name not in shapes:
            shapes[shape.name] = shape
            waiting += _below(shape)
    found = {name for name, shape in shapes.items() if shape.type_name in SCALARS}
    while more := {name for name in shapes.keys() - found if any(each.name in found for each in _below(shapes[name]))}:
        found |= more
    return frozenset(found)


def _below(shape: Any) -> list[Any]:
    """The shapes that a shape holds."""
    if shape.type_name == "structure":
        return list(shape.members.values())
    return {"list": lambda: [shape.member], "map": lambda: [shape.value]}.get(shape.type_name, list)()


def _structure(plan: ParameterConverter, value: Any, shape: Any) -> Any:
    if not isinstance(value, dict):
        return value
    members = shape.members
    return {name: plan.value(each, members[name]) if name in members else each for name, each in value.items()}


def seconds(plan: ParameterConverter, value: Any, shape: Any) -> Any:
    """Return a time, or text that spells one, as Unix seconds; anything else as it is."""
    if not isinstance(value, (datetime, str, Decimal)):
        return value
    try:
        return calendar.timegm(parse_to_aware_datetime(value).utctimetuple())
    except (ValueError, OverflowError, TypeError, RuntimeError, ArithmeticError):  # no time: botocore will say so
        return _number(plan, value, shape)


def _number(plan: ParameterConverter, value: Any, shape: Any) -> Any:
    """A Decimal as a number."""
    return float(value) if isinstance(value, Decimal) and isfinite(value) else value


def _blob(plan: ParameterConverter, value: Any, shape: Any) -> Any:
    """A blob as Base64 text. A text is sent as its UTF-8; a file is not read."""
    facts: Mapping[str, Any] = shape.metadata
    least, most = facts.get("min", 0), facts.get("max")
    if isinstance(value, str):
        size = len(value.encode("utf-8", "surrogatepass"))
    elif isinstance(value, (bytes, bytearray)):
        size = len(value)
    else:
        return base64_of(least) if hasattr(value, "read") else value
    if size > max(EXACT_BYTES, least):
        size = max(EXACT_BYTES, least) if most is None or size <= most else most + 3
    return base64_of(size)


def base64_of(size: int) -> str:
    """Return the Base64 text of so many zeros."""
    return "AAAA" * (size // 3) + ("", "AA==", "AAA=")[size % 3]


Conversion = Callable[[ParameterConverter, Any, Any], Any]
SCALARS: Mapping[str, Conversion] = {"timestamp": seconds, "blob": _blob, "float": _number, "double": _number}
CONVERSIONS: Mapping[str, Conversion] = {
    **SCALARS,
    "structure": _structure,
    "list": lambda plan, value, shape: (
        [plan.value(item, shape.member) for item in value] if isinstance(value, (list, tuple)) else value
    ),
    "map": lambda plan, value, shape: (
        {key: plan.value(item, shape.value) for key, item in value.items()} if isinstance(value, dict) else value
    ),
}
"""By kind of shape, what converts a value of it."""
