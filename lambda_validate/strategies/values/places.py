"""Read or replace the value at a path in a payload.

A path is a tuple of names, such as `("Tags", "*")`. `*` is an item or a member of any name, and `[]` is an item.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

ITEM, ANY_STEP = "[]", "*"
MISSING: Any = object()
"""Returned as the value at a path if the payload has no such path."""


def value_at(payload: Any, steps: tuple[Any, ...]) -> Any:
    """Return the value at a path: the first one if `*` matches several, `MISSING` if there is none."""
    for step in steps:
        inner = dict(enumerate(payload)) if isinstance(payload, list) else payload if isinstance(payload, dict) else {}
        payload = inner.get(next(iter(inner), None) if step in (ITEM, ANY_STEP) else step, MISSING)
    return payload


def put(payload: Any, steps: tuple[Any, ...], value: Any) -> Any:
    """Return a copy of a payload with another value at a path. Missing objects and lists on the way are created."""
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
    """Return a payload reduced to the members that lead to a path, and the top-level members in `others`.

    One item of a list remains: `only({"a": [{"b": 1, "c": 2}, 3], "d": 4}, ("a", "[]", "b"))` is `{"a": [{"b": 1}]}`.
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
