"""Test `attach` with clients of aiobotocore that send requests to an endpoint in this process."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.sdk_calls import KEYS, VALID, attach, rules

import lambda_validate as lv
from lambda_validate import boto
from lambda_validate.http.events import Event

session = pytest.importorskip("aiobotocore.session", reason="aiobotocore lags behind on new Python versions")
config = pytest.importorskip("aiobotocore.config", reason="as above")

CREATE, GET = lv.operations()
ONCE = config.AioConfig(retries={"total_max_attempts": 1}, connect_timeout=60, read_timeout=60)
INVALID = VALID | {"FunctionName": "s3cr3t!"}
CONFIG = b'{"MaximumRetryAttempts": 1}'


class Endpoint(ThreadingHTTPServer):
    """Store the request bodies, and return the configured answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.sent: list[tuple[str, bytes]] = []
        self.status, self.content_type, self.body = 200, "application/json", CONFIG

    def says(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        self.status, self.body, self.content_type = status, body, content_type


class Answering(BaseHTTPRequestHandler):
    server: Endpoint

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.server.sent.append((self.path, self.rfile.read(length)))
        self.send_response(self.server.status)
        self.send_header("Content-Type", self.server.content_type)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Endpoint() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@asynccontextmanager
async def made(endpoint: Endpoint, **settings: Any) -> AsyncIterator[Any]:
    """Yield a client of Lambda with `attach` settings."""
    url = f"http://127.0.0.1:{endpoint.server_port}"
    async with session.get_session().create_client("lambda", endpoint_url=url, config=ONCE, **KEYS) as client:
        attach(client, **settings)
        yield client


def run(endpoint: Endpoint, calls: Callable[[Any], Awaitable[Any]], **settings: Any) -> Any:
    """Run a test function with an attached client, and return its result."""

    async def whole() -> Any:
        async with made(endpoint, **settings) as client:
            return await calls(client)

    return asyncio.run(whole())


def test_a_valid_call_is_sent_and_answered(endpoint: Endpoint) -> None:
    events: list[Event] = []
    answer = run(
        endpoint, lambda client: client.get_function_event_invoke_config(FunctionName="orders"),
        responses="block", on_check=events.append,
    )  # fmt: skip
    assert answer["MaximumRetryAttempts"] == 1
    assert [(each.direction, each.outcome) for each in events] == [("request", "passed"), ("response", "passed")]
    assert len(endpoint.sent) == 1


def test_an_invalid_call_is_not_sent(endpoint: Endpoint) -> None:
    with pytest.raises(boto.InvalidParametersError) as caught:
        run(endpoint, lambda client: client.create_event_source_mapping(**INVALID, BatchSize=20_000))
    assert rules(caught.value.report) == ["batch-size.sqs", "function-name.pattern"]
    assert caught.value.direction == "request"
    assert endpoint.sent == []


def test_log_mode_logs_and_sends_an_invalid_call(endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    endpoint.says(202, b'{"State": "Creating"}')
    with caplog.at_level(logging.WARNING, "lambda_validate.boto"):
        answer = run(endpoint, lambda client: client.create_event_source_mapping(**INVALID), requests="log")
    assert answer["State"] == "Creating"
    assert json.loads(endpoint.sent[0][1]) == INVALID
    assert [each.getMessage() for each in caplog.records] == [
        f"request {CREATE} flagged: /FunctionName function-name.pattern"
    ]


@pytest.mark.parametrize("asynchronous", [False, True])
def test_changes_to_the_serialized_call_are_checked(endpoint: Endpoint, asynchronous: bool) -> None:
    def change(params: Any, **_: Any) -> None:
        params["url_path"] = "/2019-09-25/functions/a%20b/event-invoke-config"

    async def change_later(params: Any, **_: Any) -> None:
        change(params)

    async def calls(client: Any) -> None:
        client.meta.events.register("before-call", change_later if asynchronous else change)
        await client.get_function_event_invoke_config(FunctionName="orders")

    with pytest.raises(boto.InvalidParametersError) as caught:
        run(endpoint, calls)
    assert (rules(caught.value.report), caught.value.direction) == (["function-name.pattern"], "request")
    assert endpoint.sent == []


@pytest.mark.parametrize(("status", "body", "content_type", "rule"), [
    (200, b'{"MaximumRetryAttempts": 3}', "application/json", "maximum-retry-attempts.maximum"),
    (200, CONFIG, "text/html", "content-type.unexpected"),
    (201, CONFIG, "application/json", "status.unexpected"),
])  # fmt: skip
def test_an_invalid_response_to_a_reading_call_raises(
    endpoint: Endpoint, status: int, body: bytes, content_type: str, rule: str
) -> None:
    endpoint.says(status, body, content_type)
    with pytest.raises(boto.InvalidParametersError, match=r"^Response validation failed:\n") as caught:
        run(
            endpoint, lambda client: client.get_function_event_invoke_config(FunctionName="orders"), responses="block"
        )  # fmt: skip
    assert rule in rules(caught.value.report)
    assert len(endpoint.sent) == 1


def test_log_mode_logs_and_returns_an_invalid_response(endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    endpoint.says(200, b'{"MaximumRetryAttempts": 3}')
    with caplog.at_level(logging.WARNING, "lambda_validate.boto"):
        answer = run(
            endpoint, lambda client: client.get_function_event_invoke_config(FunctionName="orders"), responses="log"
        )  # fmt: skip
    assert answer["MaximumRetryAttempts"] == 3
    assert "flagged: /MaximumRetryAttempts maximum-retry-attempts.maximum" in caplog.text


def test_an_invalid_response_to_a_mutating_call_raises_only_if_enabled(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.says(201, b'{"State": "Creating"}')
    answer = run(endpoint, lambda client: client.create_event_source_mapping(**VALID), responses="block")
    assert answer["State"] == "Creating"
    assert f"response {CREATE} flagged: message status.unexpected" in caplog.text
    with pytest.raises(boto.InvalidParametersError, match="but the call was carried out") as caught:
        run(
            endpoint, lambda client: client.create_event_source_mapping(**VALID),
            responses="block", raise_after_success=True,
        )  # fmt: skip
    assert (caught.value.operation, caught.value.carried_out) == (CREATE, True)
    assert len(endpoint.sent) == 2


def test_an_error_response_raises_client_error(endpoint: Endpoint) -> None:
    endpoint.says(404, b"<html>", "text/html")
    with pytest.raises(ClientError):
        run(
            endpoint, lambda client: client.get_function_event_invoke_config(FunctionName="orders"), responses="block"
        )  # fmt: skip


def test_the_payload_of_an_invocation_is_not_consumed(endpoint: Endpoint) -> None:
    endpoint.says(200, b"not json")

    async def calls(client: Any) -> bytes:
        answer = await client.invoke(FunctionName="orders", Payload=b"{" * 300_000)
        async with answer["Payload"] as stream:
            return bytes(await stream.read())

    assert run(endpoint, calls, edition="current", responses="block") == b"not json"


def test_an_invalid_call_is_sent_after_detach(endpoint: Endpoint) -> None:
    async def calls(client: Any) -> None:
        first = attach(client)
        second = attach(client)
        first()
        with pytest.raises(boto.InvalidParametersError):
            await client.create_event_source_mapping(**INVALID)
        second()
        await client.create_event_source_mapping(**INVALID)

    run(endpoint, calls)
    assert len(endpoint.sent) == 1


def test_concurrent_calls_are_checked_independently(endpoint: Endpoint) -> None:
    async def calls(client: Any) -> list[Any]:
        names = ["orders", "a b"] * 10
        made = [client.get_function_event_invoke_config(FunctionName=name) for name in names]
        return list(await asyncio.gather(*made, return_exceptions=True))

    found = run(endpoint, calls, responses="block")
    assert [isinstance(each, boto.InvalidParametersError) for each in found] == [False, True] * 10
    assert len(endpoint.sent) == 10
