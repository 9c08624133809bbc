"""Convert offsets in a text to positions of the language server protocol (line and character, from 0), and back.

The client and the server agree on what counts as a character: bytes of UTF-8, units of UTF-16 (the default), or code
points.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import cached_property

from ..lint.documents.places import BREAK

UNITS: Mapping[str, Callable[[str], int]] = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text) + sum(character > "\uffff" for character in text),
    "utf-32": len,
}
"""The function that returns the length of a string in units, by the encoding that client and server agreed on."""


class Lines:
    """The lines of a document. A position or offset outside of the document becomes the nearest one inside."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text, self._units = text, UNITS[encoding]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(line_break.end() for line_break in BREAK.finditer(self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and character of an offset, counted from 0. Characters count units of the encoding."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[line] : offset]
        return line, len(before) if before.isascii() else self._units(before)

    def offset(self, line: int, character: int) -> int:
        """Return the offset of a line and character, counted from 0. Characters count units of the encoding."""
        if line >= len(self._starts):
            return len(self.text)
        start = self._starts[line]
        after = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        content = self.text[start:after].rstrip("\r\n")
        if content.isascii():
            return start + min(character, len(content))
        return start + _within(content, character, self._units)


def _within(content: str, wanted: int, units: Callable[[str], int]) -> int:
    """Return how many whole characters of a line fit into a number of units, such as bytes."""
    passed = 0
    for index, character in enumerate(content):
        passed += units(character)
        if passed > wanted:
            return index
    return len(content)
