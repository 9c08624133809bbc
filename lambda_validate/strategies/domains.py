"""Sets of JSON values, described: what the generator works on in place of schemas.

A `Domain` describes values of one JSON type; a `Union` is a tuple of domains, any of which a value may be in; no domain
at all is the empty set. `meet` and `complement` are exact, so a value that is drawn from what they return never has to
be thrown away: there is nothing left to filter.
"""

from __future__ import annotations

from math import ceil, floor, inf
from typing import Any, NamedTuple, TypeAlias

from .automata import Automaton
from .building import EVERY, both

ENDLESS = 1 << 40
"""A number of characters, items or members that stands for no limit."""


class Text(NamedTuple):
    """Strings of a language and of some lengths; `hints` are known ones that look real, and may not be in the set."""

    language: Automaton = EVERY
    least: int = 0
    most: int = ENDLESS
    hints: tuple[str, ...] = ()


class Number(NamedTuple):
    """Numbers between two bounds, but for some; `whole` is None where both integers and fractions are meant."""

    least: float = -inf
    most: float = inf
    whole: bool | None = None
    out: frozenset[float] = frozenset()


class Flag(NamedTuple):
    """Booleans."""

    among: frozenset[bool] = frozenset((False, True))


class Null(NamedTuple):
    """The value null."""

    kind: str = "null"


class Items(NamedTuple):
    """Arrays of a length: for each of `some` an item in it, and all other items in a union."""

    least: int
    most: int
    each: Any
    some: tuple[Any, ...] = ()


class Slot(NamedTuple):
    """A member of an object: whether it must be there, and what it may be. Of an empty union, it must not be there."""

    required: bool
    values: Any


class Stranger(NamedTuple):
    """A member that has none of some names, and a value in a union."""

    names: frozenset[str]
    values: Any


class Members(NamedTuple):
    """Objects: `slots` by name, what any other member may be, `some` members that must be there, and how many."""

    slots: dict[str, Slot]
    others: Any
    some: tuple[Stranger, ...] = ()
    least: int = 0
    most: int = ENDLESS

    def slot(self, name: str) -> Slot:
        """Return what is known of a member, named or not."""
        return self.slots[name] if name in self.slots else Slot(False, self.others)

    def hosts(self, stranger: Stranger) -> list[str | None]:
        """Return the names of the members that can be such a stranger, None for one that is not named."""
        named = (name for name in self.slots if name not in stranger.names)
        found: list[str | None] = [name for name in named if meet(self.slots[name].values, stranger.values)]
        return [None, *found] if meet(self.others, stranger.values) else found


Domain: TypeAlias = Text | Number | Flag | Null | Items | Members
Values = tuple[Any, ...]
"""A union of domains."""

NOTHING: Values = ()


class _Anything(tuple[Any, ...]):
    """The union of all values; its items and members are anything again, so it has to contain itself."""

    __slots__ = ()

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return self is other

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return "ANY"

    def __iter__(self) -> Any:
        return iter(KINDS.values())


ANY: Values = _Anything()
KINDS: dict[str, Domain] = {
    "string": Text(),
    "number": Number(),
    "boolean": Flag(),
    "null": Null(),
    "array": Items(0, ENDLESS, ANY),
    "object": Members({}, ANY),
}
"""All values of each JSON type."""


def kind(*names: str) -> Values:
    """Return all values of some JSON types; `integer` is the whole numbers."""
    return tuple(Number(whole=True) if name == "integer" else KINDS[name] for name in names)


def constrained(domain: Domain) -> Values:
    """Return what a keyword that applies to one JSON type admits: a domain of that type, and all other types."""
    return (domain, *(each for each in ANY if type(each) is not type(domain)))


def meet(one: Values, other: Values) -> Values:
    """Return the values that are in both unions."""
    if one is ANY or other is ANY or one is other:
        return other if one is ANY else one
    key = id(one), id(other)
    if key not in _MET:
        _MET[key] = _met(one, other), (one, other)  # kept, so that their ids stay their own
    return _MET[key][0]


_MET: dict[tuple[int, int], tuple[Values, Any]] = {}
"""Unions that have met: the same few meet again and again, in one cell after another."""


def _met(one: Values, other: Values) -> Values:
    found: list[Any] = []
    for a in one:
        for b in other:
            if type(a) is type(b) and is_inhabited(both := MEET[type(a)](a, b)) and both not in found:
                found.append(both)
    return tuple(found)


