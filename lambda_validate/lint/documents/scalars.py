"""Find the position of a character of a scalar's value, given the style in which the scalar is written."""

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
"""The source of one character of the value, by style."""

FOLDS = re.compile("[\r\n\x85\u2028\u2029]")
"""Line breaks, which YAML may fold into a space."""
UNUSUAL = re.compile("[\x85\u2028\u2029]")
HEADER = re.compile(r"[|>][-+]?(?:[ \t][^\r\n]*)?(?:\r\n|\r|\n)")
"""The header of a literal or folded block without an indentation indicator."""
LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


def character(document: Document, path: Path, index: int) -> Span | None:
    """Return the position of a character of a scalar, by its index in the value; None if it is unknown."""
    node = document.node(path)
    if node is None or node.target is not None:
        return None
    found = written(document.text.text, node.start, node.end, node.style, index)
    return document.text.span(*found) if found else None


def written(text: str, start: int, end: int, style: str, index: int) -> Range | None:
    """Return the offset of the character at `index` of a scalar's value.

    After the last character, it is the scalar's end.

    `start` and `end` are the range of the scalar with its quotes. Return None if folding, or an unknown style, hides
    the position.
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
    """Return the position in a literal block, whose lines lose the indent of the first line that is not blank.

    A folded block with only one such line is handled in the same way.
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
