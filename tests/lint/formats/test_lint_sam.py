"""Test SAM: which events become mappings, and how `Globals` are merged."""

from __future__ import annotations

import io
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.lint.documents import yaml_text
from lambda_validate.lint.findings.checker import check
from lambda_validate.lint.findings.resource import Resource, place
from lambda_validate.lint.formats.cloudformation.sam import EVENTS, event_names, resources
from lambda_validate.lint.runner import lint
from lambda_validate.lint.unresolved.parts import Unknown


def read(text: str, edition: str = "documents") -> list[Resource]:
    parsed = yaml_text.parse(text, "yaml11")
    assert isinstance(parsed, tuple)
    return [each for document in parsed for each in resources(document, edition)]


def function(properties: str, rest: str = "") -> str:
    return f"Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {properties}\n{rest}"


def event(kind: str, properties: str, edition: str = "documents") -> Resource:
    (resource,) = read(function(f"{{Events: {{E: {{Type: {kind}, Properties: {properties}}}}}}}"), edition)
    return resource


@pytest.mark.parametrize(
    ("kind", "source", "service"),
    [(kind, each.source, each.service) for kind, each in EVENTS.items() if each.source],
)
def test_the_event_type_determines_the_source_service(kind: str, source: str, service: str):
    resource = event(kind, f"{{{source}: !ImportValue x, BatchSize: 1}}")
    assert resource.payload["EventSourceArn"] == Unknown(service)
    assert resource.payload["BatchSize"] == 1
    assert resource.names["EventSourceArn",] == source
    path = ("Resources", "F", "Properties", "Events", "E", "Properties", source)
    assert place(resource.places, (), ("EventSourceArn",)) == path


@pytest.mark.parametrize(
    ("kind", "properties", "path", "value"),
    [
        (
            "SelfManagedKafka",
            "{KafkaBootstrapServers: [a]}",
            ("SelfManagedEventSource", "Endpoints", "KAFKA_BOOTSTRAP_SERVERS"),
            ["a"],
        ),
        (
            "SelfManagedKafka",
            "{ConsumerGroupId: a}",
            ("SelfManagedKafkaEventSourceConfig", "ConsumerGroupId"),
            "a",
        ),
        ("MSK", "{ConsumerGroupId: a}", ("AmazonManagedKafkaEventSourceConfig", "ConsumerGroupId"), "a"),
        ("DocumentDB", "{DatabaseName: a}", ("DocumentDBEventSourceConfig", "DatabaseName"), "a"),
    ],
)
def test_sam_properties_are_mapped_to_api_members(kind: str, properties: str, path: tuple[str, ...], value: Any):
    resource = event(kind, properties, "current")
    inner = resource.payload
    for step in path:
        inner = inner[step]
    assert inner == value
    name = properties[1:].partition(":")[0]
    assert resource.names[path] == name
    for length in range(1, len(path) + 1):
        assert place(resource.places, (), path[:length])[-1] == name


def test_a_cluster_without_servers_has_the_event_member_name():
    assert event("SelfManagedKafka", "{}", "current").names["EventSourceArn",] == "KafkaBootstrapServers"
    assert event("SelfManagedKafka", "{}").payload["EventSourceArn"] == Unknown("kafka")


@pytest.mark.parametrize("kind", EVENTS)
def test_event_properties_without_a_member_are_not_in_the_payload(kind: str):
    own = [name for name, path in EVENTS[kind].own.items() if not path]
    assert own
    resource = event(kind, str(dict.fromkeys(own, "x")), "current")
    assert not resource.payload.keys() & {*own}
    assert "member.unknown" not in {each.rule for each in resource.extra}


def test_the_function_name_of_an_event_is_implied():
    assert event("SQS", "{Queue: a}").payload["FunctionName"] == Unknown(implied=True)


@pytest.mark.parametrize("kind", ["Api", "S3", "Schedule", "CloudWatchEvent", "s3", "Nothing"])
def test_other_event_types_are_not_mappings(kind: str):
    assert read(function(f"{{Events: {{E: {{Type: {kind}, Properties: {{}}}}}}}}")) == []


@pytest.mark.parametrize("kind", ["SQS", "Kinesis", "DynamoDB"])
def test_an_event_has_the_mapping_s_members_but_those_that_sam_fills_in(kind: str):
    names = event_names(kind, "documents")
    members = set(lv.operation("CreateEventSourceMapping").members("request"))
    assert set(names.own.values()) == members - {"FunctionName"} | {"SecretsManagerKmsKeyId"}


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
def test_function_settings_override_globals(own: str, common: str, merged: dict[str, Any]):
    assert settings(own, common) == merged


def test_values_from_globals_are_reported_there():
    rest = "Globals: {Function: {EventInvokeConfig: {DestinationConfig: {OnSuccess: {Destination: c}}}}}\n"
    (resource,) = read(function("{EventInvokeConfig: {DestinationConfig: {OnFailure: {Destination: a}}}}", rest))
    inner = ("DestinationConfig", "OnSuccess", "Destination")
    assert place(resource.places, (), inner) == ("Globals", "Function", "EventInvokeConfig", *inner)
    inner = ("DestinationConfig", "OnFailure", "Destination")
    assert place(resource.places, (), inner)[:2] == ("Resources", "F")


def test_functions_without_settings_yield_nothing():
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
def test_the_type_of_a_destination_determines_its_service(target: str, value: dict[str, Any]):
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


@pytest.mark.parametrize(("refused", "severity"), [(frozenset[str](), "warning"), ({"destination.self"}, "error")])
def test_a_rule_that_the_format_s_tool_checks_too_is_an_error(refused: frozenset[str], severity: str):
    arn = "arn:aws:lambda:us-west-2:123456789012:function:f"
    parsed = yaml_text.parse("{}", "yaml11")
    assert isinstance(parsed, tuple)
    payload = {"FunctionName": arn, "DestinationConfig": {"OnFailure": {"Destination": arn}}}
    resource = Resource("GetFunctionEventInvokeConfig", "settings", payload, refused=frozenset(refused))
    (finding,) = check("a.yaml", parsed[0], resource, lv.Validator())
    assert (finding.rule, finding.severity) == ("destination.self", severity)


@pytest.mark.parametrize("kind", ["MQ", "DocumentDB", "SelfManagedKafka"])
def test_sam_checks_access_itself(kind: str):
    assert {"source-access.required", "source-access.uri"} <= event(kind, "{}", "current").refused
