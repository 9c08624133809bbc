"""Intersections and complements of sets of JSON values, and tests whether a set is empty.

A set is a tuple of domains, which are sets of values of one JSON type. The domains of a complement do not overlap.
"""

from __future__ import annotations

from typing import Any

from ...patterns import building
from ...patterns.products import both
from .domains import (
    ANY,
    ENDLESS,
    NO_JSON_VALUES,
    OPEN,
    Domain,
    Flag,
    Items,
    Members,
    Null,
    Slot,
    Stranger,
    Text,
    Values,
    every_name,
    is_named,
    shortest,
)
from .numbers import Number


def meet(one: Values, other: Values) -> Values:
    """Return the intersection of two sets of values."""
    if one is ANY or other is ANY or one is other:
        return other if one is ANY else one
    key = id(one), id(other)
    if key not in _MET:
        _MET[key] = _met(one, other), (one, other)  # stored, so that their ids are not reused
    return _MET[key][0]


_MET: dict[tuple[int, int], tuple[Values, Any]] = {}
"""Cached intersections, by the ids of both sets: the same few sets are intersected many times."""


def _met(one: Values, other: Values) -> Values:
    found: list[Any] = []
    for a in one:
        for b in other:
            if type(a) is type(b) and is_inhabited(common := MEET[type(a)](a, b)) and common not in found:
                found.append(common)
    return tuple(found)


def meet_all(unions: Any) -> Values:
    """Return the intersection of any number of sets of values."""
    whole = ANY
    for union in unions:
        whole = meet(whole, union)
    return whole


def _meet_text(a: Text, b: Text) -> Text:
    hints = tuple(dict.fromkeys((*b.hints, *a.hints)))
    return Text(both(a.language, b.language), max(a.least, b.least), min(a.most, b.most), hints)


def _meet_items(a: Items, b: Items) -> Items:
    some = (*(meet(union, b.each) for union in a.some), *(meet(union, a.each) for union in b.some))
    return Items(max(a.least, b.least), min(a.most, b.most), meet(a.each, b.each), some)


def _meet_members(a: Members, b: Members) -> Members:
    """Return the intersection of two sets of objects.

    It stops at the first required member that has no value, since the intersection is then empty.
    """
    slots = {}
    for name in (*a.slots, *(name for name in b.slots if name not in a.slots)):
        slots[name] = slot = _meet_slot(a.slot(name), b.slot(name))
        if slot.required and not slot.values:
            break
    least, most = max(a.least, b.least), min(a.most, b.most)
    names = a.names if b.names is None else b.names if a.names is None else meet(a.names, b.names)
    return Members(slots, meet(a.others, b.others), (*a.some, *b.some), least, most, names)


def _meet_slot(a: Slot, b: Slot) -> Slot:
    if a is b or b is OPEN:
        return a
    return b if a is OPEN else Slot(a.required or b.required, meet(a.values, b.values))


MEET: dict[type, Any] = {
    Text: _meet_text,
    Number: Number.meet,
    Flag: lambda a, b: Flag(a.among & b.among),
    Null: lambda a, b: a,
    Items: _meet_items,
    Members: _meet_members,
}


def is_inhabited(domain: Domain) -> bool:
    """Return whether a domain contains a value."""
    return bool(INHABITED[type(domain)](domain))


def hosts(members: Members, stranger: Stranger) -> list[str | None]:
    """Return the names of the members that can be `stranger`, a required member whose exact name is open.

    If a member that the schema does not name can be it, the result begins with None.
    """
    named = (name for name in members.slots if name not in stranger.names and is_named(stranger.named, name))
    found: list[str | None] = [name for name in named if meet(members.slots[name].values, stranger.values)]
    free = meet(members.others, stranger.values) and meet(every_name(members.names), stranger.named)
    return [None, *found] if free else found


def _has_items(items: Items) -> bool:
    enough = bool(items.each) or items.least <= len(items.some)
    return items.least <= items.most and len(items.some) <= items.most and enough and all(items.some)


