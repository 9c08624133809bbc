"""Test that the native engine and Python agree on verdicts and reports. The only other result is `-1`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
from lambda_validate.base.values import Opaque, seen
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.compiler.plan import any_table, compile_plan, has_unknown
from lambda_validate.native import engine
from lambda_validate.report import Found, pointer_text
from lambda_validate.report.distinct import needless
from lambda_validate.report.policy import VERDICT, Policy
from lambda_validate.report.records import ranking
from lambda_validate.validator.native_calls import CALLS

Plan = engine().plan
pytestmark = pytest.mark.skipif(Plan is None, reason="without a compiler there is no native engine")

EDITIONS = tuple(TABLES)
TARGETS = [(edition, name) for edition in EDITIONS for name in catalog.operations(edition)]
every_target = pytest.mark.parametrize(("edition", "operation"), TARGETS, ids=map("-".join, TARGETS))
UNKNOWN = -1
MUTANTS = 60
"""Changed payloads of each operation, direction and policy."""
FEW = 7
"""One in this many combinations of members and hostile values is tried."""


class Pair(NamedTuple):
    """The verdicts of one schema: by a plan (1, 0 or -1), and by Python."""

    plan: Callable[[Any], int]
    python: Callable[[Any], bool]

    def differ(self, payload: Any) -> bool:
        return self.plan(payload) not in (UNKNOWN, int(valid(self.python, payload)))


def valid(verdict: Callable[[Any], bool], payload: Any) -> bool:
    """Return a verdict, or False if the payload raises, as `is_valid_request` does."""
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
    """Return the payloads of the tables, for `documents` those of the generated cases, and an empty one."""
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


def facts(found: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Return all fields of a violation with their types, because 10 equals 10.0."""
    return [(type(each), each.path, each.constraint, type(each.value), repr(each.value)) for each in found]


def python_report(validator: lv.Validator, operation: str, direction: str, payload: Any) -> list[Any] | None:
    """Return the violations of Python without repetitions, or None if the payload raises."""
    report, order, _ = validator._reporter(operation, direction)
    try:
        found = sorted(report(payload), key=order)
    except Exception:
        return None
    left_out = needless(found) if found else ()
    return [each for index, each in enumerate(found) if index not in left_out]


@every_target
def test_reports_are_those_of_python(edition: str, operation: str) -> None:
    """A plan makes exactly the report that Python makes, or none."""
    random = Random(f"{edition} {operation} report")
    for direction, settings in product(catalog.DIRECTIONS, SETTINGS):
        validator = lv.Validator(edition, **settings)
        payloads = known(edition, operation, direction)
        for _ in range(CALLS):
            validator._report(operation, direction, {})
        native = validator._reporter(operation, direction)[2]
        assert isinstance(getattr(native, "__self__", None), Plan or object)
        for payload in [*payloads, *(mutated(random.choice(payloads), random) for _ in range(MUTANTS))]:
            made = native(payload) if native else None
            if made is not None:
                assert facts(made[0]) == facts(python_report(validator, operation, direction, payload) or ()), payload
                assert [each._found for each in made[1]] == list(made[0])
                assert [(each.pointer, each.rule) for each in made[1]] == [
                    (pointer_text(path), constraint.rule) for path, constraint, _ in made[0]
                ]


def faulty(random: Random, payloads: list[Any]) -> Any:
    """Return an object with members of several payloads, some of them changed, and some that no edition defines."""
    whole: dict[Any, Any] = {}
    for each in random.sample(payloads, min(len(payloads), 3)):
        whole |= each if type(each) is dict else {}
    for name in random.sample(list(whole), min(len(whole), 4)):
        whole[name] = mutated(whole[name], random)
    return {**whole, **dict.fromkeys(random.sample(["Batchsize", "a/b", "", "functionname"], 2), 1)}


def test_reports_with_many_faults_are_those_of_python() -> None:
    random, counts = Random(7), [0, 0]
    for operation in ("CreateEventSourceMapping", "PutFunctionEventInvokeConfig", "CreateFunction"):
        validator = lv.Validator("current", disable=["batch-size.sqs"])
        for _ in range(CALLS):
            validator._report(operation, "request", {})
        native = validator._reporter(operation, "request")[2]
        assert native is not None
        for _ in range(300):
            payload = faulty(random, known("current", operation, "request"))
            made = native(payload)
            counts[made is None] += 1
            if made is not None:
                assert facts(made[0]) == facts(python_report(validator, operation, "request", payload) or ()), payload
    assert counts[0] > 40


