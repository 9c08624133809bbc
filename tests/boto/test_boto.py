"""Test which calls of the AWS SDK `attach` blocks, and what it reports about responses. No network is used."""

from __future__ import annotations

import asyncio
import datetime
import json
import logging
import pickle
from collections.abc import Iterator
from typing import Any

import boto3
import botocore.exceptions
import botocore.session
import pytest
from botocore.exceptions import ParamValidationError
from botocore.stub import Stubber
from support.sdk_calls import KEYS, ONCE, VALID, Wire, attach, made, rules

import lambda_validate as lv
from lambda_validate import boto
from lambda_validate.boto import checks as boto_checks
from lambda_validate.http.events import Event

CLICKS = VALID | {
    "EventSourceArn": "arn:aws:kinesis:us-west-2:123456789012:stream/clicks", "StartingPosition": "AT_TIMESTAMP"
}  # fmt: skip
SECRET = "s3cr3t!"
UNIX = 1541139109


@pytest.fixture
def client() -> Iterator[Any]:
    client = made()
    yield client
    client.close()


def test_every_violation_is_raised_before_anything_is_sent(client: Any) -> None:
    attach(client)
    wire = Wire(client)
    with pytest.raises(boto.InvalidParametersError) as caught:
        client.create_event_source_mapping(EventSourceArn="x", FunctionName=SECRET, BatchSize=20000, Batchsize=1)
    assert rules(caught.value.report) == [
        "batch-size.maximum", "event-source-arn.pattern", "function-name.pattern", "member.unknown"
    ]  # fmt: skip
    assert wire.sent == []


def test_the_exception_is_a_botocore_error_without_values(client: Any) -> None:
    attach(client)
    with pytest.raises(ParamValidationError) as caught:
        client.get_function_event_invoke_config(FunctionName=SECRET)
    error = caught.value
    assert isinstance(error, lv.ValidationError)
    assert str(error).startswith("Parameter validation failed:\n/FunctionName: FunctionName must be")
    assert SECRET not in f"{error}{error!r}{error.kwargs}"
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.report) == (type(error), str(error), error.report)


@pytest.mark.parametrize("timestamp", [
    UNIX, float(UNIX), str(UNIX), "2018-11-02T06:11:49Z", "2018-11-02T07:11:49+01:00",
    datetime.datetime(2018, 11, 2, 6, 11, 49), datetime.datetime(2018, 11, 2, 6, 11, 49, tzinfo=datetime.UTC),
])  # fmt: skip
def test_timestamps_in_every_form_of_the_sdk_are_valid(client: Any, timestamp: Any) -> None:
    attach(client)
    wire = Wire(client)
    client.create_event_source_mapping(**CLICKS, StartingPositionTimestamp=timestamp)
    assert json.loads(wire.sent[0].body)["StartingPositionTimestamp"] == UNIX


@pytest.mark.parametrize("timestamp", ["yesterday", "", float("nan"), None, [], datetime.date(2018, 11, 2)])
def test_an_invalid_timestamp_is_rejected(client: Any, timestamp: Any) -> None:
    attach(client)
    with pytest.raises(boto.InvalidParametersError) as caught:
        client.create_event_source_mapping(**CLICKS, StartingPositionTimestamp=timestamp)
    assert rules(caught.value.report) == ["starting-position-timestamp.type"]


def test_parameters_are_not_modified(client: Any) -> None:
    attach(client)
    Wire(client)
    time = datetime.datetime(2018, 11, 2)
    parameters = {**CLICKS, "StartingPositionTimestamp": time}
    client.create_event_source_mapping(**parameters)
    assert parameters["StartingPositionTimestamp"] is time


@pytest.mark.parametrize("params", [5, None, [], "text"])
def test_parameters_that_are_not_a_mapping_are_rejected(client: Any, params: Any) -> None:
    attach(client)
    operation = "CreateEventSourceMapping"
    model = client.meta.service_model.operation_model(operation)
    event = f"before-parameter-build.lambda.{operation}"
    with pytest.raises(boto.InvalidParametersError):
        client.meta.events.emit(event, params=params, model=model, context={})


def test_unknown_operations_are_not_checked(client: Any) -> None:
    attach(client)
    wire = Wire(client, 200)
    client.delete_event_source_mapping(UUID="!" * 36)
    assert len(wire.sent) == 1


