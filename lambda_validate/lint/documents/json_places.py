"""Find the positions of values in valid JSON. Only the offsets of brackets are stored; others are computed when needed.

A Python object for each value would take a hundred times as much memory as the file.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from json import decoder
from typing import NamedTuple

from .places import Member, PlacedNode, Range, RepeatedMember
from .scalars import JSON

scanstring: Callable[[str, int, bool], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]  # untyped

STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
BRACKET = re.compile(rf"{STRING}|([\[{{])|([\]}}])", re.DOTALL)
TOKEN = re.compile(
    rf"(?P<open>[\[{{])|(?P<close>[\]}}])|(?P<string>{STRING})(?P<colon>[ \t\r\n]*:)?|[^\s,:\[\]{{}}\"]+", re.DOTALL
)
SCALAR = re.compile(rf"{STRING}|[^\s,:\[\]{{}}\"]+", re.DOTALL)
BLANK = re.compile(r"[ \t\r\n]*")
BETWEEN = re.compile(r"[ \t\r\n,:]*")
MAX_UNCACHED_PARTS = 50
"""Only arrays and objects with more items or members have the offsets of their parts cached."""


class Parts(NamedTuple):
    """The offsets where the values of an array or object begin, and, in an object, the offsets of their names."""

    starts: array[int]
    names: array[int]


class Index(NamedTuple):
    """The hashes of the names of an object in ascending order, and for each hash the number of its member in the file.

    A name is found by bisection among the hashes.
    """

    hashes: array[int]
    places: array[int]


# `opens` has the offsets of all opening brackets, and `ends` the offsets after their closing brackets: [0, 4] and
# [13, 12] for `[1, {"a": 2}]`. `end` finds the end of an array or object by bisection in `opens`. `parts` scans one
# array or object: it jumps from the beginning of each value to its end, so nested ones are skipped in one step.
class Outline:
    """The positions of all parts of a JSON file. It has the attributes of `places.Tree`: `root` and `repeats`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.opens, self.ends = array("I"), array("I")
        self._parts: dict[int, Parts] = {}
        self._indexes: dict[int, Index] = {}
        stack: list[int] = []
        for bracket in BRACKET.finditer(text):
            if bracket[1]:
                stack.append(len(self.opens))
                self.opens.append(bracket.start())
                self.ends.append(0)
            elif bracket[2]:
                self.ends[stack.pop()] = bracket.end()

    @property
    def root(self) -> JsonNode:
        """The outermost value."""
        return JsonNode(self, BLANK.match(self.text).end())  # type: ignore[union-attr]  # matches always

    @cached_property
    def repeats(self) -> tuple[RepeatedMember, ...]:
        """The members whose names their objects have more than once."""
        return tuple(_repeats(self.text))

    def end(self, start: int) -> int:
        """Return the offset after the value that begins at an offset."""
        if self.text[start] in "[{":
            return self.ends[bisect_left(self.opens, start)]
        return SCALAR.match(self.text, start).end()  # type: ignore[union-attr]  # a value is there

    def parts(self, start: int) -> Parts:
        """Return the offsets of the values and names in the array or object that begins at an offset."""
        found = self._parts.get(start)
        if found is None:
            found = self._sought(start)
            if len(found.starts) > MAX_UNCACHED_PARTS:
                self._parts[start] = found
        return found

    def _sought(self, start: int) -> Parts:
        text, end, between = self.text, self.end, BETWEEN.match
        starts, names = array("I"), array("I")
        is_object, place = text[start] == "{", between(text, start + 1).end()  # type: ignore[union-attr]  # always
        while text[place] not in "]}":
            if is_object:
                names.append(place)
                place = between(text, end(place)).end()  # type: ignore[union-attr]  # matches always
            starts.append(place)
            place = between(text, end(place)).end()  # type: ignore[union-attr]  # matches always
        return Parts(starts, names)

    def name(self, place: int) -> str:
        """Return the name of the member whose opening quote is at an offset."""
        return scanstring(self.text, place + 1, True)[0]

    def find(self, start: int, name: str) -> int | None:
        """Return the index of the member with a name in the object that begins at an offset, or None.

        Of duplicate names, the last one counts.
        """
        names = self.parts(start).names
        if len(names) <= MAX_UNCACHED_PARTS:
            return next((number for number in reversed(range(len(names))) if self.name(names[number]) == name), None)
        index = self._indexes.get(start)
        if index is None:
            index = self._indexes[start] = self._indexed(names)
        first = bisect_left(index.hashes, hash(name))
        alike = range(first, bisect_right(index.hashes, hash(name), first))
        return max((index.places[slot] for slot in alike if self.name(names[index.places[slot]]) == name), default=None)

    def _indexed(self, names: array[int]) -> Index:
        hashes = array("q", (hash(self.name(offset)) for offset in names))
        places = array("I", sorted(range(len(names)), key=hashes.__getitem__))
        return Index(array("q", map(hashes.__getitem__, places)), places)

    def scalar(self, offset: int) -> tuple[Range | None, int | None]:
        """Return the range of the scalar at an offset, and the offset of a member's name if its value begins there.

        The scalar may be a name, a string or a number, and may end exactly at the offset. Either result may be None.
        """
        start, name = self.root.start, None
        while self.text[start] in "[{":
            starts, names = self.parts(start)
            index = bisect_right(names or starts, offset) - 1
            if index < 0 or offset > self.end(starts[index]):
                return None, name if offset == start else None
            if names and offset <= self.end(names[index]):
                return (names[index], self.end(names[index])), None
            if offset < starts[index]:
                return None, None
            start, name = starts[index], names[index] if names else None
            if offset == start and self.text[start] in "[{":
                return None, name
        return (start, self.end(start)), name


