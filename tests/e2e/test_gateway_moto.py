"""Test the AWS SDK against moto behind the middleware.

Valid calls succeed, invalid calls raise modelled exceptions, and invalid responses of moto are reported.
"""

from __future__ import annotations

import json
import logging
import runpy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from werkzeug.serving import make_server

import lambda_validate as lv
from lambda_validate import boto, strategies
from lambda_validate.gateway.wsgi import Middleware

moto_server = pytest.importorskip("moto.server", reason="moto's server needs extras that not every platform has")

pytestmark = [pytest.mark.e2e, pytest.mark.filterwarnings("ignore")]  # moto itself warns

ROOT = Path(__file__).parents[2]
KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
ARN = "arn:aws:sqs:us-east-1:123456789012:orders"
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks"


@contextmanager
def running(app: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def moto() -> Any:
    return moto_server.DomainDispatcherApplication(moto_server.create_backend_app)


def client(url: str, service: str = "lambda", **settings: Any) -> Any:
    config = Config(retries={"total_max_attempts": 1}, **settings)
    return boto3.client(service, endpoint_url=url, config=config, **KEYS)


def fill(url: str) -> None:
    from servers.moto_account import function

    clients = {name: client(url, name) for name in ("iam", "lambda")}
    function(clients)
    client(url, "sqs").create_queue(QueueName="orders")


@pytest.fixture(scope="module")
def url(moto: Any) -> Iterator[str]:
    with running(Middleware(moto, edition="documents")) as made:
        fill(made)
        yield made


def test_a_valid_call_reaches_moto(url: str) -> None:
    assert client(url).get_function_event_invoke_config(FunctionName="orders")["MaximumRetryAttempts"] == 1


def test_a_fault_becomes_the_modelled_exception_with_every_violation(url: str) -> None:
    sdk = client(url)
    with pytest.raises(sdk.exceptions.InvalidParameterValueException) as caught:
        sdk.create_event_source_mapping(EventSourceArn=ARN, FunctionName="s3cr3t!", BatchSize=20000)
    message = caught.value.response["Error"]["Message"]
    assert message.startswith("2 validation errors detected: ")
    assert "BatchSize" in message
    assert "'functionName'" in message
    assert "s3cr3t" not in message
    assert len(caught.value.response["ResponseMetadata"]["RequestId"]) == 36


def test_an_invalid_qualifier_in_the_query_is_rejected(url: str) -> None:
    sdk = client(url)
    with pytest.raises(sdk.exceptions.InvalidParameterValueException):
        sdk.get_function_event_invoke_config(FunctionName="orders", Qualifier="a b")


GET = "GetFunctionEventInvokeConfig"
UNSENDABLE = {"payload.type", "function-name.required", "function-name.type", "qualifier.type", "member.unknown"}
"""Faults that no request of the SDK can have, because path and query members are strings that are always present."""
FAULTS = [each for each in strategies.corpus(GET) if not each.valid]
SENT = [
    *(pytest.param(each.payload, id=each.id) for each in FAULTS if each.rule not in UNSENDABLE),
    pytest.param({"FunctionName": ""}, id="no name"),
    pytest.param({"FunctionName": "a b", "Qualifier": "!" * 129}, id="all at once"),
]


def test_every_fault_that_is_documented_of_a_reading_call_is_tried_or_cannot_be_sent() -> None:
    tried = {each.rule for param in SENT for each in lv.validate_request(GET, param.values[0]).errors}
    assert tried | UNSENDABLE == set(strategies.rules(GET)) - {"qualifier.mismatch"}  # which is only a warning


@pytest.mark.parametrize("parameters", SENT)
def test_each_documented_fault_of_a_reading_call_becomes_the_modelled_exception(url: str, parameters: Any) -> None:
    sdk, bodies = client(url, parameter_validation=False), []
    sdk.meta.events.register("before-parse", lambda response_dict, **_: bodies.append(response_dict["body"]))
    with pytest.raises(sdk.exceptions.InvalidParameterValueException) as caught:
        sdk.get_function_event_invoke_config(**parameters)
    errors = lv.validate_request(GET, parameters).errors
    assert caught.value.response["Error"]["Message"].startswith(f"{len(errors)} validation error")
    assert [each["path"] for each in json.loads(bodies[0])["fieldList"]] == [each.pointer for each in errors]


def test_invalid_responses_of_moto_are_blocked_by_the_middleware(moto: Any, url: str) -> None:
    with running(Middleware(moto, edition="documents", responses="block")) as strict:
        sdk = client(strict)
        with pytest.raises(sdk.exceptions.ServiceException):
            sdk.create_event_source_mapping(EventSourceArn=ARN, FunctionName="orders")


def test_an_invalid_response_of_moto_is_logged_by_the_sdk_check(
    moto: Any, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    sdk = client(url)
    boto.attach(sdk, responses="block")
    with caplog.at_level(logging.WARNING, "lambda_validate.boto"):
        sdk.create_event_source_mapping(EventSourceArn=ARN, FunctionName="orders")
    assert "response CreateEventSourceMapping flagged: message" in caplog.text


def test_the_error_of_moto_for_an_unknown_function_is_passed_on(url: str) -> None:
    with pytest.raises(ClientError) as caught:
        client(url).get_function_event_invoke_config(FunctionName="nobody")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


@pytest.fixture(scope="module")
def emulator(url: str) -> Iterator[str]:
    """Run the unchanged example, with the resources of the other server, because moto has one account."""
    names = runpy.run_path(str(ROOT / "examples/gateway/moto_server.py"))
    with running(names["application"]) as made:
        yield made


@pytest.mark.parametrize(
    ("members", "code", "message"),
    [
        (
            {"EventSourceArn": STREAM, "StartingPosition": "x"}, "ValidationException",
            "1 validation error detected: Value 'x' at 'startingPosition' failed to satisfy constraint: Member must "
            "satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
        ),
        (
            {"EventSourceArn": ARN, "FilterCriteria": {"Filters": [{"Pattern": "x"}]}},
            "InvalidParameterValueException",
            "Invalid filter pattern definition.",
        ),
    ],
)  # fmt: skip
def test_the_emulator_rejects_in_the_words_of_aws(
    emulator: str, members: dict[str, Any], code: str, message: str
) -> None:
    with pytest.raises(ClientError) as caught:
        client(emulator).create_event_source_mapping(FunctionName="orders", **members)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)


def test_the_emulator_accepts_what_aws_accepts(emulator: str) -> None:
    made = client(emulator).create_event_source_mapping(EventSourceArn=ARN, FunctionName="orders")
    assert made["EventSourceArn"] == ARN
