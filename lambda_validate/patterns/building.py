"""Build automata (sets of strings) of patterns and of lists of strings, and compare two of them."""

from __future__ import annotations

from functools import cache

from . import PatternError
from .assertions import of_tree
from .automata import Automaton
from .products import EVERY, NO_STRINGS, apart, both, complement, difference, of_plain
from .syntax import Alternation, Node, Sequence, literal, parse, parse_whole

__all__ = [
    "EVERY", "both", "complement", "counterexample", "difference", "intruder", "of_documented", "of_pattern",
    "of_texts",
]  # fmt: skip


@cache
def of_pattern(pattern: str) -> Automaton:
    """Return the set of strings that a schema's pattern matches. An unsupported pattern raises `PatternError`."""
    return _of(pattern, parse(pattern))


@cache
def of_documented(pattern: str) -> Automaton:
    """Return the set of strings that a pattern without anchors, as in the AWS documents, matches as a whole."""
    return _of(pattern, parse_whole(pattern))


def _of(pattern: str, tree: Node) -> Automaton:
    try:
        return of_tree(tree)
    except PatternError as error:
        raise PatternError(f"the pattern {pattern!r} {error}") from None


@cache
def of_texts(texts: frozenset[str]) -> Automaton:
    """Return the automaton that accepts exactly the given strings."""
    rows = tuple(Sequence(tuple(literal(character) for character in text)) for text in sorted(texts))
    return of_plain(Alternation(rows)) if rows else NO_STRINGS


def counterexample(one: Automaton, other: Automaton) -> str | None:
    """Return a shortest string that is in exactly one of two sets; None if the sets are equal."""
    found = apart(one, other)
    return found.completion(0) if found.alive else None


def intruder(one: Automaton, other: Automaton) -> str | None:
    """Return a shortest string of the first set that is not in the second; None if the first is a subset."""
    found = difference(one, other)
    return found.completion(0) if found.alive else None
