"""Test `validate_json`: JSON as a string or bytes, and its payload, in one report."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lambda_validate as lv
from lambda_validate import Validator
from lambda_validate.http import LIMITS

GET, CREATE = "GetFunctionEventInvokeConfig", "CreateEventSourceMapping"
GOOD = '{"FunctionName": "f"}'


def broken(body: Any, operation: str = GET, **options: Any) -> list[tuple[str, str]]:
    return [(each.rule, each.pointer) for each in lv.validate_json(operation, body, **options)]


@pytest.mark.parametrize(
    "body", [GOOD, GOOD.encode(), bytearray(GOOD.encode()), memoryview(GOOD.encode()), f" {GOOD}\n"]
)
def test_a_valid_body_of_any_type_has_no_violations(body: Any) -> None:
    report = lv.validate_json(GET, body)
    assert (report.ok, report.violations) == (True, ())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", [("body.syntax", "")]),
        ("{", [("body.syntax", "")]),
        ('{"FunctionName": "f",}', [("body.syntax", "")]),
        ('{"FunctionName": "f"} {}', [("body.syntax", "")]),
        ("\ufeff" + GOOD, [("body.encoding", "")]),
        (GOOD.encode("utf-16"), [("body.encoding", "")]),
        (b'{"FunctionName": "\xff"}', [("body.encoding", "")]),
        ("[" * 100 + "]" * 100, [("body.depth", "")]),
        ('{"FunctionName": "f", "FunctionName": "f"}', [("body.duplicate", "/FunctionName")]),
        ('{"FunctionName": "f", "FunctionName": "a b"}',
         [("body.duplicate", "/FunctionName"), ("function-name.pattern", "/FunctionName")]),
        ('{"FunctionName": "f", "Qualifier": NaN}', [("body.number", "/Qualifier")]),
        ('{"FunctionName": "f", "Qualifier": 1e999}', [("body.number", "/Qualifier")]),
        ('{"FunctionName": "\\ud800"}', [("body.surrogate", "/FunctionName")]),
        ('{"FunctionName": "\ud800"}', [("body.encoding", "")]),
        ('{"FunctionName": 1}', [("function-name.type", "/FunctionName")]),
        ("[]", [("payload.type", "")]),
        ("null", [("payload.type", "")]),
        ('{"FunctionName": "f", "FunctionName": "f", "Qualifier": 1}',
         [("body.duplicate", "/FunctionName"), ("qualifier.type", "/Qualifier")]),
    ],
)  # fmt: skip
def test_syntax_and_payload_violations_are_in_one_report(body: Any, expected: list[tuple[str, str]]) -> None:
    assert broken(body) == expected
    assert lv.validate_json(GET, body).ok is False


@pytest.mark.parametrize(
    "payload", [{}, {"FunctionName": "a b"}, {"FunctionName": "f", "More": [{}]}, [], 5, "x", None]
)
def test_a_well_formed_body_has_the_report_of_its_payload(payload: Any) -> None:
    assert lv.validate_json(GET, json.dumps(payload)) == lv.validate_request(GET, payload)
    assert lv.validate_json(GET, json.dumps(payload), "response") == lv.validate_response(GET, payload)


def test_the_body_of_a_response_is_validated_as_one() -> None:
    assert broken('{"MaximumRetryAttempts": "2"}', direction="response") == [
        ("maximum-retry-attempts.type", "/MaximumRetryAttempts")
    ]
    assert (
        lv.validate_json(GET, "{}", "response", status=404).violations == lv.validate_response(GET, {}, 404).violations
    )
    assert broken("{", direction="response", status=404, error="ResourceNotFoundException") == [("body.syntax", "")]


def test_the_depth_limit_can_be_set() -> None:
    body = '{"FunctionName": {"a": {}}}'
    assert broken(body, depth=2) == [("body.depth", "")]
    assert broken(body, depth=3) == [("function-name.type", "/FunctionName")]


@pytest.mark.parametrize("body", [None, 5, [], {}, object()])
def test_a_body_that_is_not_bytes_or_a_string_is_a_violation(body: Any) -> None:
    assert broken(body) == [("body.syntax", "")]
    assert "bytes or a string" in lv.validate_json(GET, body).violations[0].message


def test_settings_of_the_validator_are_applied() -> None:
    body = '{"FunctionName": "f", "FunctionName": "f", "Foo": 1}'
    validator = Validator("current", disable=["body.duplicate"], unknown_members="warning")
    report = validator.validate_json(GET, body)
    assert [(each.rule, each.severity) for each in report] == [("member.unknown", "warning")]
    assert [each.rule for each in Validator(disable=["body.syntax"]).validate_json(GET, "{")] == ["body.syntax"]


def test_unknown_names_raise() -> None:
    with pytest.raises(lv.UnknownNameError, match="did you mean 'GetFunctionEventInvokeConfig'"):
        lv.validate_json("GetFunctionEventInvokeConfg", GOOD)
    with pytest.raises(lv.UnknownNameError, match="did you mean 'request'"):
        lv.validate_json(GET, GOOD, "requst")  # type: ignore[arg-type]  # the mistake that is tested
    with pytest.raises(lv.UnknownNameError, match="did you mean 'current'"):
        lv.validate_json(GET, "{", edition="curent")


def test_a_message_names_the_invalid_character() -> None:
    (found,) = lv.validate_json(GET, '{"FunctionName": "f" "a"}')
    assert found.message == "The body must be one JSON value; character 22 is invalid."


def test_the_depth_is_that_of_gateways() -> None:
    assert inspect.signature(lv.validate_json).parameters["depth"].default == LIMITS.depth
    assert inspect.signature(Validator.validate_json).parameters["depth"].default == LIMITS.depth


@settings(max_examples=200)
@given(body=st.one_of(st.text(), st.binary(), st.text('{}[]:,"\\u0d8 \ud800\ufeff1eNa', max_size=12)))
def test_malformed_bodies_never_raise(body: str | bytes) -> None:
    report = lv.validate_json(GET, body)
    assert report.ok is False
    assert all(each.message for each in report)


@pytest.mark.parametrize(
    ("body", "end"),
    [
        ('{"FunctionName": "f",}', "; character 21 is a comma before a closing bracket."),
        ("", "; it is empty."),
        (" \n", "; it is empty."),
    ],
)
def test_common_syntax_errors_are_named(body: str, end: str) -> None:
    (found,) = lv.validate_json(GET, body)
    assert found.message == f"The body must be one JSON value{end}"
