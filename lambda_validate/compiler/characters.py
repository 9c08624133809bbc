"""Describe characters in messages: the invalid one, and those that are allowed in its place.

>>> expected(frozenset("0123456789-"))
"a digit or '-'"
>>> named(" ")
'is a space'
"""

from __future__ import annotations

from collections.abc import Collection
from string import ascii_lowercase, ascii_uppercase, digits

from ..base.spelling import listing
from ..patterns.tables import BEYOND_ASCII

SETS = (
    ("a letter", frozenset(ascii_lowercase + ascii_uppercase)),
    ("a small letter", frozenset(ascii_lowercase)),
    ("a capital letter", frozenset(ascii_uppercase)),
    ("a digit", frozenset(digits)),
)
"""Named sets of characters, the largest first."""
MAX_LISTED_CHARACTERS = 6
"""Maximum number of sets and characters in a message. A longer list would not help."""
NAMES = {" ": "a space", "\t": "a tab", "\n": "a line break", "\r": "a carriage return"}
"""Characters that are invisible or hard to see."""


def named(character: str) -> str:
    """Return the words for an invalid character: "is a space", "is a control character", or else "is invalid".

    A visible character itself is not shown, since messages do not show values.
    """
    if character in NAMES:
        return f"is {NAMES[character]}"
    if not character.isascii():
        import unicodedata  # hardly any value needs it

        kind = "a space" if unicodedata.category(character) == "Zs" else "a character"
        return f"is {kind} beyond ASCII"
    return "is a control character" if not character.isprintable() else "is invalid"


INVALID_ASCII_WORDS = {character: named(character) for character in map(chr, range(128))}
"""The words for the invalid characters of ASCII."""


def expected(characters: Collection[str]) -> str | None:
    """Return the words for the characters that are allowed, such as "a digit or '-'".

    Return None if no character is allowed, or if the list would be too long.
    """
    rest = set(characters)
    if BEYOND_ASCII in rest:
        return None
    parts = []
    for name, members in SETS:
        if members <= rest:
            parts.append(name)
            rest -= members
    parts += [NAMES.get(character, f"'{character}'") for character in sorted(rest)]
    return (
        listing(parts)
        if 0 < len(parts) <= MAX_LISTED_CHARACTERS and all(map(str.isprintable, rest - NAMES.keys()))
        else None
    )
