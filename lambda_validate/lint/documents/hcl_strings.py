r"""Quoted strings and heredocs of HCL: their values, and the position of each character of a value.

In both, `$${` and `%%{` mean a literal `${` and `%{`. Only quoted strings have backslash escapes. `<<-` removes the
indent of the least indented line from all lines; lines with only white space do not count (hclsyntax/spec.md, Template
Expressions). Imports no other package of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

Range = tuple[int, int]

QUOTED, HEREDOC = "hcl", "<<"
"""Styles of nodes."""

UNIT = re.compile(r"\$\$(?=\{)|%%(?=\{)|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|[^\r\n]")
"""The source of one character in a quoted string."""
PLAIN = re.compile(r"\$\$(?=\{)|%%(?=\{)|[\s\S]")
"""The source of one character in a heredoc."""
SPECIAL = re.compile(r"\$\$(?=\{)|%%(?=\{)|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.")
DOUBLED = re.compile(r"(\$|%)\1(?=\{)")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
HEADER = re.compile(r"<<(-?)[^\s]+[^\n]*\n?")
LINE = re.compile(r"[^\n]*\n?")


def unquoted(raw: str) -> str:
    """Return the value of a fixed part of a quoted string."""
    return SPECIAL.sub(lambda match: _character(match[0]), raw) if "\\" in raw or "{" in raw else raw


def _character(unit: str) -> str:
    if unit[0] != "\\":
        return unit[0]
    if len(unit) > 2:
        code = int(unit[2:], 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return ESCAPES.get(unit[1], unit[1])


class Heredoc(NamedTuple):
    """The content of a heredoc: where it begins and ends, and the indent to remove."""

    start: int
    end: int
    indent: int

    def parts(self, text: str, placeholders: Iterable[Range]) -> Iterator[str | None]:
        """Yield the values of the fixed parts, and None for each placeholder between them."""
        first = self.start
        for placeholder in placeholders:
            yield self._fixed(text[first : placeholder[0]], first == self.start)
            yield None
            first = placeholder[1]
        yield self._fixed(text[first : self.end], first == self.start)

    def _fixed(self, raw: str, is_line: bool) -> str:
        """Return the value of a fixed part. `is_line` says whether it begins at the beginning of a line."""
        if self.indent:
            whole, rest = raw.split("\n")[:-1], raw.split("\n")[-1]
            lines = [*(line if not line.strip() else line[self.indent :] for line in whole), rest[self.indent :]]
            if not is_line:
                lines[0] = raw.split("\n")[0]
            raw = "\n".join(lines)
        return DOUBLED.sub(r"\1", raw) if "{" in raw else raw

    def written(self, text: str, index: int) -> Range:
        """Return the offset of a character of the value. After the last one, it is the line of the end marker."""
        for first, last in lines(text, self.start, self.end):
            begin = first if not text[first:last].strip() else first + self.indent
            units = PLAIN.finditer(text, begin, last)
            for unit in units:
                if index == 0:
                    return unit.span()
                index -= 1
        return (self.end, self.end + 1)


def heredoc(text: str, start: int, end: int) -> Heredoc:
    """Return the layout of a heredoc between two offsets, which include its markers."""
    header = HEADER.match(text, start, end)
    first = header.end() if header else end
    last = max(text.rfind("\n", first, end) + 1, first)
    if header is None or not header[1]:
        return Heredoc(first, last, 0)
    shown = [line for line in (text[a:b] for a, b in lines(text, first, last)) if line.strip()]
    return Heredoc(first, last, min((len(line) - len(line.lstrip()) for line in shown), default=0))


def lines(text: str, start: int, end: int) -> Iterator[Range]:
    """Return the lines between two offsets, with their line breaks."""
    return (line.span() for line in LINE.finditer(text, start, end) if line[0])


def written(text: str, start: int, end: int, style: str, index: int) -> Range:
    """Return where a character of a string is written; just after its last one, the string's end."""
    if style == HEREDOC:
        return heredoc(text, start, end).written(text, index)
    found = next(islice(UNIT.finditer(text, start + 1, end - 1), index, None), None)
    return found.span() if found else (end - 1, end)
