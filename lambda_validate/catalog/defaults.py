"""Find the documented defaults of the members that a request leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..base.values import as_object
from .bundle import Schema, followed


def defaults(schema: Schema, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the default value of each member that a payload leaves out. `schema` is the schema of the request."""
    payload = as_object(payload) or {}
    return {
        member: subschema["default"]
        for branch in (schema, *_branches(schema, payload))
        for member, subschema in branch.get("properties", {}).items()
        if "default" in subschema and member not in payload
    }


def _branches(schema: Schema, payload: Mapping[str, Any]) -> Iterator[Schema]:
    """Yield the `then` of each conditional rule that sets a default and whose `if` matches the payload."""
    for rule in schema.get("allOf", ()):
        condition = followed(rule.get("if", {}), schema.get("$defs", {}))
        if any("default" in member for member in rule.get("then", {}).get("properties", {}).values()) and _selects(
            condition, payload
        ):
            yield rule["then"]


def _selects(condition: Schema, payload: Mapping[str, Any]) -> bool:
    """Return whether a payload matches the `if` of a conditional rule: its members must match the patterns there.

    Other keywords are not supported, since no default depends on them.
    """
    patterns = {member: subschema["pattern"] for member, subschema in condition["properties"].items()}
    values = {member: payload.get(member) for member in patterns}
    return all(isinstance(value, str) and re.search(patterns[name], value) for name, value in values.items())
