r"""Quoted strings and heredocs of HCL: what they stand for, and where each character of that is written.

In both, `$${` and `%%{` stand for `${` and `%{`. Only quoted strings know backslashes. `<<-` strips the indent of the
least indented line, lines of only white space left out of account (hclsyntax/spec.md, Template Expressions). Imports
nothing of ours.
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
"""What writes one character of a quoted string."""
PLAIN = re.compile(r"\$\$(?=\{)|%%(?=\{)|[\s\S]")
"""What writes one character of a heredoc."""
SPECIAL = re.compile(r"\$\$(?=\{)|%%(?=\{)|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.")
DOUBLED = re.compile(r"(\$|%)\1(?=\{)")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
HEADER = re.compile(r"<<(-?)[^\s]+[^\n]*\n?")
LINE = re.compile(r"[^\n]*\n?")


def unquoted(raw: str) -> str:
    """Return what a fixed part of a quoted string stands for."""
    return SPECIAL.sub(lambda match: _character(match[0]), raw) if "\\" in raw or "{" in raw else raw


def _character(unit: str) -> str:
    if unit[0] != "\\":
        return unit[0]
    if len(unit) > 2:
        code = int(unit[2:], 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return ESCAPES.get(unit[1], unit[1])


class Heredoc(NamedTuple):
    """A heredoc's lines, without those of its markers: where its text begins and ends, and the indent to strip."""

    start: int
    end: int
    indent: int

    def parts(self, text: str, placeholders: Iterable[Range]) -> Iterator[str | None]:
        """Yield the fixed parts, and None for each placeholder between them."""
        first = self.start
        for placeholder in placeholders:
            yield self._fixed(text[first : placeholder[0]], first == self.start)
            yield None
            first = placeholder[1]
        yield self._fixed(text[first : self.end], first == self.start)

    def _fixed(self, raw: str, is_line: bool) -> str:
        """Return what a fixed part stands for; `is_line` says whether it begins where a line does."""
        if self.indent:
            whole, rest = raw.split("\n")[:-1], raw.split("\n")[-1]
            lines = [*(each if not each.strip() else each[self.indent :] for each in whole), rest[self.indent :]]
            if not is_line:
                lines[0] = raw.split("\n")[0]
            raw = "\n".join(lines)
        return DOUBLED.sub(r"\1", raw) if "{" in raw else raw

    def written(self, text: str, index: int) -> Range:
        """Return where a character of the text is written; just after its last one, the closing marker's line."""
        for first, last in lines(text, self.start, self.end):
            begin = first if not text[first:last].strip() else first + self.indent
            units = PLAIN.finditer(text, begin, last)
            for unit in units:
                if index == 0:
                    return unit.span()
                index -= 1
        return (self.end, self.end + 1)


def heredoc(text: str, start: int, end: int) -> Heredoc:
    """Return how a heredoc between two offsets, its markers included, is laid out."""
    header = HEADER.match(text, start, end)
    first = header.end() if header else end
    last = max(text.rfind("\n", first, end) + 1, first)
    if header is None or not header[1]:
        return Heredoc(first, last, 0)
    shown = [each for each in (text[a:b] for a, b in lines(text, first, last)) if each.strip()]
    return Heredoc(first, last, min((len(each) - len(each.lstrip()) for each in shown), default=0))


def lines(text: str, start: int, end: int) -> Iterator[Range]:
    """Return the lines between two offsets, their line breaks included."""
    return (line.span() for line in LINE.finditer(text, start, end) if line[0])


def written(text: str, start: int, end: int, style: str, index: int) -> Range:
    """Return where a character of a string is written; just after its last one, the string's end."""
    if style == HEREDOC:
        return heredoc(text, start, end).written(text, index)
    found = next(islice(UNIT.finditer(text, start + 1, end - 1), index, None), None)
    return found.span() if found else (end - 1, end)
