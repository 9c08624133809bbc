"""Test serverless.yml: which parts of a service become mappings and settings, and which variables stay unknown."""

from __future__ import annotations

import io
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.lint.documents import yaml_text
from lambda_validate.lint.findings.resource import SETTINGS, Resource, place
from lambda_validate.lint.formats.serverless.functions import resources
from lambda_validate.lint.formats.serverless.names import logical_id
from lambda_validate.lint.formats.serverless.service import masked, variables
from lambda_validate.lint.runner import lint
from lambda_validate.lint.unresolved.parts import Choice, Partial, Unknown

QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
STREAM = "arn:aws:kinesis:us-west-2:123456789012:stream/clicks"
CONSUMER = f"{STREAM}/consumer/reader:1571642825"


def read(text: str, edition: str = "documents") -> list[Resource]:
    parsed = yaml_text.parse(text)
    assert isinstance(parsed, tuple)
    return [each for document in parsed for each in resources(document, edition)]


def service(function: str, rest: str = "") -> str:
    return f"service: shop\nprovider: {{name: aws}}\nfunctions:\n  worker: {function}\n  other: {{}}\n{rest}"


def event(item: str, rest: str = "", edition: str = "documents") -> Resource:
    (resource,) = read(service(f"{{events: [{item}]}}", rest), edition)
    return resource


SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:kafka"


def messages(text: str) -> list[str]:
    return [each.message for each in lint(["-"], io.BytesIO(text.encode()), lv.Validator()).findings]


@pytest.mark.parametrize(
    ("item", "payload"),
    [
        (f"sqs: '{QUEUE}'", {"EventSourceArn": QUEUE}),
        (f"sqs: {{arn: '{QUEUE}', batchSize: 5}}", {"EventSourceArn": QUEUE, "BatchSize": 5}),
        (f"sqs: {{arn: '{QUEUE}', maximumBatchingWindow: 5}}", {"MaximumBatchingWindowInSeconds": 5}),
        (f"sqs: {{arn: '{QUEUE}', functionResponseType: X}}", {"FunctionResponseTypes": ["X"]}),
        (f"sqs: {{arn: '{QUEUE}', maximumConcurrency: 2}}", {"ScalingConfig": {"MaximumConcurrency": 2}}),
        (
            f"sqs: {{arn: '{QUEUE}', filterPatterns: [{{a: [1]}}, {{b: ['${{self:c}}']}}]}}",
            {"FilterCriteria": {"Filters": [{"Pattern": '{"a": [1]}'}, {"Pattern": Unknown()}]}},
        ),
        (f"stream: '{STREAM}'", {"EventSourceArn": STREAM, "StartingPosition": "TRIM_HORIZON"}),
        (f"stream: {{arn: '{STREAM}', startingPosition: LATEST, batchWindow: 5}}", {"StartingPosition": "LATEST"}),
        (f"stream: {{arn: '{STREAM}', batchWindow: 5}}", {"MaximumBatchingWindowInSeconds": 5}),
        (f"stream: {{arn: '{STREAM}', consumer: '{CONSUMER}'}}", {"EventSourceArn": CONSUMER}),
        (f"stream: {{type: kinesis, consumer: '{CONSUMER}'}}", {"EventSourceArn": CONSUMER}),
        (f"stream: {{arn: '{STREAM}', consumer: true}}", {"EventSourceArn": STREAM}),
        (f"stream: {{arn: '{STREAM}', consumer: null, enabled: null}}", {"EventSourceArn": STREAM}),
        (
            f"stream: {{arn: '{STREAM}', destinations: {{onFailure: '{QUEUE}'}}}}",
            {"DestinationConfig": {"OnFailure": {"Destination": QUEUE}}},
        ),
        (
            f"stream: {{arn: '{STREAM}', destinations: {{onFailure: {{arn: !ImportValue q, type: sns}}}}}}",
            {"DestinationConfig": {"OnFailure": {"Destination": Unknown("sns")}}},
        ),
    ],
)
def test_an_event_becomes_a_mapping(item: str, payload: dict[str, Any]):
    resource = event(item)
    assert payload.items() <= resource.payload.items()
    assert (resource.operation, resource.direction) == ("CreateEventSourceMapping", "request")
    assert resource.payload["FunctionName"] == Unknown()
    assert not resource.extra


