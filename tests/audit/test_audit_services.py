"""Test calls of other services against the models of botocore. EC2 and S3 are rejected by name."""

from __future__ import annotations

from typing import Any

import pytest
from support.recorded import GOOD, HIDDEN, record

from lambda_validate import audit


def called(service: str, name: str, parameters: Any, source: str | None = None) -> audit.Outcome:
    """Return the outcome of a call of a service that is audited together with Lambda."""
    found = record(parameters, name, eventSource=f"{source or service}.amazonaws.com")
    return audit.check(found, services=["lambda", service])


@pytest.mark.parametrize(
    ("service", "name", "good", "bad", "pointer"),
    [
        ("sqs", "SetQueueAttributes", {"queueUrl": "https://q", "attributes": {"DelaySeconds": "0"}}, {"queueUrl": 1},
         "/QueueUrl"),
        ("dynamodb", "DescribeTable", {"tableName": "orders"}, {"tableName": "", "x": 1}, "/TableName"),
        ("sns", "CreateTopic", {"name": "orders", "attributes": {"FifoTopic": "true"}}, {}, "/Name"),
        ("iam", "GetRole", {"roleName": "orders"}, {"roleName": "a b"}, "/RoleName"),
        ("kms", "Decrypt", {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}, {"encryptionAlgorithm": "x"},
         "/EncryptionAlgorithm"),
        ("ecr", "DescribeRepositories", {"maxResults": 5}, {"maxResults": 5_000}, "/maxResults"),
    ],
)  # fmt: skip
def test_members_are_matched_by_the_model(service: str, name: str, good: Any, bad: Any, pointer: str) -> None:
    clean = called(service, name, good)
    assert clean.outcome in ("clean", "undecidable"), clean
    found = called(service, name, bad)
    assert found.outcome == "finding"
    assert pointer in {each.pointer for each in found.findings}
    assert (found.service, found.operation) == (service, name)
    assert found.edition is not None
    assert "current" not in found.edition


def test_a_source_may_be_named_after_an_endpoint() -> None:
    assert called("cloudwatch", "DeleteAlarms", {"alarmNames": []}, "monitoring").outcome == "clean"
    assert called("stepfunctions", "ListStateMachines", {"maxResults": 5_000}, "states").outcome == "finding"


def test_times_are_valid_and_redacted_secrets_undecidable_for_other_services() -> None:
    times = {"startTime": "May 9, 2024, 9:05:41 PM", "endTime": "2024-05-09T21:05:41Z"}
    parameters = {**times, "namespace": "a", "metricName": "b", "period": 60}
    assert called("cloudwatch", "GetMetricStatistics", parameters, "monitoring").outcome == "clean"
    secret = {"name": "a", "secretString": HIDDEN}
    assert called("secretsmanager", "CreateSecret", secret).outcome == "undecidable"


def test_what_sts_adds_is_no_finding() -> None:
    sent = {"roleArn": "arn:aws:iam::123456789012:role/deploy", "roleSessionName": "deploy"}
    assert called("sts", "AssumeRole", {**sent, "incomingTransitiveTags": {"team": "a"}}).outcome == "clean"
    assert called("sts", "AssumeRole", {**sent, "incomingTags": {"team": "a"}}).outcome == "finding"


def test_blobs_of_other_services_are_not_validated() -> None:
    assert called("kms", "Encrypt", {"keyId": "a"}).outcome == "undecidable"


def test_lambda_is_audited_only_if_it_is_among_the_services() -> None:
    assert audit.check(record(GOOD), services=["lambda", "sqs"]).outcome == "clean"
    assert audit.check(record(GOOD), services=["sqs"]).outcome == "other-service"


@pytest.mark.parametrize(("service", "protocol"), [("ec2", "ec2"), ("s3", "rest-xml"), ("cloudfront", "rest-xml")])
def test_services_with_unsupported_protocols_are_rejected_by_name(service: str, protocol: str) -> None:
    expected = f"calls of {service} cannot be audited: CloudTrail does not spell members of the protocol {protocol}"
    with pytest.raises(audit.ServiceError, match=expected):
        audit.check(record(GOOD), services=[service])
