"""Test that five validators agree on the generated cases, and that the cases cover every keyword."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings

import lambda_validate as lv
from lambda_validate import strategies
from lambda_validate.catalog import reference
from lambda_validate.strategies import Case
from lambda_validate.strategies.cases.generator import generator
from lambda_validate.strategies.cases.measure import Coverage

CREATE, GET = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
TARGETS = [(operation, direction) for operation in lv.operations() for direction in ("request", "response")]
every_target = pytest.mark.parametrize(("operation", "direction"), TARGETS)
VALIDATOR = lv.Validator()
SPARSE = 97
"""The slow reference validates one pattern case in this many. The number is prime, so that every kind is included."""


@cache
def full(operation: str, direction: str) -> list[Case]:
    return strategies.corpus(operation, minimal=False, direction=direction)


@cache
def covered_by_all(operation: str, direction: str) -> Coverage:
    return strategies.coverage(operation, full(operation, direction), direction)


@cache
def few(operation: str, direction: str) -> list[Case]:
    """Return the cases that are not pattern cases, and some that are."""
    return [
        *strategies.boundary_cases(operation, direction),
        *strategies.corpus(operation, direction=direction),
        *strategies.pattern_cases(operation, direction)[::SPARSE],
    ]


@cache
def not_plain(operation: str, direction: str) -> frozenset[str]:
    """Return the rules that JSON Schema cannot state: comparisons of members, and the package's own formats."""
    all_leaves = generator(operation, direction).leaves.values()
    return frozenset(leaf.rule for leaf in all_leaves if leaf.keyword in ("x-relation", "format"))


def strict_verdict(case: Case) -> bool:
    """Return whether a case is valid under plain JSON Schema with warnings as errors."""
    broken = {*case.implied, *([case.rule] if case.rule else [])}
    return broken <= not_plain(case.operation, case.direction)


@every_target
def test_every_case_is_reported_with_the_expected_rules(operation: str, direction: str) -> None:
    """Each rule of a case is broken, even if the report omits it as a repetition of the same fault."""
    check = getattr(lv, f"validate_{direction}")
    for case in full(operation, direction):
        assert check(operation, case.payload).ok is case.valid, case
        report = VALIDATOR.violations(operation, direction, case.payload)
        assert {each.rule for each in report} == {*case.implied, *([case.rule] if case.rule else [])}, case
        places = [each.pointer for each in report if each.rule == case.rule]
        assert case.pointer in places if case.rule else not places, case
        assert len(places) <= 1 or case.rule in case.implied, case


@every_target
def test_the_verdict_matches_the_case(operation: str, direction: str) -> None:
    is_valid = getattr(lv, f"is_valid_{direction}")
    assert [case for case in full(operation, direction) if is_valid(operation, case.payload) is not case.valid] == []


@every_target
def test_jsonschema_agrees(operation: str, direction: str) -> None:
    lenient = reference.validator(operation, direction)
    strict = reference.validator(operation, direction, strict=True)
    for case in few(operation, direction):
        assert lenient.is_valid(case.payload) is case.valid, case
        assert strict.is_valid(case.payload) is (case.rule is None), case


@every_target
def test_jsonschema_rs_agrees(operation: str, direction: str) -> None:
    lenient = jsonschema_rs.validator_for(lv.schema(operation, direction))
    strict = jsonschema_rs.validator_for(lv.schema(operation, direction, strict=True))
    for case in full(operation, direction):
        assert lenient.is_valid(case.payload) is case.valid, case
        assert strict.is_valid(case.payload) is strict_verdict(case), case


@pytest.mark.parametrize("operation", lv.operations())
def test_four_validators_agree_on_generated_payloads(operation: str) -> None:
    plain = jsonschema_rs.validator_for(lv.schema(operation, "request"))
    slow = reference.validator(operation, "request")

    @settings(max_examples=100)
    @given(strategies.requests(operation), strategies.invalid_requests(operation))
    def agree(payload: Any, case: Case) -> None:
        for value, verdict in ((payload, True), (case.payload, False)):
            assert lv.is_valid_request(operation, value) is verdict
            assert lv.validate_request(operation, value).ok is verdict
            assert plain.is_valid(value) is verdict
            assert slow.is_valid(value) is verdict

    agree()


