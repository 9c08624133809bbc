"""Test `lambda-validate serve` as a process: requests over sockets, its log, its shutdown, and attacks."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from http_cases.servers import Answer, Server, children, free_port, receive
from servers.checked import HEAD, LAST, PATH, VALID, post, service, statuses
from servers.programs import SAFE, serve, status_of, wait_for_answer, wait_until
from support.request_cases import CASES, Case

from lambda_validate import cli
from lambda_validate.serve.workers import Workers

SECRETS = ("s3cr3t", "123456789012", "orders")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and forks are those of POSIX")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    times = ("--header-seconds", "3", "--read-seconds", "3")
    with service(
        "--trust-forwarded", "--unknown-route", "pass", "--workers", "2", "--edition", "documents", *times
    ) as made:
        yield made


WAITING: dict[str, Callable[[], None]] = {}
"""Tests that mostly wait, each with its own service, by name."""


@pytest.fixture(scope="module", autouse=True)
def begun(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[None]]]:
    """Start the tests that mostly wait together, before all others, so that their waits cost no time."""
    here = {each.name for each in request.session.items if each.path == request.path}
    with ThreadPoolExecutor(3) as pool:  # more would delay each other's start
        yield {name: pool.submit(test) for name, test in WAITING.items() if name in here}


def waits(test: Callable[[], None]) -> Callable[[Any], None]:
    """Start a test before all others. In its turn, wait for its end."""
    WAITING[test.__name__] = test

    def finished(begun: dict[str, Future[None]]) -> None:
        begun[test.__name__].result()

    return finished


def get(server: Server, path: str, headers: str = "") -> Answer:
    return server.exchange(f"GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{headers}\r\n".encode())


def lines(server: Server) -> list[dict[str, Any]]:
    return [json.loads(each) for each in server.logged().splitlines()]


# What is validated.


def prefixed(case: Case) -> bytes:
    target = case.target if case.target.startswith("/") else "/" + case.target.partition("://")[2].partition("/")[2]
    return case._replace(target=f"/check{target}").wire()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_requests_below_check_get_the_expected_status(server: Server, case: Case) -> None:
    answer = server.exchange(prefixed(case))
    if case.status in (404, 405) or case.id == "path too long":  # unknown routes pass, except disguised ones
        assert answer.status in (200, 404)
    elif answer.status == 400 and "x-amzn-errortype" not in answer.headers:
        assert case.status is not None  # rejected by uvicorn itself
    else:
        assert answer.status == (case.status or 200)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_forwarded_requests_get_the_expected_status(server: Server, case: Case) -> None:
    forwarded = [("x-forwarded-method", case.method), ("x-forwarded-uri", case.target)]
    answer = server.exchange(
        case._replace(method="POST", target="/forward-auth", headers=[*case.headers, *forwarded]).wire()
    )
    if case.status in (404, 405) or case.id == "path too long":
        assert answer.status in (200, 404, 405)
    elif answer.status == 400 and "x-amzn-errortype" not in answer.headers:
        assert case.status is not None
    else:
        assert answer.status == (case.status or 200)


def test_the_error_response_is_returned_to_the_client(server: Server) -> None:
    answer = server.exchange(post(b'{"BatchSize":0}'))
    assert (answer.status, answer.headers["x-amzn-errortype"]) == (400, "InvalidParameterValueException")
    assert len(json.loads(answer.body)["fieldList"]) == 3


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_healthz_and_readyz_return_200(server: Server, path: str) -> None:
    assert get(server, path).status == 200


@pytest.mark.parametrize("path", ["/", PATH, "/metrics", "/healthz/x", "//healthz"])
def test_no_other_path_is_answered_with_200(server: Server, path: str) -> None:
    assert get(server, path).status == 404


@waits
def test_a_checked_path_is_not_mistaken_for_an_own_endpoint() -> None:
    with service() as strict:
        for path in ("/healthz", "/readyz", "/forward-auth", "/check", ""):
            assert get(strict, f"/check{path}").status == 404
        assert get(strict, "/forward-auth", f"x-forwarded-method: GET\r\nx-forwarded-uri: {PATH}\r\n").status == 404


@pytest.mark.parametrize(
    "headers",
    ["", "x-forwarded-method: GET\r\n", "x-forwarded-uri: /x\r\n",
     "x-forwarded-method: GET\r\nx-forwarded-method: GET\r\nx-forwarded-uri: /x\r\n",
     "x-forwarded-method: GET\r\nx-forwarded-uri: /x\r\nx-forwarded-uri: /y\r\n"],
)  # fmt: skip
def test_missing_or_repeated_forwarded_headers_are_rejected(server: Server, headers: str) -> None:
    assert get(server, "/forward-auth", headers).status == 400


def test_a_body_truncated_by_envoy_is_too_large(server: Server) -> None:
    assert server.exchange(post(head=f"{LAST}x-envoy-auth-partial-body: true\r\n")).status == 413
    assert server.exchange(post(head=f"{LAST}x-envoy-auth-partial-body: false\r\n")).status == 200
    unknown = "POST /check/other HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-envoy-auth-partial-body: true\r\n"
    assert server.exchange(post(b"x" * 300_000, unknown)).status == 200


@pytest.mark.parametrize("label", [";drop%20table", "a%5cx", "", "%2e%2e", "%09"])
def test_a_disguised_operation_is_rejected_where_unknown_routes_pass(server: Server, label: str) -> None:
    for path in (
        f"/2019-09-25%2ffunctions/{label}/event-invoke-config",
        f"//2019-09-25/functions%2F{label}x/event-invoke-config",
    ):
        assert get(server, f"/check{path}").status in (400, 404)
        assert get(server, "/forward-auth", f"x-forwarded-method: GET\r\nx-forwarded-uri: {path}\r\n").status in (
            400,
            404,
        )
    assert get(server, "/check/static/a%20b;v=1.css").status == 200


# The log.


def test_each_check_is_one_line_of_json_without_any_value(server: Server) -> None:
    server.exchange(post(b'{"FunctionName":"s3cr3t!","EventSourceArn":"arn:aws:sqs:us-west-2:123456789012:orders"}'))
    line = next(each for each in reversed(lines(server)) if each.get("outcome") == "blocked")
    assert line["violations"] == [{"pointer": "/FunctionName", "rule": "function-name.pattern"}]
    assert (line["gateway"], line["direction"], line["status"]) == ("ext_authz", "request", 400)
    assert line["operation"] == "CreateEventSourceMapping"
    assert len(line["request_id"]) == 36
    assert not [secret for secret in SECRETS if secret in server.logged()]


def test_a_log_line_is_bounded_for_many_violations(server: Server) -> None:
    names = {"\u00e9\n" * 60 + str(index): 1 for index in range(300)}
    server.exchange(post(json.dumps(names).encode()))
    assert max(len(each) for each in server.logged().splitlines()) < 4096
    assert lines(server)[-1]["violations_total"] >= 300


# Shutdown.


@waits
def test_graceful_shutdown_drains_and_finishes_requests() -> None:
    times = ("--drain-seconds", "4", "--read-seconds", "120", "--grace-seconds", "120")
    with service("--workers", "1", *times) as ending, ending.connect() as slow:
        slow.sendall(HEAD.encode() + b"content-length: %d\r\n\r\n" % len(VALID) + VALID[:9])
        assert get(ending, "/healthz").status == 200  # and so the one before it is under way
        ending.process.send_signal(signal.SIGTERM)
        wait_for_answer(f"http://127.0.0.1:{ending.port}/readyz", 503)
        assert get(ending, "/healthz").status == 200
        assert ending.exchange(post()).status == 200
        wait_until(lambda: refuses(ending))
        slow.sendall(VALID[9:])
        assert receive(slow).status == 200
        assert ending.process.wait(SAFE) == 0


def refuses(server: Server) -> bool:
    """Return whether a server accepts no more connections."""
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", server.port)) != 0


@waits
def test_unfinished_requests_do_not_delay_shutdown_beyond_the_grace_period() -> None:
    times = ("--grace-seconds", "1", "--read-seconds", "900")
    with service("--workers", "2", *times) as ending, ending.connect() as slow:
        slow.sendall(HEAD.encode() + b"content-length: 99\r\n\r\n{")
        assert get(ending, "/healthz").status == 200
        ending.process.send_signal(signal.SIGTERM)
        assert ending.process.wait(SAFE) == 0


@pytest.mark.parametrize(("number", "name"), [(signal.SIGKILL, "SIGKILL"), (40, "40")])
def test_a_killed_worker_is_replaced_and_logged(server: Server, number: int, name: str) -> None:
    before = children(server.process.pid)
    os.kill(before[0], number)
    wait_until(lambda: len(now := children(server.process.pid)) == 2 and before[0] not in now)
    now = children(server.process.pid)
    for _ in range(8):
        assert server.exchange(post()).status == 200
    said = next(each for each in lines(server) if each.get("pid") == before[0])
    assert (said["level"], said["signal"], said["replacement"] in now) == ("warning", name, True)


def test_workers_that_fail_at_start_end_the_service_with_a_log(capfd: pytest.CaptureFixture[str]) -> None:
    assert Workers(2, lambda: 7, 1.0).run() == 7
    said = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert {(each["level"], each["code"]) for each in said} == {("error", 7)}


LAUNCH = """
import subprocess, sys
print(subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=2).pid, flush=True)
sys.stdin.read()
"""


@waits
def test_a_single_process_survives_its_parent() -> None:
    port = free_port()
    command = [sys.executable, "-c", LAUNCH, *serve("--port", str(port))]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, env={**os.environ}) as launcher:
        assert launcher.stdout
        pid = int(launcher.stdout.readline())
        try:
            wait_for_answer(f"http://127.0.0.1:{port}/readyz", 200)
            launcher.communicate()
            time.sleep(0.5)
            assert status_of(f"http://127.0.0.1:{port}/readyz") == 200
        finally:
            os.kill(pid, signal.SIGTERM)


@waits
def test_workers_exit_when_their_supervisor_is_killed() -> None:
    with service("--workers", "2") as left:
        pids = children(left.process.pid)
        assert [is_over(pid) for pid in pids] == [False, False]
        left.process.kill()
        left.process.wait(SAFE)
        wait_until(lambda: all(map(is_over, pids)))
        assert [is_over(pid) for pid in pids] == [True, True]


def is_over(pid: int) -> bool:
    """Return whether a process has ended, even if no parent has read its status."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.fixture
