"""Small finite automata: the texts that a pattern admits, as a value that can be combined, compared and drawn from.

Why our own: the deterministic cases must work with nothing installed, and what is kept elsewhere does not fit. Of the
libraries that were tried on these patterns, greenery 4.2 cannot read `\\$`; automata-lib 9.2 cannot read an empty
alternative, and brings networkx; interegular 0.3 reads all, but has had no release since January 2024. None draws a
text of an exact length, or covers transitions. What is needed of the theory fits here, in `building.py` and in
`covering.py`.

An automaton is deterministic, complete, minimal and canonical: two that admit the same texts are equal. Its symbols are
those of `syntax.py`, gathered into classes that every state treats alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from .syntax import BEYOND, OTHER, symbol

ORDER = "".join(map(chr, (*range(97, 123), *range(65, 91), *range(48, 58), 45, 95)))
PREFERRED = ORDER + "".join(chr(code) for code in (*range(33, 127), 32, *range(32), 127) if chr(code) not in ORDER)
"""ASCII, the plainest characters first."""
DRAWN = PREFERRED + "".join(BEYOND)
"""Every character that is drawn."""


class Row(dict[str, "Row"]):
    """The rows of the states that follow a state, by the characters that are drawn; any other is like one of them."""

    __slots__ = ("state",)

    def __init__(self, state: int) -> None:
        self.state = state

    def __missing__(self, character: str) -> Row:
        return self[_like(character)]


class Automaton:
    """A set of texts. `classes` partition the symbols; `table[state][class]` is the next state; 0 is the first."""

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
        """The class of each character that is drawn."""
        return {each: number for number, letters in enumerate(self.letters) for each in letters}

    def number(self, mask: int) -> int:
        """Return the class that some symbols are in, none of them in another."""
        return next(number for number, each in enumerate(self.classes) if each & mask)

    def follow(self, state: int, character: str) -> int:
        """Return the state after one more character."""
        return self._rows[state][character].state

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The characters of each class that are drawn, the plainest first."""
        return tuple("".join(each for each in DRAWN if mask >> symbol(each) & 1) for mask in self.classes)

    @cached_property
    def alive(self) -> frozenset[int]:
        """The states from which some text is admitted."""
        found = set(self.accepting)
        while True:
            more = {state for state, row in enumerate(self.table) if state not in found and found.intersection(row)}
            if not more:
                return frozenset(found)
            found |= more

    @cached_property
    def _rows(self) -> list[Row]:
        """For each state, the row of the next state for each character."""
        rows = [Row(state) for state in range(len(self.table))]
        for row, after in zip(rows, self.table, strict=True):
            row.update({each: rows[after[number]] for each, number in self.index.items()})
        return rows

    def matches(self, text: str) -> bool:
        """Whether a text is in the set."""
        return self.run(text) in self.accepting

    def admits(self, text: str, state: int) -> bool:
        """Whether a text is admitted from a state."""
        return self.run(text, state) in self.accepting

    def run(self, text: str, state: int = 0) -> int:
        """Return the state in which a text ends, from the first one or another."""
        row = self._rows[state]
        for each in text:
            row = row[each]
        return row.state

    @cached_property
    def _exact(self) -> tuple[list[frozenset[int]], int]:
        """For each length, the states from which a text of just that length is admitted, until they repeat; and where
        the repetition starts."""
        layers: list[frozenset[int]] = []
        seen: dict[frozenset[int], int] = {}
        layer = self.accepting
        while layer not in seen:
            seen[layer] = len(layers)
            layers.append(layer)
            layer = frozenset(state for state, row in enumerate(self.table) if not layer.isdisjoint(row))
        return layers, seen[layer]

    def able(self, length: int) -> frozenset[int]:
        """Return the states from which a text of exactly that length is admitted."""
        layers, start = self._exact
        if length < len(layers):
            return layers[length]
        return layers[start + (length - start) % (len(layers) - start)]

    def has(self, length: int) -> bool:
        """Whether some text of exactly that length is in the set."""
        return length >= 0 and 0 in self.able(length)

    def lengths(self, least: int, most: int) -> Iterator[int]:
        """Yield the lengths between two bounds that texts of the set have, from the shortest."""
        return (length for length in range(least, most + 1) if self.has(length))

    def count(self, length: int) -> int:
        """Return how many texts of exactly that length are in the set; a symbol beyond ASCII counts as one."""
        sizes = [mask.bit_count() for mask in self.classes]
        ways = [int(state in self.accepting) for state in range(len(self.table))]
        for _ in range(length):
            ways = [sum(size * ways[after] for size, after in zip(sizes, row, strict=True)) for row in self.table]
        return ways[0]

    def draw(self, length: int, pick: Callable[[str], str], start: str = "", chosen: int = 100) -> str:
        """Return a text of exactly that length that begins with `start`; `pick` chooses the next characters.

        `pick` is given what may come next, the plainest first. After so many characters the plainest are taken. No such
        text at all is a `LookupError`.
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
        """Return the text of exactly that length that begins with `start` and goes on as plainly as it can.

        No such text at all is a `LookupError`. Where a character leads back to its state, it is repeated at once.
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
            plain = sorted((each for letters, after in row if after in able for each in letters), key=_rank)
            self._offered[key] = "".join(plain)
        return self._offered[key]

    @cached_property
    def _offered(self) -> dict[tuple[int, frozenset[int]], str]:
        return {}

    @cached_property
    def shortest_to(self) -> tuple[str, ...]:
        """For each state a shortest text that leads there."""
        found, queue = {0: ""}, [0]
        for state in queue:
            for characters, after in zip(self.letters, self.table[state], strict=True):
                if after not in found:
                    found[after] = found[state] + characters[0]
                    queue.append(after)
        return tuple(found[state] for state in range(len(self.table)))

    def completion(self, state: int) -> str:
        """Return a shortest text that is admitted from a state that is alive."""
        text, length = "", 0
        while state not in self.able(length):
            length += 1
        for left in range(length - 1, -1, -1):
            character = self._choices(state, self.able(left))[0]
            text, state = text + character, self.follow(state, character)
        return text


RANK = {each: index for index, each in enumerate(DRAWN)}


def _rank(character: str) -> int:
    return RANK[character]


def _like(character: str) -> str:
    """Return the character that is drawn in place of one beyond ASCII."""
    return BEYOND[symbol(character) - OTHER]