def _has_members(members: Members) -> bool:
    required = {name for name, slot in members.slots.items() if slot.required}
    homes = [hosts(members, stranger) for stranger in members.some]
    needed = len(required) + sum(home[0] not in required for home in homes if home)
    possible = sum(bool(slot.values) for slot in members.slots.values())
    if members.others:
        possible += _free_names(members, members.least - possible)
    return (
        all(members.slots[name].values for name in required)
        and all(homes)
        and needed <= members.most
        and members.least <= min(possible, members.most)
    )


def _free_names(members: Members, wanted: int) -> int:
    """Return how many allowed names are left for members that are not in `slots`.

    Counting stops after `wanted` names.
    """
    if members.names is None or members.names is ANY:
        return ENDLESS
    taken = sum(map(members.may_be, members.slots))
    found = -taken
    for text in (text for text in members.names if isinstance(text, Text)):
        for length in text.language.lengths(text.least, min(text.most, text.least + LONGEST_NAME)):
            found += text.language.count(length) if found < wanted else 0
    return max(found, 0)


LONGEST_NAME = 100
"""Names are counted up to this many characters beyond the shortest name."""
INHABITED: dict[type, Any] = {
    Text: lambda text: text.least <= text.most and shortest(text) is not None,
    Number: Number.is_inhabited,
    Flag: lambda flag: flag.among,
    Null: lambda null: True,
    Items: _has_items,
    Members: _has_members,
}


def complement(union: Values) -> Values:
    """Return the set of all values that are not in a set, as domains that do not overlap."""
    return NO_JSON_VALUES if union is ANY else meet_all(map(_complement, union))


def _complement(domain: Domain) -> Values:
    rest = tuple(other for other in ANY if type(other) is not type(domain))
    pieces = tuple(piece for piece in COMPLEMENT[type(domain)](domain) if is_inhabited(piece))
    return (*pieces, *rest)


def _not_text(text: Text) -> list[Text]:
    """Return the strings that are not in a set: those that its automaton rejects, and those with an invalid length."""
    language = building.complement(text.language)
    shorter, longer = Text(text.language, 0, text.least - 1), Text(text.language, text.most + 1)
    return [Text(language), shorter, *([longer] if text.most < ENDLESS else [])]


def _not_items(items: Items) -> list[Items]:
    pieces = [Items(1, ENDLESS, ANY, (complement(items.each),))] if items.each is not ANY else []
    pieces += [Items(0, ENDLESS, complement(union)) for union in items.some]
    pieces += [Items(items.most + 1, ENDLESS, ANY)] if items.most < ENDLESS else []
    return [*pieces, Items(0, items.least - 1, ANY)]


# The complement of a set of objects is divided into pieces that have no object in common. Example: the complement of
# {A: integer, B: string} has two pieces: "A is not an integer", and "A is an integer, and B is not a string".
def _not_members(members: Members) -> list[Members]:
    """Return the objects that are not in a set, as one domain for each reason.

    For example, one domain has the objects whose second member is invalid, while their first member is valid.
    """
    pieces: list[Members] = []
    before: dict[str, Slot] = {}
    for name, slot in members.slots.items():
        if slot.required:
            pieces.append(Members({**before, name: Slot(False, NO_JSON_VALUES)}, ANY))
        if slot.values is not ANY:
            pieces.append(Members({**before, name: Slot(True, complement(slot.values))}, ANY))
        before[name] = slot
    if members.others is not ANY:
        pieces.append(Members(before, ANY, (Stranger(frozenset(members.slots), complement(members.others), ANY),)))
    if members.names is not None:
        pieces.append(Members(before, ANY, (Stranger(frozenset(), ANY, complement(members.names)),)))
    for stranger in members.some:
        known = {name: Slot(False, ANY) for name in stranger.names}
        if stranger.values is not ANY:
            pieces.append(Members(known, complement(stranger.values)))
        if stranger.named is not ANY:
            pieces.append(Members(known, ANY, names=complement(stranger.named)))
    pieces += [Members(before, ANY, least=members.most + 1)] if members.most < ENDLESS else []
    return [*pieces, Members(before, ANY, most=members.least - 1)]


COMPLEMENT: dict[type, Any] = {
    Text: _not_text,
    Number: Number.complement,
    Flag: lambda flag: [Flag(frozenset((False, True)) - flag.among)],
    Null: lambda null: [],
    Items: _not_items,
    Members: _not_members,
}
