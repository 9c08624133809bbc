"""Positions in a text: `Span`, `MemberPlace`, `Excerpt`; and `Document`, a parsed value that knows its positions.

Lines and columns count from 1, and columns count characters. Ends are exclusive. Of this project, only `base` is
imported.
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
"""A function that reads the files of a folder, `read(folder, combine)`. The folder is relative to that of the document.

`combine` receives a pair of language and parsed value for each file, and returns one result for all. That result is
cached. It is None if too many folders were read for the file.
"""
Range = tuple[int, int]
"""A part of a text: the offset of its first character, and the offset after its last one."""

BREAK = re.compile(r"\r\n|\r|\n")
WINDOW = 160
"""Maximum number of characters that an excerpt shows before and after the marked characters."""
AROUND = 3
"""Maximum number of lines that an excerpt shows above the line with the mark, and below it."""


def member_at(value: Any, *names: str) -> Any:
    """Return the member at a path of names: for `{"a": {"b": 1}}`, "a" and "b" it is 1. None if there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


class Tagged:
    """A YAML value with a tag, such as `!Ref x`, which has the tag `!Ref` and the value "x".

    What the tag means is left to the format, such as CloudFormation. A path to a part of the value has no step for the
    tag. An object that merges a tagged value (`<<: !Ref x`) gets the tag `<<` itself, since its members are unknown.
    """

    __slots__ = ("tag", "value")

    def __init__(self, tag: str, value: Any) -> None:
        self.tag, self.value = tag, value


class Span(NamedTuple):
    """A part of a text: the line and column where it begins, and those where it ends (exclusive)."""

    line: int
    column: int
    end_line: int
    end_column: int


class MemberPlace(NamedTuple):
    """The position of a member of an object: where its name (`key`) and its value are written.

    An item of a list has no `key`. A missing member has no `value`: its `key` is then the name of the object that lacks
    the member, or that object's first character.
    """

    key: Span | None
    value: Span | None


class Excerpt(NamedTuple):
    """The part of a line that is shown with a finding. The characters from `start` to `end` (exclusive) are marked.

    `before` and `after` say whether the line was cut on the left and on the right. `above` and `below` are up to
    `AROUND` lines before and after it, each cut to `WINDOW` characters.
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

    If `note` is not empty, the file is only skipped, and the note says why that is no error.
    """

    line: int | None
    column: int | None
    message: str
    note: str = ""


class UnreadableError(Exception):
    """Raised when parsing cannot continue. The arguments are the offset and the message.

    The reader of a format, such as CloudFormation, raises it with only a message if it cannot read a document.
    """


class RepeatedMember(NamedTuple):
    """A member whose name an object has twice: its path, and where the second name is written."""

    path: Path
    key: Range


class PlacedNode(NamedTuple):
    """The range of a value in the text, and the ranges of its parts: an object has `members`, an array has `items`.

    `style` says how a scalar is written, such as `"` for double quotes. For an alias of YAML (`*name`), `target` is the
    node of the value that it refers to.
    """

    start: int
    end: int
    members: dict[str, Member] | None = None
    items: list[PlacedNode] | None = None
    style: str = ""
    target: PlacedNode | None = None

    def below(self, step: str | int) -> Member | None:
        """Return the member with a name (`step` is a string) or the item with an index; None if there is none."""
        if isinstance(step, str):
            return self.members.get(step) if self.members is not None else None
        if self.items is not None and 0 <= step < len(self.items):
            return Member(None, self.items[step])
        return None


class Member(NamedTuple):
    """Where the name and the value of an object's member are written. An item of a list has no name (`key` is None)."""

    key: Range | None
    node: PlacedNode


class Tree(NamedTuple):
    """The positions of all parts of one document, and its duplicate members (`repeats`)."""

    root: PlacedNode
    repeats: tuple[RepeatedMember, ...] = ()


