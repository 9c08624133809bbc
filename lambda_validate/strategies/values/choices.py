"""Make a string, number, boolean or null of a set from three numbers. 0, 0, 0 gives the simplest value.

The *way* selects how the value is made, such as "realistic" or "at a bound". The *index* and the *seed* select one of
these values. Every value needs exactly three numbers. So Hypothesis never has to reject a choice when it varies or
shrinks a payload. This module does not need Hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..sets import domains
from ..sets.domains import ANY, Flag, Null, Text, Values
from ..sets.numbers import Number
from .realistic import variants
from .samples import plain

Chooser = Callable[[int, int, int], Any]
"""A function that makes a value from a way (below `WAYS`), an index and a seed."""
WAYS = 12
USUAL = 40
"""A string that is not at a bound is at most this many characters longer than the shortest possible one."""
MAX_MADE_LENGTH = 1000
"""If the maximum length of a string is above this, no string of that length is made. Its strings have usual lengths."""
LARGE = 2**32

FARTHEST = 2**40
MAX_INDEXED_DISTANCE = 16
"""Whole numbers at most this far from the simplest one have an index of their own. Larger ones share one in ranges."""
STEPS = 2**8
"""Number of different values of an index when it selects a range of numbers."""


def of_union(union: Values) -> Callable[[int, int, int, int], Any] | None:
    """Return a function that makes a value of a set from four numbers; None if the set has arrays or objects.

    The first number selects a domain of the set, such as its strings. The others are the way, the index and the seed
    (see the top of this module).
    """
    if union is ANY:
        return lambda branch, way, index, seed: SCALARS[(branch + index) % len(SCALARS)]
    if not all(type(domain) in CHOOSERS for domain in union):
        return None
    choosers = [CHOOSERS[type(domain)](domain) for domain in union]
    return lambda branch, way, index, seed: choosers[branch % len(choosers)](way, index, seed)


SCALARS = ("", 0, False, None, "text", 1, True, 0.5)
"""The values to use where any value is allowed."""


def of_text(text: Text) -> Chooser:
    """Return a function that makes strings of a set. Half of them are realistic, if the set has such strings.

    The others have a usual length, lead through one state of the set's automaton, or have the minimum or maximum
    length.
    """
    least = domains.shortest(text) or 0
    most = min(text.most, max(USUAL, 2 * least)) if text.most > MAX_MADE_LENGTH else text.most
    usual = [length for length in range(least, min(most, least + USUAL) + 1) if _has(text, length)]
    longest = [most] if _has(text, most) else [usual[-1]]
    ends = [length for length in (least, least + 1, most - 1) if _has(text, length)]
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
    """Return for each state of a set's automaton the shortest string that leads to it, and a length.

    At least one string of the set has this length and begins with that shortest string.
    """
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
    """Return a function that takes characters, the simplest first, and chooses one by the next digit of `seed`.

    The seed 0 always chooses the simplest character. When all digits are used, a seed of at least `LARGE` continues
    with pseudo-random choices, and a smaller one with the simplest characters. So strings shrink from the end.
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
    """A range of numbers: the first, the step (1 or -1), and how many there are."""

    start: float
    step: int
    length: int


def of_number(number: Number) -> Chooser:
    """Return a function that makes numbers of a set.

    About half of them are bounds and their neighbours. Some of the others have a fraction. The index selects a range of
    numbers, at some distance from the simplest one, and the seed selects a number in this range.
    """
    first: float = plain((number,))
    stretches = sorted(_stretches(number, int(first // 1)), key=lambda stretch: abs(stretch.start - first))

    def choose(way: int, index: int, seed: int) -> float:
        start, step, length = stretches[index % STEPS * len(stretches) // STEPS]

        found = start + step * (seed % 256 ** ((length.bit_length() + 7) // 8) % length)  # no more bytes than it needs
        return number.near(found, way, first, is_alone=length == 1)

    return choose


def _stretches(number: Number, base: int) -> Iterator[Stretch]:
    """Yield ranges of numbers from `base` upwards, then ranges of the numbers below it.

    Near `base`, a range has one number. From the distance `SINGLE` on, it has as many numbers as its distance. Then
    yield about as many ranges of one number that is a bound of `number`, or next to one.
    """
    found = []
    for step, end in ((1, number.most), (-1, number.least)):
        room, at = int(min(abs(end - base), FARTHEST)), int(step < 0)
        while at <= room:
            found.append(
                Stretch(base + step * at, step, min(max(1, at if at >= MAX_INDEXED_DISTANCE else 1), room - at + 1))
            )
            at += found[-1].length
    yield from found
    near = number.edges()
    bounds = [edge for edge in near if edge in (number.least, number.most)]
    for some in (bounds, near) if near else ():
        yield from (Stretch(edge, 1, 1) for edge in some for _ in range(len(found) // (2 * len(some)) + 1))


CHOOSERS: Mapping[type, Callable[[Any], Chooser]] = {
    Text: of_text,
    Number: of_number,
    Flag: lambda flag: lambda way, index, seed: sorted(flag.among)[index % len(flag.among)],
    Null: lambda null: lambda way, index, seed: None,
}
"""For each class of domains except arrays and objects, a function that makes its chooser."""
