"""Convert strings to numbers and booleans, or the other way round, for formats that accept both.

For example, CloudFormation accepts `BatchSize: "10"`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..documents.digits import integer
from ..unresolved.shapes import below

INTEGER = r"[-+]?[0-9]+"
NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?"
BOOLEANS = {"true": True, "false": False}


def converted(payload: Any, schema: Any) -> Any:
    """Return a payload in which strings, numbers and booleans are converted to the types in its schema.

    A value that cannot be converted is left unchanged, so that it breaks a rule.
    """
    return _object(payload, schema, schema.get("$defs", {})) if isinstance(payload, dict) else payload


def _object(payload: dict[str, Any], schema: Any, types: Mapping[str, Any]) -> dict[str, Any]:
    known = schema.get("properties", {})
    return {name: _value(member, known[name], types) if name in known else member for name, member in payload.items()}


def _value(value: Any, schema: Any, types: Mapping[str, Any]) -> Any:
    if not isinstance(schema, dict):
        return value
    if isinstance(value, dict):
        return _object(value, below(schema, (), types), types)
    kind = schema["type"] if "type" in schema else below(schema, (), types).get("type")
    convert = CONVERSIONS.get(kind)
    return convert(value) if convert else value


def _integer(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(INTEGER, value):
        return value
    sign = -1 if value.startswith("-") else 1
    return sign * integer(value.lstrip("+-"))


def _string(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**300) else value


CONVERSIONS: Mapping[Any, Callable[[Any], Any]] = {
    "integer": _integer,
    "number": lambda value: float(value) if isinstance(value, str) and re.fullmatch(NUMBER, value) else value,
    "boolean": lambda value: BOOLEANS.get(value.lower(), value) if isinstance(value, str) else value,
    "string": _string,
}
"""The function that converts a value, by the `type` in the schema."""
