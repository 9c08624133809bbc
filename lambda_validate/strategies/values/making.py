"""Make a value of a set from a string of bytes. The same bytes always make the same value.

Each part of a value has its own bytes at a fixed place, even if the part is left out. So any bytes make a value, and
none are rejected. A smaller byte makes a simpler part, and changes no other part. Bytes that are all 0 make the
simplest value. This module does not need Hypothesis.

    bytes       |present?|value of A  |present?|value of B  |    optional members A and B
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..sets.domains import ANY, Domain, Items, Members, Values
from ..sets.meeting import hosts, meet
from . import choices
from .samples import stranger

DETAIL = 7
"""Number of bytes for the seed, which selects the characters of a string, or the digits of a number."""
MORE = 3
"""Maximum number of items of an array beyond the required ones."""
PRESENT = 3
"""An optional member is left out in one of this many cases."""


class Digits:
    """A string of bytes that is read as whole numbers from the beginning. After the last byte, all numbers are zero."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def below(self, end: int, size: int = 1) -> int:
        """Return the number in the next `size` bytes, modulo `end`."""
        return self.number(size) % end

    def number(self, size: int) -> int:
        """Return the number in the next `size` bytes."""
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at], "big")


class Maker(NamedTuple):
    """A function that makes a value from bytes, and the maximum number of bytes that it reads."""

    size: int
    make: Callable[[Digits], Any]


def of_domain(domain: Domain) -> Maker:
    """Return a maker of the values of a domain (a set of values of one JSON type)."""
    return OTHERS[type(domain)](domain) if type(domain) in OTHERS else _maker((domain,))


def maker(union: Values) -> Maker:
    """Return a maker of the values of a set. It chooses each of the set's domains (JSON types) equally often.

    There is one maker for each set.
    """
    if id(union) not in _MADE:
        _MADE[id(union)] = union, _maker(union)  # kept, so that its id stays its own
    return _MADE[id(union)][1]


_MADE: dict[int, tuple[Values, Maker]] = {}


def _maker(union: Values) -> Maker:
    chosen = choices.of_union(union)
    if chosen is not None:
        return Maker(4 + DETAIL, lambda digits: _scalar(chosen, digits))
    makers = [of_domain(domain) for domain in union]
    if len(makers) == 1:
        return makers[0]
    size = 1 + max(option.size for option in makers)
    return Maker(size, lambda digits: _in_place(digits, size - 1, makers[digits.below(len(makers))].make))


def _scalar(choose: Callable[[int, int, int, int], Any], digits: Digits) -> Any:
    return choose(digits.number(1), digits.below(choices.WAYS), digits.number(2), digits.number(DETAIL))


def _in_place(digits: Digits, size: int, make: Callable[[Digits], Any]) -> Any:
    """Make a value, then continue after its place of `size` bytes, even if the value needed fewer.

    So the next part always begins at the same byte.
    """
    end = digits.at + size
    made = make(digits)
    digits.at = end
    return made


def _items(items: Items) -> Maker:
    least = max(0, items.least - len(items.some))
    most = max(least, min(items.most - len(items.some), least + MORE)) if items.each else least
    needed, item_maker = [maker(union) for union in items.some], maker(items.each) if most else None

    def make(digits: Digits) -> list[Any]:
        count = least + digits.below(most - least + 1)
        found = [one.make(digits) for one in needed]
        return found + [item_maker.make(digits) for _ in range(count)] if item_maker else found

    size = 1 + sum(one.size for one in needed) + (most * item_maker.size if item_maker else 0)
    return Maker(size, lambda digits: _in_place(digits, size, make))


class MemberMaker(NamedTuple):
    """A member of an object: its name, whether it is required, and a maker of its values.

    The name is None if the schema leaves it open. Then `named` is the set of names that it may have.
    """

    name: str | None
    required: bool
    maker: Maker
    named: Values = ANY


def _members(members: Members) -> Maker:
    """Return a maker of the objects of a set.

    If the bytes choose fewer optional members than the objects must have, the last optional members are added.
    """
    parts = [
        MemberMaker(name, slot.required, maker(slot.values)) for name, slot in members.slots.items() if slot.values
    ]
    others = _strangers(members)
    certain = sum(part.required for part in parts)
    lacking = max(0, members.least - certain - len(others))
    if members.others:
        others += [MemberMaker(None, True, maker(members.others))] * lacking
        lacking = 0
    optional, room = len(parts) - certain, members.most - certain - len(others)

    def make(digits: Digits) -> dict[str, Any]:
        found, taken, after = {}, 0, optional
        for name, required, part, _ in parts:
            wanted, made = required or digits.below(PRESENT), part.make(digits)
            after -= not required
            if name is not None and (required or (taken < room and (wanted or after < lacking - taken))):
                found[name] = made
                taken += not required
        for name, _, part, named in others:
            found[name or stranger(members, found, named)] = part.make(digits)
        return found

    return Maker(optional + sum(part.maker.size for part in (*parts, *others)), make)


def _strangers(members: Members) -> list[MemberMaker]:
    """Return makers for the members that an object must have, but whose names the schema leaves open.

    Such a member gets a name that the schema does not list, if possible. Otherwise it is the first listed member that
    can have its value.
    """
    free = [(hosts(members, unnamed)[0], unnamed) for unnamed in members.some]
    return [
        MemberMaker(name, True, maker(meet(_values(members, name), unnamed.values)), unnamed.named)
        for name, unnamed in free
    ]


def _values(members: Members, name: str | None) -> Values:
    values: Values = members.others if name is None else members.slot(name).values
    return values


OTHERS: dict[type, Callable[[Any], Maker]] = {Items: _items, Members: _members}
"""The functions that return a maker, for arrays and objects."""
