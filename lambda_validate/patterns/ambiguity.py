"""Patterns that can keep a backtracking engine busy forever, found before any text is matched.

A loop is ambiguous when one text can go round it in two ways: then each further round doubles the work of a match that
fails in the end. Here a pattern in the portable form becomes the positions of its characters and which may follow
which (V. M. Glushkov, "The abstract theory of automata", 1961); two walks side by side over the same text, which part
in a loop and meet again, are the proof. A bound above nine counts as none, so that a pattern may be
suspected wrongly.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from .nondeterministic import NOTHING, Builder, Part
from .syntax import Assertion, Characters, Repeat, read

LARGEST = 20_000
"""Pairs of positions that are looked at; a pattern that needs more is suspected."""
SAMPLE = (
    "".join(map(chr, range(256))) + "Āł\u0391\u0416\u05d0\u0661\u1e00\u2003\u2028\u202e\u3042\u4e00\ud7ff\ue000\ufffd"
)
"""Texts of one character by which sets are compared."""

FEW, FEW_LOOPS, MANY = 9, 3, 1 << 30
"""Rounds that are no loop; those that are none with a loop inside; and rounds without end."""


@cache
def may_hang(pattern: str) -> bool:
    """Return whether a pattern in the portable form may take time that doubles with each character of a text."""
    if not re.search(r"[*+}]", pattern):
        return False
    graph = Graph(pattern)
    return graph.doubled or any(_meets(graph, each) for each in graph.loops)


class Graph(Builder):
    """The positions of a pattern: the characters of each, as bits, and which may follow it."""

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self.loops: list[frozenset[int]] = []
        self.doubled = False
        self.reached: dict[int, frozenset[int]] = {}
        self.visit(read(pattern))

    def bits(self, tree: Characters) -> int:
        """Return the characters of the sample that a set or a character admits."""
        return _bits(tree.written)

    def assertion(self, tree: Assertion) -> Part:
        """Visit what is looked at, for the loops in it."""
        if tree.part:
            self.visit(tree.part)
        return NOTHING

    def repeat(self, tree: Repeat) -> Part:
        """Return a part some times over. A way round that was there before is there twice now."""
        before = len(self.loops)
        part, rounds = self.visit(tree.part), MANY if tree.most is None else tree.most
        one = len(part.first) == 1 and part.first == part.last and not part.empty
        self.doubled |= part.empty and FEW < rounds < MANY
        if rounds > (FEW_LOOPS if len(self.loops) > before else FEW) and not (one and tree.least == rounds):
            for each in part.last:
                self.doubled |= not self.after[each].isdisjoint(part.first)
            self.link(part.last, part.first)
            self.loops.append(part.first)
        return part._replace(empty=part.empty or tree.least == 0)

    def walked(self, start: int) -> frozenset[int]:
        """Return the positions that a walk from one comes to."""
        if start not in self.reached:
            found: set[int] = set()
            waiting = [start]
            while waiting:
                new = self.after[waiting.pop()] - found
                found |= new
                waiting += new
            self.reached[start] = frozenset(found)
        return self.reached[start]


def _meets(graph: Graph, starts: frozenset[int]) -> bool:
    """Whether two walks over one text, both from one position of a loop, can part and be there again together."""
    homes = {each for start in starts for each in graph.walked(start) if each in graph.walked(each)}
    return any(_parts(graph, home) for home in homes)


def _parts(graph: Graph, home: int) -> bool:
    """Whether two walks that leave a position together come back to it together, having parted in between."""
    seen: set[tuple[int, int, bool]] = set()
    waiting = [(home, home, False)]
    while waiting:
        one, other, parted = waiting.pop()
        for left, right in product(graph.after[one], graph.after[other]):
            state = (left, right, parted or left != right)
            if state in seen or not graph.masks[left] & graph.masks[right]:
                continue
            if home not in graph.walked(left) or home not in graph.walked(right):
                continue
            if state == (home, home, True) or len(seen) > LARGEST:
                return True
            seen.add(state)
            waiting.append(state)
    return False


@cache
def _bits(token: str) -> int:
    """The characters of the sample that a set or a character admits."""
    if "\\p" in token.lower():
        return (1 << len(SAMPLE)) - 1
    test = re.compile(token if token[0] in "[\\" else re.escape(token), re.ASCII)
    return sum(1 << index for index, each in enumerate(SAMPLE) if test.fullmatch(each))
