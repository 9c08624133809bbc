"""A syntax tree as an automaton of positions (Glushkov): one state a character of the pattern, no empty steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from . import PatternError
from .syntax import Assertion, Characters, Choice, Node, Repeat


class Part(NamedTuple):
    """The positions with which a piece of a pattern begins and ends, and whether it may be empty."""

    empty: bool
    first: frozenset[int]
    last: frozenset[int]


NOTHING = Part(True, frozenset(), frozenset())
MOST = 60_000
"""Links between positions. `a{0,n}` has n positions, half as many links as their square, and takes their cube in time;
the patterns of our schemas have at most 20,000."""


class Builder:
    """The positions of a tree: `masks` are the symbols that each reads, `after` the positions that may come next."""

    def __init__(self) -> None:
        self.masks: list[int] = []
        self.after: list[set[int]] = []
        self.links = 0

    def visit(self, tree: Node) -> Part:
        """Return where a tree begins and ends."""
        if isinstance(tree, Characters):
            return self.position(self.bits(tree))
        if isinstance(tree, Repeat):
            return self.repeat(tree)
        if isinstance(tree, Assertion):
            return self.assertion(tree)
        parts = [self.visit(each) for each in (tree.options if isinstance(tree, Choice) else tree.parts)]
        if isinstance(tree, Choice):
            return Part(any(each.empty for each in parts), _union(each.first for each in parts),
                         _union(each.last for each in parts))  # fmt: skip
        return self.row(parts)

    def bits(self, tree: Characters) -> int:
        """Return what a position reads."""
        return tree.mask

    def assertion(self, tree: Assertion) -> Part:
        """Return where what takes no character begins and ends."""
        raise PatternError("has an anchor or a look where it is not known")

    def position(self, mask: int) -> Part:
        """Return a new position."""
        self.masks.append(mask)
        self.after.append(set())
        here = frozenset([len(self.masks) - 1])
        return Part(False, here, here)

    def row(self, parts: list[Part]) -> Part:
        """Return one part after the other."""
        whole = NOTHING
        for part in parts:
            self.link(whole.last, part.first)
            whole = Part(
                whole.empty and part.empty,
                whole.first | part.first if whole.empty else whole.first,
                whole.last | part.last if part.empty else part.last,
            )
        return whole

    def repeat(self, tree: Repeat) -> Part:
        """`x{2,4}` is `xxx?x?`, `x{2,}` is `xxx*`: each copy has positions of its own."""
        parts = [self.visit(tree.part) for _ in range(tree.least)]
        if tree.most is None:
            again = self.visit(tree.part)
            self.link(again.last, again.first)
            parts.append(again._replace(empty=True))
        else:
            parts += [self.visit(tree.part)._replace(empty=True) for _ in range(tree.most - tree.least)]
        return self.row(parts)

    def link(self, before: frozenset[int], after: frozenset[int]) -> None:
        """Let some positions follow others."""
        self.links += len(before) * len(after)
        if self.links > MOST:
            raise PatternError("is too large")
        for each in before:
            self.after[each] |= after


def _union(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset(each for some in sets for each in some)
