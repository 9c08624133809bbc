"""Define the calls whose work is counted: a fixed list, with payloads that repeat only if the call tests repetition."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import lambda_validate as lv
from lambda_validate import http
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.lint.runner import lint
from lambda_validate.validator import Validator

MAPPING, FUNCTION = "CreateEventSourceMapping", "CreateFunction"
PATH = b"/2015-03-31/event-source-mappings/"
HEADERS = [(b"host", b"lambda"), (b"content-type", b"application/json"), (b"x-amz-date", b"20240101T000000Z")]
COUNT = 12
"""Payloads in a call: four of each source."""

SOURCES: tuple[dict[str, Any], ...] = (
    {"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/clicks-{}", "StartingPosition": "AT_TIMESTAMP",
     "StartingPositionTimestamp": 1541139109, "BatchSize": 100},
    {"EventSourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/t{}/stream/2024-06-10T19:26:16.525",
     "StartingPosition": "LATEST"},
    {"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:orders-{}", "BatchSize": 10, "Enabled": True,
     "MaximumBatchingWindowInSeconds": 5},
)  # fmt: skip
NAMES = (
    "f-{}",
    "123456789012:function:f-{}",
    "arn:aws:lambda:us-east-1:123456789012:function:f-{}:live",
    "f-{}:$LATEST",
)
FAULTS: tuple[dict[str, Any], ...] = (
    {"BatchSize": 0, "Enabled": "yes"},
    {"FunctionName": "a b-{}", "Batchsize": 1},
    {"EventSourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/t{}", "StartingPosition": "EARLIEST"},
    {"MaximumBatchingWindowInSeconds": 301, "Colour{}": "red"},
)
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Handler
      EventSourceArn: arn:aws:sqs:us-west-2:123456789012:orders-{}
      BatchSize: 11
  Settings:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: take-orders-{}
      Qualifier: $LATEST
      MaximumRetryAttempts: 3
"""


def filled(members: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return members with a number in their names and strings, where possible."""
    return {
        name.replace("{}", str(number)): each.replace("{}", str(number)) if isinstance(each, str) else each
        for name, each in members.items()
    }


def valid(number: int) -> dict[str, Any]:
    """Return a valid payload, one for each number."""
    name = NAMES[number // len(SOURCES) % len(NAMES)]
    return filled({"FunctionName": name, **SOURCES[number % len(SOURCES)]}, number)


def faulty(number: int) -> dict[str, Any]:
    """Return a payload with faults, one for each number."""
    return {**valid(number), **filled(FAULTS[number % len(FAULTS)], number)}


def body(payload: Mapping[str, Any]) -> bytes:
    """Return the HTTP request of a payload."""
    return json.dumps(payload).encode()


def client() -> Any:
    """Return a fake SDK client with the parts that `attach` uses, attached."""
    from botocore.hooks import HierarchicalEmitter
    from botocore.session import get_session

    from lambda_validate import boto

    model = get_session().get_service_model("lambda")
    made = SimpleNamespace(meta=SimpleNamespace(events=HierarchicalEmitter(), service_model=model))
    boto.attach(made)
    return made


def sent(made: Any, payload: dict[str, Any], content: bytes) -> None:
    """Emit the events of the SDK for a call before it is sent."""
    context: dict[str, Any] = {}
    model = made.meta.service_model.operation_model(MAPPING)
    headers = {"Content-Type": "application/json", "User-Agent": "Boto3"}
    wire = {"method": "POST", "url_path": PATH.decode(), "query_string": {}, "body": content, "headers": headers}
    emit = made.meta.events.emit
    emit(f"before-parameter-build.lambda.{MAPPING}", params=payload, model=model, context=context)
    emit(f"before-call.lambda.{MAPPING}", params=wire, model=model, request_signer=None, context=context)


def read_report(payload: Any) -> None:
    """Read all properties of a report."""
    for each in lv.validate_request(MAPPING, payload):
        str((each.pointer, each.explanation))


Work = Callable[[int], Callable[[], object]]
"""A function that prepares the call for an unused number, with all that the call needs but should not count."""


def each_of(make: Callable[[int], Any], use: Callable[[Any], object]) -> Work:
    def prepared(number: int) -> Callable[[], object]:
        made = [make(number * COUNT + index) for index in range(COUNT)]
        return lambda: [use(each) for each in made]

    return prepared


def compiled(mode: str) -> Work:
    """Prepare the compilation of an operation's schema into one checker."""
    schema = lv.operation(FUNCTION, "current").schema("request")
    return lambda number: lambda: compile_schema(schema, mode)


def works() -> dict[str, Work]:
    """Return all counted calls by name."""
    plain, attached, boundary = Validator(), client(), http.boundary()
    return {
        "verdict, valid": each_of(valid, lambda each: lv.is_valid_request(MAPPING, each)),
        "verdict, faulty": each_of(faulty, lambda each: lv.is_valid_request(MAPPING, each)),
        "report, valid": each_of(valid, lambda each: lv.validate_request(MAPPING, each)),
        "report, faulty": each_of(faulty, lambda each: lv.validate_request(MAPPING, each)),
        "report, faulty, with words": each_of(faulty, read_report),
        "body to verdict": each_of(lambda n: body(valid(n)), lambda each: http.is_valid_body(MAPPING, each)),
        "request to report": each_of(
            lambda n: body(valid(n)), lambda each: boundary.check_request("POST", PATH, HEADERS, each)
        ),
        "faulty request to answer": each_of(
            lambda n: body(faulty(n)), lambda each: boundary.check_request("POST", PATH, HEADERS, each)
        ),
        "lint of a template": each_of(
            lambda n: TEMPLATE.replace("{}", str(n)).encode(), lambda each: lint(["-"], io.BytesIO(each), plain)
        ),
        "a call through attach": each_of(
            lambda n: (valid(n), body(valid(n))), lambda each: sent(attached, each[0], each[1])
        ),
        "CreateFunction compiled": compiled("verdict"),
        "CreateFunction compiled for reports": compiled("report"),
    }
