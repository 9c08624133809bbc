"""Test JSON requests for PutFunctionEventInvokeConfig, and unfilled skeletons of the AWS CLI."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.lint.runner import lint

GOOD: dict[str, Any] = {"FunctionName": "f", "MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60}
PUT_SKELETON: dict[str, Any] = {
    "FunctionName": "",
    "Qualifier": "",
    "MaximumRetryAttempts": 0,
    "MaximumEventAgeInSeconds": 0,
    "DestinationConfig": {"OnSuccess": {"Destination": ""}, "OnFailure": {"Destination": ""}},
}
CREATE_SKELETON: dict[str, Any] = {
    "EventSourceArn": "",
    "FunctionName": "",
    "Enabled": True,
    "BatchSize": 0,
    "FilterCriteria": {"Filters": [{"Pattern": ""}]},
    "KMSKeyArn": "",
    "MetricsConfig": {"Metrics": ["EventCount"]},
    "ScalingConfig": {"MaximumConcurrency": 0},
    "StartingPosition": "AT_TIMESTAMP",
    "StartingPositionTimestamp": "1970-01-01T00:00:00",
    "Tags": {"KeyName": ""},
    "Topics": [""],
    "SourceAccessConfigurations": [{"Type": "SASL_SCRAM_256_AUTH", "URI": ""}],
    "SelfManagedEventSource": {"Endpoints": {"KeyName": [""]}},
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
}


def found(folder: Path, payload: Any, edition: str = "documents") -> list[tuple[str, str, str]]:
    file = folder / ("request.yaml" if isinstance(payload, str) else "request.json")
    file.write_text(payload if isinstance(payload, str) else json.dumps(payload))
    outcome = lint([str(file)], io.BytesIO(), lv.Validator(edition))
    assert not outcome.failures
    assert outcome.checked == 1
    return [(each.rule, each.severity, each.pointer) for each in outcome.findings]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, []),
        ({"MaximumRetryAttempts": 3}, [("maximum-retry-attempts.maximum", "error", "/MaximumRetryAttempts")]),
        (
            {"MaximumEventAgeInSeconds": 10},
            [("maximum-event-age-in-seconds.minimum", "error", "/MaximumEventAgeInSeconds")],
        ),
        ({"FunctionName": "my function"}, [("function-name.pattern", "error", "/FunctionName")]),
        ({"Qualifier": "a b"}, [("qualifier.pattern", "error", "/Qualifier")]),
        ({"Retries": 1}, [("member.unknown", "error", "/Retries")]),
        (
            {"DestinationConfig": {"OnSuccess": {"Destination": "arn:aws:s3:::b"}}},
            [("destination.success-bucket", "error", "/DestinationConfig/OnSuccess/Destination")],
        ),
        (
            {"DestinationConfig": {"OnFailure": {"Arn": "arn:aws:s3:::b"}}},
            [("member.unknown", "error", "/DestinationConfig/OnFailure/Arn")],
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("edition", ["documents", "current"])
def test_put_requests_are_checked(members: dict[str, Any], expected: Any, edition: str, tmp_path: Path):
    assert found(tmp_path, {**GOOD, **members}, edition) == expected


@pytest.mark.parametrize("edition", ["documents", "current"])
@pytest.mark.parametrize("skeleton", [PUT_SKELETON, CREATE_SKELETON])
def test_an_unfilled_skeleton_is_one_finding(skeleton: dict[str, Any], edition: str, tmp_path: Path):
    assert found(tmp_path, skeleton, edition) == [("skeleton.unfilled", "error", "")]


def test_an_unfilled_skeleton_in_yaml_is_one_finding(tmp_path: Path):
    text = "FunctionName: ''  # [REQUIRED] The name.\nQualifier: ''\nMaximumRetryAttempts: 0\n"
    assert found(tmp_path, text + "MaximumEventAgeInSeconds: 0\n") == [("skeleton.unfilled", "error", "")]


@pytest.mark.parametrize(
    "filled", [{"FunctionName": "f"}, {"DestinationConfig": {"OnFailure": {"Destination": "x"}}}, {"Qualifier": "live"}]
)
def test_a_partly_filled_skeleton_is_checked(filled: dict[str, Any], tmp_path: Path):
    rules = {rule for rule, _, _ in found(tmp_path, {**PUT_SKELETON, **filled})}
    assert "skeleton.unfilled" not in rules
    assert "maximum-event-age-in-seconds.minimum" in rules


def test_a_response_is_not_a_skeleton(tmp_path: Path):
    answer = {"FunctionArn": "", "LastModified": 0, "MaximumEventAgeInSeconds": 0}
    assert "skeleton.unfilled" not in {rule for rule, _, _ in found(tmp_path, answer)}
