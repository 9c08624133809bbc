"""Make a value of a set from three numbers: a way, an index and a seed. 0, 0, 0 gives the simplest value.

Every string and number takes exactly three numbers. So all payloads of a cell are made of the same number of choices,
and Hypothesis never has to reject one when it varies or shrinks them. This module does not need Hypothesis.
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
"""Maximum length of a string that is not at a bound, beyond the shortest possible one."""
LONGEST = 1000
"""A bound above this is not used as a length: it only protects the service. Strings then have the usual lengths."""
LARGE = 2**32

FARTHEST = 2**40
SINGLE = 16
"""Number of whole numbers next to the simplest one that each have their own index."""
STEPS = 2**8
"""Number of different values of an index where it selects a number."""


def of_union(union: Values) -> Callable[[int, int, int, int], Any] | None:
    """Return a function that makes a value of a union of scalars from four numbers; None for other unions.

    The first number selects the domain.
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
    """Return a function that makes strings. Half of them are realistic.

    The others have a usual length, lead through a given state of the automaton, or are at a bound.
    """
    least = domains.shortest(text) or 0
    most = min(text.most, max(USUAL, 2 * least)) if text.most > LONGEST else text.most
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
    """Return the shortest way to each state of the automaton, with the length of a string that continues it."""
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
    """Return a function that chooses characters by the digits of a number. 0 always chooses the simplest one.

    When the digits are used up, a large number continues with pseudo-random choices; a small one takes the simplest
    characters. So strings shrink from the end.
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
    """Return a function that makes numbers.

    Half of them are bounds and their neighbours. Some others may have a fraction.

    The index selects roughly how far a number is from the simplest one, and the seed selects exactly which.
    """
    first: float = plain((number,))
    stretches = sorted(_stretches(number, int(first // 1)), key=lambda stretch: abs(stretch.start - first))

    def choose(way: int, index: int, seed: int) -> float:
        start, step, length = stretches[index % STEPS * len(stretches) // STEPS]

        found = start + step * (seed % 256 ** ((length.bit_length() + 7) // 8) % length)  # no more bytes than it needs
        return number.near(found, way, first, is_alone=length == 1)

    return choose


def _stretches(number: Number, base: int) -> Iterator[Stretch]:
    """Yield ranges of numbers away from a base, each twice as long as the one before; then the edges, as often as
    these.
    """
    found = []
    for step, end in ((1, number.most), (-1, number.least)):
        room, at = int(min(abs(end - base), FARTHEST)), int(step < 0)
        while at <= room:
            found.append(Stretch(base + step * at, step, min(max(1, at if at >= SINGLE else 1), room - at + 1)))
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
"""The function for each class of scalar domains."""
