"""Test the eleven decisions about ambiguities of the documents, one after the other."""

from __future__ import annotations

import math
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.catalog import reference

MAPPING, INVOKE = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
QUEUE = "arn:aws:sqs:us-west-2:123456789012:invoices"
STREAM = "arn:aws:kinesis:us-west-2:123456789012:stream/clicks"
PARTIAL, FULL = "123456789012:function:", "arn:aws:lambda:us-west-2:123456789012:function:"
LONG = "n" * 65
NAME_TAKERS = [(MAPPING, {"EventSourceArn": QUEUE}), (INVOKE, {})]

in_both = pytest.mark.parametrize(("operation", "base"), NAME_TAKERS, ids=[MAPPING, INVOKE])


def broken(operation: str, payload: Any, direction: str = "request") -> list[tuple[str, str]]:
    """Return the rules that a payload breaks, with their places. Assert that the reference has the same verdict."""
    report = getattr(lv, f"validate_{direction}")(operation, payload)
    assert getattr(lv, f"is_valid_{direction}")(operation, payload) is report.ok
    assert reference.validator(operation, direction).is_valid(payload) is report.ok
    return [(each.rule, each.pointer) for each in report]


def mapping(**members: Any) -> list[tuple[str, str]]:
    return broken(MAPPING, {"EventSourceArn": QUEUE, "FunctionName": "f", **members})


def kinesis(**members: Any) -> list[tuple[str, str]]:
    return mapping(**{"EventSourceArn": STREAM, "StartingPosition": "LATEST", **members})


# 1. A bare name has at most 64 characters, and every other form has at most 140.


@in_both
@pytest.mark.parametrize("name", [f"{LONG}:v1", f"{LONG}:$LATEST", f"function:{LONG}", f"123456789012:{LONG}",
                                  f"{PARTIAL}{LONG}", f"{FULL}{LONG}", f"us-west-2:{PARTIAL}{LONG}"])  # fmt: skip
def test_65_characters_are_a_name_in_every_form_but_the_bare_one(operation: str, base: Any, name: str) -> None:
    assert broken(operation, {**base, "FunctionName": name}) == []


@in_both
def test_a_bare_name_has_at_most_64_characters(operation: str, base: Any) -> None:
    assert broken(operation, {**base, "FunctionName": LONG[1:]}) == []
    assert broken(operation, {**base, "FunctionName": LONG}) == [("function-name.length", "/FunctionName")]


@in_both
@pytest.mark.parametrize("head", ["", "n:", "function:", PARTIAL, FULL])
def test_no_form_has_more_than_140_characters(operation: str, base: Any, head: str) -> None:
    too_long = [("function-name.length", "/FunctionName")]
    assert broken(operation, {**base, "FunctionName": head.ljust(140, "n")}) == ([] if head else too_long)
    assert broken(operation, {**base, "FunctionName": head.ljust(141, "n")}) == too_long


def test_the_limit_of_64_can_be_turned_off() -> None:
    validator = lv.Validator(disable=["function-name.length"])
    assert validator.validate_request(INVOKE, {"FunctionName": LONG}).violations == ()


# 2. A name may contain a version or alias in both operations, though one document lists no such form.


@in_both
@pytest.mark.parametrize("suffix", ["v1", "1", "$LATEST", "PROD", "blue_green-2"])
@pytest.mark.parametrize("head", ["my-function", f"{PARTIAL}my-function", f"{FULL}my-function"])
def test_every_form_takes_a_version_or_alias(operation: str, base: Any, head: str, suffix: str) -> None:
    assert broken(operation, {**base, "FunctionName": f"{head}:{suffix}"}) == []


# 3. The pattern alone decides what an ARN is.


@in_both
@pytest.mark.parametrize("name", ["arn:aws:lambda:us-east-1:123456789012:function", "function", "function:function"])
def test_a_function_may_be_named_function(operation: str, base: Any, name: str) -> None:
    assert broken(operation, {**base, "FunctionName": name}) == []


# 4. An empty Qualifier matches the pattern, but is shorter than the minimum length.


def test_an_empty_qualifier_is_too_short() -> None:
    assert broken(INVOKE, {"FunctionName": "f", "Qualifier": ""}) == [("qualifier.min-length", "/Qualifier")]
    assert broken(INVOKE, {"FunctionName": "f"}) == []


# 5. Patterns match the whole value, in ASCII.


@pytest.mark.parametrize("junk", ["\n", "\r\n", "\r", " ", "\u2028", "\0"], ids=ascii)
def test_patterns_match_the_whole_string(junk: str) -> None:
    assert mapping(FunctionName=f"f{junk}") == [("function-name.pattern", "/FunctionName")]
    assert broken(INVOKE, {"FunctionName": "f", "Qualifier": f"v1{junk}"}) == [("qualifier.pattern", "/Qualifier")]
    assert ("event-source-arn.resource", "/EventSourceArn") in mapping(EventSourceArn=f"{QUEUE}{junk}")
    arn = [("function-arn.pattern", "/FunctionArn")]
    assert broken(INVOKE, {"FunctionArn": f"{FULL}f{junk}"}, "response") == arn


