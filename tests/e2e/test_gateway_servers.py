"""Test the middleware in real servers.

Send every request of `http_cases` as bytes over a socket, and requests that try to exhaust memory.
"""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from http_cases.app import REACHED, RESPONSES
from http_cases.servers import SERVERS, Server, receive, serving
from support.request_cases import CASES, Case

pytestmark = pytest.mark.e2e

PATH = "/2015-03-31/event-source-mappings/"
KEEP_ALIVE = f"POST {PATH} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
HEAD = f"{KEEP_ALIVE}connection: close\r\n"
VALID = b'{"EventSourceArn":"arn:aws:sqs:us-west-2:123456789012:orders","FunctionName":"orders"}'

GUNICORN = {"two content types"}
OWN_REFUSALS: dict[str, set[str]] = {
    "uvicorn-h11": set(),
    "uvicorn-httptools": set(),
    "gunicorn-sync": GUNICORN,
    "gunicorn-threads": GUNICORN,
}
"""Requests that a server rejects before they reach the middleware."""


def reading(name: str) -> bytes:
    path = f"/2019-09-25/functions/{name}/event-invoke-config"
    return f"GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".encode()


SECRETS = [b"s3cr3t", b"123456789012"]


@pytest.fixture(scope="module", params=SERVERS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def server(name: str) -> Iterator[Server]:
    with serving(name, "blocking") as made:
        yield made


@pytest.fixture(scope="module")
def logging_server(name: str) -> Iterator[Server]:
    with serving(name, "logging") as made:
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_requests_over_a_socket_get_the_expected_status(name: str, server: Server, case: Case) -> None:
    answer = server.exchange(case.wire())
    passed = REACHED in answer.headers
    assert passed is (case.status is None)
    if passed:
        assert answer.headers[REACHED] == str(len(case.body))
    elif "x-amzn-errortype" in answer.headers:
        assert answer.status == case.status
        assert json.loads(answer.body)["Type"] == "User"
        assert not [secret for secret in SECRETS if secret in answer.body]
    else:
        assert case.id in OWN_REFUSALS[name]
        assert answer.status >= 400


def test_log_lines_hold_no_values(server: Server) -> None:
    server.exchange(HEAD.encode() + b'content-length: 26\r\n\r\n{"FunctionName":"s3cr3t!"}')
    logged = server.logged()
    assert "function-name.pattern" in logged
    assert not [secret for secret in SECRETS if secret.decode() in logged]


@pytest.mark.parametrize("kind", RESPONSES)
def test_an_invalid_response_is_replaced(server: Server, kind: str) -> None:
    answer = server.exchange(reading(kind))
    assert (answer.status, answer.headers["x-amzn-errortype"]) == (500, "ServiceException")
    assert REACHED not in answer.headers
    assert b"s3cr3t" not in answer.body


@pytest.mark.parametrize("kind", RESPONSES)
def test_log_mode_logs_and_passes_an_invalid_response(logging_server: Server, kind: str) -> None:
    before = logging_server.logged().count('"flagged"')
    answer = logging_server.exchange(reading(kind))
    assert answer.status == RESPONSES[kind][0]
    assert len(answer.body) >= len(RESPONSES[kind][2])
    assert logging_server.logged().count('"flagged"') == before + 1


@pytest.mark.parametrize("size", [5, 300_000, 3_000_000])
def test_log_mode_logs_and_passes_an_invalid_request(logging_server: Server, size: int) -> None:
    before = logging_server.logged().count('"flagged"')
    answer = logging_server.exchange(HEAD.encode() + b"content-length: %d\r\n\r\n" % size + b"x" * size)
    assert answer.headers[REACHED] == str(size)
    assert logging_server.logged().count('"flagged"') == before + 1


def chunked(pieces: list[bytes]) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in pieces) + b"0\r\n\r\n"


def test_a_chunked_body_is_replayed_to_the_application(server: Server) -> None:
    pieces = [VALID[index : index + 1] for index in range(len(VALID))]
    answer = server.exchange(HEAD.encode() + b"transfer-encoding: chunked\r\n\r\n" + chunked(pieces))
    assert answer.headers[REACHED] == str(len(VALID))


