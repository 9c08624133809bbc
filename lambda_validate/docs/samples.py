"""Make sample strings for a pattern: one for each way through it, such as each alternative."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from ..patterns import PatternError
from ..patterns.syntax import (
    Alternation,
    Assertion,
    Characters,
    Node,
    Repeat,
    Sequence,
    mask_of,
    parse,
)

MAX_SAMPLE_REPEATS = 20_000
"""Maximum number of repetitions of a part in a sample string."""
LIKELY = "a1-_./:=@$ "
"""Characters in the order of preference, for the choice of one that a pattern allows."""
WORDS = ("us", "my-name", "west", "123456789012", "0123456789abcdef0")
"""Realistic words for repeated characters. The first one is used only if exactly two characters are allowed."""


@cache
def ways(pattern: str) -> tuple[str, ...]:
    """Return a string for each way through a pattern; an empty tuple if the pattern cannot be parsed."""
    tree = parsed(pattern)
    return () if tree is None else tuple(text_of(tree, way=branch.way) for branch in branches(tree))


@cache
def parsed(pattern: str) -> Node | None:
    """Return the syntax tree of a pattern; None if this library cannot parse the pattern."""
    try:
        return parse(pattern)
    except PatternError:
        return None


Way = Mapping[int, int]
"""A way through a pattern: for each node with alternatives, by the node's `id()`, the number of the one to take."""
ANY_WAY: Way = {}


def text_of(node: Node, way: Way = ANY_WAY) -> str:
    """Return a simple string that a pattern matches and that takes the given way through its syntax tree."""
    match node:
        case Characters():
            return _character(node.mask)
        case Sequence(parts):
            return "".join(text_of(part, way) for part in parts)
        case Alternation(options):
            if id(node) in way:
                return text_of(options[way[id(node)]], way)
            return max((text_of(option, way) for option in options[:2]), key=len)
        case Repeat(part, least, most):
            word = _word(part, least, most)
            if word is not None and (least or id(node) in way):
                return word
            times = max(least, way.get(id(node), 0), 2 if most is None and least else 0)
            return text_of(part, way) * min(times, MAX_SAMPLE_REPEATS)
        case Assertion():
            return ""


class Branch(NamedTuple):
    """One of the alternatives at a node of a pattern.

    `fork` is the node, `option` the number of the alternative, and `part` its content. `way` leads to it from the root.
    """

    fork: Alternation | Repeat
    option: int
    part: Node
    way: Way


def branches(node: Node, way: Way = ANY_WAY) -> Iterator[Branch]:
    """Yield each alternative of a pattern, and each part that may be left out, from left to right."""
    match node:
        case Sequence(parts):
            for part in parts:
                yield from branches(part, way)
        case Alternation(options):
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
    """Return a realistic string for a repeated part of a pattern, such as `us` for `[a-z]{2}`; None if none fits."""
    if not isinstance(part, Characters):
        return None
    fitting = (word for word in WORDS if least <= len(word) <= (len(word) if most is None else most))
    return next((word for word in fitting if not mask_of(word) & ~part.mask and (most == 2 or word != "us")), None)


def _character(mask: int) -> str:
    for character in LIKELY:
        if mask & mask_of(character):
            return character
    low = mask & -mask
    return chr(low.bit_length() - 1) if low and low.bit_length() <= 128 else "\u00e9"
