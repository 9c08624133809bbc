"""Parse large JSON files in bounded memory: small parts with the same source, such as `{}`, share one Python object.

An empty dict takes thirty times as much memory as `{}` in the file. Sharing is safe, since parsed values are never
modified.
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
"""Maximum length of the source of a shared value, in characters."""
SHARED = 20_000
"""Maximum number of different shared values. They are stored until the end of the file is reached."""
DISTINCT = 500_000
"""Maximum number of objects, arrays and names that are not shared. Each takes up to 200 bytes of memory."""
BLANK = re.compile(r"[ \t\r\n]*")
FLAT = re.compile(
    rf'\[[^\[\]{{}}"]{{0,{SMALL}}}\]|\{{(?:[^\[\]{{}}"]|"[^\[\]{{}}"\\]{{0,{SMALL}}}"){{0,{SMALL}}}\}}|"[^"\\]{{0,{SMALL}}}"'
)
"""A short string, array or object that contains no other array or object."""


class Reader:
    """Parses one file. `scan` is `scan_once` of Python's JSON decoder; it parses strings, numbers and small parts."""

    def __init__(self, text: str, scan: Callable[[str, int], tuple[Any, int]]) -> None:
        self.text, self.scan = text, scan
        self.shared: dict[str, Any] = {}
        self.repeated = False
        self.distinct = 0
        self.stack: list[tuple[Any, str, int]] = []
        """The arrays and objects that are not closed yet: each with the name of its next member, and its offset."""

    def read(self) -> Any:
        """Return the value of the file. Raise the same errors as `json.loads`."""
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
        """Return the offset after the white space that begins at an offset."""
        return BLANK.match(self.text, place).end()  # type: ignore[union-attr]  # matches always

    def value(self, place: int) -> tuple[Any, int]:
        """Return the first scalar or small part at or after an offset, and the offset of its end.

        Arrays and objects that begin before it are added to `stack`. For `[[1]]`, the outer array is added, and the
        value is `[1]`.
        """
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
        """Parse the string, number or small part at an offset with Python's decoder. Return its value and its end."""
        try:
            value, end = self.scan(self.text, place)
        except StopIteration as stopped:
            raise JSONDecodeError("Expecting value", self.text, stopped.value) from None
        return self.small(value, place, end), end

    def small(self, value: Any, begin: int, end: int) -> Any:
        """Return the object made of an earlier part with the same short source, such as `{}`; or else `value`."""
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
        """Count an object, array or name that is not shared. Raise `UnreadableError` if there are too many."""
        self.distinct += 1
        if self.distinct > DISTINCT:
            raise UnreadableError(place, f"expected at most {DISTINCT:,} different objects, arrays and names in JSON")

    def name(self, place: int) -> tuple[str, int]:
        """Return the name of a member at an offset, and the offset of its value."""
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
        """Add a value to the innermost open array or object, and read the comma or bracket that follows.

        Return the array or object if its bracket closes here (or else None), the next offset, and whether it closes.
        """
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