def meet_all(unions: Any) -> Values:
    """Return the values that are in all of some unions."""
    whole = ANY
    for each in unions:
        whole = meet(whole, each)
    return whole


def _meet_text(a: Text, b: Text) -> Text:
    hints = tuple(dict.fromkeys((*b.hints, *a.hints)))
    return Text(both(a.language, b.language), max(a.least, b.least), min(a.most, b.most), hints)


def _meet_number(a: Number, b: Number) -> Number:
    whole = a.whole if b.whole is None else b.whole
    if None not in (a.whole, b.whole) and a.whole != b.whole:
        return Number(1, 0)
    return tight(Number(max(a.least, b.least), min(a.most, b.most), whole, a.out | b.out))


def tight(number: Number) -> Number:
    """A bound of whole numbers that is left out moves inwards, so that every bound is itself a member."""
    least, most = number.least, number.most
    if number.whole:
        least = least if least == -inf else ceil(least)
        most = most if most == inf else floor(most)
        while least in number.out:
            least += 1
        while most in number.out:
            most -= 1
    return number._replace(least=least, most=most)


def _meet_items(a: Items, b: Items) -> Items:
    some = (*(meet(each, b.each) for each in a.some), *(meet(each, a.each) for each in b.some))
    return Items(max(a.least, b.least), min(a.most, b.most), meet(a.each, b.each), some)


def _meet_members(a: Members, b: Members) -> Members:
    slots = {name: slot for name, slot in a.slots.items() if name in b.slots or b.others is ANY}
    for name in a.slots if b.others is not ANY else ():
        slots[name] = _meet_slot(a.slots[name], b.slot(name))
    for name, slot in b.slots.items():
        slots[name] = slot if name not in a.slots and a.others is ANY else _meet_slot(a.slot(name), slot)
    least, most = max(a.least, b.least), min(a.most, b.most)
    return Members(slots, meet(a.others, b.others), (*a.some, *b.some), least, most)


def _meet_slot(a: Slot, b: Slot) -> Slot:
    return a if a is b else Slot(a.required or b.required, meet(a.values, b.values))


MEET: dict[type, Any] = {
    Text: _meet_text,
    Number: _meet_number,
    Flag: lambda a, b: Flag(a.among & b.among),
    Null: lambda a, b: a,
    Items: _meet_items,
    Members: _meet_members,
}


def is_inhabited(domain: Domain) -> bool:
    """Whether a domain has a value."""
    return bool(INHABITED[type(domain)](domain))


def shortest(text: Text) -> int | None:
    """Return the smallest length of a domain's texts; None where it has none."""
    layers = len(text.language._exact[0])
    most = min(text.most, max(text.least, layers) + layers)
    return next(text.language.lengths(text.least, most), None)


def _has_number(number: Number) -> bool:
    if number.whole:
        return number.least <= number.most  # tight, so the bounds are members
    if number.least == number.most:
        return number.whole is None and number.least not in number.out
    return number.least < number.most


def _has_items(items: Items) -> bool:
    enough = bool(items.each) or items.least <= len(items.some)
    return items.least <= items.most and len(items.some) <= items.most and enough and all(items.some)


def _has_members(members: Members) -> bool:
    needed = sum(slot.required for slot in members.slots.values())
    possible = ENDLESS if members.others else sum(bool(slot.values) for slot in members.slots.values())
    return (
        all(slot.values for slot in members.slots.values() if slot.required)
        and all(map(members.hosts, members.some))
        and needed <= members.most
        and members.least <= min(possible, members.most)
    )


INHABITED: dict[type, Any] = {
    Text: lambda text: text.least <= text.most and shortest(text) is not None,
    Number: _has_number,
    Flag: lambda flag: flag.among,
    Null: lambda null: True,
    Items: _has_items,
    Members: _has_members,
}


def fits(text: Text, value: Any) -> bool:
    """Whether a value is one of a domain's texts."""
    return isinstance(value, str) and text.least <= len(value) <= text.most and text.language.matches(value)


def fits_number(number: Number, value: Any) -> bool:
    """Whether a value is one of a domain's numbers."""
    if type(value) is bool or not isinstance(value, (int, float)):
        return False
    whole = number.whole is None or number.whole == (value == floor(value))
    return whole and number.least <= value <= number.most and value not in number.out
