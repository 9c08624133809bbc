"""Values that are not fully known: `Unknown`, `Partial` and `Choice`. A payload may contain them at any depth.

A member whose value is `Unknown` certainly exists. Only a `Choice` with the option `ABSENT` means that a member may be
missing. Strings with placeholders that another tool fills in later, such as `{{ name }}`, become `Partial` or
`Unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from enum import Enum
from typing import Any, Final, NamedTuple

from ..documents.places import Path, Range, Tagged

MAX_VALUE_DEPTH = 60
"""Maximum depth of nesting. Values that are nested deeper become unknown."""
PARTS = 2_000
"""Maximum number of values in one payload, since aliases can make a short file expand without bounds."""


class Unknown(NamedTuple):
    """A value that is not known, such as a reference to a queue in the same file.

    `service` is the service if the value is an ARN, such as "sqs" or "kinesis". For the URL of a queue, the ARN of a
    table and a plain name, it is "sqs-url", "dynamodb-table" and "name". `fifo` says whether the queue or topic is a
    FIFO one. `help` says what to write instead, if the value turns out to be wrong. `implied` says that the member is
    not written in the file: the format fills it in, or the object with it cannot be read. `target` identifies the
    resource in the file that the value refers to.
    """

    service: str | None = None
    fifo: bool | None = None
    help: str | None = None
    implied: bool = False
    target: tuple[str, ...] = ()


class Partial(NamedTuple):
    """A string with placeholders: its fixed parts in order, with None for each placeholder.

    For example, `"arn:${x}:q"` has the parts ("arn:", None, ":q"). `starts` has the index at which each part begins in
    the written string. It is None for a part that is not written there, such as the value of `AWS::Region`. Without
    `starts`, findings do not mark single characters. `service`, `fifo` and `help` are as in `Unknown`.
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
        """Whether there is no placeholder. A part may still be an example, such as one region for `AWS::Region`."""
        return None not in self.parts

    def written(self, index: int) -> int | None:
        """Return the index in the written string of the character at `index` of `prefix`; None if it is not known."""
        for part, start in zip(self.parts, self.starts, strict=False):
            length = len(part or "")
            if part is None or index < length:
                return None if start is None else start + index
            index -= length
        return None


class Absent(Enum):
    """The type of `ABSENT`, which is the value of an option in which the member is missing."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class Option(NamedTuple):
    """One of the values of a `Choice`. Findings about it are shown at `path`, or at the choice if that is None.

    `severity` is "warning" if violations by this value are only warnings, for example since the value is the default of
    a parameter.
    """

    value: Any
    path: Path | None = None
    severity: str | None = None


class Choice(NamedTuple):
    """One of several values, such as the branches of `Fn::If`.

    Choices with the same `key`, such as one condition, are decided together: all take the option with the same index.
    A choice without a key is independent of others.
    """

    options: tuple[Option, ...]
    key: Hashable = None

    def mapped(self, change: Callable[[Option], Any]) -> Choice:
        """Return the choice with the value of each option replaced by `change(option)`."""
        return self._replace(options=tuple(option._replace(value=change(option)) for option in self.options))


def is_uncertain(value: Any) -> bool:
    """Return whether a value contains an `Unknown`, `Partial` or `Choice`, at any depth.

    A part that is repeated, as by aliases of YAML, is visited only once.
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
    """Return the value at a path in a document's value; `ABSENT` if there is none. `Tagged` values need no step."""
    for step in path:
        value = value.value if isinstance(value, Tagged) else value
        if isinstance(value, list):
            value = dict(enumerate(value))
        if not isinstance(value, dict) or step not in value:
            return ABSENT
        value = value[step]
    return value


FILLED = re.compile(r"\{\{.{0,500}?\}\}(?!\})|\{%.{0,500}?%\}", re.DOTALL)
"""Placeholders of Jinja, Helm and other template engines, `{{ … }}` and `{% … %}`; and `{{resolve:…}}` of AWS."""
Fill = Callable[[str], Any]
"""A function that returns the value to use for a string, for example a `Partial` if it has placeholders."""
Again = Callable[[Any], Any]
Special = Callable[[Any, Again], Any]
"""A function that replaces a special value, such as a `Tagged` one; it returns None for values that are not special.

Its second argument is a function to process the parts of the value.
"""


def untagged(value: Any, again: Again) -> Any:
    """Return `Unknown` for a `Tagged` value, and None for any other value."""
    return Unknown() if isinstance(value, Tagged) else None


RESOURCE = 100
"""What a resource counts in a `Budget`: validating it takes as long as visiting this many values."""


class Budget:
    """Limits the number of values to visit in a document, since aliases can make a short file expand without bounds."""

    def __init__(self, left: int | None = None, whole: Budget | None = None) -> None:
        self.left = 50 * PARTS if left is None else left
        self.whole = whole

    def take(self, count: int = 1) -> bool:
        """Count values that are about to be visited. Return False if they are too many."""
        self.left -= count
        return (self.whole is None or self.whole.take(count)) and self.left >= 0

    def of_one(self) -> Budget:
        """Return a budget of `PARTS` values for a single member. Whatever it counts, this budget counts too."""
        return Budget(PARTS, self)


def filled(value: Any, budget: Budget, text: Fill, special: Special = untagged, depth: int = 0) -> Any:
    """Return a value with `text(string)` for each string, and the result of `special` for each part unless it is None.

    By default, `special` replaces `Tagged` values. Parts nested too deeply become unknown, and so do all parts after
    the budget is used up.
    """
    if depth > MAX_VALUE_DEPTH or not budget.take():
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
    """Return a document's value with `Unknown` in place of tagged parts, and of parts that are nested too deeply."""
    return filled(value, Budget(PARTS), str)


def between(text: str, placeholders: Iterable[Range]) -> Any:
    """Return a string with placeholders at some ranges, as a `Partial`.

    Without placeholders, it is returned unchanged. A string that is only a placeholder becomes `Unknown`.
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
    """Return a string with placeholders for `{{ … }}` and `{% … %}`, which a template engine fills in."""
    return between(text, (placeholder.span() for placeholder in FILLED.finditer(text))) if "{" in text else text


def served(value: Any, service: str | None) -> Any:
    """Return an unknown value with its service set, if that is not known yet. Other values are returned unchanged.

    For example, the ARN of an sqs event is one of the service "sqs".
    """
    if service is None:
        return value
    if value == Unknown():
        return Unknown(service)
    if isinstance(value, Partial) and value.service is None and value.prefix == "":
        return value._replace(service=service)
    if isinstance(value, Choice):
        return value.mapped(lambda option: served(option.value, service))
    return value