OVERLAPPING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "a": {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^(?:[a-z]+)$(?!\\n)", "enum": ["b", "c"]},
        "b": {"type": "string", "minLength": 3, "pattern": "^(?:[a-z]{4})$(?!\\n)"},
        "c": {"type": "object", "properties": {"d": {"type": "integer", "maximum": 3}}},
        "e": {"type": "array", "maxItems": 4},
    },
    "additionalProperties": False,
    "allOf": [
        {"properties": {"a": {"maxLength": 3}, "b": {"minLength": 1, "maxLength": 4}, "e": {"maxItems": 0}}},
        {"if": {"required": ["b"]}, "then": {"properties": {"c": {"not": {}}, "a": {"not": {"const": "no"}}}}},
        {"if": {"required": ["c"]}, "then": {"properties": {"c": {"not": {}}}}},
    ],
    "x-warnings": [{"properties": {"a": {"maxLength": 2}, "e": {"not": {}}, "b": {"not": {}}}}],
}
VALUES_OF: dict[str, list[Any]] = {
    "a": ["", "b", "no", "Bee", "b" * 10, 1, 1.5], "b": ["", "a", "aaaa", "A" * 9, None],
    "c": [{}, {"d": 4}, {"d": 4.0}], "e": [[], [1], [1] * 5], "f": [1, {}],
}  # fmt: skip


@pytest.mark.parametrize("strict", [False, True])
def test_what_repeats_another_violation_is_left_out_as_python_leaves_it_out(strict: bool) -> None:
    policy = Policy(strict=strict)
    program = compile_plan(OVERLAPPING, policy, any_table, "ab")
    run = compile_schema(OVERLAPPING, "report", policy=policy).run
    assert program is not None
    assert Plan is not None
    native = Plan(program, bool).report
    random, compared = Random(3), 0
    for _ in range(3000):
        names = random.sample(sorted(VALUES_OF), random.randint(1, 5))
        payload = {name: random.choice(VALUES_OF[name]) for name in names}
        found = sorted(run(payload), key=ranking("ab"))
        left_out = needless(found) if found else ()
        made = native(payload)
        if made is not None:
            compared += 1
            expected = [each for index, each in enumerate(found) if index not in left_out]
            assert facts(made[0]) == facts(expected), payload
    assert compared > 2000


def test_a_plan_makes_no_report_where_an_unknown_member_may_have_another_fault() -> None:
    schema = {"properties": {"a": {}}, "additionalProperties": False, "allOf": [{"properties": {"b": {"maximum": 1}}}]}
    assert compile_plan(schema, Policy(), any_table, "a") is None
    assert compile_plan(schema, Policy(), any_table) is not None


def test_more_faults_than_a_plan_can_note_are_reported_by_python() -> None:
    program = compile_plan({"properties": {"a": {}}, "additionalProperties": False}, Policy(), any_table, "a")
    assert Plan is not None
    assert program is not None
    native = Plan(program, bool).report
    made = [native({str(number): number for number in range(count)}) for count in (1, 64, 65)]
    assert [each and len(each[0]) for each in made] == [1, 64, None]


def test_values_are_owned_while_violations_are_made() -> None:
    """Any code may run by then, such as a destructor, and change the payload."""

    def emptying(value: Any) -> Any:
        payload.clear()
        return seen(value)

    whole = {"type": "integer"}
    program = compile_plan({"properties": {"a": whole, "b": whole, "c": whole}}, Policy(), any_table, "abc")
    assert Plan is not None
    assert program is not None
    native = Plan(program._replace(makes=(Found, lv.Violation, emptying, pointer_text)), bool).report
    payload = {name: [name * 40] if name == "b" else name * 40 for name in "abc"}
    made = native(payload)
    assert made is not None
    assert payload == {}
    assert [each.value for each in made[0]] == ["a" * 40, Opaque("an array"), "c" * 40]
