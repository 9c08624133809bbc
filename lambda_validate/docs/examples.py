"""Make examples for a page: valid requests or responses, and an invalid one for each rule.

The validator checks all examples, and the violations shown with an example are its result. If no example of a rule can
be made, the page has none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from ..catalog import Operation
from ..compiler.messages import UNSEEN
from ..report import Constraint, Violation
from ..strategies import GenerationError
from ..strategies.cases import examples as made
from ..strategies.cases.generator import Generator, of_operation
from ..strategies.values.samples import plain
from ..validator import Validator
from .statements import Statement

VARIANTS = 4
"""Maximum number of valid examples for the requests, or the responses, of an operation."""
MAX_STRING_CHARACTERS = 120
"""Maximum length of a string in an example."""

ExampleKey = tuple[str, str]
"""The id of a rule, and one of its messages. A rule with several messages has an example for each."""


class Bad(NamedTuple):
    """An example that breaks a rule, with the message of the rule that it shows, and all violations of its payload."""

    rule: str
    wording: str
    payload: Any
    violations: tuple[Violation, ...]


class Examples(NamedTuple):
    """The examples for the requests, or the responses, of an operation.

    `good` are valid payloads. `bad` has the invalid ones by rule and message.
    """

    good: tuple[Any, ...]
    bad: Mapping[ExampleKey, Bad]


def examples(operation: Operation, direction: str, statements: tuple[Statement, ...], validator: Validator) -> Examples:
    """Return examples for the requests, or the responses, of an operation. `statements` are all its rules."""
    check = validator.validate_request if direction == "request" else validator.validate_response
    wanted = {
        (statement.constraint.rule, statement.message): index for index, statement in reversed([*enumerate(statements)])
    }
    good: tuple[Any, ...] = ()
    found: dict[ExampleKey, tuple[tuple[int, bool, int], Bad]] = {}

    def lacks(rule: str) -> bool:
        return any(key not in found or len(found[key][1].violations) > 1 for key in wanted if key[0] == rule)

    with suppress(GenerationError, LookupError):  # an example less
        maker = of_operation(operation, direction)
        payloads = made.valid(maker)
        valid = (payload for payload in payloads if not check(operation.name, payload).violations)
        good = tuple({json.dumps(payload): payload for payload in valid}.values())[:VARIANTS]
        for rule, payload in _broken(maker, payloads, lacks):
            violations = check(operation.name, payload).violations
            for key in {(violation.rule, _wording(violation.constraint)) for violation in violations} & wanted.keys():
                cost = (len(violations), key[0] != rule, len(payload) if isinstance(payload, dict) else 0)
                if key not in found or cost < found[key][0]:
                    found[key] = cost, Bad(*key, payload, violations)
    return Examples(good, {key: found[key][1] for key in sorted(found, key=lambda key: (key[0], wanted[key]))})


def _broken(maker: Generator, payloads: list[Any], lacks: Callable[[str], bool]) -> Iterator[tuple[str, Any]]:
    """Yield ids of rules, each with a payload that is likely to break the rule.

    First, valid payloads are changed. For rules that still lack an example, the solver then makes payloads, which is
    slower.
    """
    for leaf in maker.breakable:
        yield from ((leaf.rule, payload) for payload in made.broken(maker, leaf, payloads))
    for leaf in maker.breakable:
        if lacks(leaf.rule):
            yield from ((leaf.rule, plain((cell,))) for cell in maker.plan(leaf).cells[: made.MAX_FAULT_KINDS])


@cache
def _wording(constraint: Constraint) -> str:
    return constraint.explain(constraint, UNSEEN).message


def shortened(value: Any) -> Any:
    """Return a payload for display. Long lists and strings are cut, and say their full length."""
    if isinstance(value, dict):
        return {shortened(name): shortened(member) for name, member in value.items()}
    if isinstance(value, list):
        return [*map(shortened, value[:3]), *([f"… {len(value):,} items in all"] if len(value) > 3 else [])]
    if isinstance(value, str) and len(value) > MAX_STRING_CHARACTERS:
        return f"{value[:40]}… {len(value):,} characters in all"
    return value
