"""Test `attach` with Lambda: requests of any size before they are sent, and responses. No network is used."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config
from support.sdk_calls import KEYS, ONCE, SESSION, VALID, Wire, attach, made, rules

import lambda_validate as lv
from lambda_validate import boto, strategies
from lambda_validate.http import Limits
from lambda_validate.http.events import Event

CREATE, GET = lv.operations()
MEGABYTE = 1_000_000
FUNCTION = {"FunctionName": "orders", "Runtime": "python3.12", "Handler": "a.b", "Description": "x" * 250}
MANY = json.dumps({"Functions": [FUNCTION] * 4_000}).encode()
TAGS = [f"{number:03}{'é' * 120}" for number in range(50)]
ARN = "arn:aws:lambda:us-west-2:123456789012:function:orders"


@pytest.fixture
def client() -> Iterator[Any]:
    client = made()
    yield client
    client.close()


def before_call(client: Any, change: Callable[[Any], Any], event: str = "before-call.lambda") -> None:
    """Let a handler change the outgoing request. The event name chooses the moment."""
    client.meta.events.register(event, lambda params, **_: change(params))


# Sizes.


@pytest.mark.parametrize(("operation", "parameters"), [
    ("update_function_code", {"FunctionName": "orders", "ZipFile": b"\x01" * MEGABYTE}),
    ("invoke", {"FunctionName": "orders", "Payload": b'"' + b"x" * MEGABYTE + b'"'}),
    ("untag_resource", {"Resource": ARN, "TagKeys": TAGS}),
], ids=["a zip", "a payload", "a query"])  # fmt: skip
def test_a_valid_call_may_have_any_size(client: Any, operation: str, parameters: dict[str, Any]) -> None:
    events: list[Event] = []
    attach(client, edition="current", on_check=events.append)
    wire = Wire(client)
    getattr(client, operation)(**parameters)
    assert len(wire.sent) == 1
    assert {each.outcome for each in events} == {"passed"}


def test_a_valid_response_may_have_any_size_and_number_of_headers(client: Any) -> None:
    attach(client, edition="current", responses="block")
    Wire(client, body=MANY, **{f"x_other_{number}": "a" for number in range(500)})
    assert len(MANY) > 1.3 * MEGABYTE
    assert len(client.list_functions()["Functions"]) == 4_000


def test_a_valid_call_may_have_any_number_of_headers(client: Any) -> None:
    before_call(client, lambda params: params["headers"].update({f"x-other-{number}": "a" for number in range(500)}))
    attach(client, edition="current")
    wire = Wire(client)
    client.list_functions()
    assert len(wire.sent[0].headers) > 500


@pytest.mark.parametrize(("limits", "operation", "parameters", "rule"), [
    (Limits(body=1_000), "update_function_code", {"FunctionName": "f", "ZipFile": b"\x01" * 1_000}, "body.size"),
    (Limits(target=1_000), "untag_resource", {"Resource": ARN, "TagKeys": TAGS}, "target.size"),
    (Limits(headers=0), "get_function", {"FunctionName": "f"}, "headers.limit"),
    (Limits(response=1_000), "list_functions", {}, "body.size"),
    ((262_144, 1_000), "list_functions", {}, "body.size"),
])  # fmt: skip
def test_explicit_limits_are_enforced(client: Any, limits: Any, operation: str, parameters: Any, rule: str) -> None:
    attach(client, edition="current", responses="block", limits=limits)
    Wire(client, body=MANY)
    with pytest.raises(boto.InvalidParametersError) as caught:
        getattr(client, operation)(**parameters)
    assert rules(caught.value.report) == [rule]


def test_the_nesting_depth_of_responses_is_limited(client: Any) -> None:
    attach(client, edition="current", responses="block")
    Wire(client, body=b'{"New": ' + b"[" * 40 + b"]" * 40 + b"}")
    with pytest.raises(boto.InvalidParametersError) as caught:
        client.list_functions()
    assert rules(caught.value.report) == ["body.depth"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the sizes of the bodies that were parsed as JSON, one for each parse."""
    sizes: list[int] = []
    for place, parser in (("boundary", "quick"), ("responses", "read")):
        module = sys.modules[f"lambda_validate.http.{place}"]  # the package has a function of the same name
        real = getattr(module, parser)
        monkeypatch.setattr(
            module, parser, lambda body, depth, real=real: [sizes.append(len(body)), real(body, depth)][1]
        )
    return sizes


def test_a_valid_body_is_parsed_once(client: Any, read: list[int]) -> None:
    attach(client, edition="current", responses="block")
    wire = Wire(client)
    client.update_function_code(FunctionName="orders", ZipFile=b"\x01" * MEGABYTE)
    wire.body = MANY
    client.list_functions()
    assert read == [len(wire.sent[0].body), len(b"{}"), len(MANY)]


def test_a_body_with_invalid_parameters_is_parsed_once(client: Any, read: list[int]) -> None:
    attach(client, edition="current", requests="log")
    wire = Wire(client)
    client.update_function_code(FunctionName="a b", ZipFile=b"\x01" * MEGABYTE)
    assert read == [len(wire.sent[0].body)]


