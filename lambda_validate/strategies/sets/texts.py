"""Simplify, intersect and compare sets of strings that are given by patterns. Each result is proved with automata.

Nothing can be proved about a pattern that has no automaton. So such a pattern is never removed or joined with another.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ...patterns import PatternError
from ...patterns.building import EVERY, both, difference, of_pattern
from ...patterns.matching import HEAD, TAIL, matcher, whole
from ...patterns.printing import printed
from ...patterns.syntax import Characters, Sequence, read

if TYPE_CHECKING:
    from ...patterns.automata import Automaton

COLON = Characters(":")


class Texts(NamedTuple):
    """The set of strings that match all of `patterns`, and none of `unlike`."""

    patterns: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()


@cache
def _language(pattern: str) -> Automaton | None:
    try:
        return of_pattern(pattern)
    except PatternError:
        return None


def has(texts: Texts, text: str) -> bool:
    """Return whether a string is in a set: it matches all of its `patterns`, and none of `unlike`."""
    return all(map(_matches(text), texts.patterns)) and not any(map(_matches(text), texts.unlike))


def _matches(text: str) -> Callable[[str], bool]:
    return lambda pattern: bool(matcher(pattern)(text))


@cache
def language(texts: Texts) -> Automaton:
    """Return an automaton for a set of strings. Patterns that have no automaton are ignored."""
    found = EVERY
    for pattern in texts.patterns:
        if (known := _language(pattern)) is not None:
            found = both(found, known)
    for pattern in texts.unlike:
        if (known := _language(pattern)) is not None:
            found = difference(found, known)
    return found


def is_empty(texts: Texts) -> bool:
    """Return whether it is proved that a set of strings is empty."""
    return not language(texts).alive


def _implies(pattern: str, other: str) -> bool:
    """Return whether it is proved that every string that matches `pattern` also matches `other`."""
    known = None not in (_language(pattern), _language(other))
    return pattern == other or (known and is_empty(Texts((pattern,), (other,))))


def _excludes(pattern: str, other: str) -> bool:
    """Return whether it is proved that no string matches both patterns."""
    return is_empty(Texts((pattern, other)))


@cache
def simplified(texts: Texts) -> Texts:
    """Return the same set of strings with fewer patterns: those that the others imply are removed."""
    patterns = _met(_independent(texts.patterns))
    unlike = tuple(refused for refused in texts.unlike if not any(_excludes(pattern, refused) for pattern in patterns))
    return Texts(patterns, tuple(reversed(_independent(unlike, weakest=True))))


def _independent(patterns: tuple[str, ...], *, weakest: bool = False) -> tuple[str, ...]:
    """Remove the patterns that another pattern implies; with `weakest`, those that imply another pattern.

    `^ab` implies `^a`: every string that matches the first matches the second. Of equivalent patterns, one remains.
    """
    left = list(dict.fromkeys(patterns))
    for pattern in tuple(left):
        others = [other for other in left if other != pattern]
        if any(_implies(pattern, other) if weakest else _implies(other, pattern) for other in others):
            left.remove(pattern)
    return tuple(left)


def _met(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Join pairs of patterns into one pattern each, as long as that is possible, and return the remaining patterns."""
    for index, one in enumerate(patterns):
        for other in patterns[index + 1 :]:
            joint = meet(one, other)
            if joint is not None:
                return _met((joint, *(pattern for pattern in patterns if pattern not in (one, other))))
    return patterns


def meet(one: str, other: str) -> str | None:
    """Return one pattern for the strings that match both of two patterns; None if none is found.

    Both patterns are split at colons. From each pair of pieces, the result has the narrower one:
    `^(?:arn:[^:]*:sqs:…)$` and `^(?:arn:aws:[a-z]+:…)$` give `^(?:arn:aws:sqs:…)$`. Automata prove that the result is
    exact before it is returned.
    """
    ours, theirs = _pieces(one), _pieces(other)
    if len(ours) < 2 or len(ours) != len(theirs):
        return None
    narrower = [_narrower(mine, yours) for mine, yours in zip(ours, theirs, strict=True)]
    joint = HEAD + ":".join(piece or "" for piece in narrower) + TAIL
    languages = [_language(pattern) for pattern in (one, other, joint)] if None not in narrower else [None]
    if any(automaton is None for automaton in languages):
        return None
    return joint if both(languages[0], languages[1]) == languages[2] else None


def _narrower(one: str, other: str) -> str | None:
    if _implies(HEAD + one + TAIL, HEAD + other + TAIL):
        return one
    return other if _implies(HEAD + other + TAIL, HEAD + one + TAIL) else None


def _pieces(pattern: str) -> list[str]:
    """Split a pattern at the colons outside its groups. Return an empty list if the pattern has alternatives."""
    tree = read(whole(pattern) or "")
    if not isinstance(tree, Sequence):
        return []
    ends = [-1, *(index for index, part in enumerate(tree.parts) if part == COLON), len(tree.parts)]
    return [printed(Sequence(tree.parts[start + 1 : end])) for start, end in pairwise(ends)]
