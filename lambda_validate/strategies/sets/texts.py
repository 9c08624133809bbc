"""What patterns say of one another, proved with automata: which texts are left, what is said twice, and both as one.

What no automaton describes is never taken for granted: nothing is then said to be empty, implied or the same.
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
    """The texts that match every one of some patterns, and none of others."""

    patterns: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()


@cache
def _language(pattern: str) -> Automaton | None:
    try:
        return of_pattern(pattern)
    except PatternError:
        return None


def has(texts: Texts, text: str) -> bool:
    """Whether a text is one of those."""
    return all(map(_matches(text), texts.patterns)) and not any(map(_matches(text), texts.unlike))


def _matches(text: str) -> Callable[[str], bool]:
    return lambda pattern: bool(matcher(pattern)(text))


@cache
def language(texts: Texts) -> Automaton:
    """Return the texts as an automaton; of what none describes, all are in it."""
    found = EVERY
    for pattern in texts.patterns:
        if (known := _language(pattern)) is not None:
            found = both(found, known)
    for pattern in texts.unlike:
        if (known := _language(pattern)) is not None:
            found = difference(found, known)
    return found


def is_empty(texts: Texts) -> bool:
    """Whether it is proved that no text is left."""
    return not language(texts).alive


def _implies(pattern: str, other: str) -> bool:
    """Whether it is proved that what matches a pattern matches another."""
    known = None not in (_language(pattern), _language(other))
    return pattern == other or (known and is_empty(Texts((pattern,), (other,))))


def _excludes(pattern: str, other: str) -> bool:
    """Whether it is proved that nothing matches both."""
    return is_empty(Texts((pattern, other)))


@cache
def simplified(texts: Texts) -> Texts:
    """Return the same texts by fewer patterns, of which none follows from the others."""
    patterns = _met(_independent(texts.patterns))
    unlike = tuple(each for each in texts.unlike if not any(_excludes(pattern, each) for pattern in patterns))
    return Texts(patterns, tuple(reversed(_independent(unlike, weakest=True))))


def _independent(patterns: tuple[str, ...], *, weakest: bool = False) -> tuple[str, ...]:
    """The patterns that no other implies, or with `weakest` those that imply no other; of two alike, one stays."""
    left = list(dict.fromkeys(patterns))
    for each in tuple(left):
        others = [other for other in left if other != each]
        if any(_implies(each, other) if weakest else _implies(other, each) for other in others):
            left.remove(each)
    return tuple(left)


def _met(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns with the first two made one, as often as that can be."""
    for index, one in enumerate(patterns):
        for other in patterns[index + 1 :]:
            joint = meet(one, other)
            if joint is not None:
                return _met((joint, *(each for each in patterns if each not in (one, other))))
    return patterns


def meet(one: str, other: str) -> str | None:
    """Return one pattern for what matches two, made of the narrower of their pieces between colons; None without one.

    `^(?:arn:[^:]*:sqs:…)$` and `^(?:arn:aws:[a-z]+:…)$` have `^(?:arn:aws:sqs:…)$`. It is proved before it is returned.
    """
    ours, theirs = _pieces(one), _pieces(other)
    if len(ours) < 2 or len(ours) != len(theirs):
        return None
    narrower = [_narrower(mine, yours) for mine, yours in zip(ours, theirs, strict=True)]
    joint = HEAD + ":".join(each or "" for each in narrower) + TAIL
    languages = [_language(each) for each in (one, other, joint)] if None not in narrower else [None]
    if any(each is None for each in languages):
        return None
    return joint if both(languages[0], languages[1]) == languages[2] else None


def _narrower(one: str, other: str) -> str | None:
    if _implies(HEAD + one + TAIL, HEAD + other + TAIL):
        return one
    return other if _implies(HEAD + other + TAIL, HEAD + one + TAIL) else None


def _pieces(pattern: str) -> list[str]:
    """The pieces of a pattern of a whole text between the colons that stand in no group; none where it has choices."""
    tree = read(whole(pattern) or "")
    if not isinstance(tree, Sequence):
        return []
    ends = [-1, *(index for index, each in enumerate(tree.parts) if each == COLON), len(tree.parts)]
    return [printed(Sequence(tree.parts[start + 1 : end])) for start, end in pairwise(ends)]
