"""Find patterns for which a backtracking engine may need exponential time, before any string is matched.

A loop is ambiguous if one string can go through it in two ways, as in `(a|a)*b`. Then each further round doubles the
work for a string that does not match in the end.

The search works on positions: each character of the pattern is one, and links say which may follow which (V. M.
Glushkov, "The abstract theory of automata", 1961). A loop is ambiguous if the same string leads from a position back to
it in two ways, through different positions. A repetition of more than nine times counts as unbounded, so some harmless
patterns are reported as well.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from .nondeterministic import EMPTY_PART, Builder, Part
from .syntax import Assertion, Characters, Repeat, read

MAX_POSITION_PAIRS = 20_000
"""Maximum number of pairs of positions to visit. A pattern that needs more is reported as ambiguous."""
SAMPLE = (
    "".join(map(chr, range(256))) + "Āł\u0391\u0416\u05d0\u0661\u1e00\u2003\u2028\u202e\u3042\u4e00\ud7ff\ue000\ufffd"
)
"""Sample characters. Two character sets overlap if they have one of these in common."""

FEW, FEW_LOOPS, MANY = 9, 3, 1 << 30
"""Repetitions up to the first number are not a loop; up to the second with a loop inside; the third is unbounded."""


@cache
def may_hang(pattern: str) -> bool:
    """Return whether a backtracking engine may need time exponential in the length of a string to match a pattern.

    The pattern must have the portable form: see `portable.py`.
    """
    if not re.search(r"[*+}]", pattern):
        return False
    graph = Graph(pattern)
    return graph.doubled or any(_meets(graph, loop) for loop in graph.loops)


class Graph(Builder):
    """The graph of a pattern: a position for each of its characters, and links to the positions that may follow.

    `masks` has the sample characters that each position accepts, as bits.
    """

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self.loops: list[frozenset[int]] = []
        self.doubled = False
        self.reached: dict[int, frozenset[int]] = {}
        self.visit(read(pattern))

    def bits(self, tree: Characters) -> int:
        """Return which characters of `SAMPLE` a character or a class of the pattern matches, as bits."""
        return _bits(tree.written)

    def assertion(self, tree: Assertion) -> Part:
        """Search the inside of a look-around for loops. An anchor or look-around itself matches no character."""
        if tree.part:
            self.visit(tree.part)
        return EMPTY_PART

    def repeat(self, tree: Repeat) -> Part:
        """Add the positions of a repetition, and return where it can begin and end.

        If a link that it adds exists already, a string can be matched in two ways, so `doubled` becomes True.
        """
        before = len(self.loops)
        part, rounds = self.visit(tree.part), MANY if tree.most is None else tree.most
        one = len(part.first) == 1 and part.first == part.last and not part.empty
        self.doubled |= part.empty and FEW < rounds < MANY
        if rounds > (FEW_LOOPS if len(self.loops) > before else FEW) and not (one and tree.least == rounds):
            for position in part.last:
                self.doubled |= not self.after[position].isdisjoint(part.first)
            self.link(part.last, part.first)
            self.loops.append(part.first)
        return part._replace(empty=part.empty or tree.least == 0)

    def walked(self, start: int) -> frozenset[int]:
        """Return the positions that can be reached from a position by one or more links."""
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
    """Return whether a loop is ambiguous: one string leads from a position back to it in two different ways."""
    homes = {home for start in starts for home in graph.walked(start) if home in graph.walked(home)}
    return any(_parts(graph, home) for home in homes)


# A loop of a pattern is ambiguous if one string can be matched by two different walks through it. Example: `(a|a)*` has
# two positions, 0 and 1, and both may follow both. The search begins at (0, 0) with parted=False: both walks are at 0.
# A step to (0, 1) sets parted, since the walks differ. A step back to (0, 0) with parted=True proves the ambiguity. A
# pair is only followed if both positions accept a common character and can still return to 0.
def _parts(graph: Graph, home: int) -> bool:
    """Return whether one string leads from the position `home` back to it in two ways, through different positions."""
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
            if state == (home, home, True) or len(seen) > MAX_POSITION_PAIRS:
                return True
            seen.add(state)
            waiting.append(state)
    return False


@cache
def _bits(token: str) -> int:
    """Return which characters of `SAMPLE` a character, an escape or a class such as `[a-z]` matches, as bits."""
    if "\\p" in token.lower():
        return (1 << len(SAMPLE)) - 1
    test = re.compile(token if token[0] in "[\\" else re.escape(token), re.ASCII)
    return sum(1 << index for index, character in enumerate(SAMPLE) if test.fullmatch(character))
