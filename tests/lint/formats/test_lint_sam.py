"""SAM: which events become mappings, and how `Globals` are merged."""

from __future__ import annotations

import io
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.lint.documents import yaml_text
from lambda_validate.lint.findings.resource import Resource, place
from lambda_validate.lint.formats.cloudformation.sam import EVENTS, event_names, resources
from lambda_validate.lint.runner import lint
from lambda_validate.lint.unresolved.parts import Unknown


def read(text: str) -> list[Resource]:
    parsed = yaml_text.parse(text, "yaml11")
    assert isinstance(parsed, tuple)
    return [each for document in parsed for each in resources(document, "documents")]


def function(properties: str, rest: str = "") -> str:
    return f"Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {properties}\n{rest}"


def event(kind: str, properties: str) -> Resource:
    (resource,) = read(function(f"{{Events: {{E: {{Type: {kind}, Properties: {properties}}}}}}}"))
    return resource


@pytest.mark.parametrize(
    ("kind", "source", "service"),
    [(kind, each.source, each.service) for kind, each in EVENTS.items() if each.source],
)
def test_an_event_s_source_is_of_its_type_s_service(kind: str, source: str, service: str):
    resource = event(kind, f"{{{source}: !ImportValue x, BatchSize: 1}}")
    assert resource.payload["EventSourceArn"] == Unknown(service)
    assert resource.payload["BatchSize"] == 1
    assert resource.names["EventSourceArn",] == source
    path = ("Resources", "F", "Properties", "Events", "E", "Properties", source)
    assert place(resource.places, (), ("EventSourceArn",)) == path


def test_the_function_is_implied():
    assert event("SQS", "{Queue: a}").payload["FunctionName"] == Unknown(implied=True)


@pytest.mark.parametrize("kind", ["Api", "S3", "Schedule", "CloudWatchEvent", "s3", "Nothing"])
def test_other_events_are_no_mappings(kind: str):
    assert read(function(f"{{Events: {{E: {{Type: {kind}, Properties: {{}}}}}}}}")) == []


@pytest.mark.parametrize("kind", ["SQS", "Kinesis", "DynamoDB"])
def test_an_event_has_the_mapping_s_members_but_those_that_sam_fills_in(kind: str):
    names = event_names(kind, "documents")
    assert set(names.own.values()) == set(lv.operation("CreateEventSourceMapping").members("request")) - {
        "FunctionName"
    }


def test_every_branch_of_a_condition_is_read():
    branches = "!If [c, {E: {Type: SQS, Properties: {Queue: a}}}, {D: !If [d, {Type: Kinesis}, !Ref AWS::NoValue]}]"
    found = read(function(f"{{Events: {branches}}}"))
    assert [each.path[-4:] for each in found] == [("Events", 1, "E", "Properties"), ("D", 1)[:0] + found[1].path[-4:]]
    assert [each.payload.get("EventSourceArn") for each in found] == ["a", None]


def settings(own: str, common: str) -> dict[str, Any]:
    rest = f"Globals: {{Function: {{EventInvokeConfig: {common}}}}}\n"
    (resource,) = read(function(f"{{EventInvokeConfig: {own}}}", rest))
    return {name: each for name, each in resource.payload.items() if name != "FunctionName"}


@pytest.mark.parametrize(
    ("own", "common", "merged"),
    [
        ("{}", "{MaximumRetryAttempts: 3}", {"MaximumRetryAttempts": 3}),
        ("{MaximumRetryAttempts: 1}", "{MaximumRetryAttempts: 3}", {"MaximumRetryAttempts": 1}),
        (
            "{DestinationConfig: {OnFailure: {Destination: a}}}",
            "{DestinationConfig: {OnFailure: {Destination: b}, OnSuccess: {Destination: c}}}",
            {"DestinationConfig": {"OnFailure": {"Destination": "a"}, "OnSuccess": {"Destination": "c"}}},
        ),
        ("{DestinationConfig: a}", "{DestinationConfig: {OnFailure: {}}}", {"DestinationConfig": "a"}),
        ("{}", "5", {}),
    ],
)
def test_a_function_s_own_settings_win_over_those_for_all(own: str, common: str, merged: dict[str, Any]):
    assert settings(own, common) == merged


def test_what_comes_from_globals_is_shown_there():
    rest = "Globals: {Function: {EventInvokeConfig: {DestinationConfig: {OnSuccess: {Destination: c}}}}}\n"
    (resource,) = read(function("{EventInvokeConfig: {DestinationConfig: {OnFailure: {Destination: a}}}}", rest))
    inner = ("DestinationConfig", "OnSuccess", "Destination")
    assert place(resource.places, (), inner) == ("Globals", "Function", "EventInvokeConfig", *inner)
    inner = ("DestinationConfig", "OnFailure", "Destination")
    assert place(resource.places, (), inner)[:2] == ("Resources", "F")


def test_functions_without_settings_have_none():
    assert read(function("{Handler: a}")) == []
    assert read(function("{EventInvokeConfig: !Ref x}")) == []


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("{Type: SQS, Destination: !ImportValue x}", {"Destination": Unknown("sqs")}),
        ("{Type: SNS}", {}),
        ("{Type: !Ref x, Destination: a}", {"Destination": "a"}),
        ("{Type: SQS, Destination: a}", {"Destination": "a"}),
    ],
)
def test_a_destination_s_type_tells_its_service(target: str, value: dict[str, Any]):
    config = settings(f"{{DestinationConfig: {{OnFailure: {target}}}}}", "{}")
    assert config["DestinationConfig"]["OnFailure"] == value


def test_mappings_of_either_kind_in_one_template_are_found():
    mapping = "  M: {Type: 'AWS::Lambda::EventSourceMapping', Properties: {FunctionName: f, BatchSize: 0}}\n"
    text = function("{Events: {E: {Type: SQS, Properties: {Queue: !ImportValue q, BatchSize: 11}}}}", mapping)
    outcome = lint(["-"], io.BytesIO(text.encode()), lv.Validator())
    assert [each.rule for each in outcome.findings] == [
        "batch-size.sqs",
        "event-source-arn.required",
        "batch-size.minimum",
    ]
