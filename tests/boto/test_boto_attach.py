"""Test the interface of `attach`: targets, settings, detaching and the exception. No network is used."""

from __future__ import annotations

import copy
import datetime
import functools
import pickle
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import botocore
import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ParamValidationError, StubAssertionError
from botocore.stub import Stubber
from support.sdk_calls import KEYS, VALID, Wire, attach, made

import lambda_validate as lv
from lambda_validate import boto
from lambda_validate.boto import values as boto_values
from lambda_validate.http.events import Event

CREATE, GET = lv.operations()
INVALID = {"FunctionName": "a b"}


@pytest.fixture
def client() -> Iterator[Any]:
    client = made()
    yield client
    client.close()


def is_checked(client: Any) -> bool:
    """Return whether an invalid call is blocked, without sending one."""
    model = client.meta.service_model.operation_model(GET)
    try:
        client.meta.events.emit(f"before-parameter-build.lambda.{GET}", params=dict(INVALID), model=model, context={})
    except boto.InvalidParametersError:
        return True
    return False


# The exception.


def raised(client: Any, method: str, **parameters: Any) -> boto.InvalidParametersError:
    with pytest.raises(boto.InvalidParametersError) as caught:
        getattr(client, method)(**parameters)
    return caught.value


def test_a_request_error_names_the_direction_and_operation(client: Any) -> None:
    attach(client)
    error = raised(client, "get_function_event_invoke_config", **INVALID)
    assert (error.direction, error.operation) == ("request", GET)
    assert str(error).startswith("Parameter validation failed:\n/FunctionName: ")


def test_a_response_error_of_a_reading_call_says_the_response_is_invalid(client: Any) -> None:
    attach(client, responses="block")
    Wire(client, body=b'{"MaximumRetryAttempts":3}')
    error = raised(client, "get_function_event_invoke_config", FunctionName="orders")
    assert (error.direction, error.operation) == ("response", GET)
    assert str(error).startswith("Response validation failed:\n/MaximumRetryAttempts: ")


def test_a_response_error_of_a_mutating_call_says_it_was_carried_out(client: Any) -> None:
    attach(client, responses="block", raise_after_success=True)
    Wire(client, 202, b'{"BatchSize":0}')
    error = raised(client, "create_event_source_mapping", **VALID)
    assert (error.direction, error.operation) == ("response", CREATE)
    assert str(error).startswith("Response validation failed, but the call was carried out:\n/BatchSize: ")


def test_an_error_on_the_wire_is_reported_like_a_parameter_error(client: Any) -> None:
    client.meta.events.register("before-call", lambda params, **_: params.update(body=b"["))
    attach(client)
    error = raised(client, "create_event_source_mapping", **VALID)
    assert (error.direction, error.operation) == ("request", CREATE)
    assert str(error).startswith("Parameter validation failed:\npayload: ")


REPORT = lv.validate_request(GET, {"FunctionName": "a b", "{0}": 1})


@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
@pytest.mark.parametrize("facts", [
    (), ("request", GET), ("response", GET), ("response", CREATE, True),
])  # fmt: skip
def test_a_copied_error_keeps_all_attributes(facts: Any, again: Any) -> None:
    error = boto.InvalidParametersError(REPORT, *facts)
    error.__dict__["note"] = ["a note of somebody's"]
    copied = again(error)
    assert type(copied) is boto.InvalidParametersError
    assert (str(copied), copied.args, copied.report) == (str(error), error.args, REPORT)
    assert (copied.direction, copied.operation, copied.carried_out) == (
        error.direction, error.operation, error.carried_out
    )  # fmt: skip
    assert copied.note == error.__dict__["note"]
    assert copied.kwargs.keys() == error.kwargs.keys()


def test_the_error_inherits_from_botocore_and_validation_error() -> None:
    assert issubclass(boto.InvalidParametersError, ParamValidationError)
    assert issubclass(boto.InvalidParametersError, lv.ValidationError)
    assert boto.InvalidParametersError.__module__ == "lambda_validate.boto"  # a traceback names the exception to catch


# Detaching.


def test_detach_twice_does_not_detach_a_later_attach(client: Any) -> None:
    first = attach(client)
    first()
    assert not is_checked(client)
    second = attach(client)
    first()
    assert is_checked(client)
    second()
    assert not is_checked(client)
    second()
    assert not is_checked(client)


