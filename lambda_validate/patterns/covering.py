"""Make test strings for a pattern from its automaton: some use every transition, others almost match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from .automata import Automaton

INTRUDER = "!"
"""A character that hardly any pattern accepts."""


# Find strings that distinguish all states of an automaton. Take two states of one group, find a string that only one of
# them accepts, and divide every group by whether its states accept it. Repeat until each group has one state. The
# strings that were used then distinguish all states.
@cache
def tails(language: Automaton) -> tuple[tuple[str, ...], ...]:
    """Return for each state a few strings that are accepted from it, and from as few other states as possible.

    If a test string ends with one of them and is accepted, the characters before probably led to this state. So a wrong
    implementation of the pattern, which is in another state there, fails the test.
    """
    found: list[str] = []
    groups: list[Sequence[int]] = [range(len(language.table))]
    while group := next((block for block in groups if len(block) > 1), None):
        found.append(_apart(language, group[0], group[1]))
        groups = [part for block in groups for part in _divided(language, block, found[-1]) if part]
    ends = {text: frozenset(state for state in language.alive if language.admits(text, state)) for text in found}
    best = sorted(ends, key=lambda text: (len(ends[text]), len(text), text))
    return tuple(
        _unlike([*(text for text in best if state in ends[text]), language.completion(state)])
        if state in language.alive
        else ()
        for state in range(len(language.table))
    )


def _divided(language: Automaton, states: Sequence[int], text: str) -> tuple[list[int], list[int]]:
    ends = {state: language.admits(text, state) for state in states}
    return [state for state in states if ends[state]], [state for state in states if not ends[state]]


def _apart(language: Automaton, one: int, other: int) -> str:
    """Return a shortest string that is accepted from exactly one of two states.

    Such a string exists for any two states, since the automaton is minimal.
    """
    seen, queue = {(one, other)}, [(one, other, "")]
    for a, b, text in queue:
        if (a in language.accepting) != (b in language.accepting):
            return text
        for letters, left, right in zip(language.letters, language.table[a], language.table[b], strict=True):
            if (left, right) not in seen and left != right:
                seen.add((left, right))
                queue.append((left, right, text + letters[0]))
    raise LookupError("no string distinguishes the two states of the automaton")


def cover(language: Automaton) -> Iterator[str]:
    """Yield test strings that together use every transition of an automaton, and reveal a wrong next state.

    For each transition, also yield strings with another character in its place, with an additional character, and
    without the character.
    """
    ends = tails(language)
    for state in sorted(language.alive):
        start, row = language.shortest_to[state], language.table[state]
        for letters, after in zip(language.letters, row, strict=True):
            if after in language.alive:
                yield from (start + letters[0] + tail for tail in ends[after])
                yield from (start + letter + ends[after][0] for letter in kinds(letters)[1:])
        yield from (start + INTRUDER + tail for tail in ends[state])
        for after in sorted(language.alive.intersection(row)):
            yield start + language.completion(after)
            for tail in ends[after]:
                yield start + INTRUDER + tail
                yield start + tail


def enriched(language: Automaton, text: str) -> str:
    """Return a string with characters inserted that do not change the state of the automaton, so that it still matches.

    After each character come a lower-case letter, a capital, a digit and another character, if they keep the state.
    """
    state, found = 0, ""
    for character in text:
        state = language.follow(state, character)
        row = zip(language.letters, language.table[state], strict=True)
        found += character + kinds("".join(letters for letters, after in row if after == state))
    return found


def leaving(language: Automaton) -> Iterator[str]:
    """Yield a shortest string for each transition after which no continuation is accepted: strings that just fail."""
    for state in sorted(language.alive):
        for letters, after in zip(language.letters, language.table[state], strict=True):
            if after not in language.alive:
                yield language.shortest_to[state] + letters[0]


def _unlike(texts: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of the strings that differ in their first two characters."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(text[:2], text)
    return tuple(found.values())[:3]


@cache
def kinds(letters: str) -> str:
    """Return the first lower-case letter, capital, digit and other character of a string: "aA1-" for "abAB12-"."""
    found: dict[tuple[bool, bool, bool], str] = {}
    for letter in letters:
        found.setdefault((letter.islower(), letter.isupper(), letter.isdigit()), letter)
    return "".join(found.values())