AJV = """
import fs from "node:fs";
import Ajv from "ajv/dist/2020.js";
const {schema, payloads} = JSON.parse(fs.readFileSync(0, "utf8"));
const judge = new Ajv({strict: false, unicodeRegExp: true}).compile(schema);
process.stdout.write(JSON.stringify(payloads.map((payload) => judge(payload))));
"""


@pytest.fixture(scope="module")
def ajv(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Validate payloads with ajv, installed from npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node is not installed")
    folder: Path = tmp_path_factory.mktemp("ajv")
    (folder / "judge.mjs").write_text(AJV)
    (folder / "package.json").write_text("{}")
    install = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "ajv@8"]
    subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)

    def accepts(schema: Any, payloads: list[Any]) -> list[bool]:
        text = json.dumps({"schema": schema, "payloads": payloads})
        done = subprocess.run(
            [node, "judge.mjs"], cwd=folder, input=text, capture_output=True, text=True, check=True,
            env=dict(os.environ), timeout=300,
        )  # fmt: skip
        return json.loads(done.stdout)

    return accepts


@pytest.mark.e2e
@every_target
def test_ajv_agrees(ajv: Any, operation: str, direction: str) -> None:
    cases = full(operation, direction)
    for strict, expected in ((False, lambda case: case.valid), (True, strict_verdict)):
        verdicts = ajv(lv.schema(operation, direction, strict=strict), [case.payload for case in cases])
        assert [case for case, verdict in zip(cases, verdicts, strict=True) if verdict is not expected(case)] == []


@every_target
def test_a_row_round_trips_through_json(operation: str, direction: str) -> None:
    for case in strategies.corpus(operation, direction=direction):
        row = json.loads(json.dumps(case.row()))
        assert list(row) == ["id", "operation", "payload", "valid", "rule", "pointer", "implied", "source"]
        assert row["operation"] == operation
        assert case.direction == direction
        assert row["payload"] == case.payload
        assert tuple(row["implied"]) == case.implied
        assert row["id"] == case.id


@every_target
def test_ids_and_payloads_are_unique_and_stable(operation: str, direction: str) -> None:
    cases = full(operation, direction)
    assert len({case.id for case in cases}) == len(cases)
    assert len({json.dumps(case.payload) for case in cases}) == len(cases)
    assert {case.id.split("/")[2] for case in cases} <= {"valid", *strategies.rules(operation, direction)}


@every_target
def test_every_keyword_has_a_passing_and_a_failing_case(operation: str, direction: str) -> None:
    covered = covered_by_all(operation, direction)
    assert covered.empty == ()
    assert covered.share == 1


def test_coverage_lists_missing_rules() -> None:
    cases = [case for case in strategies.boundary_cases(GET) if case.rule != "qualifier.max-length"]
    covered = strategies.coverage(GET, cases)
    assert [cell.rule for cell in covered.empty] == ["qualifier.max-length"]
    assert 0.9 < covered.share < 1
    assert strategies.coverage(GET, []).share == 0


REASONS = {
    ("CreateEventSourceMapping", "request"): {
        "batch-size.kinesis": "the limit for Kinesis is the limit of BatchSize itself",
        "batch-size.maximum": "each documented source has a limit of its own, no higher",
        "function-name.min-length": "the pattern admits no empty name",
        "function-name.length": "the inner limit is looked at for names that are too long for it alone",
        "starting-position.at-timestamp": "a queue takes no StartingPosition, and no other source is documented",
        "starting-position.sqs": "it forbids a member",
        "starting-position-timestamp.unused": "it forbids a member",
        "event-source-arn.service": "it forbids what the condition selects",
        "member.newer": "it forbids a member",
        "destination.success-mapping": "the document lacks DestinationConfig",
        "filter-pattern.syntax": "the document lacks FilterCriteria",
        "record-age.range": "the document lacks MaximumRecordAgeInSeconds",
        "source-access.required": "the document lacks SelfManagedEventSource",
    },
    ("CreateEventSourceMapping", "response"): {"member.newer": "it forbids a member"},
    ("GetFunctionEventInvokeConfig", "request"): {
        "function-name.min-length": "the pattern admits no empty name",
        "function-name.length": "the inner limit is looked at for names that are too long for it alone",
    },
    ("GetFunctionEventInvokeConfig", "response"): {},
}
"""The rules of keywords for which some case is impossible, and why. Each run proves them again."""


