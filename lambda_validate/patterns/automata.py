r"""Deterministic finite automata: sets of strings, as values that can be combined, compared and drawn from.

Why our own: the deterministic test cases must work with nothing installed, and no library fits. Of the libraries that
were tried on these patterns, greenery 4.2 cannot read `\$`; automata-lib 9.2 cannot read an empty alternative, and
depends on networkx; interegular 0.3 reads all of them, but has had no release since January 2024. None of them can draw
a string of an exact length, or cover all transitions. The algorithms that are needed fit into this module,
`building.py`, `products.py` and `covering.py`.

An automaton is deterministic, complete, minimal and canonical, so two automata that accept the same strings are equal.
Its symbols are those of `syntax.py`. They are grouped into classes: sets of symbols that every state treats alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from .syntax import BEYOND, OTHER, symbol

ORDER = "".join(map(chr, (*range(97, 123), *range(65, 91), *range(48, 58), 45, 95)))
PREFERRED = ORDER + "".join(chr(code) for code in (*range(33, 127), 32, *range(32), 127) if chr(code) not in ORDER)
"""All ASCII characters, the simplest first: letters, then digits, then the others."""
DRAWN = PREFERRED + "".join(BEYOND)
"""Every character that a drawn string may contain."""


class Row(dict[str, "Row"]):
    """The transitions of one state, by character.

    A character that is not in `DRAWN` behaves like the one for its group.
    """

    __slots__ = ("state",)

    def __init__(self, state: int) -> None:
        self.state = state

    def __missing__(self, character: str) -> Row:
        return self[_like(character)]


class Automaton:
    """A set of strings.

    `classes` partition the symbols. `table[state][class]` is the next state. State 0 is the start.
    """

    def __init__(self, classes: tuple[int, ...], table: tuple[tuple[int, ...], ...], accepting: frozenset[int]) -> None:
        self.classes, self.table, self.accepting = classes, table, accepting
        self._key = hash((classes, table, accepting))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Automaton) and (self is other or self._facts == other._facts)

    def __hash__(self) -> int:
        return self._key

    def __repr__(self) -> str:
        return f"<Automaton of {len(self.table)} states>"

    @property
    def _facts(self) -> tuple[object, ...]:
        return self.classes, self.table, self.accepting

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The class of each character in `DRAWN`."""
        return {letter: number for number, letters in enumerate(self.letters) for letter in letters}

    def number(self, mask: int) -> int:
        """Return the index of the class that contains some symbols; all of them must be in one class."""
        return next(number for number, class_mask in enumerate(self.classes) if class_mask & mask)

    def follow(self, state: int, character: str) -> int:
        """Return the state after one more character."""
        return self._rows[state][character].state

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The drawable characters of each class, the simplest first."""
        return tuple("".join(letter for letter in DRAWN if mask >> symbol(letter) & 1) for mask in self.classes)

    @cached_property
    def alive(self) -> frozenset[int]:
        """The states from which an accepting state can be reached."""
        found = set(self.accepting)
        while True:
            more = {state for state, row in enumerate(self.table) if state not in found and found.intersection(row)}
            if not more:
                return frozenset(found)
            found |= more

    @cached_property
    def _rows(self) -> list[Row]:
        """For each state, its transitions by character."""
        rows = [Row(state) for state in range(len(self.table))]
        for row, after in zip(rows, self.table, strict=True):
            row.update({letter: rows[after[number]] for letter, number in self.index.items()})
        return rows

    def matches(self, text: str) -> bool:
        """Return whether a string is in the set."""
        return self.run(text) in self.accepting

    def admits(self, text: str, state: int) -> bool:
        """Return whether a string leads from a state to an accepting one."""
        return self.run(text, state) in self.accepting

    def run(self, text: str, state: int = 0) -> int:
        """Return the state after a string, beginning at a given state."""
        row = self._rows[state]
        for character in text:
            row = row[character]
        return row.state

    @cached_property
    def _exact(self) -> tuple[list[frozenset[int]], int]:
        """The states that accept a string of length 0, 1, 2 and so on.

        The sets repeat from some length on: the second value is the index where the repetition begins.
        """
        layers: list[frozenset[int]] = []
        seen: dict[frozenset[int], int] = {}
        layer = self.accepting
        while layer not in seen:
            seen[layer] = len(layers)
            layers.append(layer)
            layer = frozenset(state for state, row in enumerate(self.table) if not layer.isdisjoint(row))
        return layers, seen[layer]

    # Example: in the automaton of `^(?:ab)*$`, state 0 accepts strings of length 0, 2, 4, … and state 2 those of length
    # 1, 3, 5, … State 1 accepts none. So the sets are {0}, {2}, {0}, …: two sets, which repeat from index 0. A set for
    # length 1,000,000 is then a look-up.
    def able(self, length: int) -> frozenset[int]:
        """Return the states that accept some string of exactly this length."""
        layers, start = self._exact
        if length < len(layers):
            return layers[length]
        return layers[start + (length - start) % (len(layers) - start)]

    def has(self, length: int) -> bool:
        """Return whether the set contains a string of exactly this length."""
        return length >= 0 and 0 in self.able(length)

    def lengths(self, least: int, most: int) -> Iterator[int]:
        """Yield the lengths of strings in the set, between two bounds, in ascending order."""
        return (length for length in range(least, most + 1) if self.has(length))

    def count(self, length: int) -> int:
        """Return the number of strings of exactly this length. A symbol for characters beyond ASCII counts as one."""
        sizes = [mask.bit_count() for mask in self.classes]
        ways = [int(state in self.accepting) for state in range(len(self.table))]
        for _ in range(length):
            ways = [sum(size * ways[after] for size, after in zip(sizes, row, strict=True)) for row in self.table]
        return ways[0]

    def draw(self, length: int, pick: Callable[[str], str], start: str = "", chosen: int = 100) -> str:
        """Return a string of exactly this length that begins with `start`. `pick` chooses each next character.

        `pick` is called with the possible characters, the simplest first. After `chosen` characters, the simplest is
        always taken. If there is no such string, `LookupError` is raised.
        """
        state, rest = self.run(start), length - len(start)
        if rest < 0 or state not in self.able(rest):
            raise LookupError(f"no text of {length} characters begins with {start!r}")
        text = [start]
        for left in range(rest - 1, max(rest - chosen, 0) - 1, -1):
            character = pick(self._choices(state, self.able(left)))
            text.append(character)
            state = self.follow(state, character)
        return self.plainest(length, "".join(text))

    def plainest(self, length: int, start: str = "") -> str:
        """Return the simplest string of exactly this length that begins with `start`.

        If there is no such string, `LookupError` is raised. A character that leads back to the same state is repeated
        in one step.
        """
        layers, repeats_from = self._exact
        state, text = self.run(start), start
        if length < len(text) or state not in self.able(length - len(text)):
            raise LookupError(f"no text of {length} characters begins with {start!r}")
        while (left := length - len(text)) > 0:
            character = self._choices(state, self.able(left - 1))[0]
            after = self.follow(state, character)
            steady = after == state and repeats_from == len(layers) - 1
            text += character * (max(1, left - len(layers)) if steady else 1)
            state = after
        return text

    def _choices(self, state: int, able: frozenset[int]) -> str:
        key = (state, able)
        if key not in self._offered:
            row = zip(self.letters, self.table[state], strict=True)
            plain = sorted((letter for letters, after in row if after in able for letter in letters), key=_rank)
            self._offered[key] = "".join(plain)
        return self._offered[key]

    @cached_property
    def _offered(self) -> dict[tuple[int, frozenset[int]], str]:
        return {}

    @cached_property
    def shortest_to(self) -> tuple[str, ...]:
        """For each state, a shortest string that leads to it."""
        found, queue = {0: ""}, [0]
        for state in queue:
            for characters, after in zip(self.letters, self.table[state], strict=True):
                if after not in found:
                    found[after] = found[state] + characters[0]
                    queue.append(after)
        return tuple(found[state] for state in range(len(self.table)))

    def completion(self, state: int) -> str:
        """Return a shortest string that leads from a state to an accepting one. The state must be alive."""
        text, length = "", 0
        while state not in self.able(length):
            length += 1
        for left in range(length - 1, -1, -1):
            character = self._choices(state, self.able(left))[0]
            text, state = text + character, self.follow(state, character)
        return text


RANK = {letter: index for index, letter in enumerate(DRAWN)}


def _rank(character: str) -> int:
    return RANK[character]


def _like(character: str) -> str:
    """Return the character of `DRAWN` that stands for a character beyond ASCII."""
    return BEYOND[symbol(character) - OTHER]