def same_logging() -> Iterator[None]:
    """Undo the global logging settings of a service that is started in this process."""
    root = logging.getLogger()
    handlers, level = [*root.handlers], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("same_logging")
def test_a_port_in_use_is_reported_in_one_line(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--port", str(server.port)]) == 2
    assert f"127.0.0.1:{server.port}: the service cannot listen on this address" in capsys.readouterr().err


@pytest.mark.usefixtures("same_logging")
@pytest.mark.parametrize(
    "argv",
    [["--port", "65536"], ["--port", "x"], ["--workers", "0"], ["--read-seconds", "-1"], ["--disable", "batch-size.sq"],
     ["--edition", "document"], ["--max-body", "1e3"], ["--host", "no.such.host.invalid"]],
)  # fmt: skip
def test_invalid_arguments_are_reported_in_one_line(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", *argv]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_missing_extra_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setitem(__import__("sys").modules, "lambda_validate.serve.server", None)
    monkeypatch.setattr("lambda_validate.cli.serve.EXTRAS", {"lambda_validate": "serve"})
    assert cli.main(["serve"]) == 2
    assert "install lambda-validate[serve]" in capsys.readouterr().err


# Attacks.


def test_concurrent_requests_with_slow_clients_are_all_checked(server: Server) -> None:
    good, bad = post(), post(b"{}")
    with ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(200)]
        for each in slow:
            each.sendall(HEAD.encode() + b"content-length: 100\r\n\r\n{")
        waiting = [stack.enter_context(server.connect()) for _ in range(1_000)]
        for index, each in enumerate(waiting):
            each.sendall(bad if index % 2 else good)
        assert [receive(each).status for each in waiting] == [200, 400] * 500
        assert {receive(each).status for each in slow} == {408}


STARTS = [b"", b"POST /check", HEAD.encode(), HEAD.encode() + b"x-a: "]


def test_incomplete_request_heads_time_out(server: Server) -> None:
    with ExitStack() as stack:
        waiting = [stack.enter_context(server.connect()) for _ in STARTS]
        for each, start in zip(waiting, STARTS, strict=True):
            each.sendall(start)
        reused = stack.enter_context(server.connect())
        reused.sendall(post(head=HEAD))
        assert receive(reused).status == 200
        reused.sendall(b"POST /check")
        assert [each.recv(100) for each in (*waiting, reused)] == [b""] * 5


MANY = "".join(f"x-{index}: 1\r\n" for index in range(100_000)).encode()


@pytest.mark.parametrize("flood", [MANY, b"x-a: " + b"a" * 50_000_000, b"x" * 50_000_000])
def test_a_huge_request_head_is_rejected_in_bounded_memory(server: Server, flood: bytes) -> None:
    server.exchange(post())
    before = server.memory()
    answer = server.exchange(LAST.encode() + flood + b"\r\n\r\n")
    assert answer.status in (400, 0)  # unfinished requests are cut off, with the response
    assert server.memory() - before < 16_000_000


def test_pipelined_requests_are_checked_individually(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall((post(head=HEAD) + post(b"{}", HEAD)) * 50 + post())
        assert statuses(connection) == [b"200", b"400"] * 50 + [b"200"]


def test_pipelined_bodies_do_not_count_towards_the_next_head(server: Server) -> None:
    padded = VALID[:-1] + b" " * 62_000 + b"}"
    with server.connect() as connection:
        connection.sendall(post(padded, HEAD) * 2 + LAST.encode())
        time.sleep(0.2)
        connection.sendall(b"content-length: %d\r\n\r\n" % len(VALID) + VALID)
        assert statuses(connection) == [b"200"] * 3


BROKEN = HEAD.encode() + b"transfer-encoding: chunked\r\n\r\n1\r\n{\r\nzz\r\n"


MUCH = b"a" * 1_000_000


@pytest.mark.parametrize("invalid", [b"x y z\r\n\r\n", HEAD.encode() + b"x-a: " + MUCH, BROKEN + MUCH])
def test_an_error_response_in_a_pipeline_keeps_its_order(server: Server, invalid: bytes) -> None:
    for before in (0, 1, 2):
        with server.connect() as connection:
            connection.sendall(post(b"{}", HEAD) * before + invalid)
            assert statuses(connection) == [b"400"] * before + [b"400"]
        with server.connect() as connection:
            connection.sendall(post(head=HEAD) * before + invalid)
            assert statuses(connection) == [b"200"] * before + [b"400"]


def test_the_connection_is_closed_after_an_error_response(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(b"x y z\r\n\r\n")
        assert statuses(connection) == [b"400"]  # announces at once that no more data follows
        wait_until(lambda: not connection_takes(connection))


def connection_takes(connection: socket.socket) -> bool:
    """Return whether the peer has not closed the connection yet."""
    try:
        connection.sendall(b"x")
    except OSError:
        return False
    return True


def test_many_clients_get_the_answers_to_their_own_requests(server: Server) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(server.exchange, [post(), post(b"{}")] * 100))
    assert [each.status for each in answers] == [200, 400] * 100


def test_a_connection_reset_does_not_affect_other_requests(server: Server) -> None:
    for _ in range(20):
        with server.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(HEAD.encode() + b"content-length: 100\r\n\r\n{")
    assert server.exchange(post()).status == 200
    assert "exception" not in server.logged()


def flooded(server: Server, total: int) -> int:
    """Send a chunked body of this many bytes, or until the server stops reading. Return the status."""
    chunk = b"10000\r\n" + b"[" * 65_536 + b"\r\n"
    with server.connect() as connection:
        connection.sendall(LAST.encode() + b"transfer-encoding: chunked\r\n\r\n")
        try:
            for _ in range(total // 65_536):
                connection.sendall(chunk)
            connection.sendall(b"0\r\n\r\n")
        except OSError:
            pass
        return receive(connection).status


@pytest.mark.parametrize("total", [64_000_000, pytest.param(1_000_000_000, marks=pytest.mark.e2e)])
def test_a_huge_chunked_body_is_rejected_in_bounded_memory(server: Server, total: int) -> None:
    server.exchange(post())
    before = server.memory()
    assert {flooded(server, total) for _ in range(3)} <= {413, 0}  # a reset may overtake the answer
    assert server.memory() - before < 16_000_000


@waits
def test_a_closed_log_pipe_does_not_stop_the_service() -> None:
    port = free_port()
    process = subprocess.Popen(serve("--port", str(port)), stderr=subprocess.PIPE, env={**os.environ})
    try:
        assert process.stderr
        process.stderr.readline()
        process.stderr.close()
        wait_for_answer(f"http://127.0.0.1:{port}/check{PATH}", 200)  # GET is ListEventSourceMappings
        wait_for_answer(f"http://127.0.0.1:{port}/readyz", 200)
    finally:
        process.terminate()
        assert process.wait(SAFE) == 0
