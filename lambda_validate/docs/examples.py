"""Examples of one direction: valid payloads, and an invalid one for each rule. The validator checks all of them.

The violations shown with an example are the result of validating it. A rule without an example has none, rather than a
wrong one.
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
"""Maximum number of valid payloads for a direction."""
LONG = 120
"""Maximum length of a string in an example."""

ExampleKey = tuple[str, str]
"""A rule, and one of its messages."""


class Bad(NamedTuple):
    """A payload that breaks a rule, by one of its messages, and all violations of it."""

    rule: str
    wording: str
    payload: Any
    violations: tuple[Violation, ...]


class Examples(NamedTuple):
    """The payloads of a direction: valid ones, and invalid ones by rule and message."""

    good: tuple[Any, ...]
    bad: Mapping[ExampleKey, Bad]


def examples(operation: Operation, direction: str, statements: tuple[Statement, ...], validator: Validator) -> Examples:
    """Return examples for one direction of an operation with these statements."""
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
    """Yield a rule and a payload that is likely to break it.

    Payloads that the solver has to find come last, since it is slow.
    """
    for leaf in maker.breakable:
        yield from ((leaf.rule, payload) for payload in made.broken(maker, leaf, payloads))
    for leaf in maker.breakable:
        if lacks(leaf.rule):
            yield from ((leaf.rule, plain((cell,))) for cell in maker.plan(leaf).cells[: made.FEW])


@cache
def _wording(constraint: Constraint) -> str:
    return constraint.explain(constraint, UNSEEN).message


def shortened(value: Any) -> Any:
    """Return a payload for display: very long parts are cut, and marked as cut."""
    if isinstance(value, dict):
        return {shortened(name): shortened(member) for name, member in value.items()}
    if isinstance(value, list):
        return [*map(shortened, value[:3]), *([f"… {len(value):,} items in all"] if len(value) > 3 else [])]
    if isinstance(value, str) and len(value) > LONG:
        return f"{value[:40]}… {len(value):,} characters in all"
    return value
