"""Test the list of rules, disabling a rule, and that messages contain no values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from support.payload_cases import Case, cases_of, every_case

import lambda_validate as lv
from lambda_validate.catalog import newer
from lambda_validate.validator.rules import NEWER_RULES, Rule, ids, rule, rules

RULES = rules("documents")
OUTCOMES = (
    "status.",
    "error.",
    "body.",
    "content-type.",
    "headers.",
    "query.",
    "route.",
    "target.",
    "member.misplaced",
)
"""Rules about a whole response or request, not about a payload."""

every_rule = pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
every_invalid_case = every_case("documents", kinds=("invalid",))


def check(case: Case, **settings: Any) -> lv.Report:
    return getattr(validator(**settings), f"validate_{case.direction}")(case.operation, case.payload)


@cache
def validator(**settings: Any) -> lv.Validator:
    return lv.Validator(**settings)


def invalid_cases() -> list[Case]:
    return [case for case in cases_of("documents") if not case.valid]


# The list.


def test_ids_are_unique_sorted_and_in_kebab_case() -> None:
    ids = [each.id for each in RULES]
    assert ids == sorted(set(ids))
    assert [each for each in ids if not re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*", each)] == []


@every_rule
def test_a_rule_has_statements_and_sources(each: Rule) -> None:
    assert each.severity in ("error", "warning")
    assert each.statements
    assert all(statement.endswith(".") and "\n" not in statement for statement in each.statements)
    assert {source.document for source in each.sources} <= {"lambda-validate", *each.operations}
    assert set(each.operations) <= set(lv.operations())
    assert set(each.directions) <= {"request", "response"}
    assert each.operations
    assert each.directions


@every_rule
def test_a_rule_is_found_by_its_id(each: Rule) -> None:
    assert rule(each.id) is each


@every_rule
def test_the_severity_of_a_rule_is_the_worst_that_its_violations_have(each: Rule) -> None:
    found = {v.severity for case in invalid_cases() for v in case.violations if v.rule == each.id}
    if not each.id.startswith(OUTCOMES):
        assert each.severity == ("error" if "error" in found else "warning")


def test_observed_rules_are_warnings() -> None:
    for each in RULES:
        observed = {source.section for source in each.sources} == {"Observed behaviour of the service"}
        assert (each.severity == "warning") is (observed or each.id == "member.newer")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("batch-size.sqss", "batch-size.sqs"),
        ("BatchSize.sqs", "batch-size.sqs"),
        ("function_name.length", "function-name.length"),
        ("member.newr", "member.newer"),
    ],
)
def test_an_unknown_rule_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(lv.UnknownNameError, match=f"did you mean '{nearest}'") as caught:
        rule(name)
    assert isinstance(caught.value, LookupError)
    assert caught.value.nearest == nearest
    with pytest.raises(lv.UnknownNameError, match=f"did you mean '{nearest}'"):
        lv.Validator(disable=[name])


def test_a_rule_that_is_like_no_other_has_no_nearest() -> None:
    with pytest.raises(lv.UnknownNameError, match="there is no rule 'xyzzy'") as caught:
        rule("xyzzy")
    assert caught.value.nearest is None


def test_an_unknown_edition_has_no_rules() -> None:
    with pytest.raises(lv.UnknownNameError, match="did you mean 'documents'"):
        rules("document")


# Disabling rules.


@every_invalid_case
def test_disabling_the_broken_rules_makes_a_payload_valid(case: Case) -> None:
    rules = frozenset(case.rules | case.covered)
    assert check(case, disable=rules).violations == ()
    is_valid = getattr(validator(disable=rules, strict=True), f"is_valid_{case.direction}")
    assert is_valid(case.operation, case.payload)


@every_invalid_case
def test_disabling_a_rule_keeps_the_others(case: Case) -> None:
    for off in case.rules:
        left = [(v.rule, v.pointer) for v in check(case, disable=frozenset({off}) | case.covered)]
        assert left == [(v.rule, v.pointer) for v in case.violations if v.rule != off]


@every_rule
def test_a_rule_can_be_disabled(each: Rule) -> None:
    validator = lv.Validator(disable=each.id)
    answers = [(status, error) for status in (200, 418) for error in (None, "ServiceException", "OutOfCoffee")]
    for operation in lv.operations():
        reports = [validator.validate_response(operation, {}, *answer) for answer in answers]
        assert each.id not in [v.rule for report in reports for v in report]
    about = [case for case in invalid_cases() if each.id in case.rules]
    assert about or each.id.startswith(OUTCOMES)
    assert all(each.id not in [v.rule for v in check(case, disable=frozenset({each.id}))] for case in about)


# Messages contain no values.


def value_at(payload: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        payload = payload.get(step) if isinstance(payload, dict) else payload[int(step)]
    return payload


WORDS = {"AT_TIMESTAMP", "false"}
"""Values that a rule itself names, so that a message contains them for any payload."""


def revealing_values(case: Case) -> Iterator[tuple[int, Any]]:
    """Yield the index and the value of each violation whose value is a string or a number of at least four characters.

    Values that a rule names are left out.
    """
    for index, violation in enumerate(case.violations):
        value = value_at(case.payload, violation.pointer)
        if type(value) in (str, int, float) and len(str(value)) > 3 and value not in WORDS:
            yield index, value


@every_invalid_case
def test_messages_hide_values_by_default(case: Case) -> None:
    report = check(case)
    for index, value in revealing_values(case):
        text = str(value)
        for each in (report, report.violations[index], lv.ValidationError(report)):
            assert text not in str(each)
            assert text not in repr(each)
        assert not [v.message for v in report if text in v.message or text in (v.help or "")]


@every_invalid_case
def test_a_message_shows_the_value_with_show_values(case: Case) -> None:
    violations = check(case, show_values=True).violations
    for index, value in revealing_values(case):
        violation = violations[index]
        by_name = violation.keyword in ("additionalProperties", "x-unknown-members")  # the name is invalid
        by_comparison = violation.keyword == "x-relation"
        shown = violation.path[-1] if by_name else value
        assert (ascii(shown)[1:80] in violation.message) is not by_comparison
        assert violation.rule in str(lv.ValidationError(check(case, show_values=True, strict=True)))


def test_a_long_value_is_truncated_when_shown() -> None:
    payload = {"FunctionName": "resize images " * 8}
    report = lv.Validator(show_values=True).validate_request("GetFunctionEventInvokeConfig", payload)
    assert "cut short" in report.violations[0].message
    hidden = lv.validate_request("GetFunctionEventInvokeConfig", payload).violations[0].message
    assert len(report.violations[0].message) - len(hidden) < 110  # 80 characters of the value, and their context


def test_newer_rules_are_listed_for_widened_editions() -> None:
    assert {"choice.newer", "operation.newer"}.isdisjoint(ids("documents"))
    assert NEWER_RULES.keys() <= ids("current")
    pytest.importorskip("botocore", reason="a newer model comes with botocore")
    assert NEWER_RULES.keys() <= ids(newer.installed("current"), ("GetAlias",))
    found = [each for each in rules("current") if each.id in NEWER_RULES]
    assert [(each.severity, each.statements) for each in found] == [
        ("warning", (NEWER_RULES[name],)) for name in sorted(NEWER_RULES)
    ]
