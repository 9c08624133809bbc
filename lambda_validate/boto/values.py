"""Convert the parameters of a call into JSON values that a schema can validate. Needs botocore.

The SDK accepts datetimes and strings for times; bytes, strings and open files for blobs; and Decimals for numbers. Any
content of a blob is valid, so only its length matters: a blob becomes a Base64 string of zeros of the same length. An
open file is not read, and counts as valid.

    {"Code": {"ZipFile": b"PK..."}, "Timestamp": datetime(2024, 1, 1)}
    becomes   {"Code": {"ZipFile": "AAAAAAA="}, "Timestamp": 1704067200}
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
"""Largest blob that is replaced by a string of its exact length. A longer one gets a length that is equally valid."""


class ParameterConverter:
    """Converts the parameters of one operation to JSON values.

    `shapes` are the names of the shapes (types of botocore's model) that contain a value to convert, often none.
    """

    __slots__ = ("members", "shape", "shapes")

    def __init__(self, shape: Any) -> None:
        self.shape = shape
        self.shapes = _convertible(shape)
        self.members = (
            tuple(name for name, member in shape.members.items() if member.name in self.shapes) if shape else ()
        )

    def converted(self, params: Any) -> Any:
        """Return the parameters of a call with all values converted; the same object if there is nothing to convert.

        No parameters make it raise: what it cannot convert is returned unchanged, and then validated.
        """
        if not self.members or not isinstance(params, dict):
            return params
        try:
            members = self.shape.members
            changed = {name: self.value(params[name], members[name]) for name in self.members if name in params}
        except Exception:  # parameters may be any objects, and may hold themselves: they are validated as they are
            return params
        return {**params, **changed} if changed else params

    def value(self, value: Any, shape: Any) -> Any:
        """Return a value, converted by the shape (the type in botocore's model) that it should have."""
        convert = CONVERSIONS.get(shape.type_name)
        return convert(self, value, shape) if convert and shape.name in self.shapes else value


def _convertible(shape: Any) -> frozenset[str]:
    """Return the names of the shapes, `shape` or any inside it, that contain a time, a blob or a float to convert."""
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
    while more := {
        name for name in shapes.keys() - found if any(inner.name in found for inner in _below(shapes[name]))
    }:
        found |= more
    return frozenset(found)


def _below(shape: Any) -> list[Any]:
    """Return the shapes that a shape contains directly: of its members, its items or its values."""
    if shape.type_name == "structure":
        return list(shape.members.values())
    return {"list": lambda: [shape.member], "map": lambda: [shape.value]}.get(shape.type_name, list)()


def _structure(plan: ParameterConverter, value: Any, shape: Any) -> Any:
    if not isinstance(value, dict):
        return value
    members = shape.members
    return {name: plan.value(member, members[name]) if name in members else member for name, member in value.items()}


def seconds(plan: ParameterConverter, value: Any, shape: Any) -> Any:
    """Return a time, or a string with a time, as Unix seconds. Return any other value unchanged."""
    if not isinstance(value, (datetime, str, Decimal)):
        return value
    try:
        return calendar.timegm(parse_to_aware_datetime(value).utctimetuple())
    except (ValueError, OverflowError, TypeError, RuntimeError, ArithmeticError):  # no time: botocore will say so
        return _number(plan, value, shape)


def _number(plan: ParameterConverter, value: Any, shape: Any) -> Any:
    """Return a Decimal as a float. Return any other value unchanged."""
    return float(value) if isinstance(value, Decimal) and isfinite(value) else value


def _blob(plan: ParameterConverter, value: Any, shape: Any) -> Any:
    """Return a Base64 string in place of a blob: of zeros, as many as the SDK would send bytes.

    The SDK sends a string in UTF-8. A file is not read: it becomes the shortest valid blob.
    """
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
    """Return the Base64 string of `size` zero bytes."""
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
"""The function that converts a value, by the type of its shape."""
