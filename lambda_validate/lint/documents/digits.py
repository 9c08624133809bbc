"""Integers of any length, in bounded time. Imports nothing of ours."""

from __future__ import annotations

DIGITS = 4000
"""Digits of an integer that are read; more would cost time that grows with their square."""


def integer(digits: str) -> int:
    """Return an integer; of one that is longer than anything real, a huge one of the same sign."""
    return int(digits[:DIGITS])