def test_changes_by_later_handlers_are_checked_on_the_wire(client: Any) -> None:
    attach(client)
    wire = Wire(client)
    client.meta.events.register("before-parameter-build.lambda", lambda params, **_: params.update(FunctionName=".."))
    with pytest.raises(boto.InvalidParametersError) as caught:
        client.get_function_event_invoke_config(FunctionName="orders")
    assert rules(caught.value.report) == ["function-name.pattern"]
    assert wire.sent == []


def test_log_mode_logs_once_without_values_and_does_not_raise(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    events: list[Event] = []
    attach(client, requests="log", on_check=events.append)
    wire = Wire(client)
    with caplog.at_level(logging.WARNING, "lambda_validate.boto"):
        client.create_event_source_mapping(**VALID | {"FunctionName": SECRET})
    assert len(wire.sent) == 1
    assert [each.getMessage() for each in caplog.records] == [
        "request CreateEventSourceMapping flagged: /FunctionName function-name.pattern"
    ]
    assert [each.outcome for each in events] == ["flagged"]


def test_a_callback_that_raises_is_logged_and_the_call_is_sent(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    def broken(event: Event) -> None:
        raise RuntimeError("broken")

    attach(client, on_check=broken)
    wire = Wire(client)
    client.create_event_source_mapping(**VALID)
    assert len(wire.sent) == 1
    assert "the callback on_check raised an exception" in caplog.text


def test_a_stubbed_client_is_checked_too(client: Any) -> None:
    attach(client)
    with Stubber(client) as stubber:
        stubber.add_response("create_event_source_mapping", {"State": "Creating"}, VALID)
        stubber.add_response("create_event_source_mapping", {})
        assert client.create_event_source_mapping(**VALID)["State"] == "Creating"
        with pytest.raises(boto.InvalidParametersError):
            client.create_event_source_mapping(**VALID, BatchSize=11)


def test_a_presigned_url_is_checked_too(client: Any) -> None:
    attach(client)
    url = client.generate_presigned_url("get_function_event_invoke_config", {"FunctionName": "orders"})
    assert "/functions/orders/event-invoke-config" in url
    with pytest.raises(boto.InvalidParametersError):
        client.generate_presigned_url("get_function_event_invoke_config", {"FunctionName": ".."})


def test_a_second_attach_replaces_the_first(client: Any) -> None:
    first: list[Event] = []
    second: list[Event] = []
    attach(client, on_check=first.append)
    attach(client, requests="log", on_check=second.append)
    Wire(client)
    client.create_event_source_mapping(**VALID, BatchSize=11)
    assert (len(first), len(second)) == (0, 1)


def test_detach_stops_checks_and_is_idempotent(client: Any) -> None:
    before = len(client.meta.events._emitter._unique_id_handlers)
    detach = attach(client, responses="block")
    detach()
    detach()
    wire = Wire(client)
    client.get_function_event_invoke_config(FunctionName="a b")
    assert len(wire.sent) == 1
    assert len(client.meta.events._emitter._unique_id_handlers) == before


@pytest.mark.parametrize("kind", ["boto3", "botocore"])
def test_attaching_a_session_checks_only_later_clients(kind: str) -> None:
    low = botocore.session.Session()
    low.set_credentials("a", "b")
    low.set_config_variable("region", "us-west-2")
    session: Any = boto3.Session(botocore_session=low) if kind == "boto3" else low
    make = made if kind == "boto3" else lambda each: each.create_client("lambda", config=ONCE)
    earlier = make(session)
    detach = attach(session)
    later = make(session)
    detach()
    latest = make(session)
    for client in (earlier, latest):
        Wire(client)
        client.get_function_event_invoke_config(FunctionName="a b")
    with pytest.raises(boto.InvalidParametersError):
        later.get_function_event_invoke_config(FunctionName="a b")
    attach(later, requests="log")  # the client's own settings replace the session's
    Wire(later)
    later.get_function_event_invoke_config(FunctionName="a b")
    for client in (earlier, later, latest):
        client.close()


@pytest.mark.parametrize("disable", ["batch-size.sqs", ["batch-size.sqs"], iter(["batch-size.sqs"])], ids=lambda _: "")
def test_validator_settings_are_applied(client: Any, disable: Any) -> None:
    attach(client, disable=disable)
    Wire(client)
    client.create_event_source_mapping(**VALID, BatchSize=11)
    with pytest.raises(lv.UnknownNameError, match="did you mean 'block'"):
        attach(client, requests="blok")  # type: ignore[arg-type]  # wrong on purpose


# Responses.


def test_responses_are_not_checked_by_default(client: Any) -> None:
    events: list[Event] = []
    attach(client, on_check=events.append)
    wire = Wire(client, 201, b"{}", content_type="text/html")
    client.create_event_source_mapping(**VALID)
    assert len(wire.sent) == 1
    assert {each.direction for each in events} == {"request"}


@pytest.mark.parametrize(
    ("status", "body", "headers", "rule"),
    [
        (201, b"{}", {}, "status.unexpected"),
        (200, b"{}", {"content_type": "text/html"}, "content-type.unexpected"),
        (200, b'{"MaximumRetryAttempts":3}', {}, "maximum-retry-attempts.maximum"),
        (200, b'{"MaximumRetryAttempts":1,"MaximumRetryAttempts":1}', {}, "body.duplicate"),
        (200, b'{"MaximumRetryAttempts":"s3cr3t"}', {}, "maximum-retry-attempts.type"),
    ],
)
def test_block_mode_raises_for_an_invalid_response_of_a_reading_call(
    client: Any, status: int, body: bytes, headers: dict[str, str], rule: str
) -> None:
    attach(client, responses="block")
    wire = Wire(client, status, body, **headers)
    with pytest.raises(boto.InvalidParametersError) as caught:
        client.get_function_event_invoke_config(FunctionName="orders")
    assert rule in rules(caught.value.report)
    assert "s3cr3t" not in str(caught.value)
    assert len(wire.sent) == 1


def test_an_error_is_flagged_but_never_hidden(client: Any) -> None:
    events: list[Event] = []
    attach(client, responses="block", on_check=events.append)
    Wire(client, 403, b'{"Message":"no"}', x_amzn_errortype="AccessDeniedException")
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDeniedException"):
        client.get_function_event_invoke_config(FunctionName="orders")
    assert [
        (each.outcome, "error.unknown" in rules(each.report)) for each in events if each.direction == "response"
    ] == [("flagged", True)]


def test_a_valid_error_response_raises_the_modelled_exception(client: Any) -> None:
    attach(client, responses="block")
    Wire(client, 404, b'{"Message":"no"}', x_amzn_errortype="ResourceNotFoundException")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_event_invoke_config(FunctionName="orders")


def test_an_invalid_response_to_a_mutating_call_raises_only_if_enabled(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    attach(client, responses="block")
    Wire(client, 201)
    client.create_event_source_mapping(**VALID)
    assert "response CreateEventSourceMapping flagged" in caplog.text
    attach(client, responses="block", raise_after_success=True)
    with pytest.raises(boto.InvalidParametersError):
        client.create_event_source_mapping(**VALID)


# aiobotocore.


def test_an_asynchronous_client_is_checked_like_a_synchronous_one() -> None:
    aiobotocore = pytest.importorskip("aiobotocore.session", reason="aiobotocore lags behind on new Python versions")

    async def run() -> None:
        session = aiobotocore.get_session()
        attach(session)
        async with session.create_client("lambda", **KEYS) as client:
            with pytest.raises(boto.InvalidParametersError) as caught:
                await client.create_event_source_mapping(**VALID | {"FunctionName": ".."})
            assert rules(caught.value.report) == ["function-name.pattern"]
            detach = attach(client)
            with pytest.raises(boto.InvalidParametersError):
                await client.generate_presigned_url("get_function_event_invoke_config", {"FunctionName": ".."})
            detach()
            assert await client.generate_presigned_url("get_function_event_invoke_config", {"FunctionName": ".."})

    asyncio.run(run())


@pytest.mark.parametrize("target", [None, object(), "client"])
def test_attach_rejects_other_targets_with_a_type_error(target: Any) -> None:
    with pytest.raises(TypeError, match="target must be a client, a resource or a session"):
        attach(target)


def test_the_query_of_the_path_is_preserved_in_the_raw_target() -> None:
    request = {"url_path": "/2018-10-31/layers?find=LayerVersion", "query_string": {"Arn": "a:b"}}
    assert boto_checks.raw_target(request) == "/2018-10-31/layers?find=LayerVersion&Arn=a%3Ab"
    assert boto_checks.raw_target({**request, "query_string": {}}) == "/2018-10-31/layers?find=LayerVersion"