def test_an_invalid_chunked_body_is_rejected(server: Server) -> None:
    answer = server.exchange(HEAD.encode() + b"transfer-encoding: chunked\r\n\r\n" + chunked([VALID, b"!"]))
    assert (answer.status, REACHED in answer.headers) == (400, False)


def flood(connection: socket.socket, total: int) -> int:
    """Write a chunked body until the end or until the server stops reading. Return how many bytes were written."""
    chunk = b"10000\r\n" + b"[" * 65_536 + b"\r\n"
    written = 0
    connection.settimeout(1)
    try:
        while written < total:
            connection.sendall(chunk)
            written += len(chunk)
    except OSError:
        pass
    connection.settimeout(20)
    return written


def test_an_endless_body_is_rejected_in_bounded_memory(server: Server) -> None:
    server.exchange(HEAD.encode() + b"content-length: 2\r\n\r\n{}")
    before = server.memory()
    for _ in range(3):
        with server.connect() as connection:
            connection.sendall(HEAD.encode() + b"transfer-encoding: chunked\r\n\r\n")
            flood(connection, 64_000_000)
            answer = receive(connection)
            assert answer.status in (413, 0)  # a reset may overtake the answer
    assert server.memory() - before < 8_000_000


def test_a_hundred_thousand_headers_are_rejected_in_bounded_memory(server: Server) -> None:
    before = server.memory()
    many = "".join(f"x-{index}: 1\r\n" for index in range(100_000))
    answer = server.exchange(f"{HEAD}{many}content-length: 2\r\n\r\n{{}}".encode())
    assert REACHED not in answer.headers
    assert answer.status in (431, 400, 0)
    assert server.memory() - before < 100_000_000


def test_a_declared_huge_body_is_rejected_before_it_is_sent(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(HEAD.encode() + b"content-length: 1000000000\r\n\r\n")
        assert receive(connection).status == 413


def test_client_disconnects_do_not_affect_other_requests(server: Server) -> None:
    for _ in range(20):
        with server.connect() as connection:
            connection.sendall(HEAD.encode() + b"content-length: 100\r\n\r\n" + VALID[:50])
    answer = server.exchange(HEAD.encode() + b"content-length: %d\r\n\r\n" % len(VALID) + VALID)
    assert answer.headers[REACHED] == str(len(VALID))
    assert "Traceback" not in server.logged()


def test_pipelined_requests_are_checked_individually(name: str, server: Server) -> None:
    if name == "gunicorn-sync":
        return  # serves one request a connection
    good = KEEP_ALIVE.encode() + b"content-length: %d\r\n\r\n" % len(VALID) + VALID
    bad = KEEP_ALIVE.encode() + b"content-length: 2\r\n\r\n{}"
    with server.connect() as connection:
        connection.sendall(good + bad + good.replace(b"host: a", b"host: a\r\nconnection: close"))
        data = b""
        while chunk := connection.recv(65_536):
            data += chunk
    statuses = [line.split()[1] for line in data.split(b"\r\n") if line.startswith(b"HTTP/1.1")]
    statuses += [line.split(b"HTTP/1.1 ")[1][:3] for line in data.split(b"\r\n") if b"}HTTP/1.1 " in line]
    assert sorted(statuses) == [b"202", b"202", b"400"]


def test_slow_bodies_time_out_without_blocking_other_requests(name: str, server: Server) -> None:
    if name.startswith("gunicorn"):
        return  # the server must limit the time, because WSGI does not see it
    with ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(50)]
        for each in slow:
            each.sendall(HEAD.encode() + b"content-length: 100\r\n\r\n{")
        assert REACHED in server.exchange(HEAD.encode() + b"content-length: %d\r\n\r\n" % len(VALID) + VALID).headers
        assert select.select(slow, [], [], 0)[0] == []  # it is answered while the test waits for them
        assert {receive(each).status for each in slow} == {408}


def test_concurrent_requests_are_all_checked(server: Server) -> None:
    good = HEAD.encode() + b"content-length: %d\r\n\r\n" % len(VALID) + VALID
    bad = HEAD.encode() + b"content-length: 2\r\n\r\n{}"
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(server.exchange, [good, bad] * 100))
    assert [each.status for each in answers] == [202, 400] * 100
