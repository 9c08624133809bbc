"""Test real gateways with the files of `examples/gateway`.

The AWS SDK and raw requests reach moto through each gateway.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from http_cases.servers import Server, free_port, receive
from servers.gateways import ENVOY, Gateway, envoy, gateway
from servers.programs import running, wait_for_answer
from support.paths import TESTS
from support.request_cases import CASES, Case

import lambda_validate as lv
from lambda_validate import strategies

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="the programs are those of POSIX")]

KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
ARN = "arn:aws:sqs:us-east-1:123456789012:orders"
PATH = "/2015-03-31/event-source-mappings/"
CREATE, GET = lv.operations()
KINDS = ["ext_authz", "ext_proc", "traefik", "asgi"]
HOLDING = ["ext_proc", "asgi"]
"""Gateways that show responses too."""


@pytest.fixture(scope="module")
def cache(request: pytest.FixtureRequest) -> Path:
    """Return the folder where installed programs are cached between runs."""
    assert request.config.cache is not None
    return Path(request.config.cache.mkdir("gateways"))


@pytest.fixture(scope="module")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Yield the port of a moto server that has a function and a queue."""
    port, home = free_port(), tmp_path_factory.mktemp("moto")
    command = [sys.executable, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port)]
    with running(command, port, home):
        fill = [sys.executable, str(TESTS / "servers" / "moto_account.py"), f"http://127.0.0.1:{port}"]
        subprocess.run(fill, check=True, timeout=120, stdout=subprocess.DEVNULL)
        yield port


class Echo(BaseHTTPRequestHandler):
    """An upstream server that counts requests."""

    protocol_version = "HTTP/1.1"
    reached = 0

    def do_GET(self) -> None:
        Echo.reached += 1
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b'{"MaximumRetryAttempts":2}' if self.command == "GET" else b'{"State":"Creating"}'
        self.send_response(200 if self.command == "GET" else 202)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


class Upstream(ThreadingHTTPServer):
    request_queue_size = 1_024
    daemon_threads = True


