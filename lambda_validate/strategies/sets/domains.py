"""Descriptions of sets of JSON values. The generator works on these instead of schemas.

A `Domain` describes values of one JSON type. `Values` is a tuple of domains: a value in any of them is in the set. The
empty tuple is the empty set. `meet` and `complement` are exact. So each value drawn from their result is in the set,
and none has to be rejected.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from ...patterns.automata import Automaton
from ...patterns.products import EVERY
from .numbers import Number

ENDLESS = 1 << 40
"""A length that means "no limit"."""


class Text(NamedTuple):
    """Strings of a language with lengths in a range. `hints` are realistic strings, which need not be in the set."""

    language: Automaton = EVERY
    least: int = 0
    most: int = ENDLESS
    hints: tuple[str, ...] = ()


class Flag(NamedTuple):
    """Booleans."""

    among: frozenset[bool] = frozenset((False, True))


class Null(NamedTuple):
    """The value null."""

    kind: str = "null"


class Items(NamedTuple):
    """Arrays with a length in a range. There is an item of each union in `some`. All other items are in `each`."""

    least: int
    most: int
    each: Any
    some: tuple[Any, ...] = ()


class Slot(NamedTuple):
    """A member of an object: whether it is required, and its values. If the union is empty, the member is forbidden."""

    required: bool
    values: Any


class Stranger(NamedTuple):
    """A required member that the schema does not name.

    Its name is in one union and not one of `names`. Its value is in another union.
    """

    names: frozenset[str]
    values: Any
    named: Any


class Members(NamedTuple):
    """Objects: `slots` by name, the values of all `others`, required members of `some` name, and the number of members.

    `names` is the union that every name of a member is in.
    """

    slots: dict[str, Slot]
    others: Any
    some: tuple[Stranger, ...] = ()
    least: int = 0
    most: int = ENDLESS
    names: Any = None

    def slot(self, name: str) -> Slot:
        """Return the slot of a member, whether it is named or not."""
        if name in self.slots:
            return self.slots[name]
        if not self.may_be(name):
            return Slot(False, NOTHING)
        return OPEN if self.others is ANY else Slot(False, self.others)

    def may_be(self, name: str) -> bool:
        """Return whether a member with this name is allowed."""
        return self.names is None or is_named(self.names, name)


Domain: TypeAlias = Text | Number | Flag | Null | Items | Members
Values = tuple[Any, ...]
"""A union of domains."""

NOTHING: Values = ()


class _Anything(tuple[Any, ...]):
    """The union of all values. It is a class since it contains itself: its items and members are anything again."""

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
"""A member without restrictions."""
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
    """Return all values of some JSON types. `integer` means whole numbers."""
    return tuple(Number(whole=True) if name == "integer" else KINDS[name] for name in names)


def constrained(domain: Domain) -> Values:
    """Return the values that match a keyword for one JSON type: a domain of that type, and all other types."""
    return (domain, *(other for other in ANY if type(other) is not type(domain)))


def every_name(names: Values | None) -> Values:
    """Return the names that members may have. None means all strings."""
    return ANY if names is None else names


def is_named(names: Values, name: str) -> bool:
    """Return whether a name is in a union."""
    return names is ANY or any(isinstance(domain, Text) and fits(domain, name) for domain in names)


def shortest(text: Text) -> int | None:
    """Return the length of the shortest string of a domain, None if it is empty."""
    layers = len(text.language._exact[0])
    most = min(text.most, max(text.least, layers) + layers)
    return next(text.language.lengths(text.least, most), None)


def fits(text: Text, value: Any) -> bool:
    """Return whether a string is in a domain."""
    return isinstance(value, str) and text.least <= len(value) <= text.most and text.language.matches(value)
