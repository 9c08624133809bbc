r"""Define deterministic finite automata. An automaton is a set of strings, such as all strings that match a pattern.

Why no library: the deterministic test cases must work with nothing installed, and no library fits. Of the libraries
that were tried on these patterns, greenery 4.2 cannot read `\$`; automata-lib 9.2 cannot read an empty alternative, and
depends on networkx; interegular 0.3 reads all of them, but has had no release since January 2024. None of them can draw
a string of an exact length, or cover all transitions. The algorithms that are needed fit into this module,
`building.py`, `products.py` and `covering.py`.

An automaton is deterministic, complete, minimal and canonical, so two automata that accept the same strings are equal.
Its symbols are those of `syntax.py`. They are grouped into classes: sets of symbols with the same next state,
whatever the state.
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
    """The transitions of one state: a dict from each character to the row of the next state.

    A character beyond ASCII that is not in `DRAWN` has the transition of the example character for its group.
    """

    __slots__ = ("state",)

    def __init__(self, state: int) -> None:
        self.state = state

    def __missing__(self, character: str) -> Row:
        return self[_like(character)]


class Automaton:
    """A set of strings, as a deterministic finite automaton.

    `classes` are sets of symbols, as bits; every symbol is in one of them. `table[state][class]` is the next state.
    State 0 is the start. A string is in the set if it leads from there to a state in `accepting`.
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
        """A mapping from each character that a drawn string may contain (`DRAWN`) to the index of its class."""
        return {letter: number for number, letters in enumerate(self.letters) for letter in letters}

    def number(self, mask: int) -> int:
        """Return the index of the class that contains the symbols in `mask`. They must all be in one class."""
        return next(number for number, class_mask in enumerate(self.classes) if class_mask & mask)

    def follow(self, state: int, character: str) -> int:
        """Return the next state after a state and a character."""
        return self._rows[state][character].state

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """For each class, the characters of it that a drawn string may contain, the simplest first."""
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
        """Return whether a string leads from a state to an accepting state."""
        return self.run(text, state) in self.accepting

    def run(self, text: str, state: int = 0) -> int:
        """Return the state to which a string leads from a state, the start by default."""
        row = self._rows[state]
        for character in text:
            row = row[character]
        return row.state

    @cached_property
    def _exact(self) -> tuple[list[frozenset[int]], int]:
        """For each length 0, 1, 2 and so on, the states from which a string of this length is accepted.

        These sets repeat from some length on. The second value of the pair is the index where the repetition begins.
        """
        layers: list[frozenset[int]] = []
        seen: dict[frozenset[int], int] = {}
        layer = self.accepting
        while layer not in seen:
            seen[layer] = len(layers)
            layers.append(layer)
            layer = frozenset(state for state, row in enumerate(self.table) if not layer.isdisjoint(row))
        return layers, seen[layer]

    # The states that accept a string of some length follow from those for the length below. Example: in the automaton
    # of `^(?:ab)*$`, state 0 accepts strings of length 0, 2, 4, …. State 2 accepts those of length 1, 3, 5, …, and
    # state 1 none. So the sets for 0, 1, 2, … are {0}, {2}, {0}, …: two sets, which repeat from index 0. The set for
    # length 1,000,000 is then looked up, not computed.
    def able(self, length: int) -> frozenset[int]:
        """Return the states from which some string of exactly this length is accepted."""
        layers, start = self._exact
        if length < len(layers):
            return layers[length]
        return layers[start + (length - start) % (len(layers) - start)]

    def has(self, length: int) -> bool:
        """Return whether the set contains a string of exactly this length."""
        return length >= 0 and 0 in self.able(length)

    def lengths(self, least: int, most: int) -> Iterator[int]:
        """Yield the lengths, from `least` to `most` and in ascending order, that some string in the set has."""
        return (length for length in range(least, most + 1) if self.has(length))

    def count(self, length: int) -> int:
        """Return the number of strings of exactly this length in the set.

        Characters beyond ASCII count as four, one for each group of `syntax.BEYOND`.
        """
        sizes = [mask.bit_count() for mask in self.classes]
        ways = [int(state in self.accepting) for state in range(len(self.table))]
        for _ in range(length):
            ways = [sum(size * ways[after] for size, after in zip(sizes, row, strict=True)) for row in self.table]
        return ways[0]

    def draw(self, length: int, pick: Callable[[str], str], start: str = "", chosen: int = 100) -> str:
        """Return a string of the set of exactly this length that begins with `start`. `pick` chooses each character.

        `pick` is called with a string of the possible characters, the simplest first, and returns one of them. It
        chooses at most `chosen` characters; after these, the simplest are used. If there is no such string,
        `LookupError` is raised.
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
        """Return the string of the set of exactly this length that begins with `start` and has the simplest characters.

        If there is no such string, `LookupError` is raised. For speed, a character that leads back to the same state is
        repeated in one step.
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
        """Return a shortest string that leads from a state to an accepting state, if any does (the state is alive)."""
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
    """Return the example character, in `syntax.BEYOND`, of the group to which a character beyond ASCII belongs."""
    return BEYOND[symbol(character) - OTHER]
