"""Turn the syntax tree of a pattern into a nondeterministic automaton, by Glushkov's construction.

It has a position for each character of the pattern. In `ab|c` the positions are 0 for a, 1 for b and 2 for c. A match
may begin at 0 or 2, and 1 may follow 0. `Builder.visit` returns at which positions a part of the tree can begin and
end. `Builder.after` has the positions that may follow each position.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from . import PatternError
from .syntax import Alternation, Assertion, Characters, Node, Repeat


class Part(NamedTuple):
    """The positions where a part of a pattern can begin and end, and whether the part may be empty."""

    empty: bool
    first: frozenset[int]
    last: frozenset[int]


EMPTY_PART = Part(True, frozenset(), frozenset())
MAX_LINKS = 60_000
"""Maximum number of links between positions. For `a{0,n}` there are n positions and n²/2 links, and building takes time
n³. The patterns of our schemas have at most 20,000 links."""


class Builder:
    """Collects the positions of a syntax tree: one for each character of the pattern.

    `masks` has, for each position, the symbols that it accepts, as bits. `after` has the positions that may follow it.
    """

    def __init__(self) -> None:
        self.masks: list[int] = []
        self.after: list[set[int]] = []
        self.links = 0

    def visit(self, tree: Node) -> Part:
        """Add a position for each character of a syntax tree. Return the positions where a match can begin and end."""
        if isinstance(tree, Characters):
            return self.position(self.bits(tree))
        if isinstance(tree, Repeat):
            return self.repeat(tree)
        if isinstance(tree, Assertion):
            return self.assertion(tree)
        parts = [self.visit(node) for node in (tree.options if isinstance(tree, Alternation) else tree.parts)]
        if isinstance(tree, Alternation):
            return Part(any(part.empty for part in parts), _union(part.first for part in parts),
                         _union(part.last for part in parts))  # fmt: skip
        return self.row(parts)

    def bits(self, tree: Characters) -> int:
        """Return the symbols that a character or a class of the pattern matches, as bits."""
        return tree.mask

    def assertion(self, tree: Assertion) -> Part:
        """Raise `PatternError` for an anchor or a look-around. A subclass may handle them."""
        raise PatternError("has an anchor or a look-around in a place that is not supported")

    def position(self, mask: int) -> Part:
        """Add a position that accepts the symbols in `mask`. Return it as a part that begins and ends there."""
        self.masks.append(mask)
        self.after.append(set())
        here = frozenset([len(self.masks) - 1])
        return Part(False, here, here)

    def row(self, parts: list[Part]) -> Part:
        """Link parts of a pattern that follow each other, as in `ab`. Return them as one part."""
        whole = EMPTY_PART
        for part in parts:
            self.link(whole.last, part.first)
            whole = Part(
                whole.empty and part.empty,
                whole.first | part.first if whole.empty else whole.first,
                whole.last | part.last if part.empty else part.last,
            )
        return whole

    def repeat(self, tree: Repeat) -> Part:
        """Add the positions of a repetition: `x{2,4}` as those of `xxx?x?`, and `x{2,}` as those of `xxx*`."""
        parts = [self.visit(tree.part) for _ in range(tree.least)]
        if tree.most is None:
            again = self.visit(tree.part)
            self.link(again.last, again.first)
            parts.append(again._replace(empty=True))
        else:
            parts += [self.visit(tree.part)._replace(empty=True) for _ in range(tree.most - tree.least)]
        return self.row(parts)

    def link(self, before: frozenset[int], after: frozenset[int]) -> None:
        """Record that each position in `after` may follow each position in `before`."""
        self.links += len(before) * len(after)
        if self.links > MAX_LINKS:
            raise PatternError("is too large")
        for position in before:
            self.after[position] |= after


def _union(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset(position for some in sets for position in some)
