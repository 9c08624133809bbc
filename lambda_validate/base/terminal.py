"""Make untrusted strings safe to print on a terminal, and measure their width. Imports no other package of ours."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a string with control characters and other unprintable characters escaped, so that it cannot control a
    terminal.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def width(text: str) -> int:
    """Return the number of columns that a string takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1 for character in text)
