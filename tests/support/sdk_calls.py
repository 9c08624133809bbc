"""Share clients of boto3 between tests of `attach`, and replace their network."""

from __future__ import annotations

import io
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config

import lambda_validate as lv
from lambda_validate import boto

KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-west-2"}
ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
VALID = {"EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:orders", "FunctionName": "orders"}
"""A valid call of CreateEventSourceMapping."""

IN_XML = {"query", "ec2", "rest-xml"}
"""The protocols with XML responses. Services change their protocol from one botocore to the next."""


SESSION = boto3.Session(**KEYS)
"""A session without `attach`, shared because creating one takes longer than a test."""


def made(session: Any = None, service: str = "lambda") -> Any:
    """Return a client of the shared session, unless another one is given."""
    return (session or SESSION).client(service, config=ONCE)


def rules(report: lv.Report) -> list[str]:
    return [each.rule for each in report]


class Wire:
    """Replace the network: record the requests, and answer them."""

    def __init__(self, client: Any, status: int = 200, body: bytes | None = None, **headers: str) -> None:
        self.sent: list[Any] = []
        model = client.meta.service_model
        empty = b"<a/>" if getattr(model, "resolved_protocol", model.metadata["protocol"]) in IN_XML else b"{}"
        self.status, self.body = status, empty if body is None else body
        self.headers = {"content-type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        client.meta.events.register("before-send", self.answer)

    def answer(self, request: Any, **_: Any) -> AWSResponse:
        self.sent.append(request)
        raw = io.BytesIO(self.body)
        raw.stream = lambda **_: iter([self.body])  # type: ignore[attr-defined]  # a fake network
        return AWSResponse(request.url, self.status, self.headers, raw)


def attach(target: Any, **settings: Any) -> Any:
    """Attach with the edition `documents`, unless another edition or a validator is given."""
    own = {} if "validator" in settings else {"edition": "documents"}
    return boto.attach(target, **{**own, **settings})