def test_detach_of_a_replaced_attach_has_no_effect(client: Any) -> None:
    first = attach(client)
    second = attach(client, responses="block")
    first()
    assert is_checked(client)
    second()
    assert not is_checked(client)


def test_attach_with_requests_off_replaces_earlier_checks(client: Any) -> None:
    first = attach(client)
    attach(client, requests="off")
    assert not is_checked(client)
    first()
    third = attach(client)
    assert is_checked(client)
    third()
    assert not is_checked(client)


def test_detaching_a_session_keeps_its_existing_clients_attached() -> None:
    session = boto3.Session(**KEYS)
    first = attach(session)
    one = made(session)
    second = attach(session)
    first()
    two = made(session)
    second()
    three = made(session)
    assert [is_checked(each) for each in (one, two, three)] == [True, True, False]
    for each in (one, two, three):
        each.close()


def test_detaching_a_client_of_an_attached_session_leaves_it_unchecked() -> None:
    session = boto3.Session(**KEYS)
    attach(session)
    one, two = made(session), made(session)
    attach(one)()
    assert [is_checked(each) for each in (one, two)] == [False, True]
    for each in (one, two):
        each.close()


def test_a_boto3_session_and_its_botocore_session_are_one_target() -> None:
    low = botocore.session.Session()
    session = boto3.Session(botocore_session=low, **KEYS)
    first = attach(session)
    attach(low)
    first()
    client = made(session)
    assert is_checked(client)
    client.close()


# Under a Stubber.


def test_the_stubber_s_own_assertion_comes_first(client: Any) -> None:
    attach(client)
    with Stubber(client) as stubber:
        stubber.add_response("get_function_event_invoke_config", {}, {"FunctionName": "orders"})
        with pytest.raises(StubAssertionError):
            client.get_function_event_invoke_config(**INVALID)


def test_calls_accepted_by_the_stubber_are_checked(client: Any) -> None:
    attach(client)
    with Stubber(client) as stubber:
        stubber.add_response("get_function_event_invoke_config", {}, INVALID)
        with pytest.raises(boto.InvalidParametersError):
            client.get_function_event_invoke_config(**INVALID)


# Targets and settings.


@pytest.mark.parametrize("target", [
    boto3.Session, botocore.session.Session, BaseClient, boto3, None, 5, "client",
    SimpleNamespace(meta=None), SimpleNamespace(meta=SimpleNamespace(events=None)), SimpleNamespace(events=[]),
], ids=lambda each: ascii(each)[:30])  # fmt: skip
def test_attach_rejects_other_targets(target: Any) -> None:
    with pytest.raises(TypeError, match=r"^target must be a client, a resource or a session of boto3, botocore or aio"):
        attach(target)


@pytest.mark.parametrize("service", ["lambda", "kms"])
@pytest.mark.parametrize("setting", ["foo", "unknown_route", "rendering"])
def test_an_unknown_setting_is_rejected_by_name(service: str, setting: str) -> None:
    client = made(service=service)
    with pytest.raises(TypeError, match=rf"^attach has no setting {setting!r}; it has disable, edition, ") as caught:
        attach(client, **{setting: 1})
    assert "__init__" not in str(caught.value)
    client.close()


async def heard(event: Event) -> None:
    """Receive a check event asynchronously."""


class Hearing:
    async def __call__(self, event: Event) -> None:
        """Receive a check event asynchronously."""


@pytest.mark.parametrize(
    "on_check",
    [heard, functools.partial(heard), Hearing(), Hearing().__call__],
    ids=["function", "partial", "object", "method"],
)
def test_an_async_callback_is_rejected(client: Any, on_check: Any) -> None:
    with pytest.raises(
        TypeError, match=r"^on_check must be a plain function, since a coroutine would never be awaited$"
    ):
        attach(client, on_check=on_check)
    assert not is_checked(client)


@pytest.mark.parametrize("on_check", [5, "print", []], ids=repr)
def test_a_callback_that_cannot_be_called_is_rejected(client: Any, on_check: Any) -> None:
    with pytest.raises(TypeError, match=r"^on_check must be a function that takes an Event$"):
        attach(client, on_check=on_check)


