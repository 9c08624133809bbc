"""A value of a set by three numbers: which way it is made, which of several, and in detail. 0, 0, 0 is the plainest.

All texts and numbers take just three, so payloads of a cell are made of equally many choices, whatever they are:
Hypothesis then has nothing to throw away when it varies or shrinks them. This module does not need it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..sets import domains
from ..sets.domains import ANY, Flag, Null, Number, Text, Values
from .realistic import variants
from .samples import edges, plain

Chooser = Callable[[int, int, int], Any]
"""Makes a value of a way (below `WAYS`), an index and a seed."""
WAYS = 12
USUAL = 40
"""Characters of a text that is not at a bound, beyond the fewest that it can have."""
LONGEST = 1000
"""A limit above this is a guard, and no length that anybody means: texts then end at the usual lengths."""
LARGE = 2**32
FRACTIONS = (0.5, 0.25, 0.125)
"""Parts of one that every JSON reader keeps as they are."""
FARTHEST = 2**40
SINGLE = 16
"""Whole numbers next to the plainest that are chosen one by one."""
STEPS = 2**8
"""How many an index tells apart where it stands for a number."""


def of_union(union: Values) -> Callable[[int, int, int, int], Any] | None:
    """Return what makes a value of a union of scalars by four numbers, the first for its domain; None for others."""
    if union is ANY:
        return lambda branch, way, index, seed: SCALARS[(branch + index) % len(SCALARS)]
    if not all(type(each) in CHOOSERS for each in union):
        return None
    choosers = [CHOOSERS[type(each)](each) for each in union]
    return lambda branch, way, index, seed: choosers[branch % len(choosers)](way, index, seed)


SCALARS = ("", 0, False, None, "text", 1, True, 0.5)
"""What stands for any value at all."""


def of_text(text: Text) -> Chooser:
    """Half of the texts look real. The others: of usual length, by way of a state of the automaton, at a bound."""
    least = domains.shortest(text) or 0
    most = min(text.most, max(USUAL, 2 * least)) if text.most > LONGEST else text.most
    usual = [each for each in range(least, min(most, least + USUAL) + 1) if _has(text, each)]
    longest = [most] if _has(text, most) else [usual[-1]]
    ends = [each for each in (least, least + 1, most - 1) if _has(text, each)]
    ways = (usual, None, longest, longest, longest, ends)
    real, starts = variants(text), _starts(text)

    def choose(way: int, index: int, seed: int) -> str:
        if way < WAYS // 2 and real:
            return real[index % len(real)]
        lengths = ways[way % len(ways)]
        start, length = starts[index % len(starts)] if lengths is None else ("", lengths[index % len(lengths)])
        return text.language.draw(length, picker(seed), start)

    return choose


def _has(text: Text, length: int) -> bool:
    return text.least <= length <= text.most and text.language.has(length)


def _starts(text: Text) -> Sequence[tuple[str, int]]:
    """The shortest way to each state of the automaton, and a length of a text that goes that way."""
    language = text.language
    found = []
    for state in sorted(language.alive):
        start = language.shortest_to[state]
        first = max(text.least, len(start) + len(language.completion(state)))
        for length in range(first, min(text.most, first + USUAL) + 1):
            if state in language.able(length - len(start)):
                found.append((start, length))
                break
    return found or [("", domains.shortest(text) or 0)]


def picker(seed: int) -> Callable[[str], str]:
    """Return a function that chooses characters by a number: one digit of it each, and 0 is the plainest.

    A large number goes on when its digits are used up; a small one takes what is plain, so texts shrink from the end.
    """
    left, last = seed, seed if seed >= LARGE else 0

    def pick(offered: str) -> str:
        nonlocal left, last
        if left:
            left, digit = divmod(left, len(offered))
            return offered[digit]
        last = last * 61 % 65521
        return offered[last % len(offered)]

    return pick


class Stretch(NamedTuple):
    """Numbers that follow each other: where they start, their distance, 1 or -1, and how many they are."""

    start: float
    step: int
    length: int


def of_number(number: Number) -> Chooser:
    """Half of the numbers are bounds and what is next to them; where fractions are meant, some of the others have one.

    The index alone says how far from the plainest a number is, roughly; the seed, where just.
    """
    first: float = plain((number,))
    stretches = sorted(_stretches(number, int(first // 1)), key=lambda each: abs(each.start - first))

    def choose(way: int, index: int, seed: int) -> float:
        start, step, length = stretches[index % STEPS * len(stretches) // STEPS]
        part = FRACTIONS[way % len(FRACTIONS)] if number.whole is False or (number.whole is None and way > 5) else 0
        found = start + step * (seed % 256 ** ((length.bit_length() + 7) // 8) % length)  # no more bytes than it needs
        near = (found, found + 1, found - 1, first) if not part or length == 1 else (found + part, found - part, first)
        return next(each for each in near if domains.fits_number(number, each))

    return choose


def _stretches(number: Number, base: int) -> Iterator[Stretch]:
    """Yield numbers away from one, each stretch twice as long as the one before; and edges as often as all these."""
    found = []
    for step, end in ((1, number.most), (-1, number.least)):
        room, at = int(min(abs(end - base), FARTHEST)), int(step < 0)
        while at <= room:
            found.append(Stretch(base + step * at, step, min(max(1, at if at >= SINGLE else 1), room - at + 1)))
            at += found[-1].length
    yield from found
    near = edges(number)
    bounds = [each for each in near if each in (number.least, number.most)]
    for some in (bounds, near) if near else ():
        yield from (Stretch(each, 1, 1) for each in some for _ in range(len(found) // (2 * len(some)) + 1))


CHOOSERS: Mapping[type, Callable[[Any], Chooser]] = {
    Text: of_text,
    Number: of_number,
    Flag: lambda flag: lambda way, index, seed: sorted(flag.among)[index % len(flag.among)],
    Null: lambda null: lambda way, index, seed: None,
}
"""What makes values of each scalar kind of domain."""
