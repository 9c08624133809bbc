"""Sets of JSON values, described: what the generator works on in place of schemas.

A `Domain` describes values of one JSON type; `Values` are a tuple of domains, any of which a value may be in; no domain
at all is the empty set. `meet` and `complement` are exact, so a value that is drawn from what they return never has to
be thrown away: there is nothing left to filter.
"""

from __future__ import annotations

from math import floor, inf
from typing import Any, NamedTuple, TypeAlias

from ...patterns.automata import Automaton
from ...patterns.products import EVERY

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
    """A member that has none of some names, a value in a union, and a name in another."""

    names: frozenset[str]
    values: Any
    named: Any


class Members(NamedTuple):
    """Objects: `slots` by name, what any other member may be, `some` members that must be there, and how many.

    `names` is the union that the name of every member is in.
    """

    slots: dict[str, Slot]
    others: Any
    some: tuple[Stranger, ...] = ()
    least: int = 0
    most: int = ENDLESS
    names: Any = None

    def slot(self, name: str) -> Slot:
        """Return what is known of a member, named or not."""
        if name in self.slots:
            return self.slots[name]
        if not self.may_be(name):
            return Slot(False, NOTHING)
        return OPEN if self.others is ANY else Slot(False, self.others)

    def may_be(self, name: str) -> bool:
        """Whether a member may have a name."""
        return self.names is None or is_named(self.names, name)


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
OPEN = Slot(False, ANY)
"""A member that nothing is known about."""
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


def every_name(names: Values | None) -> Values:
    """Return the names that members may have, where None stands for all."""
    return ANY if names is None else names


def is_named(names: Values, name: str) -> bool:
    """Whether a name is in a union."""
    return names is ANY or any(isinstance(each, Text) and fits(each, name) for each in names)


def shortest(text: Text) -> int | None:
    """Return the smallest length of a domain's texts; None where it has none."""
    layers = len(text.language._exact[0])
    most = min(text.most, max(text.least, layers) + layers)
    return next(text.language.lengths(text.least, most), None)


def fits(text: Text, value: Any) -> bool:
    """Whether a value is one of a domain's texts."""
    return isinstance(value, str) and text.least <= len(value) <= text.most and text.language.matches(value)


def fits_number(number: Number, value: Any) -> bool:
    """Whether a value is one of a domain's numbers."""
    if type(value) is bool or not isinstance(value, (int, float)):
        return False
    whole = number.whole is None or number.whole == (value == floor(value))
    return whole and number.least <= value <= number.most and value not in number.out
