"""Large JSON texts as values, in bounded memory: small parts that are written alike are one value.

An empty object takes thirty times as much memory as its text. Values of documents are read only, so that parts can be
shared, as aliases of YAML are.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from json import JSONDecodeError, decoder
from typing import Any

from .places import UnreadableError

scanstring: Callable[[str, int, bool], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]  # untyped

SMALL = 24
"""Characters of a value up to which it may be shared."""
SHARED = 20_000
"""Different values that are shared at most: each is held for as long as the text is read."""
DISTINCT = 500_000
"""Objects, arrays and names of a text that are not shared, at most: each takes up to two hundred bytes of memory."""
BLANK = re.compile(r"[ \t\r\n]*")
FLAT = re.compile(
    rf'\[[^\[\]{{}}"]{{0,{SMALL}}}\]|\{{(?:[^\[\]{{}}"]|"[^\[\]{{}}"\\]{{0,{SMALL}}}"){{0,{SMALL}}}\}}|"[^"\\]{{0,{SMALL}}}"'
)
"""A string, or a container without another inside."""


class Reader:
    """Reads one text. `scan` is a decoder's `scan_once`: it reads what holds no large container."""

    def __init__(self, text: str, scan: Callable[[str, int], tuple[Any, int]]) -> None:
        self.text, self.scan = text, scan
        self.shared: dict[str, Any] = {}
        self.repeated = False
        self.distinct = 0
        self.stack: list[tuple[Any, str, int]] = []
        """The containers that are open: each with the name of its next member, and where it begins."""

    def read(self) -> Any:
        """Return the value of the text, or raise what `json.loads` does."""
        place = self.blank(0)
        while True:
            value, place = self.value(place)
            while self.stack:
                value, place, is_closed = self.taken(value, place)
                if not is_closed:
                    break
            else:
                place = self.blank(place)
                if place < len(self.text):
                    raise JSONDecodeError("Extra data", self.text, place)
                return value

    def blank(self, place: int) -> int:
        """Return where the next token is."""
        return BLANK.match(self.text, place).end()  # type: ignore[union-attr]  # matches always

    def value(self, place: int) -> tuple[Any, int]:
        """Return the value at an offset, opening the containers before it."""
        text = self.text
        while True:
            flat = FLAT.match(text, place)
            if flat is not None and (written := flat[0]) in self.shared:
                return self.shared[written], flat.end()
            bracket = text[place : place + 1]
            if (bracket != "[" and bracket != "{") or flat is not None:
                return self.scanned(place)
            if len(self.stack) >= sys.getrecursionlimit():
                raise RecursionError
            begin, place = place, self.blank(place + 1)
            if text[place : place + 1] == ("]" if bracket == "[" else "}"):
                return self.small([] if bracket == "[" else {}, begin, place + 1), place + 1
            self.stack.append(([], "", begin))
            if bracket == "{":
                name, place = self.name(place)
                self.stack[-1] = ({}, name, begin)

    def scanned(self, place: int) -> tuple[Any, int]:
        """Return a value that holds no large container."""
        try:
            value, end = self.scan(self.text, place)
        except StopIteration as stopped:
            raise JSONDecodeError("Expecting value", self.text, stopped.value) from None
        return self.small(value, place, end), end

    def small(self, value: Any, begin: int, end: int) -> Any:
        """Return the value that is shared by all that are written like this one, if it is small."""
        if end - begin <= SMALL:
            written = self.text[begin:end]
            if len(self.shared) < SHARED:
                return self.shared.setdefault(written, value)
            if written in self.shared:
                return self.shared[written]
        if isinstance(value, (dict, list)):
            self.count(begin)
        return value

    def count(self, place: int) -> None:
        """Count what is not shared, and raise `UnreadableError` where there is too much of it."""
        self.distinct += 1
        if self.distinct > DISTINCT:
            raise UnreadableError(place, f"expected at most {DISTINCT:,} different objects, arrays and names in JSON")

    def name(self, place: int) -> tuple[str, int]:
        """Return the member's name at an offset, and where its value is."""
        if self.text[place : place + 1] != '"':
            raise JSONDecodeError("Expecting property name enclosed in double quotes", self.text, place)
        read, end = scanstring(self.text, place + 1, True)
        name = self.small(read, place, end)
        if name is read:
            self.count(place)
        place = self.blank(end)
        if self.text[place : place + 1] != ":":
            raise JSONDecodeError("Expecting ':' delimiter", self.text, place)
        return name, self.blank(place + 1)

    def taken(self, value: Any, place: int) -> tuple[Any, int, bool]:
        """Put a value into the innermost container. Return where to go on, and the container itself if it ends here."""
        container, name, begin = self.stack[-1]
        place = self.blank(place)
        next = self.text[place : place + 1]
        if isinstance(container, list):
            container.append(value)
        else:
            self.repeated = self.repeated or name in container
            container[name] = value
        if next == ("]" if isinstance(container, list) else "}"):
            self.stack.pop()
            return self.small(container, begin, place + 1), place + 1, True
        if next != ",":
            raise JSONDecodeError("Expecting ',' delimiter", self.text, place)
        place = self.blank(place + 1)
        if not isinstance(container, list):
            name, place = self.name(place)
            self.stack[-1] = (container, name, begin)
        return None, place, False
