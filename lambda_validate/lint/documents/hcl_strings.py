r"""Quoted strings and heredocs (`<<EOT`) of HCL: their values, and where each character of a value is written.

In both, `$${` and `%%{` mean a literal `${` and `%{`. Only quoted strings have backslash escapes. A heredoc that begins
with `<<-` loses the indent of its least indented line in all lines. Lines with only white space do not count
(hclsyntax/spec.md, Template Expressions). Imports no other package of this project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

Range = tuple[int, int]

QUOTED, HEREDOC = "hcl", "<<"
"""The styles in the positions of a quoted string and of a heredoc."""

UNIT = re.compile(r"\$\$(?=\{)|%%(?=\{)|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|[^\r\n]")
r"""Matches what a quoted string has for one character of its value, such as `\n`, `$$` before `{`, or `x`."""
HEREDOC_UNIT = re.compile(r"\$\$(?=\{)|%%(?=\{)|[\s\S]")
"""Matches what a heredoc has for one character of its value, such as `$$` before `{`, or `x`."""
SPECIAL = re.compile(r"\$\$(?=\{)|%%(?=\{)|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.")
DOUBLED = re.compile(r"(\$|%)\1(?=\{)")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
HEADER = re.compile(r"<<(-?)[^\s]+[^\n]*\n?")
LINE = re.compile(r"[^\n]*\n?")


def unquoted(raw: str) -> str:
    r"""Return the value of a part of a quoted string without expressions: `\"` becomes `"`, and `$${` becomes `${`."""
    return SPECIAL.sub(lambda match: _character(match[0]), raw) if "\\" in raw or "{" in raw else raw


def _character(unit: str) -> str:
    if unit[0] != "\\":
        return unit[0]
    if len(unit) > 2:
        code = int(unit[2:], 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return ESCAPES.get(unit[1], unit[1])


class Heredoc(NamedTuple):
    """The lines between the markers of a heredoc: their range, and how many characters of indent each line loses."""

    start: int
    end: int
    indent: int

    def parts(self, text: str, placeholders: Iterable[Range]) -> Iterator[str | None]:
        """Yield the values of the fixed parts, and None for each placeholder between them.

        `placeholders` are the ranges of expressions such as `${var.name}`.
        """
        first = self.start
        for placeholder in placeholders:
            yield self._fixed(text[first : placeholder[0]], first == self.start)
            yield None
            first = placeholder[1]
        yield self._fixed(text[first : self.end], first == self.start)

    def _fixed(self, raw: str, is_line: bool) -> str:
        """Return the value of a part without placeholders: remove the indent of its lines, and resolve `$${`.

        `is_line` says whether the part begins at the beginning of a line.
        """
        if self.indent:
            whole, rest = raw.split("\n")[:-1], raw.split("\n")[-1]
            lines = [*(line if not line.strip() else line[self.indent :] for line in whole), rest[self.indent :]]
            if not is_line:
                lines[0] = raw.split("\n")[0]
            raw = "\n".join(lines)
        return DOUBLED.sub(r"\1", raw) if "{" in raw else raw

    def written(self, text: str, index: int) -> Range:
        """Return where the character with an index in the value is written.

        For an index beyond the last character, return the beginning of the line with the end marker.
        """
        for first, last in lines(text, self.start, self.end):
            begin = first if not text[first:last].strip() else first + self.indent
            units = HEREDOC_UNIT.finditer(text, begin, last)
            for unit in units:
                if index == 0:
                    return unit.span()
                index -= 1
        return (self.end, self.end + 1)


def heredoc(text: str, start: int, end: int) -> Heredoc:
    """Return the content of the heredoc between two offsets, which include its markers (`<<EOT` and `EOT`)."""
    header = HEADER.match(text, start, end)
    first = header.end() if header else end
    last = max(text.rfind("\n", first, end) + 1, first)
    if header is None or not header[1]:
        return Heredoc(first, last, 0)
    shown = [line for line in (text[a:b] for a, b in lines(text, first, last)) if line.strip()]
    return Heredoc(first, last, min((len(line) - len(line.lstrip()) for line in shown), default=0))


def lines(text: str, start: int, end: int) -> Iterator[Range]:
    """Return the ranges of the lines between two offsets. A range includes the line break."""
    return (line.span() for line in LINE.finditer(text, start, end) if line[0])


def written(text: str, start: int, end: int, style: str, index: int) -> Range:
    """Return where the character with an index in a string is written.

    `start` and `end` are the range of the string with its quotes or markers. An index beyond the last character gives
    the position just after it.
    """
    if style == HEREDOC:
        return heredoc(text, start, end).written(text, index)
    found = next(islice(UNIT.finditer(text, start + 1, end - 1), index, None), None)
    return found.span() if found else (end - 1, end)
