"""Strings that take each way through a pattern."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from ..patterns import PatternError
from ..patterns.syntax import (
    Assertion,
    Characters,
    Choice,
    Node,
    Repeat,
    Sequence,
    mask_of,
    parse,
)

LONGEST = 20_000
"""Characters of a text that is made as long as it may be."""
LIKELY = "a1-_./:=@$ "
"""Characters in the order in which they are taken where a pattern leaves a choice."""
WORDS = ("us", "my-name", "west", "123456789012", "0123456789abcdef0")
"""What looks real where a character is repeated; the first only where it stands twice."""


@cache
def ways(pattern: str) -> tuple[str, ...]:
    """Return a text for each way through a pattern; none of one that cannot be read."""
    tree = parsed(pattern)
    return () if tree is None else tuple(text_of(tree, way=each.way) for each in branches(tree))


@cache
def parsed(pattern: str) -> Node | None:
    """Return the tree of a pattern, or None where it is not of the dialect."""
    try:
        return parse(pattern)
    except PatternError:
        return None


Way = Mapping[int, int]
"""By the identity of a node with several ways through it, the one that is taken."""
ANY: Way = {}


def text_of(node: Node, way: Way = ANY) -> str:
    """Return a plain text of a tree that takes a way."""
    match node:
        case Characters():
            return _character(node.mask)
        case Sequence(parts):
            return "".join(text_of(part, way) for part in parts)
        case Choice(options):
            if id(node) in way:
                return text_of(options[way[id(node)]], way)
            return max((text_of(each, way) for each in options[:2]), key=len)
        case Repeat(part, least, most):
            word = _word(part, least, most)
            if word is not None and (least or id(node) in way):
                return word
            times = max(least, way.get(id(node), 0), 2 if most is None and least else 0)
            return text_of(part, way) * min(times, LONGEST)
        case Assertion():
            return ""


class Branch(NamedTuple):
    """One of several ways through a tree: the node that forks, which way, what is there, and how to get there."""

    fork: Choice | Repeat
    option: int
    part: Node
    way: Way


def branches(node: Node, way: Way = ANY) -> Iterator[Branch]:
    """Yield each way of each fork: an alternative, or a part that may be there; in the order of the pattern."""
    match node:
        case Sequence(parts):
            for part in parts:
                yield from branches(part, way)
        case Choice(options):
            for index, option in enumerate(options):
                here = {**way, id(node): index}
                yield Branch(node, index, option, here)
                yield from branches(option, here)
        case Repeat(part, least, most):
            here = {**way, id(node): 1}
            if (least, most) == (0, 1):
                yield Branch(node, 1, part, here)
            yield from branches(part, here)


def _word(part: Node, least: int, most: int | None) -> str | None:
    """Return what looks real where a character is repeated."""
    if not isinstance(part, Characters):
        return None
    fitting = (each for each in WORDS if least <= len(each) <= (len(each) if most is None else most))
    return next((each for each in fitting if not mask_of(each) & ~part.mask and (most == 2 or each != "us")), None)


def _character(mask: int) -> str:
    for each in LIKELY:
        if mask & mask_of(each):
            return each
    low = mask & -mask
    return chr(low.bit_length() - 1) if low and low.bit_length() <= 128 else "\u00e9"
