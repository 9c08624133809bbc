"""Test the service's own messages: each equals the recorded one exactly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.report.service_words import ServiceException, service_error, spelt
from lambda_validate.validator.rules import ids

ROOT = Path(__file__).parents[3]
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2026-01-01T00:00:00.000"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:l"
DETECTED = "1 validation error detected: "
FAILED = "failed to satisfy constraint: Member must"
LAYER_PATTERN = (
    "satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-"
    r"\d{1}:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)"
)
RUNTIMES = (
    "nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java25, python3.10, "
    "python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, java17, nodejs16.x, dotnet10, dotnet8, "
    "java11, dotnet6, nodejs18.x, provided.al2, java8.al2"
)


def mapping(source: str, **members: Any) -> dict[str, Any]:
    return {"FunctionName": "f", "EventSourceArn": source, **members}


def refused(operation: str, request: dict[str, Any], edition: str = "current", **options: Any) -> ServiceException:
    report = lv.Validator(edition).validate_request(operation, request)
    assert not report.ok
    return service_error([each for each in report.found if each.constraint.severity == "error"], **options)


@pytest.mark.parametrize(
    ("operation", "payload", "message"),
    [
        ("PutFunctionRecursionConfig", {"FunctionName": "f", "RecursiveLoop": "x"},
         f"{DETECTED}Value 'x' at 'recursiveLoop' {FAILED} satisfy enum value set: [Terminate, Allow]"),
        ("CreateEventSourceMapping", mapping(TABLE, StartingPosition="x"),
         f"{DETECTED}Value 'x' at 'startingPosition' {FAILED} satisfy enum value set: "
         "[LATEST, AT_TIMESTAMP, TRIM_HORIZON]"),
        ("PutProvisionedConcurrencyConfig",
         {"FunctionName": "f", "Qualifier": "1", "ProvisionedConcurrentExecutions": 0},
         f"{DETECTED}Value '0' at 'provisionedConcurrentExecutions' {FAILED} have value greater than or equal to 1"),
        ("ListLayers", {"CompatibleArchitecture": "x"},
         f"{DETECTED}Value 'x' at 'compatibleArchitecture' {FAILED} satisfy enum value set: [x86_64, arm64]"),
        ("GetLayerVersionByArn", {"Arn": LAYER}, f"{DETECTED}Value '{LAYER}' at 'arn' {FAILED} {LAYER_PATTERN}"),
        ("UpdateFunctionConfiguration", {"FunctionName": "f", "Layers": [LAYER]},
         f"{DETECTED}Value '[{LAYER}]' at 'layers' {FAILED} satisfy constraint: [Member must have length less than or "
         f"equal to 2048, Member must have length greater than or equal to 1, Member must {LAYER_PATTERN}, "
         "Member must not be null]"),
        ("PublishLayerVersion",
         {"LayerName": "l", "Content": {"ZipFile": "eA=="}, "CompatibleRuntimes": ["x", "y", "nodejs20.x"],
          "CompatibleArchitectures": ["z", "x86_64"]},
         f"2 validation errors detected: Value '[x, y, nodejs20.x]' at 'compatibleRuntimes' {FAILED} satisfy enum "
         f"value set: [{RUNTIMES}]; Value '[z, x86_64]' at 'compatibleArchitectures' {FAILED} satisfy constraint: "
         "[Member must satisfy enum value set: [x86_64, arm64], Member must not be null]"),
        ("UntagResource", {"Resource": FUNCTION, "TagKeys": []},
         f"{DETECTED}Value null at 'tagKeys' {FAILED} not be null"),
    ],
)  # fmt: skip
def test_constraints_of_the_model_have_service_messages(operation: str, payload: dict[str, Any], message: str) -> None:
    found = refused(operation, payload, payload=payload, show_values=True)
    assert found == ("ValidationException", message)


@pytest.mark.parametrize(
    ("operation", "payload", "message"),
    [
        ("CreateEventSourceMapping", mapping(TABLE),
         f"{DETECTED}Value null at 'startingPosition' {FAILED} not be null."),
        ("CreateEventSourceMapping", {"FunctionName": "f"}, "Unrecognized event source."),
        ("CreateEventSourceMapping", mapping(QUEUE, FilterCriteria={"Filters": [{"Pattern": "x"}]}),
         "Invalid filter pattern definition."),
        ("CreateEventSourceMapping", mapping(QUEUE, DestinationConfig={"OnFailure": {"Destination": QUEUE}}),
         "Unsupported DestinationConfig parameter for given event source mapping type."),
        ("CreateEventSourceMapping", mapping(TABLE, StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=1.0),
         f"Unsupported starting position for arn type: {TABLE}"),
        ("PutFunctionEventInvokeConfig", {"FunctionName": "f"},
         "You must specify at least one of error handling or destination setting."),
        ("PutFunctionEventInvokeConfig", {"FunctionName": "f:1", "Qualifier": "2", "MaximumRetryAttempts": 1},
         "The derived qualifier from the function name does not match the specified qualifier."),
        ("GetProvisionedConcurrencyConfig", {"FunctionName": "f", "Qualifier": "$LATEST"},
         "The function resource provided must be an alias or a published version."),
        ("TagResource", {"Resource": f"{FUNCTION}:1", "Tags": {"a": "b"}},
         "Tags on function aliases and versions are not supported. Please specify a function ARN."),
        ("TagResource", {"Resource": FUNCTION, "Tags": {}}, "An error occurred and the request cannot be processed."),
        ("GetLayerVersion", {"LayerName": "l", "VersionNumber": 0}, "Layer Version Cannot be less than 1"),
    ],
)  # fmt: skip
def test_rules_beyond_the_model_have_service_messages(operation: str, payload: dict[str, Any], message: str) -> None:
    found = refused(operation, payload, payload=payload, show_values=True)
    assert found == ("InvalidParameterValueException", message)


def test_values_are_hidden_by_default() -> None:
    payload = mapping(TABLE, StartingPosition="secret", BatchSize=0)
    report = lv.Validator("current").validate_request("CreateEventSourceMapping", payload)
    hidden, shown = report.service_message(), report.service_message(show_values=True)
    assert hidden.startswith("2 validation errors detected: Value at 'batchSize' failed to satisfy constraint: ")
    assert "secret" not in hidden
    assert "Value 'secret' at 'startingPosition'" in shown


def test_a_service_message_with_a_value_is_replaced_by_ours() -> None:
    payload = mapping(TABLE, StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=1.0)
    for options in ({}, {"payload": payload}, {"show_values": True}):
        assert refused("CreateEventSourceMapping", payload, **options).message == (
            "AT_TIMESTAMP is not for DynamoDB streams."
        )


def test_without_the_payload_a_list_has_its_invalid_items() -> None:
    payload = {"FunctionName": "f", "Layers": ["x", LAYER + ":1", "y"]}
    found = refused("UpdateFunctionConfiguration", payload, show_values=True)
    assert "Value '[x, y]' at 'layers'" in found.message


def test_a_list_deep_inside_is_shown_as_one_at_the_top_is() -> None:
    servers = {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["x", "b:1", "y"]}}
    payload = {"FunctionName": "f", "SelfManagedEventSource": servers, "Topics": ["top"]}
    payload["SourceAccessConfigurations"] = [{"Type": "BASIC_AUTH", "URI": "arn:aws:secretsmanager:x"}]
    place = "at 'selfManagedEventSource.endpoints.kAFKA_BOOTSTRAP_SERVERS' failed"
    for given, shown in ({}, "[x, y]"), ({"payload": payload}, "[x, b:1, y]"):
        message = refused("CreateEventSourceMapping", payload, show_values=True, **given).message
        assert message.startswith(f"1 validation error detected: Value '{shown}' {place}")


def test_other_rules_use_our_messages() -> None:
    payload = mapping(QUEUE, BatchSize=11)
    assert refused("CreateEventSourceMapping", payload, "documents") == (
        "InvalidParameterValueException",
        "BatchSize is at most 10 for an SQS queue; `current` allows up to 10,000 with a batching window.",
    )


def test_documents_has_the_same_service_messages() -> None:
    payload = mapping(TABLE, StartingPosition="x", MaximumBatchingWindowInSeconds=301)
    assert refused("CreateEventSourceMapping", payload, "documents", show_values=True).message == (
        f"2 validation errors detected: Value '301' at 'maximumBatchingWindowInSeconds' {FAILED} have value less than "
        f"or equal to 300; Value 'x' at 'startingPosition' {FAILED} satisfy enum value set: "
        "[LATEST, AT_TIMESTAMP, TRIM_HORIZON]"
    )


def test_a_valid_request_has_no_service_message() -> None:
    assert lv.validate_request("GetFunctionEventInvokeConfig", {"FunctionName": "f"}).service_message() == ""


def test_many_errors_are_counted_and_not_all_listed() -> None:
    def message(count: int) -> str:
        payload = mapping(QUEUE, SourceAccessConfigurations=[{"Type": "x"}] * count)
        return refused("CreateEventSourceMapping", payload).message

    for count, more in (51, 1), (120, 70):
        assert message(count).startswith(f"{count} validation errors detected: ")
        assert message(count).endswith(f"; and {more} more")
        assert message(count).count("Value at") == 50
    assert "more" not in message(50)
    assert message(1).startswith("1 validation error detected: ")


def test_the_generated_data_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/service_words.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_every_recorded_rule_and_member_exists() -> None:
    recorded = json.loads((ROOT / "lambda_validate/report/service_sentences.json").read_text("utf-8"))
    known = ids("documents") | ids("current")
    of_operations = {rule for sentences in recorded["operations"].values() for rule in sentences}
    named = (recorded["sentences"], recorded["nulls"], recorded["exceptions"], recorded["shapes"], of_operations)
    assert {rule for each in named for rule in each} <= known
    assert recorded["operations"].keys() <= {*lv.operations("current")}
    for place in recorded["phrases"]:
        request, member, keyword = place.split(".")
        schema = lv.schema(request.removesuffix("Request"), "request", edition="current")
        assert member in schema["properties"], keyword


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError


class Unreadable(dict[str, Any]):
    def get(self, *_: Any) -> Any:
        raise RuntimeError


def nested(levels: int) -> list[Any]:
    made: list[Any] = []
    for _ in range(levels):
        made = [made]
    return made


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (mapping(QUEUE, BatchSize=10**5000), f"{DETECTED}Value at 'batchSize' {FAILED} have value less than or equal"),
        (mapping(QUEUE, Topics=["", nested(5000)]), "1 validation error detected: Value at 'topics' "),
        (mapping(QUEUE, Topics=["", Unprintable()]), "1 validation error detected: Value at 'topics' "),
        (Unreadable(mapping(QUEUE, Topics=[""])), "1 validation error detected: Value at 'topics' "),
    ],
    ids=["digits", "nesting", "object", "mapping"],
)
def test_a_value_that_cannot_be_printed_is_not_shown(request_: dict[str, Any], message: str) -> None:
    report = lv.validate_request("CreateEventSourceMapping", request_, "current")
    assert report.service_message(show_values=True, payload=request_).startswith(message)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (("FilterCriteria", "Filters", 0, "Pattern"), "filterCriteria.filters.1.member.pattern"),
        (("Filters", 1), "filters.2.member"), (("A", 10, 2), "a.11.member.3.member"), (("", "B"), ".b"), ((), ""),
    ],
)  # fmt: skip
def test_items_are_counted_from_one(path: tuple[str | int, ...], shown: str) -> None:
    assert spelt(path) == shown


def test_paths_are_truncated_like_values() -> None:
    request = mapping(QUEUE, Tags={"x" * 10_000: "y"})
    message = lv.validate_request("CreateEventSourceMapping", request, "current").service_message()
    path = ("tags." + "x" * 10_000)[:1_000]
    assert f"Value at '{path}' {FAILED} have length less than or equal to 128" in message
    assert len(message) < 3_000