@every_target
def test_rules_without_cases_have_a_reason(operation: str, direction: str) -> None:
    covered = covered_by_all(operation, direction)
    without = {cell.rule for cell in covered.cells if cell.passes_why or cell.fails_why}
    assert without == set(REASONS[operation, direction])


def values_of(operation: str, member: str, direction: str = "request") -> dict[Any, set[bool]]:
    """Return the values of a scalar member, and the verdicts on their payloads."""
    found: dict[Any, set[bool]] = {}
    for case in strategies.boundary_cases(operation, direction):
        if isinstance(case.payload, dict) and isinstance(case.payload.get(member), (int, str)):
            found.setdefault(case.payload[member], set()).add(case.valid)
    return found


def test_every_bound_is_covered_from_both_sides() -> None:
    batches = values_of(CREATE, "BatchSize")
    assert {0, 1, 2, 9, 10, 11, 999, 1000, 1001, 9999, 10_000, 10_001} <= set(batches)
    assert batches[0] == batches[10_001] == {False}
    assert {False} == batches[11] == batches[1001]
    assert {True} == batches[2] == batches[999] == batches[10_000]
    windows = values_of(CREATE, "MaximumBatchingWindowInSeconds")
    assert {-1, 0, 1, 299, 300, 301} <= set(windows)
    assert windows[-1] == windows[301] == {False}
    ages = values_of(GET, "MaximumEventAgeInSeconds", "response")
    assert {59, 60, 61, 21_599, 21_600, 21_601} <= set(ages)


@pytest.mark.parametrize("operation", lv.operations())
def test_bare_names_are_limited_to_64_and_longer_forms_to_140_characters(operation: str) -> None:
    lengths: dict[tuple[bool, int], set[bool]] = {}
    for name, verdicts in values_of(operation, "FunctionName").items():
        if isinstance(name, str):
            lengths.setdefault((":" in name, len(name)), set()).update(verdicts)
    assert lengths[False, 64] == lengths[True, 140] == {True}
    assert lengths[False, 65] == lengths[True, 141] == {False}


def test_every_source_is_covered_for_every_shared_rule() -> None:
    tried: dict[str | None, set[str | None]] = {}
    for case in strategies.boundary_cases(CREATE):
        tried.setdefault(case.rule, set()).add(case.source)
    for rule in (
        "function-name.length",
        "function-name.pattern",
        "enabled.type",
        "batch-size.minimum",
        "member.unknown",
    ):
        assert {"kinesis", "dynamodb", "sqs"} <= tried[rule]


def test_every_invalid_type_is_covered() -> None:
    kinds = {
        type(case.payload.get("Enabled")) for case in strategies.boundary_cases(CREATE) if case.rule == "enabled.type"
    }
    assert kinds == {str, int, type(None), list, dict}
    sizes = [case.payload["BatchSize"] for case in strategies.boundary_cases(CREATE) if case.rule == "batch-size.type"]
    assert {type(each) for each in sizes} == {str, bool, float, type(None), list, dict}


def test_enum_members_and_other_values_are_covered() -> None:
    states = values_of(CREATE, "State", "response")
    assert sum(verdicts == {True} for verdicts in states.values()) == 7
    assert {"OUTSIDER", "eNABLED"} <= {name for name, verdicts in states.items() if verdicts == {False}}


@every_target
def test_cases_for_lax_anchors_and_digits_exist(operation: str, direction: str) -> None:
    texts = [repr(case.payload) for case in strategies.pattern_cases(operation, direction) if not case.valid]
    for junk in ("\n'", "'\\n", "\\r'", "\u0663", "\\u2028"):
        assert any(junk.replace("\n", "\\n") in text for text in texts), junk


def test_the_minimal_corpus_is_a_small_subset_of_the_full_one() -> None:
    for operation, direction in TARGETS:
        minimal = strategies.corpus(operation, direction=direction)
        assert len(minimal) <= 120
        assert set(map(repr, minimal)) <= set(map(repr, full(operation, direction)))


def test_the_returned_corpus_is_an_independent_list() -> None:
    first = strategies.corpus(GET)
    first.clear()
    assert strategies.corpus(GET)
