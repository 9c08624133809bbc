"""Patterns with anchors inside them, and with looks ahead or behind: what these ask of the text around them.

A tree is read from left to right together with what may follow it, an automaton: so a look ahead is a set that the rest
of the text must be in, or must not. A look behind asks that of what its sequence has read so far. What cannot be
decided this way, such as a look inside an endless repetition, is a `PatternError`.
"""

from __future__ import annotations

from functools import reduce

from . import PatternError
from .automata import Automaton
from .products import EMPTY, EVERY, NOTHING, both, difference, either, joined, of_plain
from .syntax import Assertion, Choice, Node, Repeat, Sequence

Nodes = tuple[Node, ...]
FEW = 8
"""Times that a part with a look in it may be repeated."""


def of_tree(tree: Node) -> Automaton:
    """Return the automaton of a syntax tree."""
    return _row((tree,), EMPTY, first=True) if _asserts(tree) else of_plain(tree)


def _asserts(node: Node) -> bool:
    if isinstance(node, Repeat):
        return _asserts(node.part)
    parts = node.options if isinstance(node, Choice) else node.parts if isinstance(node, Sequence) else ()
    return isinstance(node, Assertion) or any(map(_asserts, parts))


def _flat(nodes: Nodes) -> Nodes:
    return tuple(inner for each in nodes for inner in (_flat(each.parts) if isinstance(each, Sequence) else (each,)))


def _row(nodes: Nodes, rest: Automaton, first: bool) -> Automaton:
    """Return the texts that are one node after the other and then the rest; `first` where nothing precedes them."""
    nodes = _flat(nodes)
    if not any(map(_asserts, nodes)):
        return joined(of_plain(Sequence(nodes)), rest)
    for index, each in enumerate(nodes):
        if isinstance(each, Assertion) and each.where == "behind":
            return _after(_behind(nodes[:index], each, first), nodes[index + 1 :], rest, first)
    head, tail = nodes[0], nodes[1:]
    if isinstance(head, Assertion):
        return _asserted(head, tail, rest, first)
    if not _asserts(head):
        return _after(of_plain(head), tail, rest, first)
    options = head.options if isinstance(head, Choice) else _times(head)
    return reduce(either, (_row((each, *tail), rest, first) for each in options))


def _after(head: Automaton, tail: Nodes, rest: Automaton, first: bool) -> Automaton:
    """What follows a text is the first thing of all only where that text is empty."""
    found = joined(difference(head, EMPTY), _row(tail, rest, first=False))
    return either(found, _row(tail, rest, first)) if head.has(0) else found


def _times(node: Node) -> Nodes:
    if not isinstance(node, Repeat) or node.most is None or node.most > FEW:
        raise PatternError("has an anchor or a look inside a repetition, which is not known")
    return tuple(Sequence((node.part,) * times) for times in range(node.least, node.most + 1))


def _asserted(head: Assertion, tail: Nodes, rest: Automaton, first: bool) -> Automaton:
    if head.where == "start" and not first:
        return NOTHING
    found = _row(tail, rest, first)
    if head.where == "start":
        return found
    if head.where == "end" or head.part is None:
        return both(found, EMPTY)
    seen = _row((head.part,), EVERY, first)
    return both(found, seen) if head.holds else difference(found, seen)


def _behind(before: Nodes, look: Assertion, first: bool) -> Automaton:
    """The texts of what precedes a look behind that it accepts. It must not see more than that."""
    read = _row(before, EMPTY, first)
    seen = of_plain(look.part or Sequence(()))
    if any(map(_asserts, before)) or (not first and any(map(read.has, range(_longest(seen))))):
        raise PatternError("looks behind farther than is known")
    ends = joined(EVERY, seen)
    return both(read, ends) if look.holds else difference(read, ends)


def _longest(language: Automaton) -> int:
    return max(language.lengths(0, FEW), default=0)
