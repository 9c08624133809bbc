"""Descriptions of sets of JSON values. The generator works on these instead of schemas.

A `Domain` describes values of one JSON type. `Values` is a tuple of domains: a value in any of them is in the set. The
empty tuple is the empty set. `meet` (intersection) and `complement` are exact. So each value drawn from their result
matches the schema, and none has to be rejected.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from ...patterns.automata import Automaton
from ...patterns.products import EVERY
from .numbers import Number

ENDLESS = 1 << 40
"""A length that means "no limit"."""


class Text(NamedTuple):
    """The strings that an automaton accepts, with lengths from `least` to `most`.

    `hints` are realistic strings to prefer. Those that are not in the set are ignored.
    """

    language: Automaton = EVERY
    least: int = 0
    most: int = ENDLESS
    hints: tuple[str, ...] = ()


class Flag(NamedTuple):
    """A set of booleans: true, false or both."""

    among: frozenset[bool] = frozenset((False, True))


class Null(NamedTuple):
    """The value null."""

    kind: str = "null"


class Items(NamedTuple):
    """Arrays of `least` to `most` items.

    For each union (set of values) in `some`, one item is a value of it. All other items are values of the union `each`.
    """

    least: int
    most: int
    each: Any
    some: tuple[Any, ...] = ()


class Slot(NamedTuple):
    """What is known of one member of an object: whether it is required, and the set of its values.

    If that set is empty, the member is forbidden.
    """

    required: bool
    values: Any


class Stranger(NamedTuple):
    """A member that an object must have, but whose exact name is open.

    Its name is in the set `named`, and is not one of `names`. Its value is in the set `values`.
    """

    names: frozenset[str]
    values: Any
    named: Any


class Members(NamedTuple):
    """A set of objects with `least` to `most` members.

    `slots` describes members by name, and `others` is the set of values of any other member. `some` are members that
    the object must have under any name. `names` is the set of allowed names; None allows all.
    """

    slots: dict[str, Slot]
    others: Any
    some: tuple[Stranger, ...] = ()
    least: int = 0
    most: int = ENDLESS
    names: Any = None

    def slot(self, name: str) -> Slot:
        """Return what is known of a member: from `slots` if it is there, else from `others` and `names`."""
        if name in self.slots:
            return self.slots[name]
        if not self.may_be(name):
            return Slot(False, NO_JSON_VALUES)
        return OPEN if self.others is ANY else Slot(False, self.others)

    def may_be(self, name: str) -> bool:
        """Return whether a member with this name is allowed."""
        return self.names is None or is_named(self.names, name)


Domain: TypeAlias = Text | Number | Flag | Null | Items | Members
Values = tuple[Any, ...]
"""A union: a set of JSON values, as a tuple of domains."""

NO_JSON_VALUES: Values = ()


class _Anything(tuple[Any, ...]):
    """The set of all JSON values.

    It is a class since it contains itself: the items of its arrays can be anything again.
    """

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
"""An optional member with any value."""
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
    """Return the set of all values of the named JSON types. `integer` means whole numbers."""
    return tuple(Number(whole=True) if name == "integer" else KINDS[name] for name in names)


def constrained(domain: Domain) -> Values:
    """Return the set of a domain and all values of other JSON types.

    This is what a keyword for one type allows: `{"maxLength": 3}` allows short strings, and everything but strings.
    """
    return (domain, *(other for other in ANY if type(other) is not type(domain)))


def every_name(names: Values | None) -> Values:
    """Return `names`, the set of names that members may have.

    For None, which allows all names, return the set of all JSON values.
    """
    return ANY if names is None else names


def is_named(names: Values, name: str) -> bool:
    """Return whether a set of values contains a name."""
    return names is ANY or any(isinstance(domain, Text) and fits(domain, name) for domain in names)


def shortest(text: Text) -> int | None:
    """Return the length of the shortest string of a set, None if the set is empty."""
    layers = len(text.language._exact[0])
    most = min(text.most, max(text.least, layers) + layers)
    return next(text.language.lengths(text.least, most), None)


def fits(text: Text, value: Any) -> bool:
    """Return whether a value is a string of a set."""
    return isinstance(value, str) and text.least <= len(value) <= text.most and text.language.matches(value)
