"""Make the figures of a page: a diagram of each pattern, with the rules that state the pattern.

Some strings that a pattern matches break other rules. The ways through the pattern that such strings take are noted
too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from ..base.grouping import grouped
from ..report import Violation
from ..strategies.values.places import put
from . import samples
from .conditions import plain_pattern
from .diagrams import diagram
from .statements import Statement, Steps, shown

Validate = Callable[[Any], "tuple[Violation, ...]"]
MOST_WORDS = 160
"""Maximum length of the description of a way through a pattern."""


class DiagramNote(NamedTuple):
    """A rule that is listed beside the diagram of a pattern: its id, message and condition, and the member."""

    rule: str
    message: str
    when: str
    member: str


class NumberedWay(NamedTuple):
    """A numbered way through a pattern, with a string that takes it, and the other rules that this string breaks."""

    number: str
    words: str
    sample: str
    notes: tuple[DiagramNote, ...]


class Figure(NamedTuple):
    """The diagram of a pattern, as a page shows it.

    `places` are the members with this pattern, such as `("request", "FunctionName")`. `pattern` is spelt as in AWS's
    documentation, if that is known. `is_denied` says that values must not match the pattern.
    """

    name: str
    pattern: str
    is_denied: bool
    svg: str
    words: str
    places: tuple[tuple[str, str], ...]
    notes: tuple[DiagramNote, ...]
    ways: tuple[NumberedWay, ...]


class Use(NamedTuple):
    """A member with a pattern, and a way to validate strings there.

    `payload` makes a payload with a string at the member, and `validate` returns the violations of a payload.
    """

    direction: str
    statement: Statement
    pattern: str
    is_denied: bool
    payload: Callable[[str], Any]
    validate: Validate


def uses(direction: str, statements: tuple[Statement, ...], good: tuple[Any, ...], validate: Validate) -> Iterator[Use]:
    """Yield every member with a pattern in the requests, or the responses, of an operation.

    `good` are valid payloads.
    """
    for statement in statements:
        argument = statement.schema.get(statement.constraint.keyword)
        if statement.constraint.keyword == "pattern":
            yield Use(direction, statement, argument, False, _placed(statement.path, good), validate)
        elif statement.constraint.keyword == "not" and isinstance(argument, dict) and "pattern" in argument:
            yield Use(direction, statement, argument["pattern"], True, _placed(statement.path, good), validate)


def _placed(path: Steps, good: tuple[Any, ...]) -> Callable[[str], Any]:
    """Return a function that puts a string into a small valid payload, at a path."""
    least, whole = (good[0], good[min(1, len(good) - 1)]) if good else ({}, {})

    def payload(text: str) -> Any:
        return put({**least, path[0]: whole.get(path[0])}, path, text) if path else text

    return payload


def figures(found: list[Use]) -> Iterator[Figure]:
    """Yield a figure for each different pattern of the given members, in their order."""
    groups = grouped(((use.pattern, use.is_denied), use) for use in found)
    for index, ((pattern, is_denied), group) in enumerate(groups.items(), 1):
        broken = {} if is_denied else _broken(pattern, group)
        drawn = diagram(pattern, frozenset(broken))
        if drawn is None:
            continue
        by_sample = {samples.ways(pattern)[branch]: notes for branch, notes in broken.items()}
        yield Figure(
            name=f"pattern-{index}",
            pattern=group[0].statement.schema.get("x-pattern") or plain_pattern(pattern),
            is_denied=is_denied,
            svg=drawn.svg,
            words=drawn.words,
            places=tuple(dict.fromkeys((use.direction, shown(use.statement.path)) for use in group)),
            notes=tuple(dict.fromkeys(_note(use) for use in group)),
            ways=tuple(
                NumberedWay(way.number, _cut(way.words), way.sample, by_sample.get(way.sample, ()))
                for way in drawn.ways
            ),
        )


def _note(use: Use) -> DiagramNote:
    constraint = use.statement.constraint
    when = "" if constraint.note else "; ".join(use.statement.when)
    return DiagramNote(constraint.rule, use.statement.message, when, constraint.member or "")


def _broken(pattern: str, group: list[Use]) -> Mapping[int, tuple[DiagramNote, ...]]:
    """Return for each way through a pattern the rules that a string of this way breaks.

    Rules that the simplest string of the pattern breaks too are left out. The keys are indexes in `samples.ways`.
    """
    tree = samples.parsed(pattern)
    if tree is None:
        return {}
    plainest = samples.text_of(tree)
    found: dict[int, tuple[DiagramNote, ...]] = {}
    for index, text in enumerate(samples.ways(pattern)):
        notes = [note for use in _once(group) for note in _new(use, text, plainest)]
        if notes:
            found[index] = tuple(dict.fromkeys(notes))
    return found


def _once(group: list[Use]) -> list[Use]:
    """Return the members for which the pattern applies without a condition, each once."""
    return list({(use.direction, use.statement.path): use for use in group if not use.statement.when}.values())


def _new(use: Use, text: str, plainest: str) -> Iterator[DiagramNote]:
    before = {violation.rule for violation in use.validate(use.payload(plainest))}
    for violation in use.validate(use.payload(text)):
        here = tuple(step for step in violation.path if isinstance(step, str))
        if violation.rule not in before and here == tuple(step for step in use.statement.path if step.isidentifier()):
            yield DiagramNote(violation.rule, violation.message, "", shown(use.statement.path))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_WORDS else f"{text[:MOST_WORDS].rpartition(' ')[0]} …"