class JsonNode:
    """The position of a value in JSON, computed from its first offset. It has the attributes of `places.PlacedNode`."""

    __slots__ = ("outline", "start")
    target = None

    def __init__(self, outline: Outline, start: int) -> None:
        self.outline, self.start = outline, start

    @property
    def end(self) -> int:
        """The offset after the value."""
        return self.outline.end(self.start)

    @property
    def style(self) -> str:
        """How the value is written: `JSON` for a string, and empty for any other value."""
        return JSON if self.outline.text[self.start] == '"' else ""

    def below(self, step: str | int) -> Member | None:
        """Return the member with a name (`step` is a string) or the item with an index; None if there is none."""
        outline, bracket = self.outline, self.outline.text[self.start]
        if isinstance(step, str):
            index = outline.find(self.start, step) if bracket == "{" else None
            return None if index is None else self._member(index)
        is_there = bracket == "[" and 0 <= step < len(outline.parts(self.start).starts)
        return self._member(step) if is_there else None

    def _member(self, index: int) -> Member:
        starts, names = self.outline.parts(self.start)
        key = (names[index], self.outline.end(names[index])) if names else None
        return Member(key, as_node(JsonNode(self.outline, starts[index])))

    def walk(self) -> Iterator[tuple[JsonNode, str, JsonNode]]:
        """Yield the members of all objects in this value, at any depth: the object, the name and the member's value."""
        waiting = [self.start]
        while waiting:
            start = waiting.pop()
            parts = self.outline.parts(start) if self.outline.text[start] in "[{" else None
            for index, offset in enumerate(parts.starts if parts else ()):
                if self.outline.text[offset] in "[{":
                    waiting.append(offset)
                if parts and parts.names:
                    name = self.outline.name(parts.names[index])
                    yield JsonNode(self.outline, start), name, JsonNode(self.outline, offset)


def as_node(part: JsonNode) -> PlacedNode:
    """Return `part` unchanged, typed as a `PlacedNode`, whose attributes it has."""
    return part  # type: ignore[return-value]  # nothing asks a JSON node for its members and items


def _repeats(text: str) -> Iterator[RepeatedMember]:
    steps: list[str | int] = []  # the path of the value that was read last
    names: list[set[str]] = []  # for each open array or object, the names read so far
    for token in TOKEN.finditer(text):
        if token["close"]:
            steps.pop()
            names.pop()
        elif token["colon"]:
            steps[-1] = name = scanstring(text, token.start() + 1, True)[0]
            if name in names[-1]:
                yield RepeatedMember(tuple(steps), token.span("string"))
            names[-1].add(name)
        else:
            if steps and isinstance(steps[-1], int):
                steps[-1] += 1
            if token["open"]:
                steps.append("" if token["open"] == "{" else -1)
                names.append(set())
