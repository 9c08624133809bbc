"""Positions in a text: `Span`, `MemberPlace`, `Excerpt`; and `Document`, a parsed value that knows its positions.

Lines and columns count from 1, and columns are characters. Ends are exclusive. Imports no other package of ours.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from ...base.grouping import grouped

Path = tuple[str | int, ...]
Beside = Callable[[str, Callable[[Iterable[tuple[str, Any]]], Any]], Any]
"""A function that reads other files. Its arguments are a folder, relative to that of the document, and a function that
makes one result of all files there, each given as language and value. The result is cached; None without the folder."""
Range = tuple[int, int]
"""The offsets of a beginning and an end, which is exclusive."""

BREAK = re.compile(r"\r\n|\r|\n")
WINDOW = 160
"""Maximum number of characters in an excerpt before and after its mark."""
AROUND = 3
"""Maximum number of lines in an excerpt above its line, and below it."""


def member_at(value: Any, *names: str) -> Any:
    """Return the member at a path of names in a document's value; None if there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


class Tagged:
    """A value with a tag, such as `!Ref x`. A format decides what it means.

    Paths into it continue with steps into `value`. An object that merges a tagged value (`<<: !Ref x`) becomes tagged
    itself, with the tag `<<`, since its members are then unknown.
    """

    __slots__ = ("tag", "value")

    def __init__(self, tag: str, value: Any) -> None:
        self.tag, self.value = tag, value


class Span(NamedTuple):
    """A part of a text, from a line and column to another."""

    line: int
    column: int
    end_line: int
    end_column: int


class MemberPlace(NamedTuple):
    """The position of a member: its name and its value, each None if there is none.

    For a missing member, `key` is the name of the object that should have it, or the first character of that object.
    """

    key: Span | None
    value: Span | None


class Excerpt(NamedTuple):
    """A part of one line, and the marked characters in it. `before` and `after` say whether the line continues.

    `above` and `below` are the lines around it, each cut to a length.
    """

    text: str
    start: int
    end: int
    before: bool
    after: bool
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


class ParseFailure(NamedTuple):
    """The reason why a text cannot be parsed: the position, and what was expected there.

    With a `note`, it is not an error; the note says why.
    """

    line: int | None
    column: int | None
    message: str
    note: str = ""


class UnreadableError(Exception):
    """Parsing cannot continue. The arguments are the offset and the message.

    A format raises it with only a message, for a document that it recognises but cannot read.
    """


class RepeatedMember(NamedTuple):
    """A duplicate member: its path, and the position of the second name."""

    path: Path
    key: Range


class PlacedNode(NamedTuple):
    """The position of a value. An object has `members`, an array has `items`, a scalar has a `style`.

    `target` is the node that an alias refers to.
    """

    start: int
    end: int
    members: dict[str, Member] | None = None
    items: list[PlacedNode] | None = None
    style: str = ""
    target: PlacedNode | None = None

    def below(self, step: str | int) -> Member | None:
        """Return the member or item for a step of a path, or None."""
        if isinstance(step, str):
            return self.members.get(step) if self.members is not None else None
        if self.items is not None and 0 <= step < len(self.items):
            return Member(None, self.items[step])
        return None


class Member(NamedTuple):
    """The name and the value of a member. An item has no name."""

    key: Range | None
    node: PlacedNode


class Tree(NamedTuple):
    """The positions of all parts of one document."""

    root: PlacedNode
    repeats: tuple[RepeatedMember, ...] = ()


