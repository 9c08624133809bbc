"""Read or replace the value at a place of a payload.

A place is a path of names, in which `*` is an item or a member of any name, and `[]` is an item.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

ITEM, ANY_STEP = "[]", "*"
MISSING: Any = object()
"""The value at a place that a payload does not have."""


def value_at(payload: Any, steps: tuple[Any, ...]) -> Any:
    """Return the value at a place: the first one if there are several, `MISSING` if there is none."""
    for step in steps:
        inner = dict(enumerate(payload)) if isinstance(payload, list) else payload if isinstance(payload, dict) else {}
        payload = inner.get(next(iter(inner), None) if step in (ITEM, ANY_STEP) else step, MISSING)
    return payload


def put(payload: Any, steps: tuple[Any, ...], value: Any) -> Any:
    """Return a payload with another value at a place. Missing objects on the way are created."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if step == ITEM or (step == ANY_STEP and isinstance(payload, list)):
        items = payload if isinstance(payload, list) else []
        return [put(items[0] if items else MISSING, rest, value), *items[1:]]
    members = payload if isinstance(payload, dict) else {}
    name = next(iter(members), "name") if step == ANY_STEP else step
    return {**members, name: put(members.get(name, MISSING), rest, value)}


def only(payload: Any, steps: tuple[Any, ...], others: Container[Any] = ()) -> Any:
    """Return a payload reduced to the members that lead to a place, and those in `others` at its top.

    One item of a list is left: `only({"a": [{"b": 1, "c": 2}, 3], "d": 4}, ("a", "[]", "b"))` is `{"a": [{"b": 1}]}`.
    """
    if not steps:
        return payload
    step, rest = steps[0], steps[1:]
    if isinstance(payload, list):
        return [only(item, rest) for item in payload[:1]]
    if not isinstance(payload, dict):
        return payload
    name = next(iter(payload), step) if step == ANY_STEP else step
    return {
        own: only(part, rest) if own == name else part for own, part in payload.items() if own == name or own in others
    }
