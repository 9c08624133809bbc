"""The native engine and Python give one verdict and one report, whatever the payload; `-1` is the only other result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from random import Random
from typing import Any, NamedTuple

import pytest
from support import arbitrary, hostile
from support.mutated import VALUES, mutated
from support.payload_cases import TABLES, cases_of
from support.sampling import sampled

import lambda_validate as lv
from lambda_validate import SchemaError, catalog, strategies
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.compiler.plan import CALLS, any_table, compile_plan, has_unknown
from lambda_validate.native import engine
from lambda_validate.report.policy import VERDICT, Policy

Plan = engine().plan
pytestmark = pytest.mark.skipif(Plan is None, reason="without a compiler there is no native engine")

EDITIONS = tuple(TABLES)
TARGETS = [(edition, name) for edition in EDITIONS for name in catalog.operations(edition)]
every_target = pytest.mark.parametrize(("edition", "operation"), TARGETS, ids=map("-".join, TARGETS))
UNKNOWN = -1
MUTANTS = 60
"""Changed payloads of each operation, direction and policy."""
FEW = 7
"""Of the members and hostile values together, one in so many is tried."""


class Pair(NamedTuple):
    """The verdicts of one schema: by a plan, 1, 0 or -1, and by Python."""

    plan: Callable[[Any], int]
    python: Callable[[Any], bool]

    def differ(self, payload: Any) -> bool:
        return self.plan(payload) not in (UNKNOWN, int(valid(self.python, payload)))


def valid(verdict: Callable[[Any], bool], payload: Any) -> bool:
    """Return what a verdict finds, False where a payload raises, as `is_valid_request` does."""
    try:
        return verdict(payload)
    except Exception:
        return False


@cache
def pair(edition: str, operation: str, direction: str, policy: Policy) -> Pair:
    schema = catalog.operation(operation, edition).schema(direction)
    python = compile_schema(schema, VERDICT, policy=policy).run
    program = compile_plan(schema, policy)
    assert program is not None
    assert Plan is not None
    assert not has_unknown(program)
    return Pair(Plan(program, python).run, python)


SETTINGS: list[dict[str, Any]] = [{}, {"unknown_members": "warning"}, {"unknown_members": "ignore"}]
POLICIES = (Policy(), Policy(strict=True), Policy(unknown_members="ignore"))


def pairs(edition: str, operation: str) -> Iterator[tuple[str, Pair]]:
    for direction in catalog.DIRECTIONS:
        for policy in POLICIES:
            yield direction, pair(edition, operation, direction, policy)


@cache
def known(edition: str, operation: str, direction: str) -> list[Any]:
    """The payloads of the tables, for `documents` those of the deterministic cases, and an empty one."""
    tables = [each.payload for each in cases_of(edition) if (each.operation, each.direction) == (operation, direction)]
    cases = strategies.boundary_cases(operation, direction) if edition == "documents" else ()
    return [*tables, *(each.payload for each in cases), {}]


@every_target
def test_every_case_has_the_verdict_of_python(edition: str, operation: str) -> None:
    for direction, each in pairs(edition, operation):
        assert [payload for payload in known(edition, operation, direction) if each.differ(payload)] == []


@every_target
def test_changed_payloads_have_the_verdict_of_python(edition: str, operation: str) -> None:
    random = Random(f"{edition} {operation}")
    for direction, each in pairs(edition, operation):
        payloads = known(edition, operation, direction)
        changed = [mutated(random.choice(payloads), random) for _ in range(MUTANTS)]
        assert [payload for payload in changed if each.differ(payload)] == []


@every_target
def test_hostile_values_have_the_verdict_of_python(edition: str, operation: str) -> None:
    values = [*VALUES, *hostile.SCALARS.values(), hostile.cycle(), hostile.Nameless(), hostile.lying(dict)]
    for direction in catalog.DIRECTIONS:
        members = catalog.operation(operation, edition).members(direction)
        payloads = [*values, *sampled([{name: value} for name in members for value in values], FEW)]
        assert not any(map(pair(edition, operation, direction, POLICIES[0]).differ, payloads))


@pytest.mark.parametrize("edition", EDITIONS)
def test_nearly_every_case_is_decided_by_the_plan(edition: str) -> None:
    found = [
        pair(edition, each.operation, each.direction, POLICIES[0]).plan(each.payload) for each in cases_of(edition)
    ]
    assert found.count(UNKNOWN) <= len(found) * 0.02


@pytest.mark.parametrize("block", range(8))
def test_generated_schemas_have_the_verdict_of_python(block: int) -> None:
    planned = 0
    for seed in range(block * 100, block * 100 + 100):
        random = Random(seed)
        schema = arbitrary.whole_schema(random)
        try:
            python = compile_schema(schema, VERDICT).run
        except SchemaError:
            continue
        program = compile_plan(schema, Policy(), any_table)
        if program is None or Plan is None:
            continue
        planned += 1
        made = Pair(Plan(program, python).run, python)
        payloads = [*(arbitrary.value(random, 3) for _ in range(40)), *VALUES]
        assert [payload for payload in payloads if made.differ(payload)] == [], schema
    assert planned > 40


def test_a_schema_that_contains_itself_has_the_verdict_of_python() -> None:
    random = Random(1)
    python = compile_schema(arbitrary.TREE, VERDICT).run
    program = compile_plan(arbitrary.TREE, Policy())
    assert program is not None
    assert Plan is not None
    made = Pair(Plan(program, python).run, python)
    assert [each for each in (arbitrary.value(random, 4) for _ in range(2000)) if made.differ(each)] == []


@every_target
def test_reports_are_those_of_python(edition: str, operation: str) -> None:
    """A report is empty without Python only where Python's is empty too."""
    random = Random(f"{edition} {operation} report")
    for direction, settings in product(catalog.DIRECTIONS, SETTINGS):
        validator = lv.Validator(edition, **settings)
        python, _, _ = validator._reporter(operation, direction)
        payloads = known(edition, operation, direction)
        for _ in range(CALLS):
            validator.violations(operation, direction, {})
        is_empty = validator._reporters[operation, direction][2]
        assert isinstance(getattr(is_empty, "__self__", None), Plan or object)
        for payload in [*payloads, *(mutated(random.choice(payloads), random) for _ in range(MUTANTS))]:
            assert is_empty(payload) in (UNKNOWN, int(recorded(python, payload) == [])), payload


def recorded(report: Callable[[Any], list[Any]], payload: Any) -> list[Any] | None:
    """Return what a report records, None where the payload raises."""
    try:
        return report(payload)
    except Exception:
        return None
