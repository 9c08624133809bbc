"""Test every case with every implementation, and that every rule has cases."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from support.payload_cases import FIELDS, Case, Expected, cases_of, every_case

import lambda_validate as lv
from lambda_validate.catalog import reference
from lambda_validate.validator.message_rules import OUTCOME_RULES
from lambda_validate.validator.rules import rules

pytestmark = pytest.mark.usefixtures("by_documents")

HTTP_LAYER = tuple(each.id for each in OUTCOME_RULES)
"""Rules about a whole message, which no payload alone can break."""
"""Rules about a whole answer. They have no payload."""

COMPANIONS = {
    "batch-size.kinesis": ("batch-size.maximum", "the limit for Kinesis is the limit of BatchSize itself"),
    "batch-size.maximum": ("event-source-arn.service", "each documented source has a limit of its own, no higher"),
    "function-name.min-length": ("function-name.pattern", "the pattern admits no empty name"),
    "destination.success-mapping": ("member.newer", "the document lacks DestinationConfig"),
    "filter-pattern.syntax": ("member.newer", "the document lacks FilterCriteria"),
    "record-age.range": ("member.newer", "the document lacks MaximumRecordAgeInSeconds"),
    "source-access.required": ("member.newer", "the document lacks SelfManagedEventSource"),
}
"""Rules that no request can break alone, the rule that each breaks too, and why."""

COMPARISONS = {"qualifier.mismatch", "destination.self"}
"""Rules that compare two members. No JSON Schema states them, so other validators do not support them."""

VALIDATORS = {strict: lv.Validator(strict=strict) for strict in (False, True)}
every_documented_case = every_case("documents")
every_strictness = pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])


def check(case: Case, validator: lv.Validator) -> lv.Report:
    return getattr(validator, f"validate_{case.direction}")(case.operation, case.payload)


def verdict(case: Case, strict: bool) -> bool:
    return not case.violations if strict else case.ok


def stated_verdict(case: Case, strict: bool) -> bool:
    """Return the verdict without the rules that JSON Schema cannot state."""
    return case.rules <= COMPARISONS if strict else case.ok


@cache
def portable(operation: str, direction: str, strict: bool) -> dict[str, Any]:
    return lv.schema(operation, direction, strict=strict)


@cache
def plain_validator(operation: str, direction: str, strict: bool) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(portable(operation, direction, strict))


@cache
def rust_validator(operation: str, direction: str, strict: bool) -> Any:
    return jsonschema_rs.validator_for(portable(operation, direction, strict))


@cache
def reference_validator(operation: str, direction: str, strict: bool) -> Any:
    return reference.validator(operation, direction, strict=strict)


@every_documented_case
def test_the_report_has_exactly_the_violations_of_the_case_in_order(case: Case) -> None:
    report = check(case, VALIDATORS[False])
    assert [Expected(v.rule, v.pointer, v.severity, v.keyword, v.position) for v in report] == case.violations
    assert report.ok is case.ok


@every_documented_case
def test_strictness_makes_errors_of_warnings(case: Case) -> None:
    report = check(case, VALIDATORS[True])
    assert [(v.rule, v.pointer, v.severity) for v in report] == [(v.rule, v.pointer, "error") for v in case.violations]


@every_documented_case
@every_strictness
def test_the_verdict_agrees_with_the_report(case: Case, strict: bool) -> None:
    is_valid = getattr(VALIDATORS[strict], f"is_valid_{case.direction}")
    assert is_valid(case.operation, case.payload) is verdict(case, strict)


@every_documented_case
@every_strictness
def test_the_reference_validator_agrees(case: Case, strict: bool) -> None:
    validator = reference_validator(case.operation, case.direction, strict)
    assert validator.is_valid(case.payload) is verdict(case, strict)


@every_documented_case
@every_strictness
def test_jsonschema_agrees_by_the_portable_schema(case: Case, strict: bool) -> None:
    validator = plain_validator(case.operation, case.direction, strict)
    assert validator.is_valid(case.payload) is stated_verdict(case, strict)


@every_documented_case
@every_strictness
def test_jsonschema_rs_agrees_by_the_portable_schema(case: Case, strict: bool) -> None:
    validator = rust_validator(case.operation, case.direction, strict)
    assert validator.is_valid(case.payload) is stated_verdict(case, strict)


@every_documented_case
def test_the_command_prints_the_violations_of_the_case(case: Case, tmp_path: Any, capsys: Any) -> None:
    from lambda_validate.cli import main

    file = tmp_path / "payload.json"
    file.write_text(json.dumps(case.payload, indent=2), encoding="utf-8")
    code = main([case.direction, case.operation, str(file), "--output-format", "json"])
    printed = json.loads(capsys.readouterr().out)
    keys = ("rule", "pointer", "severity", "operation", "direction")
    found = [tuple(each[key] for key in keys) for each in printed["findings"]]
    expected = [(v.rule, v.pointer, v.severity, case.operation, case.direction) for v in case.violations]
    assert sorted(found) == sorted(expected)
    assert code == (0 if case.ok else 1)
    errors = sum(each.severity == "error" for each in case.violations)
    summary = {"files": 1, "checked": 1, "errors": errors, "warnings": len(expected) - errors}
    assert printed["summary"] == summary


def rules_with_payloads() -> list[Any]:
    """Return each rule of each direction of an operation."""
    return [
        pytest.param(name, operation, direction, id=f"{operation}-{direction}-{name}")
        for operation in lv.operations()
        for direction in ("request", "response")
        for name in sorted({c.rule for c in lv.Validator().checker(operation, direction, "report").constraints})
    ]


@pytest.mark.parametrize(("rule", "operation", "direction"), rules_with_payloads())
def test_every_rule_has_a_passing_and_a_failing_case(rule: str, operation: str, direction: str) -> None:
    about = [
        case
        for case in cases_of("documents")
        if (case.operation, case.direction, case.topic) == (operation, direction, rule.replace(".", "-"))
    ]
    companion, _ = COMPANIONS.get(rule, (rule, ""))
    assert any(rule not in case.rules for case in about if case.valid)
    assert any(case.rules in ({rule}, {rule, companion}) and rule in case.rules for case in about if not case.valid)


@pytest.mark.parametrize("rule", [each.id for each in rules() if not each.id.startswith(HTTP_LAYER)])
def test_a_rule_without_a_companion_fails_alone_in_some_case(rule: str) -> None:
    alone = [case for case in cases_of("documents") if [each.rule for each in case.violations] == [rule]]
    assert alone or rule in COMPANIONS


@pytest.mark.parametrize("rule", COMPANIONS)
def test_a_rule_fails_alone_with_its_companion_disabled(rule: str) -> None:
    validator = lv.Validator(disable=[COMPANIONS[rule][0]])
    about = [case for case in cases_of("documents") if not case.valid and case.topic == rule.replace(".", "-")]
    assert about
    assert all([each.rule for each in check(case, validator)] == [rule] for case in about)


@every_documented_case
def test_every_case_is_filed_under_its_rule(case: Case) -> None:
    known = {each.id.replace(".", "-"): each.id for each in rules(case.edition)}
    assert case.row["why"].endswith((".", "?"))
    assert case.row.keys() <= FIELDS
    assert case.ok if case.valid else case.violations
    if case.topic in known:
        assert (known[case.topic] in case.rules) is not case.valid
        assert {each.severity for each in case.violations if each.rule == known[case.topic]} <= {"error", "warning"}


HTTP_CASES = [
    # operation, status, exception, the rules that the answer breaks
    ("CreateEventSourceMapping", 202, None, []),
    ("CreateEventSourceMapping", 200, None, ["status.unexpected"]),
    ("CreateEventSourceMapping", 409, "ResourceConflictException", []),
    ("CreateEventSourceMapping", 409, None, []),
    ("CreateEventSourceMapping", 400, "ResourceConflictException", ["error.status"]),
    ("CreateEventSourceMapping", 400, "InvalidRequestContentException", ["error.unknown"]),
    ("CreateEventSourceMapping", True, None, ["status.unexpected"]),
    ("CreateEventSourceMapping", "202", None, ["status.unexpected"]),
    ("GetFunctionEventInvokeConfig", 200, None, []),
    ("GetFunctionEventInvokeConfig", 202, None, ["status.unexpected"]),
    ("GetFunctionEventInvokeConfig", 409, None, ["status.unexpected"]),
    ("GetFunctionEventInvokeConfig", 409, "ResourceConflictException", ["error.unknown"]),
    ("GetFunctionEventInvokeConfig", 429, "TooManyRequestsException", []),
    ("GetFunctionEventInvokeConfig", 503, "ServiceException", ["error.status"]),
    ("GetFunctionEventInvokeConfig", None, "ServiceException", []),
]


@pytest.mark.parametrize(("operation", "status", "error", "expected"), HTTP_CASES)
def test_a_response_is_validated_by_status_and_exception(
    operation: str, status: Any, error: str | None, expected: list[str]
) -> None:
    report = lv.validate_response(operation, {}, status=status, error=error)
    assert [each.rule for each in report] == expected
    assert [each.pointer for each in report] == [""] * len(expected)


def test_only_the_body_of_a_successful_response_is_validated() -> None:
    broken = {"BatchSize": 0}
    assert [v.rule for v in lv.validate_response("CreateEventSourceMapping", broken, 202)] == ["batch-size.minimum"]
    assert lv.validate_response("CreateEventSourceMapping", broken, 404, "ResourceNotFoundException").ok
    assert not lv.is_valid_response("CreateEventSourceMapping", broken, 202)
