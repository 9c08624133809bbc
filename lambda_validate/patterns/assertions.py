"""Build the automaton of a pattern that contains look-arounds, or anchors in the middle.

The tree is handled from left to right, together with the automaton of the strings that may follow. So a look-ahead
becomes an intersection: the rest of the string must, or must not, be in a set. A look-behind does the same with the
string before it. A pattern that this cannot handle, such as a look-around inside an unbounded repetition, raises
`PatternError`.
"""

from __future__ import annotations

from functools import reduce

from . import PatternError
from .automata import Automaton
from .products import EMPTY, EVERY, NO_STRINGS, both, difference, either, joined, of_plain
from .syntax import Alternation, Assertion, Node, Repeat, Sequence

Nodes = tuple[Node, ...]
MAX_ASSERTION_REPEATS = 8
"""Maximum number of repetitions of a part that contains a look-around."""


def of_tree(tree: Node) -> Automaton:
    """Return the automaton of the syntax tree of a pattern, which may contain anchors and look-arounds."""
    return _row((tree,), EMPTY, first=True) if _asserts(tree) else of_plain(tree)


def _asserts(node: Node) -> bool:
    if isinstance(node, Repeat):
        return _asserts(node.part)
    parts = node.options if isinstance(node, Alternation) else node.parts if isinstance(node, Sequence) else ()
    return isinstance(node, Assertion) or any(map(_asserts, parts))


def _flat(nodes: Nodes) -> Nodes:
    return tuple(inner for node in nodes for inner in (_flat(node.parts) if isinstance(node, Sequence) else (node,)))


# An automaton cannot express an assertion such as `(?!b)` directly. So a pattern is evaluated from left to right, with
# the set of strings that may follow in `rest`; here nothing follows. For `a(?!b)[a-z]` the calls are:
#    _row([a, (?!b), [a-z]], rest={""})     a has no assertion: join its strings with those of the next call
#    _row([(?!b), [a-z]], rest={""})        the strings of [a-z], without those that begin with b
#    _row([[a-z]], rest={""})               no assertion is left: a plain automaton
# Alternatives and small repetitions that contain an assertion are written out, with one call for each.
def _row(nodes: Nodes, rest: Automaton, first: bool) -> Automaton:
    """Return the set of strings that match some nodes in turn, followed by a string of `rest`.

    `first` says whether the nodes are at the beginning of the whole string, where `^` matches.
    """
    nodes = _flat(nodes)
    if not any(map(_asserts, nodes)):
        return joined(of_plain(Sequence(nodes)), rest)
    for index, node in enumerate(nodes):
        if isinstance(node, Assertion) and node.where == "behind":
            return _after(_behind(nodes[:index], node, first), nodes[index + 1 :], rest, first)
    head, tail = nodes[0], nodes[1:]
    if isinstance(head, Assertion):
        return _asserted(head, tail, rest, first)
    if not _asserts(head):
        return _after(of_plain(head), tail, rest, first)
    options = head.options if isinstance(head, Alternation) else _times(head)
    return reduce(either, (_row((option, *tail), rest, first) for option in options))


def _after(head: Automaton, tail: Nodes, rest: Automaton, first: bool) -> Automaton:
    """Return the strings that consist of one in `head`, one that the nodes in `tail` match, and one in `rest`.

    `^` matches in the tail only after an empty string of the head. Most tails have no `^`, so both automata are equal.
    """
    after = _row(tail, rest, first=False)
    after_nothing = _row(tail, rest, first) if first and head.has(0) else after
    if after_nothing == after:
        return joined(head, after)
    return either(joined(difference(head, EMPTY), after), after_nothing)


def _times(node: Node) -> Nodes:
    if not isinstance(node, Repeat) or node.most is None or node.most > MAX_ASSERTION_REPEATS:
        raise PatternError("has an anchor or a look-around inside a repetition, which is not supported")
    return tuple(Sequence((node.part,) * times) for times in range(node.least, node.most + 1))


def _asserted(head: Assertion, tail: Nodes, rest: Automaton, first: bool) -> Automaton:
    if head.where == "start" and not first:
        return NO_STRINGS
    found = _row(tail, rest, first)
    if head.where == "start":
        return found
    if head.where == "end" or head.part is None:
        return both(found, EMPTY)
    seen = _row((head.part,), EVERY, first)
    return both(found, seen) if head.holds else difference(found, seen)


def _behind(before: Nodes, look: Assertion, first: bool) -> Automaton:
    """Return the strings that match the nodes before a look-behind and satisfy it.

    Raise `PatternError` if such a string may be shorter than one that the look-behind looks for, or if the nodes have
    look-arounds themselves.
    """
    if any(map(_asserts, before)):
        raise PatternError("has a look-behind after another look-around, which is not supported")
    read = _row(before, EMPTY, first)
    seen = of_plain(look.part or Sequence(()))
    if not first and _is_longer(seen, read):
        raise PatternError("has a look-behind for more characters than may be before it, which is not supported")
    ends = joined(EVERY, seen)
    return both(read, ends) if look.holds else difference(read, ends)


# If an automaton of n states accepts any string, it accepts one of fewer than n characters. If it accepts one of more
# than k characters, it accepts one of at most k + n.
def _is_longer(one: Automaton, other: Automaton) -> bool:
    """Return whether some string of one automaton is longer than the shortest string of another."""
    shortest = next(other.lengths(0, len(other.table)), None)
    return shortest is not None and any(one.lengths(shortest + 1, shortest + len(one.table)))