class SourceText:
    """The text of a file. Converts between offsets and pairs of line and column."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(line_break.end() for line_break in BREAK.finditer(self.text))]

    @cached_property
    def is_template(self) -> bool:
        """Whether the text has placeholders such as `{{ name }}` or `{% if %}`, which another program fills in."""
        return "{{" in self.text or "{%" in self.text

    def point(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset, both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column."""
        return self._starts[line - 1] + column - 1

    def line_start(self, offset: int) -> int:
        """Return the offset where the line of an offset begins."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def span(self, start: int, end: int) -> Span:
        """Return the lines and columns of the part of the text between two offsets."""
        line = bisect_right(self._starts, start)
        first = self._starts[line - 1] - 1
        if line == len(self._starts) or end < self._starts[line]:  # nearly every value ends on its first line
            return Span(line, start - first, line, end - first)
        return Span(line, start - first, *self.point(end))

    def failure(self, offset: int, message: str) -> ParseFailure:
        """Return a `ParseFailure` with the line and column of an offset."""
        return ParseFailure(*self.point(min(offset, len(self.text))), message)

    def excerpt(self, span: Span) -> Excerpt:
        """Return the excerpt to show for a part of the text: its first line, and up to `AROUND` lines on both sides."""
        first, last = self._line(span.line)
        start = first + span.column - 1
        end = first + span.end_column - 1 if span.end_line == span.line else last
        left, right = max(first, start - WINDOW), min(last, start + WINDOW)
        shown = self.text[left:right]
        marked = start - left, max(min(end, right), start + 1) - left
        above = self._lines(max(span.line - AROUND, 1), span.line)
        count = len(self._starts) - (self._starts[-1] == len(self.text))  # no line follows a final line break
        below = self._lines(span.line + 1, min(span.line + AROUND, count) + 1)
        return Excerpt(shown, *marked, left > first, right < last, above, below)

    def _line(self, number: int) -> tuple[int, int]:
        """Return the offsets where a line begins and ends, without its line break. Lines count from 1."""
        if number == len(self._starts):
            return self._starts[-1], len(self.text)
        after = self._starts[number]
        return self._starts[number - 1], after - (2 if self.text.startswith("\r\n", after - 2) else 1)

    def _lines(self, start: int, end: int) -> tuple[str, ...]:
        """Return the lines from number `start` to before `end`, each cut to `WINDOW` characters."""
        places = map(self._line, range(start, end))
        return tuple([self.text[first : min(last, first + WINDOW)] for first, last in places])


class Document:
    """A parsed value, with the position of each of its parts.

    `value` is plain data, except for `Tagged` parts in YAML (`tagged` says whether there are any). `tree` has the
    positions, and is computed when one is first needed. `repeated` says whether an object has duplicate members;
    `standard` names the standard that forbids them, such as "RFC 8259". `language` is "json", "yaml" or "hcl". `beside`
    reads other files of the same folder, and is None if the document is not from a file.
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
        """The positions of all parts of the document."""
        return self._tree()

    @cached_property
    def _repeats(self) -> dict[Path, list[RepeatedMember]]:
        """The duplicate members, by their own path and by the path of every object or array around them."""
        return grouped(
            (repeat.path[:length], repeat) for repeat in self.tree.repeats for length in range(len(repeat.path) + 1)
        )

    def repeats_about(self, path: Path) -> Iterator[RepeatedMember]:
        """Yield the duplicate members that concern the value at a path.

        They are at the path, below it, or the path leads through them.
        """
        for length in range(len(path)):
            yield from (repeat for repeat in self._repeats.get(path[:length], ()) if len(repeat.path) == length)
        yield from self._repeats.get(path, ())

    @cached_property
    def may_alias(self) -> bool:
        """Whether the document may contain aliases of YAML (`*name`). It is quick to check, and most have none."""
        return self.language == "yaml" and "*" in self.text.text

    def locate(self, path: Path) -> MemberPlace:
        """Return the position of the value at a path.

        If the path leads through an alias of YAML (`*name`), return the position of the alias.
        """
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
        """Return the first alias of YAML (`*name`) that a path leads through, and where the path's value is written.

        Return None if the path leads through no alias.
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
        """Return the node at a path, or None. A path through an alias of YAML has none."""
        node: PlacedNode | None = self.tree.root
        for step in path:
            member = node.below(step) if node else None
            node = member.node if member else None
        return node
