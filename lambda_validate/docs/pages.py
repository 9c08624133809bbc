"""Collect the content of each page, as Python values for its template."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from ..base.grouping import grouped
from ..catalog import DIRECTIONS, Catalog, Operation
from ..lint.findings.lint_rules import own_rules
from ..report import Violation
from ..validator import Validator
from ..validator.rules import Rule, rules
from .examples import Examples, examples, shortened
from .figures import Figure, Use, figures, uses
from .members import MemberRow, RuleRow, Shape
from .statements import Steps

ONE_LINE = 76
"""Maximum length of a line of JSON. A longer value is split into several lines."""
TEAPOT = 418
"""An HTTP status that no operation uses, for examples of invalid responses."""


class Line(NamedTuple):
    """A violation as it is shown below an example."""

    pointer: str
    rule: str
    severity: str
    message: str
    help: str


class BrokenExample(NamedTuple):
    """An example that breaks a rule: a payload as JSON, with all of its violations.

    `name` is the name of the example. `wording` is the message of the rule that it shows, if that is to be printed.
    `lead` is a string to print before the example, such as `status 418`.
    """

    name: str
    rule: str
    payload: str
    lines: tuple[Line, ...]
    wording: str = ""
    lead: str = ""


class DirectionPage(NamedTuple):
    """The part of an operation's page that is about its requests, or about its responses.

    `newer` are members that only a newer edition defines. `good` and `bad` are valid and invalid examples.
    """

    direction: str
    members: tuple[MemberRow, ...]
    newer: tuple[MemberRow, ...]
    rules: tuple[RuleRow, ...]
    good: tuple[str, ...]
    bad: tuple[BrokenExample, ...]


class OperationPage(NamedTuple):
    """The content of the page of an operation: request and response, and the diagrams of its patterns.

    `figure_of` has the diagrams for a member, such as `("request", "FunctionName")`.
    """

    operation: Operation
    sides: tuple[DirectionPage, ...]
    figures: tuple[Figure, ...]
    figure_of: dict[tuple[str, str], list[Figure]]


class RulesPage(NamedTuple):
    """The rules on one page, the first letter that they share, if any, and the name of the page's file."""

    name: str
    initial: str
    rules: tuple[Rule, ...]


def operation_page(operation: Operation, shapes: Mapping[str, Shape], validator: Validator) -> OperationPage:
    """Return the content of an operation's page. `shapes` has the members and rules of `"request"` and `"response"`."""
    sides: list[DirectionPage] = []
    found: list[Use] = []
    for direction in DIRECTIONS:
        side, used = _side(operation, direction, shapes[direction], validator)
        sides.append(side)
        found += used
    drawn = tuple(figures(found))
    of = grouped((place, figure) for figure in drawn for place in figure.places)
    return OperationPage(operation, tuple(sides), drawn, of)


def _side(operation: Operation, direction: str, shape: Shape, validator: Validator) -> tuple[DirectionPage, list[Use]]:
    def validate(payload: Any) -> tuple[Violation, ...]:
        check = validator.validate_request if direction == "request" else validator.validate_response
        return check(operation.name, payload).violations

    made = examples(operation, direction, shape.statements, validator)
    bad = [*_bad(made)]
    if direction == "response":
        bad += _answers(operation, validator)
    newer: set[Steps] = {member.path[:1] for member in shape.members if member.is_newer and member.depth == 1}
    side = DirectionPage(
        direction,
        tuple(member for member in shape.members if member.path[:1] not in newer),
        tuple(member for member in shape.members if member.path[:1] in newer),
        shape.rules,
        tuple(map(_json, made.good)),
        tuple(bad),
    )
    return side, list(uses(direction, shape.statements, made.good, validate))


def _bad(made: Examples) -> Iterator[BrokenExample]:
    """Yield the invalid examples. If a rule has several, they are named `RULE`, `RULE-2` and so on."""
    for _, group in groupby(made.bad.values(), key=lambda example: example.rule):
        for number, example in enumerate(group, 1):
            name = example.rule if number == 1 else f"{example.rule}-{number}"
            yield BrokenExample(name, example.rule, _json(example.payload), _lines(example.violations), example.wording)


def _answers(operation: Operation, validator: Validator) -> Iterator[BrokenExample]:
    """Yield examples of responses that are invalid because of their status or their exception."""
    known = next(iter(operation.errors), None)
    tried = [("status.unexpected", TEAPOT, None), ("error.unknown", TEAPOT, "NoSuchException")]
    tried += [("error.status", TEAPOT, known)] if known else []
    for rule, status, error in tried:
        violations = validator.validate_response(operation.name, {}, status, error).violations
        if any(violation.rule == rule for violation in violations):
            lead = f"status {status}" + (f", exception {error}" if error else "")
            yield BrokenExample(rule, rule, "{}", _lines(violations), lead=lead)


def _lines(violations: tuple[Violation, ...]) -> tuple[Line, ...]:
    return tuple(
        Line(violation.pointer, violation.rule, violation.severity, explanation.message, explanation.help or "")
        for violation in violations
        for explanation in (violation.explanation,)
    )


def _json(payload: Any) -> str:
    return pretty(shortened(payload))


def pretty(value: Any, indent: str = "") -> str:
    """Return a value as indented JSON, in which arrays and objects that are short enough are on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + len(indent) <= ONE_LINE or not isinstance(value, (dict, list)):
        return line
    deeper = f"{indent}  "
    if isinstance(value, list):
        return f"[\n{_inner((pretty(item, deeper) for item in value), deeper)}\n{indent}]"
    members = (f"{json.dumps(name, ensure_ascii=False)}: {pretty(member, deeper)}" for name, member in value.items())
    return f"{{\n{_inner(members, deeper)}\n{indent}}}"


def _inner(parts: Iterable[str], indent: str) -> str:
    return ",\n".join(f"{indent}{part}" for part in parts)


def every_rule(catalog: Catalog) -> list[Rule]:
    """Return all rules of an edition and of the linter, sorted by id. A rule of both is listed once."""
    found: dict[str, Rule] = {}
    for rule in (*rules(catalog), *own_rules(catalog)):
        known = found.get(rule.id)
        found[rule.id] = rule if known is None else _both(known, rule)
    return [found[name] for name in sorted(found)]


def _both(one: Rule, other: Rule) -> Rule:
    return one._replace(
        statements=tuple(dict.fromkeys((*one.statements, *other.statements))),
        sources=tuple(dict.fromkeys((*one.sources, *other.sources))),
        operations=tuple(dict.fromkeys((*one.operations, *other.operations))),
        directions=tuple(dict.fromkeys((*one.directions, *other.directions))),
    )


ON_ONE_PAGE = 120
"""Maximum number of rules to put on a single page. If there are more, there is a page for each first letter."""


def rules_pages(found: list[Rule]) -> list[RulesPage]:
    """Distribute rules over pages: one page for all; above `ON_ONE_PAGE` rules, one for each first letter."""
    if len(found) <= ON_ONE_PAGE:
        return [RulesPage("rules.html", "", tuple(found))]
    initials = sorted({rule.id[0] for rule in found})
    return [
        RulesPage(f"rules-{initial}.html", initial, tuple(rule for rule in found if rule.id[0] == initial))
        for initial in initials
    ]
