"""Integers of any length, in bounded time. Imports nothing of ours."""

from __future__ import annotations

DIGITS = 4000
"""Maximum number of digits to convert, since the time grows with the square of their number."""


def integer(digits: str) -> int:
    """Return an integer. For one with too many digits, return a huge number of the same sign."""
    return int(digits[:DIGITS])
