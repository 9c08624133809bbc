"""Values that a tool fills in before anyone reads them: what is left open becomes `Partial` or `Unknown`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from ..documents.places import Range, Tagged
from .parts import DEPTH, PARTS, Choice, Partial, Unknown

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
