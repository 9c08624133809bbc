"""Automata of patterns and strings, and strings that are in just one of two."""

from __future__ import annotations

from functools import cache

from . import PatternError
from .assertions import of_tree
from .automata import Automaton
from .products import EVERY, NOTHING, apart, both, complement, difference, of_plain
from .syntax import Choice, Node, Sequence, literal, parse, parse_whole

__all__ = [
    "EVERY", "both", "complement", "counterexample", "difference", "intruder", "of_documented", "of_pattern",
    "of_texts",
]  # fmt: skip


@cache
def of_pattern(pattern: str) -> Automaton:
    """Return the texts in which a schema's pattern is found. One that is not of the dialect raises `PatternError`."""
    return _of(pattern, parse(pattern))


@cache
def of_documented(pattern: str) -> Automaton:
    """Return the texts that a pattern matches whole, as documents print it: without anchors."""
    return _of(pattern, parse_whole(pattern))


def _of(pattern: str, tree: Node) -> Automaton:
    try:
        return of_tree(tree)
    except PatternError as error:
        raise PatternError(f"the pattern {pattern!r} {error}") from None


@cache
def of_texts(texts: frozenset[str]) -> Automaton:
    """Return the set of some texts."""
    rows = tuple(Sequence(tuple(literal(each) for each in text)) for text in sorted(texts))
    return of_plain(Choice(rows)) if rows else NOTHING


def counterexample(one: Automaton, other: Automaton) -> str | None:
    """Return a shortest text that is in just one of two sets; None proves that they are the same."""
    found = apart(one, other)
    return found.completion(0) if found.alive else None


def intruder(one: Automaton, other: Automaton) -> str | None:
    """Return a shortest text of the first set that the second lacks; None proves that it is a part of it."""
    found = difference(one, other)
    return found.completion(0) if found.alive else None
