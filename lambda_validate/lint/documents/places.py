"""Where things are in a text: `Span`, `MemberPlace`, `Excerpt`, and `Document`, a parsed value that knows its places.

Lines and columns count from 1, columns in characters; ends are exclusive. Imports nothing of ours.
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
"""What reads other files of a document's language: given a folder, relative to that of the document, and what makes
something of the files there, each a language and a value. It is made once; None where there is no such folder."""
Range = tuple[int, int]
"""Start and end offset in a text, the end exclusive."""

BREAK = re.compile(r"\r\n|\r|\n")
WINDOW = 160
"""Characters of a line that an excerpt holds at most on either side of its mark."""
AROUND = 3
"""Lines that an excerpt holds above its line, and below it."""


def member_at(value: Any, *names: str) -> Any:
    """Return the member of an object in a document's value that names lead to; None where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


class Tagged:
    """A value with a tag of its own, such as `!Ref x`: what it means is for a format to say.

    Below a path that leads to it, the steps are those into `value`. A merge of a tagged value makes its object one,
    with the tag `<<`: what its members are is anybody's guess.
    """

    __slots__ = ("tag", "value")

    def __init__(self, tag: str, value: Any) -> None:
        self.tag, self.value = tag, value


class Span(NamedTuple):
    """A stretch of text."""

    line: int
    column: int
    end_line: int
    end_column: int


class MemberPlace(NamedTuple):
    """Where a member is: its name and its value, either None where there is none.

    Of a missing member, `key` is the name of the object that lacks it, or that object's first character.
    """

    key: Span | None
    value: Span | None


class Excerpt(NamedTuple):
    """A part of one line, and which of its characters are meant. `before` and `after` say whether the line goes on.

    `above` and `below` are lines around it, each cut to a length.
    """

    text: str
    start: int
    end: int
    before: bool
    after: bool
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


class ParseFailure(NamedTuple):
    """Why a text cannot be read: where, and what was expected there. `note` says why that is no reason to fail."""

    line: int | None
    column: int | None
    message: str
    note: str = ""


class UnreadableError(Exception):
    """A text cannot be read on. Its arguments are the offset, and the message of the failure.

    A format raises it with the message alone, for a document that it knows and cannot read.
    """


class RepeatedMember(NamedTuple):
    """A member that its object has twice: the path of the object's member, and the second name's place."""

    path: Path
    key: Range


class Node(NamedTuple):
    """A value's place. An object has `members`, an array `items`; a scalar's `style` says how it is written.

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
    repeats: tuple[RepeatedMember, ...] = ()


class Text:
    """A text and its lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(each.end() for each in BREAK.finditer(self.text))]

    @cached_property
    def is_template(self) -> bool:
        """Whether another program is to fill in parts of the text."""
        return "{{" in self.text or "{%" in self.text

    def point(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column."""
        return self._starts[line - 1] + column - 1

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset begins."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def span(self, start: int, end: int) -> Span:
        """Return the span between two offsets."""
        line = bisect_right(self._starts, start)
        first = self._starts[line - 1] - 1
        if line == len(self._starts) or end < self._starts[line]:  # nearly all that is pointed at ends on its line
            return Span(line, start - first, line, end - first)
        return Span(line, start - first, *self.point(end))

    def failure(self, offset: int, message: str) -> ParseFailure:
        """Return the failure to read on at an offset."""
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
    """A value that was read from a text, and where each part of it stands there.

    `value` is plain data, but for `Tagged` parts in YAML; `tagged` says whether there are any. `tree` is asked for at
    the first look at a place: most documents have no fault. `repeated` says whether some object has a member twice,
    and `standard` is where the language says that names are unique. `language` is that of the text. `beside`
    reads other files, where the document is one.
    """

    def __init__(
        self, value: Any, text: Text, tree: Callable[[], Tree], *, standard: str, repeated: bool = False,
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
        """By each path that leads to a repeated member, or on the way there, the repeats below it."""
        return grouped((each.path[:length], each) for each in self.tree.repeats for length in range(len(each.path) + 1))

    def repeats_about(self, path: Path) -> Iterator[RepeatedMember]:
        """Yield the members that stand twice below a path, or on the way to it."""
        for length in range(len(path)):
            yield from (each for each in self._repeats.get(path[:length], ()) if len(each.path) == length)
        yield from self._repeats.get(path, ())

    @cached_property
    def may_alias(self) -> bool:
        """Whether any part may be an alias: most texts have none, and this is asked for each finding."""
        return self.language == "yaml" and "*" in self.text.text

    def locate(self, path: Path) -> MemberPlace:
        """Return where a path leads; inside what an alias stands for, where the alias is."""
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
        """Return the alias on the way of a path, and where it is written what the path leads to; else None."""
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

    def node(self, path: Path) -> Node | None:
        """Return the node that a path leads to, or None."""
        node: Node | None = self.tree.root
        for step in path:
            member = node.below(step) if node else None
            node = member.node if member else None
        return node