def test_a_rejected_attach_keeps_the_earlier_one(client: Any) -> None:
    attach(client)
    for invalid in ({"foo": 1}, {"requests": "blok"}, {"on_check": 5}, {"limits": 5}):
        with pytest.raises((TypeError, lv.UnknownNameError)):
            attach(client, **invalid)
        assert is_checked(client)


@pytest.mark.parametrize("service", ["lambda", "kms"])
def test_a_validator_of_another_service_checks_nothing(service: str) -> None:
    other = botocore.session.get_session().get_service_model("sts")
    client = made(service=service)
    attach(client, validator=lv.Validator(lv.Catalog.from_service_model(other)), responses="block")
    wire = Wire(client)
    getattr(client, {"lambda": "list_functions", "kms": "list_keys"}[service])()
    assert len(wire.sent) == 1
    client.close()


@pytest.mark.parametrize("version", ["1.31.0", "1.35.15", "1.34.162", "0.9", "1.35"])
@pytest.mark.parametrize("responses", ["log", "block"])
def test_checking_responses_requires_a_recent_botocore(
    client: Any, monkeypatch: pytest.MonkeyPatch, version: str, responses: Any
) -> None:
    monkeypatch.setattr(botocore, "__version__", version)
    sentence = f"Validating responses needs botocore 1.35.16 or newer; this is {version}."
    with pytest.raises(RuntimeError, match=f"^{re.escape(sentence)}$"):
        attach(client, responses=responses)
    attach(client)
    assert is_checked(client)


@pytest.mark.parametrize("version", ["1.35.16", "1.36.0", "1.100.2", "2.0.0dev0", "1.40.0.dev1", "unknown"])
def test_newer_botocore_versions_are_accepted(client: Any, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(botocore, "__version__", version)
    attach(client, responses="block")
    assert is_checked(client)


# Parameters.


@pytest.mark.parametrize(("service", "operation", "parameters"), [
    ("lambda", CREATE, VALID | {"StartingPositionTimestamp": datetime.datetime(2018, 11, 2)}),
    ("kms", "Encrypt", {"KeyId": "alias/a", "Plaintext": b"secret"}),
    ("dynamodb", "PutItem", {"TableName": "t", "Item": {"a": {"B": b"x"}, "b": {"L": [{"B": b"y"}]}}}),
])  # fmt: skip
def test_parameters_passed_by_the_sdk_are_not_modified(
    service: str, operation: str, parameters: dict[str, Any]
) -> None:
    client = made(service=service)
    attach(client, requests="log")
    model = client.meta.service_model.operation_model(operation)
    given, before = dict(parameters), copy.deepcopy(parameters)
    client.meta.events.emit(f"before-parameter-build.{service}.{operation}", params=given, model=model, context={})
    assert given == before
    assert all(given[name] is value for name, value in parameters.items())
    client.close()


def test_the_original_parameters_are_sent_and_not_the_converted_ones() -> None:
    client = made(service="kms")
    attach(client)
    wire = Wire(client)
    client.encrypt(KeyId="alias/a", Plaintext=b"secret")
    assert b'"c2VjcmV0"' in wire.sent[0].body
    client.close()


HOUR = datetime.timezone(datetime.timedelta(hours=1))


@pytest.mark.parametrize("time", [
    "2018-11-02T07:11:49+01:00", "2018-11-02T06:11:49Z", "2018-11-02T06:11:49", "2018-11-02T06:11:49.999Z",
    "Fri, 02 Nov 2018 06:11:49 GMT", "1541139109", datetime.datetime(2018, 11, 2, 7, 11, 49, tzinfo=HOUR),
    datetime.datetime(2018, 11, 2, 6, 11, 49),
])  # fmt: skip
@pytest.mark.parametrize("zone", ["as botocore gives it", "an hour ahead"])
def test_a_datetime_is_converted_to_unix_seconds(
    client: Any, monkeypatch: pytest.MonkeyPatch, time: Any, zone: str
) -> None:
    """`parse_to_aware_datetime` guarantees a datetime with a time zone, but not which time zone."""
    if zone == "an hour ahead":
        real = boto_values.parse_to_aware_datetime
        monkeypatch.setattr(boto_values, "parse_to_aware_datetime", lambda value: real(value).astimezone(HOUR))
    plan = boto_values.ParameterConverter(client.meta.service_model.operation_model(CREATE).input_shape)
    assert plan.converted({"StartingPositionTimestamp": time}) == {"StartingPositionTimestamp": 1541139109}
