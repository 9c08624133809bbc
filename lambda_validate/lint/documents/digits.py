"""Convert a string of digits to an integer in bounded time, however long it is. Imports nothing of this project."""

from __future__ import annotations

DIGITS = 4000
"""Maximum number of digits to convert. The time to convert grows with the square of the number of digits."""


def integer(digits: str) -> int:
    """Return the integer that a string of digits spells.

    Digits after the first `DIGITS` characters are ignored, so a longer number becomes a smaller, still huge one.
    """
    return int(digits[:DIGITS])