@pytest.mark.parametrize(
    ("item", "payload"),
    [
        (
            f"msk: {{arn: a, topic: b, consumerGroupId: c, saslScram512: '{SECRET}', maximumBatchingWindow: 5}}",
            {
                "EventSourceArn": "a",
                "Topics": ["b"],
                "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": "c"},
                "SourceAccessConfigurations": [{"Type": "SASL_SCRAM_512_AUTH", "URI": SECRET}],
                "MaximumBatchingWindowInSeconds": 5,
                "StartingPosition": "TRIM_HORIZON",
            },
        ),
        (
            "kafka: {topic: a, consumerGroupId: b, bootstrapServers: c, startingPosition: LATEST, batchSize: 5,"
            f" accessConfigurations: {{vpcSubnet: [d, e], vpcSecurityGroup: f, saslPlainAuth: ['{SECRET}']}}}}",
            {
                "Topics": ["a"],
                "SelfManagedKafkaEventSourceConfig": {"ConsumerGroupId": "b"},
                "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["c"]}},
                "StartingPosition": "LATEST",
                "BatchSize": 5,
                "SourceAccessConfigurations": [
                    {"Type": "VPC_SUBNET", "URI": "subnet:d"},
                    {"Type": "VPC_SUBNET", "URI": "subnet:e"},
                    {"Type": "VPC_SECURITY_GROUP", "URI": "security_group:f"},
                    {"Type": "BASIC_AUTH", "URI": SECRET},
                ],
            },
        ),
        (
            f"activemq: {{arn: a, queue: b, basicAuthArn: '{SECRET}', enabled: 0}}",
            {
                "EventSourceArn": "a",
                "Queues": ["b"],
                "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": SECRET}],
                "Enabled": False,
            },
        ),
        (
            f"rabbitmq: {{arn: !ImportValue a, queue: b, virtualHost: /, basicAuthArn: '{SECRET}'}}",
            {
                "EventSourceArn": Unknown("mq"),
                "Queues": ["b"],
                "SourceAccessConfigurations": [
                    {"Type": "VIRTUAL_HOST", "URI": "/"},
                    {"Type": "BASIC_AUTH", "URI": SECRET},
                ],
            },
        ),
        (
            "kafka: {topic: a, bootstrapServers: '${self:b}', accessConfigurations: {vpcSubnet: '${self:c}'}}",
            {
                "Topics": ["a"],
                "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": Unknown()}},
                "SourceAccessConfigurations": [{"Type": "VPC_SUBNET", "URI": Unknown()}],
                "StartingPosition": "TRIM_HORIZON",
            },
        ),
        ("kafka: {accessConfigurations: '${self:a}'}", {"SourceAccessConfigurations": Unknown()}),
    ],
)
def test_kafka_and_mq_events_are_mapped_to_api_members(item: str, payload: dict[str, Any]):
    found = event(item, edition="current").payload
    found.pop("FunctionName")
    assert found == {**({"StartingPosition": "TRIM_HORIZON"} if item.startswith("kafka") else {}), **payload}


def test_a_cluster_without_servers_has_the_event_member_name():
    assert event("kafka: {topic: a}", edition="current").names["EventSourceArn",] == "bootstrapServers"


def test_events_unknown_to_the_documents_edition_are_skipped():
    assert read(service("{events: [msk: {arn: a}, kafka: {topic: a}, activemq: {}, rabbitmq: {}]}")) == []


