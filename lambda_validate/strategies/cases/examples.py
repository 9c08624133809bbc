"""Examples for the documentation: a few different valid payloads, and invalid payloads that show a likely mistake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ...catalog.bounds import COUNTED
from ..sets.domains import ANY, Items, Members, Slot, Text, Values
from ..values.places import MISSING, only, put, value_at
from ..values.realistic import ODD
from ..values.samples import every_member, plain, plainness
from .generator import Generator, fault
from .leaves import Leaf

MAX_EXAMPLE_BOUND = 1_000
"""Maximum of a bound on a length or a count to show an example for. A string above a larger bound would be too long."""
MAX_EXAMPLE_CHARACTERS = 1_000
"""Maximum number of characters of a complete payload that is shown as an example of a broken keyword."""
MAX_FAULT_KINDS = 3
"""Maximum number of kinds of invalid values, such as too small or of a wrong type, to try for a keyword."""


def valid(maker: Generator) -> list[Any]:
    """Return the smallest valid payload, then a payload with all members for each event source."""
    groups = maker.sources.values() or ((cell,) for cell in maker.cells)
    first, *others = sorted((min(cells, key=plainness) for cells in groups), key=plainness)
    return [least(first), full(first), *map(full, others)]


def least(cell: Members) -> Any:
    """Return the smallest payload of a cell (a set of similar payloads)."""
    return plain((_exemplary(cell, all_members=False),))


def full(cell: Members) -> Any:
    """Return the payload with all members of a cell (a set of similar payloads)."""
    return every_member(_exemplary(cell, all_members=False))


def _exemplary(domain: Any, *, all_members: bool = True) -> Any:
    """Return a subset of a domain (a set of values of one type), whose values are better examples.

    Strings, lists and objects in it are not empty, if that is possible.
    """
    if isinstance(domain, Text) and not domain.hints and domain.language.matches(ODD):
        return domain._replace(hints=("text",))
    if isinstance(domain, Items) and domain.each and domain.most:
        return domain._replace(least=max(1, domain.least), each=_union(domain.each))
    if isinstance(domain, Members):
        is_map = not domain.slots and domain.others and domain.may_be("name")
        slots = {"name": Slot(True, domain.others)} if is_map else domain.slots
        needed = all_members and sum(bool(slot.values) for slot in slots.values()) <= domain.most
        slots = {
            name: Slot(slot.required or (needed and bool(slot.values)), _union(slot.values))
            for name, slot in slots.items()
        }
        return domain._replace(slots=slots)
    return domain


def _union(union: Values) -> Values:
    return (Text(hints=("text",)),) if union is ANY else tuple(map(_exemplary, union))


def broken(maker: Generator, leaf: Leaf, payloads: list[Any]) -> Iterator[Any]:
    """Yield copies of valid payloads with another value where a keyword applies.

    They are likely to break the keyword.
    """
    if leaf.keyword in COUNTED and leaf.schema[leaf.keyword] > MAX_EXAMPLE_BOUND:
        return
    values = [plain((domain,)) for domain in maker.solver.holds(fault(leaf))[:MAX_FAULT_KINDS]]
    required = maker.solver.schema.get("required", ())
    there = [payload for payload in payloads if value_at(payload, leaf.steps[:-1]) is not MISSING]
    # A page shows one of these payloads for each keyword again, so only short ones are used as they are.
    short = [payload for payload in there if len(str(payload)) <= MAX_EXAMPLE_CHARACTERS]
    for payload in (*(only(payload, leaf.steps, required) for payload in there), *short):
        old = value_at(payload, leaf.steps)
        yield from (put(payload, leaf.steps, invalid) for invalid in (*_slips(leaf, old), *values))


def _slips(leaf: Leaf, value: Any) -> Iterator[Any]:
    """Yield values that people write by mistake for a valid value, such as `"1"` for 1, or `"aws"` for `"AWS"`."""
    if isinstance(value, dict) and leaf.keyword == "required":
        yield {name: member for name, member in value.items() if name != leaf.schema["required"][int(leaf.path[-1])]}
    elif isinstance(value, dict) and leaf.keyword in ("additionalProperties", "x-unknown-members"):
        yield {**value, "Unknown": "text"}
    elif leaf.keyword == "type":
        yield 1 if "string" in leaf.schema["type"] else json.dumps(value) if isinstance(value, (int, float)) else "text"
    elif isinstance(value, str):
        yield from (f"{value}!", value.lower(), value.title(), f"{value}S", f"{value}\n", f" {value}", value[:-1])
