"""Parse strict JSON: values with Python's `json`, and positions with a second scan when one is first needed.

Nesting beyond the recursion limit of the interpreter is a parse failure, and so are NaN and the infinities. An integer
with too many digits becomes another huge number with the same sign.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any, cast

from ...base.json_errors import trailing_comma
from .digits import integer
from .places import Document, ParseFailure, SourceText, Tree, UnreadableError

STANDARD = "RFC 8259"

EXPECTED: Mapping[str, str] = {
    "Expecting value": "expected a value",
    "Expecting property name": "expected a member's name in double quotes",
    "Expecting ',' delimiter": "expected a comma or the closing bracket",
    "Expecting ':' delimiter": "expected a colon after the member's name",
    "Extra data": "expected the end of the text after the first value",
    "Invalid control character": "expected a closing quote, or the control character as an escape",
    "Unterminated string": "expected a closing quote for the string that begins here",
    "Invalid \\": "expected a valid escape after the backslash",
}
"""The message to report, by the beginning of the message of Python's JSON decoder."""

NESTING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)|([\[{])|([\]}])', re.DOTALL)
CONSTANT = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|(NaN|-?Infinity)', re.DOTALL)
LARGE = 1_000_000
"""Files with more characters are parsed by `json_large`, which needs less memory and more time."""


def parse(text: str, dialect: str = "") -> tuple[Document, ...] | ParseFailure:
    """Return the document of a JSON file, or the reason why it cannot be parsed. `dialect` is ignored."""
    source, repeats = SourceText(text), [False]

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            repeats[0] = True
        return value

    def refuse(name: str) -> Any:
        place = next((match.start() for match in CONSTANT.finditer(text) if match[1]), 0)
        raise UnreadableError(place, "expected a finite number: JSON has no NaN and no infinities")

    decoder = json.JSONDecoder(object_pairs_hook=members, parse_int=integer, parse_constant=refuse)
    try:
        value = decoder.decode(text) if len(text) <= LARGE else _large(text, decoder, repeats)
    except JSONDecodeError as error:
        comma = trailing_comma(text, error.pos)
        if comma is not None:
            return source.failure(comma, "expected no comma before the closing bracket")
        words = next((words for begin, words in EXPECTED.items() if error.msg.startswith(begin)), error.msg)
        return source.failure(error.pos, words)
    except UnreadableError as error:
        return source.failure(*error.args)
    except RecursionError:
        offset, depth = _deepest(text)
        return source.failure(offset, f"expected less nesting: {depth:,} levels are too many")
    return (Document(value, source, lambda: tree(text), repeated=repeats[0], standard=STANDARD),)


def _large(text: str, decoder: json.JSONDecoder, repeats: list[bool]) -> Any:
    from .json_large import Reader

    reader = Reader(text, decoder.scan_once)  # type: ignore[attr-defined]  # typeshed lacks `scan_once`
    value = reader.read()
    repeats[0] = repeats[0] or reader.repeated
    return value


def _deepest(text: str) -> tuple[int, int]:
    """Return the offset and the depth of the first bracket with the greatest depth."""
    level = deepest = place = 0
    for bracket in NESTING.finditer(text):
        level += bool(bracket[1]) - bool(bracket[2])
        if level > deepest:
            deepest, place = level, bracket.start()
    return place, deepest


def tree(text: str) -> Tree:
    """Return the positions of all parts of a text, which must be valid JSON."""
    from .json_places import Outline

    return cast(Tree, Outline(text))  # it has the attributes of a tree that are used
