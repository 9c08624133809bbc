"""Make one simple value of a set, always the same. The deterministic test cases consist of such values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from ..sets import domains
from ..sets.domains import ANY, Flag, Items, Members, Null, Text, Values, every_name, is_named
from ..sets.meeting import hosts, meet
from ..sets.numbers import Number
from .realistic import examples_of

STRANGERS = ("UnknownMember", "unknown_member", "Unknown", "x")
"""Names for members that the schema does not know. The first one that the object does not have yet is used."""


def plain(union: Values) -> Any:
    """Return a simple value of a set. The set must not be empty."""
    domain = next(iter(union))
    return SIMPLEST_VALUES[type(domain)](domain)


@cache
def _text(text: Text) -> str:
    for example in examples_of(text):
        return example
    length = domains.shortest(text)
    return text.language.plainest(length or 0)


def _items(items: Items) -> list[Any]:
    found = [plain(union) for union in items.some]
    return found + [plain(items.each) for _ in range(items.least - len(found))]


def _members(members: Members) -> dict[str, Any]:
    found = {name: plain(slot.values) for name, slot in members.slots.items() if slot.required}
    for unnamed in members.some:
        host = hosts(members, unnamed)[0]
        name = stranger(members, found, unnamed.named) if host is None else host
        values = members.others if host is None else members.slots[host].values
        found[name] = plain(meet(values, unnamed.values))
    for name, slot in members.slots.items():
        if len(found) < members.least and name not in found and slot.values:
            found[name] = plain(slot.values)
    while len(found) < members.least:
        found[stranger(members, found)] = plain(members.others)
    return found


def stranger(members: Members, taken: Any = (), named: Values = ANY) -> str:
    """Return a name for an unknown member of an object. It must be in the set `named`, and not one of `taken`."""
    names = meet(every_name(members.names), named)
    for name in _names(names):
        if name not in members.slots and name not in taken:
            return name
    raise LookupError("every name is taken")


def _names(names: Values) -> Iterator[str]:
    """Yield names that are in a set of strings: usual ones such as `UnknownMember`, then simple ones of each length."""
    usual = (*STRANGERS, *(f"Unknown{number}" for number in range(2, 100)))
    yield from (name for name in usual if is_named(names, name))
    for text in (text for text in names if isinstance(text, Text)):
        yield from (hint for hint in text.hints if domains.fits(text, hint))
        least = domains.shortest(text) or 0
        for length in text.language.lengths(least, min(text.most, least + 100)):
            yield text.language.plainest(length)
            yield text.language.draw(length, lambda offered: offered[1 % len(offered)])


SIMPLEST_VALUES: dict[type, Any] = {
    Text: _text,
    Number: Number.plainest,
    Flag: lambda flag: True in flag.among,
    Null: lambda null: None,
    Items: _items,
    Members: _members,
}


def every_member(members: Any) -> Any:
    """Return an object of a set with every allowed member; for a set of another JSON type, a simple value."""
    if not isinstance(members, Members):
        return plain((members,))
    found = _members(members)
    for name, slot in members.slots.items():
        if slot.values and name not in found and len(found) < members.most:
            found[name] = plain(slot.values)
    return found


def plainness(cell: Any) -> int:
    """Return the number of characters of the simple value of a cell (a set of payloads). Smaller is simpler."""
    return len(repr(plain((cell,))))
