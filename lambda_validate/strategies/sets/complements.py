"""Complements of sets: exact, and as domains that do not overlap."""

from __future__ import annotations

from typing import Any

from ...patterns import building
from .domains import ANY, ENDLESS, NOTHING, Domain, Flag, Items, Members, Null, Slot, Stranger, Text, Values
from .meeting import is_inhabited, meet_all
from .numbers import Number


def complement(union: Values) -> Values:
    """Return all values that are not in a union, as domains that do not overlap."""
    return NOTHING if union is ANY else meet_all(map(_complement, union))


def _complement(domain: Domain) -> Values:
    rest = tuple(each for each in ANY if type(each) is not type(domain))
    pieces = tuple(each for each in COMPLEMENT[type(domain)](domain) if is_inhabited(each))
    return (*pieces, *rest)


def _not_text(text: Text) -> list[Text]:
    """Yield the strings outside a domain: first those of another language, then those of a wrong length within the
    language.
    """
    language = building.complement(text.language)
    shorter, longer = Text(text.language, 0, text.least - 1), Text(text.language, text.most + 1)
    return [Text(language), shorter, *([longer] if text.most < ENDLESS else [])]


def _not_items(items: Items) -> list[Items]:
    pieces = [Items(1, ENDLESS, ANY, (complement(items.each),))] if items.each is not ANY else []
    pieces += [Items(0, ENDLESS, complement(each)) for each in items.some]
    pieces += [Items(items.most + 1, ENDLESS, ANY)] if items.most < ENDLESS else []
    return [*pieces, Items(0, items.least - 1, ANY)]


# Example: the complement of {A: integer, B: string} has two pieces: "A is not an integer", and "A is an integer, and B
# is not a string". So no object is in two of them.
def _not_members(members: Members) -> list[Members]:
    """Yield one domain for each way in which an object can be outside: one member is wrong, and all before it are
    right.
    """
    pieces: list[Members] = []
    before: dict[str, Slot] = {}
    for name, slot in members.slots.items():
        if slot.required:
            pieces.append(Members({**before, name: Slot(False, NOTHING)}, ANY))
        if slot.values is not ANY:
            pieces.append(Members({**before, name: Slot(True, complement(slot.values))}, ANY))
        before[name] = slot
    if members.others is not ANY:
        pieces.append(Members(before, ANY, (Stranger(frozenset(members.slots), complement(members.others), ANY),)))
    if members.names is not None:
        pieces.append(Members(before, ANY, (Stranger(frozenset(), ANY, complement(members.names)),)))
    for each in members.some:
        known = {name: Slot(False, ANY) for name in each.names}
        if each.values is not ANY:
            pieces.append(Members(known, complement(each.values)))
        if each.named is not ANY:
            pieces.append(Members(known, ANY, names=complement(each.named)))
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
