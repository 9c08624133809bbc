"""Strict JSON: the value by `json.loads`; the places, asked for only when there is something to show, by our own scan.

Both are bounded: no recursion of ours, nesting beyond the interpreter's own limit is a failure to parse, and so are NaN
and the infinities. An integer of more digits than any bound has keeps its sign and its hugeness, not its digits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from json import JSONDecodeError, decoder
from re import Match
from typing import Any

from .digits import integer
from .places import Document, Member, Node, ParseFailure, Path, Range, Repeat, Text, Tree
from .scalars import JSON

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
    "Illegal trailing comma": "expected no comma before the closing bracket",
}
"""What the decoder's message begins with, and our words for it."""

NESTING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)|([\[{])|([\]}])', re.DOTALL)
CONSTANT = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|(NaN|-?Infinity)', re.DOTALL)
scanstring: Callable[[str, int, bool], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]  # untyped

TOKEN = re.compile(r'[ \t\r\n,:]*(?:([\[{])|([\]}])|(")|([^\s,:\[\]{}"]+)|\Z)')


class _NotANumber(ValueError):
    """NaN or an infinity was met."""


def parse(text: str) -> tuple[Document, ...] | ParseFailure:
    """Return the one document of a JSON text, or why it cannot be read."""
    source, repeats = Text(text), [False]

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            repeats[0] = True
        return value

    try:
        value = json.loads(text, object_pairs_hook=members, parse_int=integer, parse_constant=_refuse)
    except JSONDecodeError as error:
        return source.failure(error.pos, _expected(error.msg))
    except _NotANumber:
        return source.failure(_constant(text), "expected a finite number: JSON has no NaN and no infinities")
    except RecursionError:
        offset, depth = _deepest(text)
        return source.failure(offset, f"expected less nesting: {depth:,} levels are too many")
    return (Document(value, source, partial(tree, text), repeated=repeats[0], standard=STANDARD),)


def _refuse(name: str) -> Any:
    raise _NotANumber(name)


def _expected(message: str) -> str:
    return next((words for begin, words in EXPECTED.items() if message.startswith(begin)), message)


def _constant(text: str) -> int:
    return next((each.start() for each in CONSTANT.finditer(text) if each[1]), 0)


def _deepest(text: str) -> tuple[int, int]:
    """Return the offset of the first bracket that nests deepest, and its level."""
    level = deepest = place = 0
    for each in NESTING.finditer(text):
        level += bool(each[1]) - bool(each[2])
        if level > deepest:
            deepest, place = level, each.start()
    return place, deepest


class _Open:
    """An object or array that the scan is inside of; `key` is the name whose value comes next."""

    def __init__(self, start: int, is_object: bool) -> None:
        self.start = start
        self.node = Node(start, start, {}, None) if is_object else Node(start, start, None, [])
        self.key: tuple[str, Range] | None = None

    @property
    def step(self) -> str | int:
        """The last step of the path to what comes next."""
        return len(self.node.items) if self.node.items is not None else self.key[0] if self.key else ""

    def add(self, node: Node) -> None:
        """Take a finished value in."""
        if self.node.items is not None:
            self.node.items.append(node)
        elif self.node.members is not None and self.key is not None:
            self.node.members[self.key[0]] = Member(self.key[1], node)
            self.key = None


class _Scan:
    """The state of one scan over a text that is known to be JSON."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = _Open(0, False)
        self.stack = [self.root]
        self.repeats: list[Repeat] = []

    def run(self) -> Tree:
        """Return the places of everything."""
        place = 0
        while place < len(self.text):
            match = TOKEN.match(self.text, place)
            assert match is not None  # the text is known to be JSON
            place = self.token(match)
        assert self.root.node.items is not None
        return Tree(self.root.node.items[0], tuple(self.repeats))

    def token(self, match: Match[str]) -> int:
        """Take one token in; return where the next one may begin."""
        top, end = self.stack[-1], match.end()
        if match[1]:
            self.stack.append(_Open(end - 1, match[1] == "{"))
        elif match[2]:
            self.stack.pop()
            self.stack[-1].add(top.node._replace(end=end))
        elif match[3]:
            return self.string(top, end)
        elif match[4]:
            top.add(Node(match.start(4), end))
        return end

    def string(self, top: _Open, begin: int) -> int:
        """Take a string in, which is a member's name or a value."""
        value, end = scanstring(self.text, begin, True)
        if top.node.members is None or top.key is not None:
            top.add(Node(begin - 1, end, style=JSON))
            return end
        top.key = (value, (begin - 1, end))
        if value in top.node.members:
            self.repeats.append(Repeat(self.path(), top.key[1]))
        return end

    def path(self) -> Path:
        """Return the path to what comes next."""
        return tuple(each.step for each in self.stack[1:])


def tree(text: str) -> Tree:
    """Return the places of everything in a text that `parse` has read."""
    return _Scan(text).run()
