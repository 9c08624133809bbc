"""Where things are in a text: `Span`, `Place`, `Excerpt`, and `Document`, a parsed value that knows its places.

Lines and columns count from 1, columns in characters; ends are exclusive. Imports nothing of ours.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

Path = tuple[str | int, ...]
Range = tuple[int, int]
"""Start and end offset in a text, the end exclusive."""

UNKNOWN = "unknown"
"""The style of a node whose value cannot be told from the text alone."""

BREAK = re.compile(r"\r\n|\r|\n")
WINDOW = 160
"""Characters of a line that an excerpt holds at most on either side of its mark."""


class Unknown:
    """Stands, in a list, for an item whose value the text alone does not tell; elsewhere the member is left out."""


class Span(NamedTuple):
    """A stretch of text."""

    line: int
    column: int
    end_line: int
    end_column: int


class Place(NamedTuple):
    """Where a member is: its name and its value, either None where there is none.

    Of a missing member, `key` is the name of the object that lacks it, or that object's first character.
    """

    key: Span | None
    value: Span | None


class Excerpt(NamedTuple):
    """A part of one line, and which of its characters are meant. `before` and `after` tell whether the line goes on."""

    text: str
    start: int
    end: int
    before: bool
    after: bool


class ParseFailure(NamedTuple):
    """Why a text cannot be read: where, and what was expected there."""

    line: int | None
    column: int | None
    message: str


class Repeat(NamedTuple):
    """A member that its object has twice: the path of the object's member, and the second name's place."""

    path: Path
    key: Range


class Node(NamedTuple):
    """A value's place. An object has `members`, an array `items`; a scalar's `style` tells how it is written.

    `target` is the node that an alias stands for.
    """

    start: int
    end: int
    members: dict[str, Member] | None = None
    items: list[Node] | None = None
    style: str = ""
    target: Node | None = None

    def below(self, step: str | int) -> Member | None:
        """Return the member or item that a step of a path leads to, or None."""
        if isinstance(step, str):
            return self.members.get(step) if self.members is not None else None
        if self.items is not None and 0 <= step < len(self.items):
            return Member(None, self.items[step])
        return None


class Member(NamedTuple):
    """A member's name and value; an item has no name."""

    key: Range | None
    node: Node


class Tree(NamedTuple):
    """The places of one document."""

    root: Node
    repeats: tuple[Repeat, ...] = ()


class Text:
    """A text and its lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(each.end() for each in BREAK.finditer(self.text))]

    def point(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """Return the span between two offsets."""
        return Span(*self.point(start), *self.point(end))

    def failure(self, offset: int, message: str) -> ParseFailure:
        """Return the failure to read on at an offset."""
        return ParseFailure(*self.point(min(offset, len(self.text))), message)

    def excerpt(self, span: Span) -> Excerpt:
        """Return the first line of a span, cut to a window around it."""
        first = self._starts[span.line - 1]
        after = self._starts[span.line] if span.line < len(self._starts) else len(self.text) + 1
        last = len(self.text[max(first, after - 2) : after].rstrip("\r\n")) + max(first, after - 2)
        start = first + span.column - 1
        end = first + span.end_column - 1 if span.end_line == span.line else last
        left, right = max(first, start - WINDOW), min(last, start + WINDOW)
        shown = self.text[left:right]
        return Excerpt(shown, start - left, max(min(end, right), start + 1) - left, left > first, right < last)


class Document:
    """A value that was read from a text, and where each part of it stands there.

    `value` is plain data. `tree` is asked for at the first look at a place: most documents have no fault. `repeated`
    tells whether some object has a member twice, `partial` whether some value cannot be told from the text alone, and
    `standard` is where the language says that names are unique.
    """

    def __init__(
        self, value: Any, text: Text, tree: Callable[[], Tree], *, standard: str, repeated: bool = False,
        partial: bool = False,
    ) -> None:  # fmt: skip
        self.value, self.text, self._tree = value, text, tree
        self.repeated, self.partial, self.standard = repeated, partial, standard

    @cached_property
    def tree(self) -> Tree:
        """The places of all parts."""
        return self._tree()

    def locate(self, path: Path) -> Place:
        """Return where a path leads; inside what an alias stands for, where the alias is."""
        node, key = self.tree.root, None
        for step in path:
            if node.target is not None:
                break
            member = node.below(step)
            if member is None:
                return Place(self.text.span(*(key or (node.start, node.start + 1))), None)
            node, key = member.node, member.key
        return Place(self._span(key), self._span((node.start, node.end) if node.end > node.start else None))

    def character(self, path: Path, index: int) -> Span | None:
        """Return where a character of a scalar is written, by its index in the value; None where nobody can tell."""
        from .scalars import written

        node = self.tree.root
        for step in path:
            member = node.below(step)
            if member is None:
                return None
            node = member.node
        if node.target is not None:
            return None
        return self._span(written(self.text.text, node.start, node.end, node.style, index))

    def members(self, path: Path) -> tuple[str, ...]:
        """Return the names of an object's members, those included whose value is unknown."""
        node = self.tree.root
        for step in path:
            member = (node.target or node).below(step)
            node = member.node if member else Node(0, 0)
        return tuple((node.target or node).members or ())

    def is_unknown(self, path: Path) -> bool:
        """Whether the value at a path, or one that it is part of, cannot be told from the text alone."""
        if not self.partial:
            return False
        node = self.tree.root
        for step in path:
            member = (node.target or node).below(step)
            if member is None or node.style == UNKNOWN:
                break
            node = member.node
        return (node.target or node).style == UNKNOWN

    def _span(self, range: Range | None) -> Span | None:
        return self.text.span(*range) if range else None
