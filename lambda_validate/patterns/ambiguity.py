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
from typing import NamedTuple

LARGEST = 20_000
"""Pairs of positions that are looked at; a pattern that needs more is suspected."""
SAMPLE = (
    "".join(map(chr, range(256))) + "Āł\u0391\u0416\u05d0\u0661\u1e00\u2003\u2028\u202e\u3042\u4e00\ud7ff\ue000\ufffd"
)
"""Texts of one character by which sets are compared."""

# piece = group / class / escape / character ; quantifier = "*" / "+" / "?" / "{" m "," n "}" ; the portable form
ESCAPE = r"\\(?:[pP]\{\w+\}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[\s\S])"
TOKEN = re.compile(rf"\(\?(?:[:=!]|<[=!])|\(|\)|\||\[\^?\]?(?:{ESCAPE}|[^\]\\])*\]|{ESCAPE}|[\s\S]")
QUANTIFIER = re.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}")
FEW, FEW_LOOPS, MANY = 9, 3, 1 << 30
"""Rounds that are no loop; those that are none with a loop inside; and rounds without end."""


class Part(NamedTuple):
    """A piece of a pattern: where it may begin and end, and whether it may be empty."""

    first: frozenset[int]
    last: frozenset[int]
    empty: bool


NOTHING = Part(frozenset(), frozenset(), True)


@cache
def may_hang(pattern: str) -> bool:
    """Return whether a pattern in the portable form may take time that doubles with each character of a text."""
    if not re.search(r"[*+}]", pattern):
        return False
    graph = Graph(pattern)
    return graph.doubled or any(_meets(graph, each) for each in graph.loops)


class Graph:
    """The positions of a pattern: the characters of each, as bits, and which may follow it."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0
        self.characters: list[int] = []
        self.follow: list[set[int]] = []
        self.loops: list[frozenset[int]] = []
        self.doubled = False
        self.reached: dict[int, frozenset[int]] = {}
        self.choice()

    def choice(self) -> Part:
        """Alternatives, up to the end of their group."""
        found = self.sequence()
        while self.pattern[self.at : self.at + 1] == "|":
            self.at += 1
            other = self.sequence()
            found = Part(found.first | other.first, found.last | other.last, found.empty or other.empty)
        return found

    def sequence(self) -> Part:
        """Pieces, one after the other."""
        found = NOTHING
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            found = self.joined(found, self.piece())
        return found

    def joined(self, one: Part, other: Part) -> Part:
        """Two parts, one after the other."""
        for each in one.last:
            self.follow[each] |= other.first
        first = one.first | other.first if one.empty else one.first
        last = one.last | other.last if other.empty else other.last
        return Part(first, last, one.empty and other.empty)

    def piece(self) -> Part:
        """A group, a set or a character, with its quantifier."""
        found, loops = TOKEN.match(self.pattern, self.at), len(self.loops)
        token = found[0] if found else self.pattern[self.at]
        self.at += len(token)
        part = self.group(token) if token.startswith("(") else self.position(token)
        quantifier = QUANTIFIER.match(self.pattern, self.at)
        return self.repeated(part, quantifier, len(self.loops) > loops) if quantifier else part

    def group(self, opening: str) -> Part:
        """A group; what only looks around takes no characters."""
        part = self.choice()
        self.at += 1
        return part if opening in ("(", "(?:") else NOTHING

    def position(self, token: str) -> Part:
        """A set or a character; an anchor takes none."""
        if token in ("^", "$"):
            return NOTHING
        self.characters.append(_bits(token))
        self.follow.append(set())
        here = frozenset([len(self.characters) - 1])
        return Part(here, here, False)

    def repeated(self, part: Part, quantifier: re.Match[str], holds_loops: bool) -> Part:
        """A part some times over. A way round that was there before is there twice now."""
        self.at = quantifier.end()
        least, comma, most = quantifier.groups()
        rounds = {"?": 1, "*": MANY, "+": MANY}.get(quantifier[0]) or int(most or (MANY if comma else least))
        one = len(part.first) == 1 and part.first == part.last and not part.empty
        exactly = one and bool(least) and (most == least or not comma)
        self.doubled |= part.empty and FEW < rounds < MANY
        if rounds > (FEW_LOOPS if holds_loops else FEW) and not exactly:
            for each in part.last:
                self.doubled |= not self.follow[each].isdisjoint(part.first)
                self.follow[each] |= part.first
            self.loops.append(part.first)
        return part._replace(empty=part.empty or quantifier[0] in "*?" or int(least or 1) == 0)

    def walked(self, start: int) -> frozenset[int]:
        """Return the positions that a walk from one comes to."""
        if start not in self.reached:
            found: set[int] = set()
            waiting = [start]
            while waiting:
                new = self.follow[waiting.pop()] - found
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
        for left, right in product(graph.follow[one], graph.follow[other]):
            state = (left, right, parted or left != right)
            if state in seen or not graph.characters[left] & graph.characters[right]:
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
