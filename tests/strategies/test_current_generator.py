"""Test the generator on the whole API: member names, lists, maps, lookaheads, binary bodies and empty responses."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import pytest
from hypothesis import Phase, given, settings

import lambda_validate as lv
from lambda_validate import http, strategies
from lambda_validate.fuzz import wire
from lambda_validate.strategies import Case, GenerationError
from lambda_validate.strategies.cases import transitions
from lambda_validate.strategies.cases.boundaries import with_member
from lambda_validate.strategies.cases.generator import generator, numbered
from lambda_validate.strategies.sets.solver import Solver
from lambda_validate.strategies.values.making import Digits, of_domain
from lambda_validate.strategies.values.samples import plain

EDITION = "current"
TARGETS = [(name, direction) for name in lv.operations(EDITION) for direction in ("request", "response")]
FEW = [
    ("CreateAlias", "request"),
    ("CreateCapacityProvider", "request"),
    ("DeleteAlias", "response"),
    ("GetCodeSigningConfig", "response"),
    ("Invoke", "request"),
    ("ListTags", "response"),
    ("PutFunctionEventInvokeConfig", "request"),
    ("UntagResource", "request"),
]
"""Operations that together have all features that are hard to generate."""
few_targets = pytest.mark.parametrize(("operation", "direction"), FEW)
every_target = pytest.mark.parametrize(("operation", "direction"), TARGETS)
VALIDATOR = lv.Validator(EDITION)


def report(case: Case) -> lv.Report:
    """Return every violation, including repetitions of the same fault."""
    return lv.Report(tuple(VALIDATOR.violations(case.operation, case.direction, case.payload)))


def assert_expected(cases: list[Case]) -> None:
    for case in cases:
        found = report(case)
        assert found.ok is case.valid, case
        assert {each.rule for each in found} == {*case.implied, *([case.rule] if case.rule else [])}, case


def assert_drawn(operation: str, direction: str) -> None:
    """Assert that payloads are drawn, and have the intended verdicts."""
    name = f"{operation}/{direction}"
    few = settings(max_examples=25, phases=[Phase.generate])

    @few
    @given(getattr(strategies, f"{direction}s")(operation, edition=EDITION))
    def valid(payload: Any) -> None:
        assert not report(Case(payload, True, None, None, (), None, name)).violations

    valid()
    faulty = getattr(strategies, f"invalid_{direction}s")
    if not strategies.rules(operation, direction, EDITION):
        with pytest.raises(GenerationError, match="cannot be invalid"):
            faulty(operation, edition=EDITION)
        return

    @few
    @given(faulty(operation, edition=EDITION))
    def invalid(case: Case) -> None:
        assert_expected([case])

    invalid()


@few_targets
def test_every_case_is_reported_with_the_expected_rules(operation: str, direction: str) -> None:
    cases = strategies.boundary_cases(operation, direction, EDITION)
    assert {case.rule for case in cases} >= set(strategies.rules(operation, direction, EDITION))
    assert_expected(cases)
    assert_expected(strategies.pattern_cases(operation, direction, EDITION)[::23])


@few_targets
def test_generated_payloads_are_as_requested(operation: str, direction: str) -> None:
    assert_drawn(operation, direction)


@pytest.mark.exhaustive
@every_target
def test_every_operation_has_cases_and_is_drawn(operation: str, direction: str) -> None:
    assert_expected(strategies.boundary_cases(operation, direction, EDITION))
    assert_expected(strategies.pattern_cases(operation, direction, EDITION)[::7])
    assert_drawn(operation, direction)


def assert_carried(operation: str) -> None:
    """Assert that a parsed request equals the payload, with the same verdict."""
    facts, sent = lv.operation(operation, EDITION), 0
    for case in strategies.boundary_cases(operation, edition=EDITION):
        try:
            made = wire.request(facts, case.payload)
        except wire.Unsendable:
            continue
        check = http.boundary(EDITION).check_request(made.method, made.target, dict(made.headers), made.body or b"")
        if {"body.size", "target.size"} & {each.rule for each in check.report}:  # a limit of the boundary itself
            continue
        assert (check.operation, check.report.ok) == (operation, case.valid), case
        assert not isinstance(case.payload, dict) or same(check.parameters, case.payload), case
        sent += 1
    assert sent


def same(read: Any, given: dict[str, Any]) -> bool:
    """Assert that a binary body equals the string or JSON that it was built from."""
    return read.keys() == given.keys() and all(read[name] in (each, carried(each)) for name, each in given.items())


def carried(value: Any) -> bytes:
    return (value if isinstance(value, str) else json.dumps(value)).encode()


ODD = ["Invoke", "ListDurableExecutionsByFunction", "GetLayerVersionByArn", "ListFunctions", "PublishLayerVersion",
       "SendDurableExecutionCallbackFailure", "UntagResource"]  # fmt: skip


@pytest.mark.parametrize("operation", ODD)
def test_a_request_carries_its_payload(operation: str) -> None:
    assert_carried(operation)


@pytest.mark.exhaustive
@pytest.mark.parametrize("operation", lv.operations(EDITION))
def test_every_generated_request_carries_its_payload(operation: str) -> None:
    assert_carried(operation)


def test_a_time_outside_a_body_is_written_as_a_date() -> None:
    operation = lv.operation("ListDurableExecutionsByFunction", EDITION)
    made = wire.request(operation, {"FunctionName": "f", "StartedAfter": 1767323045.5})
    assert made.target.endswith("StartedAfter=2026-01-02T03%3A04%3A05.500000Z")


NAMED: Any = {
    "type": "object",
    "propertyNames": {"type": "string", "pattern": "^[a-z]{2}$(?!\\n)"},
    "additionalProperties": {"type": "integer", "maximum": 9},
    "minProperties": 2,
    "maxProperties": 5,
}


def cells(schema: Any) -> tuple[Any, ...]:
    return Solver(schema).solve()


def test_generated_map_keys_match_property_names() -> None:
    maker = of_domain(cells(NAMED)[0])
    for seed in range(50):
        made = maker.make(Digits(bytes((seed * step) % 256 for step in range(maker.size))))
        assert 2 <= len(made) <= 5
        assert all(len(name) == 2 and name.islower() and value <= 9 for name, value in made.items())


@pytest.mark.parametrize(("most", "least"), [(1, 2), (2, 3)])
def test_objects_have_no_more_members_than_allowed_names(most: int, least: int) -> None:
    names = ["ONE", "TWO"][:most]
    schema = {"type": "object", "propertyNames": {"enum": names}, "minProperties": least}
    assert cells(schema) == ()
    assert cells({**schema, "minProperties": most})


FEWEST = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 2,
    "properties": {name: {"type": "boolean"} for name in "ABC"},
}


def test_generated_objects_have_the_minimum_number_of_members() -> None:
    maker = of_domain(cells(FEWEST)[0])
    sizes = {len(maker.make(Digits(bytes([first, 0] * maker.size)))) for first in range(9)}
    assert min(sizes) == 2
    assert len(maker.make(Digits(b""))) == 2


@pytest.mark.parametrize(("required", "most"), [([], 0), (["B"], 1)])
def test_a_member_that_an_object_has_no_room_for_is_not_added(required: list[str], most: int) -> None:
    inner = {"type": "object", "maxProperties": most, "required": required, "properties": FEWEST["properties"]}
    (cell,) = cells({"type": "object", "additionalProperties": False, "properties": {"Inner": inner}})
    assert set(plain((with_member(cell, ("Inner", "A")),))["Inner"]) == set(required)
    assert set(plain((with_member(cell, ("Inner", "B")),))["Inner"]) <= {"B"}


def test_a_keyword_that_cannot_be_violated_is_not_a_rule() -> None:
    name = "CreateEventSourceMapping"
    assert "pattern.pattern" not in strategies.rules(name, edition=EDITION)
    with pytest.raises(GenerationError, match=r"no value breaks pattern\.pattern"):
        strategies.invalid_requests(name, "pattern.pattern", EDITION)


FIRST = 1500
"""How many cases of each member of a mapping are made. The exhaustive tests of every operation make all of them."""


def test_patterns_of_members_that_few_sources_take_are_tried() -> None:
    maker = generator("CreateEventSourceMapping", "request", EDITION)
    members = transitions.members_with_patterns(maker)
    cases = numbered(case for member in members for case in islice(transitions._at(maker, member), FIRST))
    assert {"/AmazonManagedKafkaEventSourceConfig/ConsumerGroupId", "/DocumentDBEventSourceConfig/DatabaseName",
            "/DestinationConfig/OnSuccess/Destination"} <= {case.pointer for case in cases}  # fmt: skip
    assert_expected(cases[::23])


def test_patterns_of_items_are_tried_in_lists() -> None:
    cases = strategies.pattern_cases("GetCodeSigningConfig", "response", EDITION)
    broken = [case for case in cases if case.pointer and case.pointer.endswith("Arns/0")]
    profiles = [case.payload["CodeSigningConfig"].get("AllowedPublishers", {}) for case in cases if case.rule is None]
    tried = {arn for each in profiles for arn in each.get("SigningProfileVersionArns", ())}
    assert min(len(broken), len(tried)) > 50


def test_annotations_are_ignored_by_the_generator() -> None:
    assert cells({"type": "string", "x-name": "X-Amz-Name", "x-anything": 1})


def test_an_operation_without_a_response_body_accepts_any_response() -> None:
    assert generator("DeleteAlias", "response", EDITION).breakable == ()
    assert strategies.boundary_cases("DeleteAlias", "response", EDITION)


def test_an_unconstrained_response_has_one_valid_case_and_no_invalid_ones() -> None:
    assert [case.valid for case in strategies.corpus("Invoke", direction="response", edition="current")] == [True]
    with pytest.raises(strategies.GenerationError, match="Invoke/response: such a payload cannot be invalid"):
        strategies.invalid_responses("Invoke", edition="current")


def test_every_rule_by_source_of_a_mapping_that_is_changed_can_be_broken() -> None:
    """A branch for one kind of source does not repeat what the branches above it have excluded."""
    maker = strategies._maker("UpdateEventSourceMapping", "request", EDITION)
    leaves = [leaf for leaf in maker.breakable if leaf.rule.endswith(".source")]
    assert len(leaves) > 20
    for leaf in leaves:
        assert maker.plan(leaf).cells