def test_digits_are_ascii_digits() -> None:
    arabic = "".join(chr(0x0660 + int(digit)) for digit in "123456789012")
    assert mapping(FunctionName=f"{arabic}:function:f") == [("function-name.pattern", "/FunctionName")]
    queue = QUEUE.replace("123456789012", arabic)
    assert mapping(EventSourceArn=queue) == [("event-source-arn.pattern", "/EventSourceArn")]
    assert broken(INVOKE, {"FunctionName": "f", "Qualifier": "\u0661"}) == [("qualifier.pattern", "/Qualifier")]


# 6. 10.0 is an integer, a boolean is not, and NaN and the infinities are not numbers.


@pytest.mark.parametrize("size", [1, 10, 10.0, 1.0])
def test_an_integer_may_be_a_float_without_fraction(size: float) -> None:
    assert mapping(BatchSize=size) == []


@pytest.mark.parametrize("size", [True, False, 9.5, math.nan, math.inf, -math.inf, "10", "1e1"])
def test_other_values_are_not_integers(size: Any) -> None:
    assert mapping(BatchSize=size) == [("batch-size.type", "/BatchSize")]


@pytest.mark.parametrize("moment", [True, math.nan, math.inf, -math.inf])
def test_booleans_and_non_finite_numbers_are_not_timestamps(moment: Any) -> None:
    found = kinesis(StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=moment)
    assert found == [("starting-position-timestamp.type", "/StartingPositionTimestamp")]


@pytest.mark.parametrize("enabled", [0, 1, "true"])
def test_a_number_is_not_a_boolean(enabled: Any) -> None:
    assert mapping(Enabled=enabled) == [("enabled.type", "/Enabled")]


# 7. A timestamp is a number of Unix seconds, with fractions, and is never compared with the clock.


@pytest.mark.parametrize("moment", [0, 1541139109, 1541139109.123456, -1, 10**11, 1.5e9])
def test_any_number_is_a_timestamp(moment: float) -> None:
    assert kinesis(StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=moment) == []
    assert broken(MAPPING, {"LastModified": moment}, "response") == []


@pytest.mark.parametrize("moment", ["1541139109", "2018-11-02T06:11:49Z"])
def test_a_string_is_not_a_timestamp_on_the_wire(moment: str) -> None:
    found = kinesis(StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=moment)
    assert found == [("starting-position-timestamp.type", "/StartingPositionTimestamp")]


# 8. Null for an optional member is invalid in a request.


@pytest.mark.parametrize("member", ["BatchSize", "Enabled", "MaximumBatchingWindowInSeconds", "StartingPosition"])
def test_null_is_not_the_same_as_a_member_left_out(member: str) -> None:
    assert [pointer for _, pointer in kinesis(**{member: None})] == [f"/{member}"]
    assert not lv.is_valid_request(MAPPING, {"EventSourceArn": STREAM, "FunctionName": "f", member: None})


def test_a_qualifier_of_null_is_invalid() -> None:
    assert broken(INVOKE, {"FunctionName": "f", "Qualifier": None}) == [("qualifier.type", "/Qualifier")]


# 9. Responses require no members, may have new ones, and contain free text.


@pytest.mark.parametrize("operation", [MAPPING, INVOKE])
def test_a_response_may_be_empty(operation: str) -> None:
    assert broken(operation, {}, "response") == []


def test_a_destination_may_be_unset() -> None:
    assert broken(INVOKE, {"DestinationConfig": {"OnSuccess": {}, "OnFailure": {}}}, "response") == []


@pytest.mark.parametrize("operation", [MAPPING, INVOKE])
def test_an_unknown_member_of_a_response_is_a_warning(operation: str) -> None:
    report = lv.validate_response(operation, {"AddedTomorrow": 1})
    assert [(each.rule, each.severity) for each in report] == [("member.unknown", "warning")]
    assert report.ok


@pytest.mark.parametrize("member", ["StateTransitionReason", "LastProcessingResult"])
@pytest.mark.parametrize("text", ["", "USER_INITIATED", "PROBLEM: Function call failed\n", "\u00fc"], ids=ascii)
def test_reasons_and_results_are_arbitrary_strings(member: str, text: str) -> None:
    assert broken(MAPPING, {member: text}, "response") == []


# 10. The path of a mapping ends in a slash, as in its document. (The HTTP layer also accepts it without one,
# independently of this.)


def test_the_catalog_has_the_documented_path() -> None:
    assert lv.operation(MAPPING).path == "/2015-03-31/event-source-mappings/"
    assert lv.operation(INVOKE).path == "/2019-09-25/functions/{FunctionName}/event-invoke-config"


# 11. The syntax of a region is that of the document, which has no isolated or European sovereign regions.


@pytest.mark.parametrize("region", ["us-iso-east-1", "us-isob-east-1", "eusc-de-east-1", "us-east-12"])
def test_a_region_outside_the_documented_pattern_is_invalid(region: str) -> None:
    elsewhere = QUEUE.replace("us-west-2", region)
    assert mapping(EventSourceArn=elsewhere) == [("event-source-arn.pattern", "/EventSourceArn")]
    name = FULL.replace("us-west-2", region) + "f"
    assert mapping(FunctionName=name) == [("function-name.pattern", "/FunctionName")]


@pytest.mark.parametrize("region", ["us-gov-west-1", "cn-north-1", "ap-southeast-2", "eu-central-1"])
def test_a_region_within_the_documented_pattern_is_valid(region: str) -> None:
    assert mapping(EventSourceArn=QUEUE.replace("us-west-2", region)) == []
    assert mapping(FunctionName=FULL.replace("us-west-2", region) + "f") == []
