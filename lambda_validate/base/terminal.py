"""Text for a terminal: nothing that it might obey, and how wide it is. Imports nothing of ours."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text with everything escaped that a terminal might obey, or could not show."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)