def test_access_configurations_are_reported_at_their_own_position():
    found = event("kafka: {accessConfigurations: {vpcSubnet: [a], saslPlainAuth: [b, c]}}", edition="current")
    inner = place(found.places, (), ("SourceAccessConfigurations", 2, "URI"))
    assert inner[-3:] == ("accessConfigurations", "saslPlainAuth", 1)
    assert found.names["SourceAccessConfigurations", 2, "URI"] == "saslPlainAuth"


@pytest.mark.parametrize(
    ("item", "source"),
    [
        ("sqs: {arn: '${self:custom.queue}'}", Unknown("sqs")),
        ("sqs: '${ssm:/queue}'", Unknown("sqs")),
        ("sqs: {arn: !ImportValue queue}", Unknown("sqs")),
        ("stream: {arn: '${cf:other.stream}', type: dynamodb}", Unknown("dynamodb")),
        ("stream: {arn: '${cf:other.stream}', type: '${env:KIND}'}", Unknown()),
        ("stream: {arn: !ImportValue stream, consumer: true}", Unknown("kinesis")),
        ("stream: {arn: !GetAtt Users.StreamArn}", Unknown("dynamodb", target=("Users",))),
        (
            "stream: {arn: !GetAtt Users.StreamArn, type: dynamodb, consumer: true}",
            Unknown("dynamodb", target=("Users",)),
        ),
        ("sqs: {arn: !GetAtt Turns.Arn}", Unknown("sqs", True, target=("Turns",))),
    ],
)
def test_the_service_of_a_source_comes_from_its_target_or_the_event(item: str, source: Unknown):
    rest = "resources:\n  Resources:\n    Users: {Type: AWS::DynamoDB::Table}\n"
    turns = "    Turns: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}\n"
    assert event(item, rest + turns).payload["EventSourceArn"] == source


def test_a_string_with_variables_is_partially_known():
    text = "arn:aws:sqs:${aws:region}:${file(x.${opt:stage}.yml):id}:orders.fifo"
    source = event(f"sqs: '{text}'").payload["EventSourceArn"]
    assert source == Partial(
        ("arn:aws:sqs:", None, ":", None, ":orders.fifo"), starts=(0, None, 25, None, text.index(":orders"))
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a ${b} #{c} d", ["${b}", "#{c}"]),
        ("${file(a.${b:c, '${d}'}.yml):e}-f", ["${file(a.${b:c, '${d}'}.yml):e}"]),
        ("{a} $b }} {", []),
        ("a${b", ["${b"]),
        ("{${a}}", ["${a}"]),
    ],
)
def test_nested_variables_are_found(text: str, found: list[str]):
    assert [text[start:end] for start, end in variables(text)] == found


def test_nested_variables_are_masked_with_equal_length():
    text = "a:${AWS::Region}:${file(x.${opt:stage}.yml):id}:#{AWS::AccountId}"
    assert masked(text) == "a:${AWS::Region}:${" + "_" * 27 + "}:${" + "_" * 14 + "}"
    assert len(masked(text)) == len(text)


@pytest.mark.parametrize(
    ("function", "payload"),
    [
        ("{maximumRetryAttempts: 0}", {"MaximumRetryAttempts": 0}),
        ("{maximumEventAge: 60}", {"MaximumEventAgeInSeconds": 60}),
        (f"{{destinations: {{onSuccess: '{QUEUE}'}}}}", {"DestinationConfig": {"OnSuccess": {"Destination": QUEUE}}}),
        (
            "{destinations: {onFailure: other}}",
            {"DestinationConfig": {"OnFailure": {"Destination": Unknown("lambda")}}},
        ),
        (
            "{destinations: {onFailure: {type: eventBus, arn: '${self:custom.bus}'}}}",
            {"DestinationConfig": {"OnFailure": {"Destination": Unknown("events")}}},
        ),
        (
            "{destinations: {onFailure: {type: function, arn: !GetAtt OtherLambdaFunction.Arn}}}",
            {"DestinationConfig": {"OnFailure": {"Destination": Unknown("lambda", target=("OtherLambdaFunction",))}}},
        ),
    ],
)
def test_a_function_s_keys_become_settings(function: str, payload: dict[str, Any]):
    (resource,) = read(service(function))
    assert resource.payload == {"FunctionName": Unknown(), **payload}
    assert (resource.operation, resource.direction) == ("GetFunctionEventInvokeConfig", SETTINGS)
    assert not resource.extra


