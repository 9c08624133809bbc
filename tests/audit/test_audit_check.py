"""Test `audit.check`: the result for one record, and how it compares with the answer of AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.recorded import BAD, DENIED, GOOD, HIDDEN, MAPPING, QUEUE, REFUSED, foreign, record

from lambda_validate import audit
from lambda_validate.audit.names import operation_of, seconds

ROLE = "arn:aws:iam::123456789012:role/orders"
FUNCTION: dict[str, Any] = {"functionName": "orders", "role": ROLE, "runtime": "python3.13", "handler": "a.b"}
STREAM = "arn:aws:kinesis:us-west-2:123456789012:stream/clicks"


NAMES = st.text(max_size=3) | st.sampled_from(
    ["functionName", "eventSourceArn", "batchSize", "startingPositionTimestamp", "tags", "code", "zipFile",
     "environment", "filterCriteria", "filters", "pattern", "destinationConfig", "onFailure", "destination",
     "selfManagedEventSource"]
)  # fmt: skip


def rules(outcome: audit.Outcome) -> set[str]:
    return {each.rule for each in outcome.findings}


@pytest.mark.parametrize("source", ["lambda.amazonaws.com", "lambda.amazonaws.com.cn"])
def test_calls_are_checked_in_every_partition(source: str) -> None:
    outcome = audit.check(record(BAD, eventSource=source))
    assert (outcome.outcome, outcome.service) == ("finding", "lambda")


def test_one_service_may_be_a_string() -> None:
    assert audit.check(record(BAD), services="lambda") == audit.check(record(BAD), services=["lambda"])


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("CreateEventSourceMapping20150331", "CreateEventSourceMapping"),
        ("AddPermission20150331v2", "AddPermission"),
        ("PublishLayerVersion20181031", "PublishLayerVersion"),
        ("Invoke", "Invoke"),
        ("GetFunction20150331v", "GetFunction20150331v"),
        ("GetFunction20150331\n", "GetFunction20150331\n"),
        ("GetFunction1015033", "GetFunction1015033"),
    ],
)
def test_version_date_is_stripped_from_the_event_name(name: str, operation: str) -> None:
    assert operation_of(name) == operation


@pytest.mark.parametrize(
    ("parameters", "error", "outcome", "answer"),
    [
        (GOOD, None, "clean", None),
        (GOOD, DENIED, "clean", None),
        (GOOD, REFUSED, "clean", "missed"),
        (BAD, None, "finding", "suspected"),
        (BAD, REFUSED, "finding", "caught"),
        (BAD, DENIED, "finding", "caught"),
        (None, None, "undecidable", None),
        (None, REFUSED, "undecidable", None),
        ({"reason": "requestParameters too large", "omitted": True, "originalSize": 9}, REFUSED, "undecidable", None),
        ({"reason": "requestParameters too large", "omitted": "true", "originalSize": 9}, None, "undecidable", None),
        ({**GOOD, "kMSKeyArn": HIDDEN}, REFUSED, "undecidable", None),
        ({**GOOD, "batchSize": HIDDEN}, None, "undecidable", None),
        ({**GOOD, "filterCriteria": {}}, REFUSED, "undecidable", None),
        ({**BAD, "kMSKeyArn": HIDDEN}, None, "finding", "suspected"),
        ([], None, "quarantined", None),
    ],
)
def test_the_outcome_is_compared_with_the_answer(parameters: Any, error: str, outcome: str, answer: str) -> None:
    found = audit.check(record(parameters, error=error))
    assert (found.outcome, found.answer) == (outcome, answer)


def test_a_finding_has_rule_pointer_severity_and_message_but_no_value() -> None:
    found = audit.check(record({**GOOD, "functionName": "s3cr3t!"}))
    assert [each[:3] for each in found.findings] == [("function-name.pattern", "/FunctionName", "error")]
    assert "s3cr3t" not in repr(found)
    shown = audit.check(record({**GOOD, "functionName": "s3cr3t!"}), show_values=True)
    assert "s3cr3t" in shown.findings[0].message


def test_a_row_has_the_fields_of_the_contract() -> None:
    (row,) = audit.check(record(BAD, error=REFUSED, number=7)).rows()
    found = dict(zip(audit.FIELDS, row, strict=True))
    message = found.pop("message")
    assert isinstance(message, str)
    assert found == {
        "file": "", "index": 0, "event_id": "00000000-0000-4000-8000-000000000007",
        "event_time": "2026-01-02T03:04:05Z", "service": "lambda", "event_name": MAPPING,
        "operation": "CreateEventSourceMapping", "error_code": REFUSED, "outcome": "finding",
        "rule": "batch-size.minimum", "pointer": "/BatchSize", "severity": "error", "edition": "current",
    }  # fmt: skip


@pytest.mark.parametrize(
    "found",
    [
        record(GOOD), json.dumps(record(GOOD)), json.dumps(record(GOOD)).encode(),
        {"detail-type": "AWS API Call via CloudTrail", "detail": record(GOOD)},
        {"EventName": "x", "CloudTrailEvent": json.dumps(record(GOOD))},
        {"eventJson": json.dumps(record(GOOD))},
        {name.lower(): json.dumps(each) if isinstance(each, dict) else each for name, each in record(GOOD).items()},
        record(json.dumps(GOOD)),
    ],
)  # fmt: skip
def test_a_record_may_have_the_form_of_an_export(found: Any) -> None:
    outcome = audit.check(found)
    assert (outcome.outcome, outcome.operation, outcome.event_time) == (
        "clean", "CreateEventSourceMapping", "2026-01-02T03:04:05Z",
    )  # fmt: skip


def test_records_of_other_services_and_events_give_no_findings() -> None:
    assert audit.check(foreign()).outcome == "other-service"
    assert audit.check(record({}, eventType="AwsServiceEvent")).outcome == "not-a-call"
    assert audit.check(record({}, "CreateNothing20150331")).outcome == "unknown-operation"


class TestSpelling:
    def test_members_match_in_any_letter_case(self) -> None:
        for name in ("kMSKeyArn", "kmsKeyArn", "KMSKeyArn"):
            found = audit.check(record({**GOOD, name: "!"}))
            assert [each.pointer for each in found.findings] == ["/KMSKeyArn"]
        assert audit.check(record({"uUID": "!"}, "GetEventSourceMapping20150331")).findings[0].pointer == "/UUID"

    def test_members_match_at_any_depth_but_names_that_are_data_do_not(self) -> None:
        stream = {"eventSourceArn": STREAM, "startingPosition": "LATEST"}
        found = audit.check(record({**GOOD, **stream, "destinationConfig": {"onFailure": {"destination": "!"}}}))
        assert found.findings[0].pointer == "/DestinationConfig/OnFailure/Destination"
        assert audit.check(record({**GOOD, "tags": {"name": "x", "Name": "y"}})).outcome == "clean"

    def test_two_names_for_one_member_are_quarantined(self) -> None:
        found = audit.check(record({**GOOD, "BatchSize": 10}))
        assert (found.outcome, found.reason) == ("quarantined", "requestParameters: two members are named BatchSize")

    @pytest.mark.parametrize("twice", ['{"a":1,"a" :2}', '{"a":"\\":","a":2}', '{"tags":{"b":"","b":""}}'])
    def test_a_record_with_a_duplicate_member_is_quarantined(self, twice: str) -> None:
        text = json.dumps(record("PARAMETERS")).replace('"PARAMETERS"', twice)
        assert audit.check(text).outcome == "quarantined"

    def test_a_quote_and_colon_inside_a_string_are_not_a_member_name(self) -> None:
        assert audit.check(record({**GOOD, "tags": {"a": '":":"'}})).outcome == "finding"
        assert audit.check(record({**GOOD, "tags": {"a": ":"}})).outcome == "clean"

    def test_members_added_by_the_service_give_no_findings(self) -> None:
        added = {"fullyQualifiedArn": {"arnPrefix": {"region": "x"}}, "interactive": True, "monitorMode": False}
        assert audit.check(record({**GOOD, **added, "maxItems": 99_999})).outcome == "clean"
        assert audit.check(record({"maxItems": 99_999}, "ListFunctions20150331")).outcome == "clean"
        assert audit.check(record({"maxItems": 99_999}, "ListFunctions20150331", REFUSED)).answer == "caught"

    @pytest.mark.parametrize(
        "time",
        ["May 9, 2024, 9:05:41 PM", "May 9, 2024, 9:05:41\u202fPM", "2024-05-09T21:05:41+0000", "2024-05-09T21:05:41Z",
         "2024-05-09T21:05:41.000+0000", "2024-05-09T21:05:41.000Z", "May 9, 2024 9:05:41 PM"],
    )  # fmt: skip
    def test_times_are_strings(self, time: str) -> None:
        assert seconds(time) == 1715288741
        parameters = {"functionName": "f", "eventSourceArn": STREAM, "startingPosition": "AT_TIMESTAMP"}
        assert audit.check(record({**parameters, "startingPositionTimestamp": time})).outcome == "clean"
        for unknown in ("then", "", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
            found = audit.check(record({**parameters, "startingPositionTimestamp": unknown}))
            assert found.outcome in ("undecidable", "clean"), unknown


class TestHidden:
    def test_code_is_left_out(self) -> None:
        for code in ({}, {"code": {}}):
            assert audit.check(record({**FUNCTION, **code}, "CreateFunction20150331")).outcome == "undecidable"
        remaining = {"code": {"s3Bucket": "bucket", "s3Key": "key"}}
        assert audit.check(record({**FUNCTION, **remaining}, "CreateFunction20150331")).outcome == "clean"
        update = "UpdateFunctionCode20150331v2"
        assert audit.check(record({"functionName": "f"}, update)).outcome == "undecidable"
        assert audit.check(record({"functionName": "f", "imageUri": "a"}, update)).outcome == "clean"

    def test_variables_are_left_out(self) -> None:
        found = audit.check(
            record({"functionName": "f", "environment": {}}, "UpdateFunctionConfiguration20150331v2", REFUSED)
        )
        assert (found.outcome, found.reason) == ("undecidable", "not recorded: /Environment")

    def test_a_rule_that_depends_on_a_redacted_member_is_undecidable(self) -> None:
        assert audit.check(record({"functionName": "f", "eventSourceArn": STREAM})).outcome == "finding"
        assert audit.check(record({"functionName": "f", "eventSourceArn": HIDDEN})).outcome == "undecidable"

    def test_the_payload_of_an_invocation_is_not_required(self) -> None:
        assert audit.check(record({"functionName": "f"}, "Invoke")).outcome == "clean"
        assert audit.check(record({"functionName": "f"}, "InvokeAsync20141113")).outcome == "clean"


class TestBroken:
    @pytest.mark.parametrize(
        "value",
        [None, 1, [], {}, "", b"", b"\xff", "[]", "{", {"eventName": 1}, {"eventName": "x"}, {"a": object()},
         {"eventName": "a", "eventSource": "b", "requestParameters": float("nan")}, {1: 2}, "\ud800",
         {"detail": {"detail": {}}}, {"CloudTrailEvent": "{"}, b'{"a":' * 100_000, b"[" * 100_000],
    )  # fmt: skip
    def test_an_invalid_record_is_quarantined_and_never_raises(self, value: Any) -> None:
        found = audit.check(value)
        assert found.outcome in ("quarantined", "other-service")
        assert found.outcome == "other-service" or found.reason

    def test_parameters_that_cannot_be_read_are_quarantined(self) -> None:
        for bad in ("[" * 5_000 + "]" * 5_000, '{"a":"\\ud800"}', '{"a":1e999}', '"{"'):
            text = json.dumps(record("PARAMETERS")).replace('"PARAMETERS"', bad)
            assert audit.check(text).outcome == "quarantined", bad

    @given(parameters=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
        | st.sampled_from([HIDDEN, QUEUE, STREAM, "2024-05-09T21:05:41Z"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=12,
    ))  # fmt: skip
    @settings(max_examples=150)
    def test_malformed_parameters_never_raise(self, parameters: Any) -> None:
        for name in (MAPPING, "CreateFunction20150331", "PutFunctionEventInvokeConfig"):
            assert audit.check(record(parameters, name)).outcome != "other-service"

    def test_an_unknown_name_is_an_error(self) -> None:
        with pytest.raises(LookupError):
            audit.check(record(GOOD), edition="curent")
        with pytest.raises(LookupError):
            audit.check(record(GOOD), services=["lamda"])


def test_members_altered_by_cloudtrail_give_no_findings() -> None:
    """The record has the structure of the example in the developer guide."""
    found = audit.check(record({
        "eventSourceArn": QUEUE, "functionName": "orders", "enabled": True, "batchSize": 10, "filterCriteria": {},
        "kMSKeyArn": "arn:aws:kms:us-west-2:123456789012:key/a1b2c3d4-5678-90ab-cdef-EXAMPLE11111",
        "scalingConfig": {}, "maximumBatchingWindowInSeconds": 0, "sourceAccessConfigurations": [],
    }))  # fmt: skip
    assert (found.outcome, found.findings, found.reason) == ("undecidable", (), "not recorded: /FilterCriteria")


def test_a_queue_is_recorded_as_it_was_sent() -> None:
    found = audit.check(record({**GOOD, "eventSourceArn": QUEUE + ".fifo", "maximumBatchingWindowInSeconds": 5}))
    assert rules(found) == {"batching-window.fifo"}
