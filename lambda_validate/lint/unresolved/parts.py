"""Values that are not fully known: `Unknown`, `Partial` and `Choice`. A payload may contain them at any depth.

A member whose value is unknown is there. Only the option `ABSENT` of a choice means that a member may be missing.

Strings that a tool fills in later are replaced by `Partial` or `Unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from enum import Enum
from typing import Any, Final, NamedTuple

from ..documents.places import Path, Range, Tagged

DEPTH = 60
"""Maximum depth of nesting. Deeper values are unknown."""
PARTS = 2_000
"""Maximum number of values in one payload, since aliases can make a short file expand without bounds."""


class Unknown(NamedTuple):
    """A value that is not known. What it refers to may be known.

    `service` is the service of an ARN (`sqs`, `kinesis`, `dynamodb`, `lambda`, `sns`, `s3`, `events`, `kafka` or any
    other). For a value that is not an ARN, such as the URL of a queue, it is a key of `shapes.SHAPES`. `fifo` says
    whether the queue or topic is a FIFO one. `help` says what to write instead, if the value is wrong. `implied` says
    that the member is not written in the file: the format fills it in, or the object with it cannot be read. `target`
    is the resource in the file that the value refers to, by the key of its format.
    """

    service: str | None = None
    fifo: bool | None = None
    help: str | None = None
    implied: bool = False
    target: tuple[str, ...] = ()


class Partial(NamedTuple):
    """A string with placeholders: its fixed parts in order, with None for each placeholder.

    `starts` has for each part the index of its first character in the scalar as written. It is None for a part that is
    written differently, such as a pseudo parameter. Without `starts`, no character is marked.
    """

    parts: tuple[str | None, ...]
    service: str | None = None
    fifo: bool | None = None
    starts: tuple[int | None, ...] = ()
    help: str | None = None

    @property
    def prefix(self) -> str:
        """The string before the first placeholder."""
        cut = self.parts.index(None) if None in self.parts else len(self.parts)
        return "".join(part for part in self.parts[:cut] if part)

    @property
    def is_whole(self) -> bool:
        """Whether there is no placeholder: every part is known, or at least its form."""
        return None not in self.parts

    def written(self, index: int) -> int | None:
        """Return the index in the scalar as written of a character of the prefix, or None."""
        for part, start in zip(self.parts, self.starts, strict=False):
            length = len(part or "")
            if part is None or index < length:
                return None if start is None else start + index
            index -= length
        return None


class Absent(Enum):
    """The value of an option in which the member is missing."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class Option(NamedTuple):
    """One value of a choice, and the document path for findings about it (None: the path of the choice).

    `severity` is "warning" if a finding is at most a warning, for example since the value is only the default of a
    parameter.
    """

    value: Any
    path: Path | None = None
    severity: str | None = None


class Choice(NamedTuple):
    """One of several values. For choices with the same `key`, the options with the same index are taken together.

    A choice without a key is independent.
    """

    options: tuple[Option, ...]
    key: Hashable = None

    def mapped(self, change: Callable[[Option], Any]) -> Choice:
        """Return the choice with each option's value replaced by the result of `change`."""
        return self._replace(options=tuple(option._replace(value=change(option)) for option in self.options))


def is_uncertain(value: Any) -> bool:
    """Return whether a value contains anything that is not known.

    Each part is visited once, since aliases may repeat it.
    """
    waiting, seen = [value], set[int]()
    while waiting:
        part = waiting.pop()
        if isinstance(part, Absent | Unknown | Partial | Choice):
            return True
        if isinstance(part, (dict, list)) and id(part) not in seen:
            seen.add(id(part))
            waiting += part.values() if isinstance(part, dict) else part
    return False


def at(value: Any, path: Path) -> Any:
    """Return the value at a path of a document, looking through tags; `ABSENT` if there is none."""
    for step in path:
        value = value.value if isinstance(value, Tagged) else value
        if isinstance(value, list):
            value = dict(enumerate(value))
        if not isinstance(value, dict) or step not in value:
            return ABSENT
        value = value[step]
    return value


FILLED = re.compile(r"\{\{.{0,500}?\}\}(?!\})|\{%.{0,500}?%\}", re.DOTALL)
"""Placeholders of Jinja, Helm and other engines, and those of CloudFormation, which begin with `resolve:`."""
Fill = Callable[[str], Any]
"""A function that returns the value for a string."""
Again = Callable[[Any], Any]
Special = Callable[[Any, Again], Any]
"""A function that replaces a special value, given the function for its parts; it returns None for other values."""


def untagged(value: Any, again: Again) -> Any:
    """Return `Unknown` for a tagged value."""
    return Unknown() if isinstance(value, Tagged) else None


RESOURCE = 100
"""The count for a resource: validating it takes as long as visiting this many values."""


class Budget:
    """Limits the number of values to visit in a document, since aliases can make a short file expand without bounds."""

    def __init__(self, left: int | None = None, whole: Budget | None = None) -> None:
        self.left = 50 * PARTS if left is None else left
        self.whole = whole

    def take(self, count: int = 1) -> bool:
        """Count some values. Return whether they may be visited."""
        self.left -= count
        return (self.whole is None or self.whole.take(count)) and self.left >= 0

    def of_one(self) -> Budget:
        """Return the part of the budget for the value of one member."""
        return Budget(PARTS, self)


def filled(value: Any, budget: Budget, text: Fill, special: Special = untagged, depth: int = 0) -> Any:
    """Return a value in which each string is replaced by `text`, and each special value by `special`.

    Parts that nest too deep, or repeat too often, become unknown.
    """
    if depth > DEPTH or not budget.take():
        return Unknown()
    if isinstance(value, str):
        return text(value)

    def again(part: Any) -> Any:
        return filled(part, budget, text, special, depth + 1)

    found = special(value, again)
    if found is not None:
        return found
    if isinstance(value, dict):
        return {name: again(member) for name, member in value.items()}
    return [again(item) for item in value] if type(value) is list else value


def plain(value: Any) -> Any:
    """Return a document's value with every tagged part as `Unknown`, and every part that nests or repeats too much."""
    return filled(value, Budget(PARTS), str)


def between(text: str, placeholders: Iterable[Range]) -> Any:
    """Return a string with placeholders at some ranges: unchanged if there are none, `Unknown` if it is only a
    placeholder.
    """
    parts: list[str | None] = []
    starts: list[int | None] = []
    place = 0
    for start, end in (*placeholders, (len(text), len(text))):
        if start > place:
            parts.append(text[place:start])
            starts.append(place)
        if end > start:
            parts.append(None)
            starts.append(None)
        place = end
    if None not in parts:
        return text
    return Partial(tuple(parts), starts=tuple(starts)) if any(parts) else Unknown()


def engines(text: str) -> Any:
    """Return a string with a placeholder wherever a template engine fills something in."""
    return between(text, (placeholder.span() for placeholder in FILLED.finditer(text))) if "{" in text else text


def served(value: Any, service: str | None) -> Any:
    """Return a reference with a service that is known from elsewhere, if the reference itself does not say it."""
    if service is None:
        return value
    if value == Unknown():
        return Unknown(service)
    if isinstance(value, Partial) and value.service is None and value.prefix == "":
        return value._replace(service=service)
    if isinstance(value, Choice):
        return value.mapped(lambda option: served(option.value, service))
    return value