def test_members_are_reported_at_their_source_paths():
    resource = event(f"sqs: {{arn: '{QUEUE}', filterPatterns: [{{a: [1]}}], maximumConcurrency: 1}}")
    home = ("functions", "worker", "events", 0, "sqs")
    written = {
        ("EventSourceArn",): (*home, "arn"),
        ("BatchSize",): (*home, "BatchSize"),
        ("FilterCriteria", "Filters", 0, "Pattern"): (*home, "filterPatterns", 0),
        ("ScalingConfig", "MaximumConcurrency"): (*home, "maximumConcurrency"),
    }
    assert {path: place(resource.places, resource.path, path) for path in written} == written
    assert resource.owner == ("functions", "worker")


@pytest.mark.parametrize(
    "text",
    [
        "functions: {worker: {maximumRetryAttempts: 3}}",
        "service: shop\nprovider: {name: google}\nfunctions: {worker: {maximumRetryAttempts: 3}}",
        "service: shop\nfunctions: ${file(functions.yml)}",
        "service: shop\nfunctions: {worker: '${file(worker.yml)}'}",
        "service: shop\nfunctions: {worker: {handler: a.b, timeout: 3, events: [{http: GET /}, sqs, null]}}",
        "service: shop\nfunctions: {worker: {retries: 3, onError: x}}",
        "service: shop\nplugins: [p]\nfunctions: {worker: {maximumRetries: 3}}",
        "service: shop\nfunctions: [null, 3, [a]]",
    ],
)
def test_other_content_is_skipped(text: str):
    assert read(text) == []


@pytest.mark.parametrize("provider", ["aws", "{name: aws}", "{name: '${self:custom.cloud}'}", "{runtime: python3.13}"])
def test_the_provider_may_have_several_forms(provider: str):
    text = f"service: shop\nprovider: {provider}\nfunctions: {{worker: {{events: [{{sqs: '{QUEUE}'}}]}}}}"
    assert len(read(text)) == 1


def test_messages_have_serverless_s_names():
    found = messages(service("{maximumEventAge: 59, events: [{sqs: {arn: x, batchSize: 11}}]}"))
    assert "MaximumEventAgeInSeconds (here maximumEventAge) must be at least 60." in found
    assert any(each.startswith("EventSourceArn (here arn) must be") for each in found)


def test_a_misplaced_event_says_that_there_is_no_trigger():
    (found,) = messages(f"service: a\nfunctions:\n  f:\n    events:\n      - sqs:\n        arn: {QUEUE}\n")
    assert found == "sqs is empty, so there is no trigger; arn should be below it."


def test_functions_have_names_in_the_template():
    assert logical_id("my-first_function") == "MyDashfirstUnderscorefunctionLambdaFunction"


@pytest.mark.parametrize("function", ["!Sub '{}'", "{{'Fn::Sub': '{}'}}", "!Sub ['{}', {{a: b}}]"])
def test_known_parts_around_variables_in_a_substitution_are_preserved(function: str):
    text = "arn:aws:sqs:${AWS::Region}:1:${file(x.${opt:stage}.yml):id}"
    source = event(f"sqs: {{arn: {function.format(text)}}}").payload["EventSourceArn"]
    written = source.options[0].value if isinstance(source, Choice) else source
    assert written.parts == ("arn:aws:sqs:", "us-west-2", ":1:", None)