@pytest.fixture(scope="module")
def echo() -> Iterator[int]:
    """Yield the port of an upstream server that returns valid responses only."""
    with Upstream(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module", params=KINDS)
def made(request: pytest.FixtureRequest, cache: Path, moto: int, tmp_path_factory: Any) -> Iterator[Gateway]:
    with gateway(request.param, cache, tmp_path_factory.mktemp("gateway"), moto) as found:
        yield found


@pytest.fixture(scope="module", params=HOLDING)
def holding(request: pytest.FixtureRequest, cache: Path, moto: int, tmp_path_factory: Any) -> Iterator[Gateway]:
    with gateway(request.param, cache, tmp_path_factory.mktemp("gateway"), moto) as found:
        yield found


@pytest.fixture(scope="module", params=["ext_authz", "ext_proc", "traefik"])
def echoing(request: pytest.FixtureRequest, cache: Path, echo: int, tmp_path_factory: Any) -> Iterator[Gateway]:
    with gateway(request.param, cache, tmp_path_factory.mktemp("gateway"), echo) as found:
        yield found


@pytest.fixture(params=["ext_authz", "ext_proc", "traefik"])
def failing(request: pytest.FixtureRequest, cache: Path, echo: int, tmp_path: Path) -> Iterator[Gateway]:
    """Yield a gateway that a test may change in any way."""
    with gateway(request.param, cache, tmp_path, echo) as found:
        yield found


def client(made: Gateway) -> Any:
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    return boto3.client("lambda", endpoint_url=made.url, config=config, **KEYS)


def server(made: Gateway) -> Server:
    assert made.gateway
    return Server(urlsplit(made.url).port or 0, made.gateway.process, made.gateway.log)


def request(body: bytes, more: str = "connection: close\r\n") -> bytes:
    head = f"POST {PATH} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{more}"
    return head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body


def post(made: Gateway, body: bytes) -> Any:
    return server(made).exchange(request(body))


VALID = json.dumps({"EventSourceArn": ARN, "FunctionName": "orders"}).encode()


# The SDK.


def test_a_valid_call_reaches_moto(made: Gateway) -> None:
    assert client(made).get_function_event_invoke_config(FunctionName="orders")["MaximumRetryAttempts"] == 1


def test_operations_that_are_not_checked_pass(made: Gateway) -> None:
    assert client(made).get_function(FunctionName="orders")["Configuration"]["FunctionName"] == "orders"


def test_a_fault_becomes_the_modelled_exception_with_every_violation(made: Gateway) -> None:
    sdk = client(made)
    with pytest.raises(sdk.exceptions.InvalidParameterValueException) as caught:
        sdk.create_event_source_mapping(EventSourceArn=ARN, FunctionName="s3cr3t!", BatchSize=20000, Enabled="maybe")
    message = caught.value.response["Error"]["Message"]
    assert message.startswith("3 validation errors detected: ")
    assert all(name in message for name in ("BatchSize", "'functionName'", "Enabled"))
    assert "s3cr3t" not in message
    assert len(caught.value.response["ResponseMetadata"]["RequestId"]) == 36


def test_each_documented_fault_is_rejected_with_every_violation(made: Gateway) -> None:
    faults = [case for case in strategies.corpus(CREATE, minimal=True) if not case.valid]
    assert len(faults) > 20
    for case in faults:
        report = lv.validate_request(CREATE, case.payload)
        answer = post(made, json.dumps(case.payload).encode())
        assert (answer.status, answer.headers["x-amzn-errortype"]) == (400, "InvalidParameterValueException")
        pointers = [each["path"] for each in json.loads(answer.body)["fieldList"]]
        assert pointers == [each.pointer for each in report.errors]


@pytest.mark.parametrize("name", ["orders", "arn:aws:lambda:us-east-1:123456789012:function:orders"])
def test_an_invalid_qualifier_in_the_query_is_rejected(made: Gateway, name: str) -> None:
    sdk = client(made)
    with pytest.raises(sdk.exceptions.InvalidParameterValueException):
        sdk.get_function_event_invoke_config(FunctionName=name, Qualifier="a b")


@pytest.mark.parametrize(
    ("operation", "arguments", "rules"),
    [
        (CREATE, {"EventSourceArn": ARN, "FunctionName": "orders"}, ["202"]),
        (CREATE, {"EventSourceArn": ARN, "FunctionName": "orders"}, ["content type"]),
        (GET, {"FunctionName": "orders:$LATEST"}, ["content type"]),
        (GET, {"FunctionName": "123456789012:function:orders"}, ["content type"]),
    ],
    ids=["201", "text/html", "HTML 404", "HTML 500"],
)
def test_invalid_responses_of_moto_are_replaced(
    holding: Gateway, operation: str, arguments: Any, rules: list[str]
) -> None:
    sdk = client(holding)
    method = {CREATE: sdk.create_event_source_mapping, GET: sdk.get_function_event_invoke_config}[operation]
    with pytest.raises(sdk.exceptions.ServiceException) as caught:
        method(**arguments)
    message = caught.value.response["Error"]["Message"]
    assert message.startswith("The service's answer breaks the rules of the operation.")
    assert all(rule in message for rule in rules)
    assert "<" not in message


def test_a_valid_error_response_of_moto_is_passed_on(holding: Gateway) -> None:
    with pytest.raises(ClientError) as caught:
        client(holding).get_function_event_invoke_config(FunctionName="nobody")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


# Raw HTTP.


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_only_valid_requests_reach_upstream(echoing: Gateway, case: Case) -> None:
    before = Echo.reached
    answer = server(echoing).exchange(case.wire())
    reached = Echo.reached - before
    if case.status is None:
        assert (reached, answer.status) == (1, 200 if case.method == "GET" else 202)
    elif case.status in (404, 405) or case.id == "path too long":  # of other routes, which pass unless disguised
        assert reached == (answer.status < 300)
    else:
        assert reached == 0
        assert answer.status >= 400
        if "x-amzn-errortype" in answer.headers:
            assert answer.status == case.status


@pytest.mark.parametrize("kind", ENVOY)
def test_the_default_service_denies_unknown_routes_and_uses_current(
    kind: str, cache: Path, echo: int, tmp_path: Path
) -> None:
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2024-01-01T00:00:00.000"
    newer = {"EventSourceArn": table, "FunctionName": "orders", "StartingPosition": "LATEST", "BatchSize": 5000}
    with envoy(kind, cache, tmp_path, echo, settings=()) as made:
        reached = Echo.reached
        answer = server(made).exchange(b"GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        assert (answer.status, answer.headers["x-amzn-errortype"]) == (404, "UnknownOperationException")
        assert Echo.reached == reached
        assert post(made, json.dumps(newer).encode()).status == 202
        assert Echo.reached == reached + 1


@pytest.mark.parametrize("mode", ["STREAMED", "NONE"])
def test_a_filter_that_would_skip_bodies_is_rejected(mode: str, cache: Path, echo: int, tmp_path: Path) -> None:
    with envoy(
        "ext_proc", cache, tmp_path, echo, replace={"request_body_mode: BUFFERED": f"request_body_mode: {mode}"}
    ) as made:
        reached = Echo.reached
        assert post(made, VALID).status >= 500
        assert Echo.reached == reached
        assert made.service
        assert "request_body_mode must be BUFFERED" in made.service.logged()


@pytest.mark.parametrize("target", ["GET /2019-09-25/functions/orders/event-invoke-config#x", "OPTIONS *"])
@pytest.mark.parametrize("mode", ["SKIP", "SEND"])
def test_the_gateways_own_error_responses_are_passed_on(
    mode: str, target: str, cache: Path, echo: int, tmp_path: Path
) -> None:
    replace = {"response_header_mode: SKIP": f"response_header_mode: {mode}"}
    with envoy("ext_proc", cache, tmp_path, echo, replace=replace) as made:
        reached = Echo.reached
        answer = server(made).exchange(f"{target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".encode())
        assert 400 <= answer.status < 500
        assert Echo.reached == reached
        assert made.service
        assert "configured wrongly" not in made.service.logged()


JSON = "host: a\r\ncontent-type: application/json\r\nconnection: close\r\n"
CHUNKED = "transfer-encoding: chunked\r\n"
MALFORMED = {
    "a length, and chunks": (f"POST {PATH} HTTP/1.1\r\n{JSON}content-length: 5\r\n{CHUNKED}\r\n0\r\n\r\n", 400),
    "two lengths": (f"POST {PATH} HTTP/1.1\r\n{JSON}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}", 400),
    "a space in the target": (f"GET /2019-09-25/functions/a b/event-invoke-config HTTP/1.1\r\n{JSON}\r\n", 400),
    "NUL in a header": (f"POST {PATH} HTTP/1.1\r\n{JSON}x: a\0b\r\ncontent-length: 2\r\n\r\n{{}}", 400),
    "another coding": (f"POST {PATH} HTTP/1.1\r\n{JSON}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    "HTTP/1.0": (f"POST {PATH} HTTP/1.0\r\n{JSON}content-length: 2\r\n\r\n{{}}", 426),
}
"""Requests that Envoy rejects itself, and the status of each."""


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_requests_are_answered_by_the_gateway(echoing: Gateway, name: str) -> None:
    reached, (wire, status) = Echo.reached, MALFORMED[name]
    answer = server(echoing).exchange(wire.encode())
    assert Echo.reached == reached
    if echoing.kind in ENVOY:
        assert (answer.status, answer.headers.get("x-amzn-errortype")) == (status, None)
    else:
        assert answer.status >= 400


@pytest.mark.parametrize(("kind", "status"), [("ext_authz", 400), ("ext_proc", 0)])
def test_a_malformed_chunked_body_does_not_reach_upstream(
    kind: str, status: int, cache: Path, echo: int, tmp_path: Path
) -> None:
    """Envoy shows its own response to the processor, and closes the connection without waiting for an answer."""
    with envoy(kind, cache, tmp_path, echo) as made, server(made).connect() as connection:
        reached = Echo.reached
        connection.sendall(f"POST {PATH} HTTP/1.1\r\n{JSON}{CHUNKED}\r\n".encode())
        time.sleep(0.5)
        connection.sendall(b"no size\r\n")
        assert receive(connection).status == status
        assert Echo.reached == reached


def test_a_path_of_the_service_s_own_is_checked_as_any_other(echoing: Gateway) -> None:
    for target in ("/healthz", "/readyz", "/check", "/forward-auth"):
        before = Echo.reached
        answer = server(echoing).exchange(f"GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".encode())
        assert (answer.status, Echo.reached - before) == (200, 1)


def test_forwarded_headers_of_a_client_are_not_believed(echoing: Gateway) -> None:
    head = "GET /2019-09-25/functions/a%20b/event-invoke-config HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"
    spoofed = "x-forwarded-uri: /other\r\nx-forwarded-method: PUT\r\nx-envoy-original-path: /other\r\n\r\n"
    assert server(echoing).exchange((head + spoofed).encode()).status == 400


def test_a_thousand_concurrent_connections_are_all_checked(echoing: Gateway) -> None:
    reached, bodies = Echo.reached, [VALID, b"{}"] * 500
    with ExitStack() as stack:
        open_ones = [stack.enter_context(server(echoing).connect()) for _ in bodies]
        for each, body in zip(open_ones, bodies, strict=True):
            each.sendall(request(body))
        assert [receive(each).status for each in open_ones] == [202, 400] * 500
    assert Echo.reached - reached == 500


def test_pipelined_requests_are_checked_individually(echoing: Gateway) -> None:
    reached = Echo.reached
    with server(echoing).connect() as connection:
        connection.sendall((request(VALID, "") + request(b"{}", "")) * 10 + request(VALID))
        data = b""
        while chunk := connection.recv(65_536):
            data += chunk
    found = [int(data[index + 9 : index + 12]) for index in range(len(data)) if data.startswith(b"HTTP/1.1 ", index)]
    assert found == ([202, 400] * 10 + [202])[: len(found)]
    assert len(found) > 1
    assert Echo.reached - reached == found.count(202)


def test_a_chunked_gigabyte_is_rejected_in_bounded_memory(echoing: Gateway) -> None:
    place = server(echoing)
    assert echoing.service
    before = place.memory(), Server(0, echoing.service.process, echoing.service.log).memory()
    chunk = b"10000\r\n" + b"[" * 65_536 + b"\r\n"
    reached = Echo.reached
    with place.connect() as connection:
        head = (
            f"POST {PATH} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        connection.sendall(head.encode())
        try:
            for _ in range(1_000_000_000 // 65_536):
                connection.sendall(chunk)
        except OSError:
            pass
        assert receive(connection).status in (413, 401, 0)  # Traefik says 401; a reset may overtake the answer
    after = place.memory(), Server(0, echoing.service.process, echoing.service.log).memory()
    print(f"\n1 GB in chunks: the gateway took {after[0] - before[0]:,} bytes, the service {after[1] - before[1]:,}")
    assert Echo.reached == reached
    assert after[0] - before[0] < 64_000_000
    assert after[1] - before[1] < 32_000_000


# Gateways whose service fails.


def statuses(made: Gateway, count: int = 5) -> set[int]:
    return {post(made, VALID).status for _ in range(count)}


SLOW = {"ext_authz": 503, "ext_proc": 504}
"""The status of Envoy if the service times out. Traefik waits for 30 seconds."""

DOWN = {"ext_authz": 503, "ext_proc": 503, "traefik": 500}
"""The status of a gateway if the service is unreachable."""


@pytest.mark.parametrize("failing", SLOW, indirect=True)
def test_requests_fail_closed_while_the_service_is_slow(failing: Gateway) -> None:
    assert failing.service
    assert statuses(failing) == {202}
    failing.service.signal(signal.SIGSTOP)
    reached, begun = Echo.reached, time.monotonic()
    assert statuses(failing, 1) == {SLOW[failing.kind]}
    assert time.monotonic() - begun < 30
    assert Echo.reached == reached
    failing.service.signal(signal.SIGCONT)
    wait_for_answer(f"{failing.url}/2019-09-25/functions/a%20b/event-invoke-config", 400)
    assert statuses(failing) == {202}


def test_requests_fail_closed_while_the_service_is_killed_and_restarted(failing: Gateway) -> None:
    assert failing.service
    assert failing.restart
    reached = Echo.reached
    failing.service.signal(signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(post, failing, VALID)
        time.sleep(0.3)
        failing.service.signal(signal.SIGKILL)
        assert pending.result(60).status in (DOWN[failing.kind], SLOW.get(failing.kind))
    failing.service.process.wait(60)
    assert statuses(failing) == {DOWN[failing.kind]}
    assert Echo.reached == reached
    with running(failing.restart, failing.port):
        wait_for_answer(f"{failing.url}/2019-09-25/functions/a%20b/event-invoke-config", 400)
        assert statuses(failing) == {202}


def test_graceful_shutdown_loses_no_requests(cache: Path, echo: int, tmp_path: Path) -> None:
    """During an orderly shutdown, each request is answered by the service, or fails closed."""
    with envoy("ext_authz", cache, tmp_path, echo, "--drain-seconds", "1") as made, ThreadPoolExecutor(8) as pool:
        reached, pending = Echo.reached, []
        for index in range(300):
            pending.append(pool.submit(post, made, b"{}" if index % 2 else VALID))
            if index == 100 and made.service:
                made.service.signal(signal.SIGTERM)
            time.sleep(0.01)
        found = [each.result(60).status for each in pending]
        assert set(found[1::2]) <= {400, 503}
        assert set(found[0::2]) <= {202, 503}
        assert found[0:100:2] == [202] * 50
        assert Echo.reached - reached == found.count(202)