class SourceText:
    """A text and its lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(line_break.end() for line_break in BREAK.finditer(self.text))]

    @cached_property
    def is_template(self) -> bool:
        """Whether another program has to fill in parts of the text."""
        return "{{" in self.text or "{%" in self.text

    def point(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column."""
        return self._starts[line - 1] + column - 1

    def line_start(self, offset: int) -> int:
        """Return the offset where the line of an offset begins."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def span(self, start: int, end: int) -> Span:
        """Return the span between two offsets."""
        line = bisect_right(self._starts, start)
        first = self._starts[line - 1] - 1
        if line == len(self._starts) or end < self._starts[line]:  # nearly all that is pointed at ends on its line
            return Span(line, start - first, line, end - first)
        return Span(line, start - first, *self.point(end))

    def failure(self, offset: int, message: str) -> ParseFailure:
        """Return the parse failure at an offset."""
        return ParseFailure(*self.point(min(offset, len(self.text))), message)

    def excerpt(self, span: Span) -> Excerpt:
        """Return the first line of a span, cut to a window around it, and the lines around that."""
        first, last = self._line(span.line)
        start = first + span.column - 1
        end = first + span.end_column - 1 if span.end_line == span.line else last
        left, right = max(first, start - WINDOW), min(last, start + WINDOW)
        shown = self.text[left:right]
        marked = start - left, max(min(end, right), start + 1) - left
        above = self._lines(max(span.line - AROUND, 1), span.line)
        count = len(self._starts) - (self._starts[-1] == len(self.text))  # what a last break ends is no line
        below = self._lines(span.line + 1, min(span.line + AROUND, count) + 1)
        return Excerpt(shown, *marked, left > first, right < last, above, below)

    def _line(self, number: int) -> tuple[int, int]:
        """Return where a line begins and ends."""
        if number == len(self._starts):
            return self._starts[-1], len(self.text)
        after = self._starts[number]
        return self._starts[number - 1], after - (2 if self.text.startswith("\r\n", after - 2) else 1)

    def _lines(self, start: int, end: int) -> tuple[str, ...]:
        """Return lines, each cut to a length."""
        places = map(self._line, range(start, end))
        return tuple([self.text[first : min(last, first + WINDOW)] for first, last in places])


class Document:
    """A parsed value, with the position of each of its parts.

    `value` is plain data, except for `Tagged` parts in YAML (`tagged` says whether there are any). `tree` is computed
    when a position is first needed. `repeated` says whether an object has duplicate members, and `standard` names the
    standard that forbids them. `language` is the language of the text. `beside` reads other files of the same folder,
    if the document is from a file.
    """

    def __init__(
        self, value: Any, text: SourceText, tree: Callable[[], Tree], *, standard: str, repeated: bool = False,
        tagged: bool = False, language: str = "json",
    ) -> None:  # fmt: skip
        self.value, self.text, self._tree = value, text, tree
        self.repeated, self.tagged, self.standard, self.language = repeated, tagged, standard, language
        self.beside: Beside | None = None

    @cached_property
    def tree(self) -> Tree:
        """The places of all parts."""
        return self._tree()

    @cached_property
    def _repeats(self) -> dict[Path, list[RepeatedMember]]:
        """The duplicate members at or below each path."""
        return grouped(
            (repeat.path[:length], repeat) for repeat in self.tree.repeats for length in range(len(repeat.path) + 1)
        )

    def repeats_about(self, path: Path) -> Iterator[RepeatedMember]:
        """Yield the duplicate members below a path, or on the way to it."""
        for length in range(len(path)):
            yield from (repeat for repeat in self._repeats.get(path[:length], ()) if len(repeat.path) == length)
        yield from self._repeats.get(path, ())

    @cached_property
    def may_alias(self) -> bool:
        """Whether the document may contain aliases. Most do not, so this is checked first for each finding."""
        return self.language == "yaml" and "*" in self.text.text

    def locate(self, path: Path) -> MemberPlace:
        """Return the position of the value at a path. For a value inside an alias, it is the position of the alias."""
        node, key = self.tree.root, None
        for step in path:
            if node.target is not None:
                break
            member = node.below(step)
            if member is None:
                return MemberPlace(self.text.span(*(key or (node.start, node.start + 1))), None)
            node, key = member.node, member.key
        return MemberPlace(self._span(key), self._span((node.start, node.end) if node.end > node.start else None))

    def aliased(self, path: Path) -> tuple[str, Span] | None:
        """Return the alias on the way to a path, and the position of the value that it refers to; None without an
        alias.
        """
        if not self.may_alias:
            return None
        node, alias = self.tree.root, None
        for step in (*path, None):
            alias = alias or (node if node.target is not None else None)
            member = (node.target or node).below(step) if step is not None else None
            if member is None:
                break
            node = member.node
        written = node.target or node
        return (self.text.text[alias.start : alias.end], self.text.span(written.start, written.end)) if alias else None

    def _span(self, range: Range | None) -> Span | None:
        return self.text.span(*range) if range else None

    def node(self, path: Path) -> PlacedNode | None:
        """Return the node at a path, or None."""
        node: PlacedNode | None = self.tree.root
        for step in path:
            member = node.below(step) if node else None
            node = member.node if member else None
        return node