@pytest.mark.parametrize("payload", [b'{"a": 1}', b"{" * MEGABYTE, "text"])
def test_raw_payloads_are_not_parsed(client: Any, read: list[int], payload: Any) -> None:
    attach(client, edition="current", responses="block")
    Wire(client, body=b"{" * MEGABYTE)
    assert len(client.invoke(FunctionName="orders", Payload=payload)["Payload"].read()) == MEGABYTE
    assert read == []


# Faults that only the HTTP request shows.


INVALID = json.dumps(VALID | {"FunctionName": "a b"}).encode()
CHANGES: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("create_event_source_mapping", VALID, {"body": INVALID}, ["function-name.pattern"]),
    ("create_event_source_mapping", VALID, {"body": b"{"}, ["body.syntax"]),
    ("create_event_source_mapping", VALID, {"headers": {"Content-Type": "text/plain"}}, ["content-type.unexpected"]),
    ("get_function_event_invoke_config", {"FunctionName": "orders"},
     {"url_path": "/2019-09-25/functions/a%20b/event-invoke-config"}, ["function-name.pattern"]),
    ("get_function_event_invoke_config", {"FunctionName": "orders"}, {"query_string": {"Qualifier": "a b"}},
     ["qualifier.pattern"]),
]  # fmt: skip


@pytest.mark.parametrize("event", ["before-call.lambda", "before-call"])
@pytest.mark.parametrize(("operation", "parameters", "change", "found"), CHANGES)
def test_changes_to_the_serialized_call_are_checked(
    client: Any, operation: str, parameters: Any, change: Any, found: list[str], event: str
) -> None:
    before_call(client, lambda params: params.update(change), event)
    attach(client)
    wire = Wire(client)
    with pytest.raises(boto.InvalidParametersError) as caught:
        getattr(client, operation)(**parameters)
    assert rules(caught.value.report) == found
    assert wire.sent == []


@pytest.mark.parametrize(("operation", "parameters", "change", "found"), CHANGES)
def test_log_mode_logs_and_sends_a_changed_call(
    client: Any, caplog: pytest.LogCaptureFixture, operation: str, parameters: Any, change: Any, found: list[str]
) -> None:
    events: list[Event] = []
    before_call(client, lambda params: params.update(change))
    attach(client, requests="log", on_check=events.append)
    wire = Wire(client)
    with caplog.at_level(logging.WARNING, "lambda_validate.boto"):
        getattr(client, operation)(**parameters)
    assert len(wire.sent) == 1
    assert [(each.outcome, rules(each.report)) for each in events] == [("passed", []), ("flagged", found)]
    assert [each.levelname for each in caplog.records] == ["WARNING"]


def test_violations_on_the_wire_are_reported_only_if_new(client: Any) -> None:
    events: list[Event] = []
    body = json.dumps(VALID | {"FunctionName": "a b", "BatchSize": 20_000}).encode()
    before_call(client, lambda params: params.update(body=body))
    attach(client, requests="log", on_check=events.append)
    Wire(client)
    client.create_event_source_mapping(**VALID | {"FunctionName": "a b"})
    assert [rules(each.report) for each in events] == [["function-name.pattern"], ["batch-size.sqs"]]


def test_an_operation_of_another_service_with_the_same_name_is_not_checked() -> None:
    session = boto3.Session(**KEYS)
    events: list[Event] = []
    attach(session, edition="current", on_check=events.append)
    client = session.client("kms", config=ONCE)
    before_call(client, lambda params: params.update(url_path="/2017-03-31/tags/x"), "before-call.kms")
    wire = Wire(client)
    client.tag_resource(KeyId="alias/orders", Tags=[{"TagKey": "a", "TagValue": "b"}])
    assert len(wire.sent) == 1
    assert [each.outcome for each in events] == ["passed"]
    client.close()


@pytest.mark.parametrize("name", [CREATE, GET])
def test_documented_faults_are_rejected_without_botocore_validation(name: str) -> None:
    client = SESSION.client("lambda", config=ONCE.merge(Config(parameter_validation=False)))
    attach(client)
    wire = Wire(client)
    method = {CREATE: client.create_event_source_mapping, GET: client.get_function_event_invoke_config}[name]
    faults = [
        each for each in strategies.corpus(name, minimal=True) if not each.valid and isinstance(each.payload, dict)
    ]
    assert len(faults) > 15
    for each in faults:
        with pytest.raises(boto.InvalidParametersError) as caught:
            method(**each.payload)
        assert caught.value.report == lv.validate_request(name, each.payload)
    assert wire.sent == []


# Responses.


@pytest.mark.parametrize("status", [300, 301, 304, 307, 400, 404, 500, 503])
def test_responses_without_a_success_status_are_left_to_botocore(client: Any, status: int) -> None:
    events: list[Event] = []
    attach(client, responses="block", raise_after_success=True, on_check=events.append)
    Wire(client, status, b'{"MaximumRetryAttempts":3}', content_type="text/html")
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        client.get_function_event_invoke_config(FunctionName="orders")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert [each.outcome for each in events if each.direction == "response"] == ["flagged"]


@pytest.mark.parametrize("status", [200, 201, 299])
def test_an_invalid_success_response_is_blocked(client: Any, status: int) -> None:
    attach(client, responses="block")
    Wire(client, status, b'{"MaximumRetryAttempts":3}')
    with pytest.raises(boto.InvalidParametersError):
        client.get_function_event_invoke_config(FunctionName="orders")
