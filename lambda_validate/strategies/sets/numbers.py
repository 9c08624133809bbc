"""Sets of numbers, and the operations on them: intersection, complement, and the choice of a number."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, inf
from typing import Any, NamedTuple

FRACTIONS = (0.5, 0.25, 0.125)
"""Fractions that every JSON parser reads exactly."""


class Number(NamedTuple):
    """Numbers between two bounds, except those in `out`.

    `whole` is True for integers only, False for fractions only, None for both.
    """

    least: float = -inf
    most: float = inf
    whole: bool | None = None
    out: frozenset[float] = frozenset()

    def fits(self, value: Any) -> bool:
        """Return whether a value is a number in this set."""
        if type(value) is bool or not isinstance(value, (int, float)):
            return False
        whole = self.whole is None or self.whole == (value == floor(value))
        return whole and self.least <= value <= self.most and value not in self.out

    def meet(self, other: Number) -> Number:
        """Return the numbers that are in both sets."""
        whole = self.whole if other.whole is None else other.whole
        if None not in (self.whole, other.whole) and self.whole != other.whole:
            return Number(1, 0)
        least, most = max(self.least, other.least), min(self.most, other.most)
        return Number(least, most, whole, self.out | other.out).tight()

    def tight(self) -> Number:
        """Return the same set; for whole numbers, with bounds that are in the set: 1.5 to 4 becomes 2 to 4."""
        least, most = self.least, self.most
        if self.whole:
            least = least if least == -inf else ceil(least)
            most = most if most == inf else floor(most)
            while least in self.out:
                least += 1
            while most in self.out:
                most -= 1
        return self._replace(least=least, most=most)

    def is_inhabited(self) -> bool:
        """Return whether this set has at least one number."""
        if self.whole:
            return self.least <= self.most  # tight, so the bounds are members
        if self.least == self.most:
            return self.whole is None and self.least not in self.out
        return self.least < self.most

    def complement(self) -> list[Number]:
        """Return the numbers that are not in the set, in sets that do not overlap."""
        base = self._replace(out=frozenset())
        pieces = [base._replace(least=value, most=value).tight() for value in self.out]
        if self.whole is not None:
            pieces.append(Number(whole=not self.whole))
        for bound, outer in ((self.least, Number(-inf, self.least)), (self.most, Number(self.most, inf))):
            if abs(bound) != inf:
                pieces.append(outer._replace(whole=self.whole, out=frozenset([bound])).tight())
        return pieces

    def plainest(self) -> float:
        """Return a simple number of the set: 1, or one near the bound that is nearest to 1."""
        middle = min(max(1, self.least), self.most)
        steps = (0.5, -0.5, 0.25, -0.25) if self.whole is False else (0, 1, -1, 0.5, -0.5, 2, -2)
        return self.first(middle + step for step in steps)

    def edges(self) -> list[float]:
        """Return the bounds of the set, and their neighbours inside it."""
        near = [self.least, self.least + 1, self.most - 1, self.most]
        return [edge for edge in dict.fromkeys(near) if abs(edge) != inf and self.fits(edge)]

    def near(self, whole: int, way: int, plainest: float, *, is_alone: bool) -> float:
        """Return the number `whole` if it is in the set, else a neighbour; `plainest` if that is not in the set either.

        If `way` is above 5, a fraction is added or subtracted, unless the set has only whole numbers. In a set of
        fractions only, this is so for every `way`. With `is_alone`, no fraction is added.
        """
        part = FRACTIONS[way % len(FRACTIONS)] if self.whole is False or (self.whole is None and way > 5) else 0
        if part and not is_alone:
            return self.first((whole + part, whole - part, plainest))
        return self.first((whole, whole + 1, whole - 1, plainest))

    def first(self, values: Iterable[float]) -> float:
        """Return the first of some values that is in the set. Raise `LookupError` if none is."""
        found = next(filter(self.fits, values), None)
        if found is None:
            raise LookupError(f"no number in {self}")
        return found
