"""One plain value of a set, always the same: what deterministic cases are made of."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from . import domains
from .domains import Flag, Items, Members, Null, Number, Text, Values, meet

STRANGERS = ("UnknownMember", "unknown_member", "Unknown", "x")
"""Names of members that no schema knows; the first that is free is taken."""


def plain(union: Values) -> Any:
    """Return a plain value of a union that has one."""
    domain = next(iter(union))
    return PLAIN[type(domain)](domain)


def _text(text: Text) -> str:
    for hint in text.hints:
        if domains.fits(text, hint):
            return hint
    length = domains.shortest(text)
    return text.language.plainest(length or 0)


def _number(number: Number) -> float:
    """The number nearest to 1 that is in the domain."""
    middle = min(max(1, number.least), number.most)
    steps = (0.5, -0.5, 0.25, -0.25) if number.whole is False else (0, 1, -1, 0.5, -0.5, 2, -2)
    for step in steps:
        if domains.fits_number(number, middle + step):
            return middle + step
    raise LookupError(f"no number in {number}")


def _items(items: Items) -> list[Any]:
    found = [plain(each) for each in items.some]
    return found + [plain(items.each) for _ in range(items.least - len(found))]


def _members(members: Members) -> dict[str, Any]:
    found = {name: plain(slot.values) for name, slot in members.slots.items() if slot.required}
    for each in members.some:
        host = members.hosts(each)[0]
        name = stranger(members, found) if host is None else host
        found[name] = plain(meet(members.slot(name).values, each.values))
    for name, slot in members.slots.items():
        if len(found) < members.least and name not in found and slot.values:
            found[name] = plain(slot.values)
    while len(found) < members.least:
        found[stranger(members, found)] = plain(members.others)
    return found


def stranger(members: Members, taken: Any = ()) -> str:
    """Return a name that an object's description does not know."""
    for name in _names():
        if name not in members.slots and name not in taken:
            return name
    raise LookupError("every name is taken")


def _names() -> Iterator[str]:
    yield from STRANGERS
    yield from (f"Unknown{number}" for number in range(2, 100))


PLAIN: dict[type, Any] = {
    Text: _text,
    Number: _number,
    Flag: lambda flag: True in flag.among,
    Null: lambda null: None,
    Items: _items,
    Members: _members,
}


def every_member(members: Members) -> dict[str, Any]:
    """Return an object with every member that may be there."""
    found = _members(members)
    for name, slot in members.slots.items():
        if slot.values and name not in found and len(found) < members.most:
            found[name] = plain(slot.values)
    return found


def edges(number: Number) -> list[float]:
    """Return the bounds of a domain of numbers, and their neighbours within."""
    near = [number.least, number.least + 1, number.most - 1, number.most]
    return [each for each in dict.fromkeys(near) if abs(each) != inf and domains.fits_number(number, each)]
