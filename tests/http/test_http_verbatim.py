"""Test that an SDK gets the recorded errors of the service, if the boundary uses the service's own messages."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from support.recorded_refusals import OF_ACCOUNT, RECORDED, REPORTED, Refusal
from support.sdk_calls import SESSION, Wire

from lambda_validate import http

CONFIG = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
SENDABLE = [each for each in (*RECORDED, *REPORTED) if each is not OF_ACCOUNT]


class Emulator(Wire):
    """Replace the network, and answer as an emulator behind the boundary does."""

    def answer(self, request: Any, **rest: Any) -> Any:
        target = urlsplit(request.url)
        path = target.path + (f"?{target.query}" if target.query else "")
        headers = [(name, each.decode() if isinstance(each, bytes) else each) for name, each in request.headers.items()]
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        check = http.check_request(request.method, path, headers, body, edition="current", rendering="service-verbatim")
        answer = check.answer or SimpleNamespace(status=200, headers=(), body=b"{}")
        self.status, self.headers, self.body = answer.status, dict(answer.headers), answer.body
        return super().answer(request, **rest)


def call(refusal: Refusal) -> Any:
    client = SESSION.client("lambda", config=CONFIG)
    Emulator(client)
    method = re.sub("(?<=.)(?=[A-Z])", "_", refusal.operation).lower()
    return getattr(client, method)(**refusal.payload)


@pytest.mark.parametrize("refusal", SENDABLE)
def test_the_sdk_meets_the_exception_and_the_message_of_the_service(refusal: Refusal) -> None:
    with pytest.raises(ClientError) as caught:
        call(refusal)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == refusal.error


def test_what_only_the_account_decides_passes() -> None:
    assert call(OF_ACCOUNT)["ResponseMetadata"]["HTTPStatusCode"] == 200
