"""Values that are not fully known: `Unknown`, `Partial`, `Choice`. They stand in a payload, at any depth.

A key whose value is unknown is there: absence is never a reading of `Unknown`, only of the option `ABSENT`.

Values that a tool fills in before anyone reads them: what is left open becomes `Partial` or `Unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from enum import Enum
from typing import Any, Final, NamedTuple

from ..documents.places import Path, Range, Tagged

DEPTH = 60
"""Levels of nesting below which a value counts as unknown."""
PARTS = 2_000
"""Values that are looked at for one payload; aliases can make a short text stand for more than could ever be read."""


class Unknown(NamedTuple):
    """Nothing is known of the value but, perhaps, what it points at.

    `service` is that of an ARN (`sqs`, `kinesis`, `dynamodb`, `lambda`, `sns`, `s3`, `events`, `kafka` or any other),
    or a key of `shapes.SHAPES` for what is no ARN at all, such as a queue's URL. `fifo` says whether the queue or
    topic is a FIFO one. `help` says what to write instead, should the value be wrong. `implied` says that the member
    is not written at all: the format fills it in, or what it is in cannot be read. `target` is the resource of the file
    that the value belongs to, by the key that its format has for it.
    """

    service: str | None = None
    fifo: bool | None = None
    help: str | None = None
    implied: bool = False
    target: tuple[str, ...] = ()


class Partial(NamedTuple):
    """A text with placeholders: its fixed parts, and None for each placeholder, in order.

    `starts` has, for each part, the index of its first character in the scalar as it is written, or None where the part
    stands for something of another spelling, such as a pseudo parameter; without `starts` no character is pointed at.
    """

    parts: tuple[str | None, ...]
    service: str | None = None
    fifo: bool | None = None
    starts: tuple[int | None, ...] = ()
    help: str | None = None

    @property
    def prefix(self) -> str:
        """The text before the first placeholder."""
        cut = self.parts.index(None) if None in self.parts else len(self.parts)
        return "".join(each for each in self.parts[:cut] if each)

    @property
    def is_whole(self) -> bool:
        """Whether there is no placeholder: every part is known, at least in its shape."""
        return None not in self.parts

    def written(self, index: int) -> int | None:
        """Return where a character of the prefix stands in the scalar, or None."""
        for part, start in zip(self.parts, self.starts, strict=False):
            length = len(part or "")
            if part is None or index < length:
                return None if start is None else start + index
            index -= length
        return None


class Absent(Enum):
    """The value of an option that leaves its member out."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class Option(NamedTuple):
    """One value of a choice, and the document path at which a finding about it is shown (None: where the choice is).

    `severity` is "warning" where a finding is no more than that: the value is only a parameter's default, say.
    """

    value: Any
    path: Path | None = None
    severity: str | None = None


class Choice(NamedTuple):
    """One of several values. Choices with the same `key` are made together: the first option of all, the second …

    A choice without a key is made on its own.
    """

    options: tuple[Option, ...]
    key: Hashable = None

    def mapped(self, change: Callable[[Option], Any]) -> Choice:
        """Return the choice with other values: `change` returns the value of an option."""
        return self._replace(options=tuple(option._replace(value=change(option)) for option in self.options))


def is_uncertain(value: Any) -> bool:
    """Return whether anything in a value is not known. Each part is seen once: aliases may make a value large."""
    waiting, seen = [value], set[int]()
    while waiting:
        each = waiting.pop()
        if each is ABSENT or isinstance(each, Unknown | Partial | Choice):
            return True
        if isinstance(each, (dict, list)) and id(each) not in seen:
            seen.add(id(each))
            waiting += each.values() if isinstance(each, dict) else each
    return False


def at(value: Any, path: Path) -> Any:
    """Return what is at a path in a document's value, tags looked through; `ABSENT` where there is nothing."""
    for step in path:
        value = value.value if isinstance(value, Tagged) else value
        if isinstance(value, list):
            value = dict(enumerate(value))
        if not isinstance(value, dict) or step not in value:
            return ABSENT
        value = value[step]
    return value


FILLED = re.compile(r"\{\{.{0,500}?\}\}(?!\})|\{%.{0,500}?%\}", re.DOTALL)
"""What Jinja, Helm and their like put something in place of, and CloudFormation, where it begins with `resolve:`."""
Fill = Callable[[str], Any]
"""What a text stands for."""
Again = Callable[[Any], Any]
Special = Callable[[Any, Again], Any]
"""What a value stands for that is filled in its own way, given what fills its parts in; None for all others."""


def untagged(value: Any, again: Again) -> Any:
    """Return that nothing is known of a value with a tag."""
    return Unknown() if isinstance(value, Tagged) else None


RESOURCE = 100
"""What a resource counts for: validating one takes as long as looking at so many values."""


class Budget:
    """How many values of a document are looked at: aliases can make a short text stand for more than could be."""

    def __init__(self, left: int | None = None, whole: Budget | None = None) -> None:
        self.left = 50 * PARTS if left is None else left
        self.whole = whole

    def take(self, count: int = 1) -> bool:
        """Count some values, and return whether they may be looked at."""
        self.left -= count
        return (self.whole is None or self.whole.take(count)) and self.left >= 0

    def of_one(self) -> Budget:
        """Return what of this there is for the value of one member."""
        return Budget(PARTS, self)


def filled(value: Any, budget: Budget, text: Fill, special: Special = untagged, depth: int = 0) -> Any:
    """Return a value in which every text is what `text` makes of it, and what is special what `special` does.

    What nests or repeats without bounds is unknown.
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
        return {name: again(each) for name, each in value.items()}
    return [again(each) for each in value] if type(value) is list else value


def plain(value: Any) -> Any:
    """Return a document's value with every tagged part as `Unknown`; so is what nests or repeats without bounds."""
    return filled(value, Budget(PARTS), str)


def between(text: str, placeholders: Iterable[Range]) -> Any:
    """Return a text with placeholders, each a start and an end: itself without any, `Unknown` when there is no more."""
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
    """Return a text with placeholders where a template engine fills something in."""
    return between(text, (each.span() for each in FILLED.finditer(text))) if "{" in text else text


def served(value: Any, service: str | None) -> Any:
    """Return a reference with a service known from elsewhere, where it names none itself."""
    if service is None:
        return value
    if value == Unknown():
        return Unknown(service)
    if isinstance(value, Partial) and value.service is None and value.prefix == "":
        return value._replace(service=service)
    if isinstance(value, Choice):
        return value.mapped(lambda option: served(option.value, service))
    return value
