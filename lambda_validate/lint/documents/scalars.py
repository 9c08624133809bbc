r"""Find where a character of a string is written in a file, given the string's style (quotes, block or plain).

For example, character 1 of `"\u0041b"` in JSON is at offset 7, after the quote and the escape.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice, takewhile
from re import Pattern

from . import hcl_strings
from .places import Document, Path, Range, Span

JSON = "json"
UNITS: Mapping[str, Pattern[str]] = {
    JSON: re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|[^\r\n]"),
    '"': re.compile(r"\\x..|\\u....|\\U........|\\.|[^\r\n]"),
    "'": re.compile(r"''|[^\r\n]"),
    "": re.compile(r"[^\r\n]"),
}
r"""Patterns for what a file has for one character of the value, such as `\n` or `x`, by the string's style."""

FOLDS = re.compile("[\r\n\x85\u2028\u2029]")
"""Line breaks. YAML may fold a line break into a space, which hides the positions of the characters after it."""
UNUSUAL = re.compile("[\x85\u2028\u2029]")
HEADER = re.compile(r"[|>][-+]?(?:[ \t][^\r\n]*)?(?:\r\n|\r|\n)")
"""The first line of a YAML block, such as `|` or `>-`, without a digit that sets the indent (`|2`)."""
LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


def character(document: Document, path: Path, index: int) -> Span | None:
    """Return where the character with an index in the string at a path is written; None if that is unknown."""
    node = document.node(path)
    if node is None or node.target is not None:
        return None
    found = written(document.text.text, node.start, node.end, node.style, index)
    return document.text.span(*found) if found else None


def written(text: str, start: int, end: int, style: str, index: int) -> Range | None:
    """Return the range in the file where the character at `index` of a string's value is written.

    `start` and `end` are the range of the string with its quotes. An index beyond the last character gives the position
    just after it. Return None if the position is unknown: YAML may fold the lines, or the style may not be known.
    """
    if style in ("|", ">"):
        return _in_block(text, start, end, index)
    if style in (hcl_strings.QUOTED, hcl_strings.HEREDOC):
        return hcl_strings.written(text, start, end, style, index)
    quote = 1 if style else 0
    if style not in UNITS or end - start < 2 * quote or (style != JSON and FOLDS.search(text, start, end)):
        return None
    units = UNITS[style].finditer(text, start + quote, end - quote)
    found = next(islice(units, index, None), None)
    if found is not None:
        return found.span()
    return (end - quote, end - quote + 1)


def _in_block(text: str, start: int, end: int, index: int) -> Range | None:
    """Return the range of the character at `index` in a YAML block (`|` or `>`).

    All lines lose the indent of the first line that is not blank. Return None for a folded block (`>`) with more than
    one line that is not blank, or if the indent is set by a digit.
    """
    header = HEADER.match(text, start, end)
    if header is None or UNUSUAL.search(text, start, end):
        return None
    written_lines = takewhile(lambda line: line.start() < end, LINE.finditer(text, header.end()))
    lines = [line.span(1) for line in written_lines]
    contents = [content for first, last in lines if (content := text[first:last]).strip()]
    if text[start] == ">" and len(contents) > 1:
        return None
    indent = next((len(line) - len(line.lstrip(" ")) for line in contents), 0)
    for first, last in lines:
        length = max(last - first - indent, 0)
        if index <= length:
            place = min(first + indent + index, last)
            return (place, place + 1)
        index -= length + 1
    return None
