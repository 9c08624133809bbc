"""Test what clients can send over a socket: trailers, prefixes, and requests with unread bodies."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from http_cases.servers import Answer, Server, free_port, receive, wait
from support.gateway_calls import PATH, VALID
from support.paths import TESTS

pytestmark = pytest.mark.e2e

HERE = TESTS
INVALID = b'{"FunctionName":"!"}'
INVOKE = "/2015-03-31/functions/orders/invocations"
TYPE = b"content-type: application/json\r\n"

PROGRAMS: dict[str, tuple[list[str], dict[str, str]]] = {
    "h11": (["uvicorn", "--http", "h11", "--lifespan", "off", "--no-access-log", "--port", "{port}"], {}),
    "httptools": (["uvicorn", "--http", "httptools", "--lifespan", "off", "--no-access-log", "--port", "{port}"], {}),
    "gunicorn": (["gunicorn", "--bind", "127.0.0.1:{port}"], {}),
    "below h11": (
        ["uvicorn", "--http", "h11", "--lifespan", "off", "--no-access-log", "--port", "{port}", "--root-path", "/api"],
        {},
    ),
    "below gunicorn": (["gunicorn", "--bind", "127.0.0.1:{port}"], {"SCRIPT_NAME": "/api"}),
}


@contextmanager
def behind(program: str) -> Iterator[Server]:
    """Run a server with the applications of `servers.behind` until the block ends."""
    port = free_port()
    (module, *options), more = PROGRAMS[program]
    app = f"servers.behind:{'asgi' if module == 'uvicorn' else 'wsgi'}_app"
    place = {"PYTHONPATH": f"{HERE}:{HERE.parent}", "PATH": "/usr/bin:/bin", **more}
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        command = [sys.executable, "-m", module, *(each.format(port=port) for each in options), app]
        process = subprocess.Popen(command, stdout=log, stderr=log, env=place)
        try:
            wait(process, port, log)
            yield Server(port, process, log)
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module", params=["h11", "httptools", "gunicorn"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with behind(request.param) as made:
        yield made


@pytest.fixture(scope="module", params=["below h11", "below gunicorn"])
def prefixed(request: pytest.FixtureRequest) -> Iterator[Server]:
    with behind(request.param) as made:
        yield made


def head(app: str, target: str, more: bytes = TYPE) -> bytes:
    return f"POST {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-app: {app}\r\n".encode() + more


def sized(body: bytes) -> bytes:
    return b"content-length: %d\r\n\r\n" % len(body) + body


def chunked(body: bytes, trailers: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n%b\r\n" % (len(body), body, trailers)


def in_two(server: Server, first: bytes, then: bytes) -> Answer:
    """Return the response to a request whose second packet is sent after the first was read."""
    with server.connect() as connection:
        connection.sendall(first)
        time.sleep(0.2)
        connection.sendall(then)
        return receive(connection)


TRAILERS = [
    ("echo", PATH, VALID, b"content-type: text/plain\r\ncontent-encoding: gzip\r\n"),
    ("echo-all", INVOKE, b"{}", b"x-amz-invocation-type: Evil\r\n"),
    ("echo-more", INVOKE, b"{}", b"x-amz-invocation-type: Evil\r\n"),
    ("echo-logged", INVOKE, b"{}", b"x-amz-invocation-type: Evil\r\n"),
    ("others-pass", "/x", b"{}", b"content-type: text/plain\r\n"),
]


@pytest.mark.parametrize(("app", "target", "body", "trailers"), TRAILERS, ids=[each[0] for each in TRAILERS])
def test_later_trailers_are_not_passed_on_as_headers(
    server: Server, app: str, target: str, body: bytes, trailers: bytes
) -> None:
    first = head(app, target) + b"transfer-encoding: chunked\r\n\r\n"
    answer = in_two(server, first, chunked(body, trailers))
    content = json.loads(answer.body)
    assert (answer.status, content["size"]) == (202, len(body))
    headers = content.get("headers", [])  # WSGI provides no trailers
    assert len(headers) == content.get("before", 0)
    assert [value for name, value in headers if name == "content-type"] == ["application/json"][: len(headers)]
    assert "x-amz-invocation-type" not in dict(headers)


def test_trailers_passed_as_headers_are_checked_as_headers(server: Server) -> None:
    """If all is in one packet, uvicorn with httptools passes trailers as headers, and they are validated as headers."""
    trailers = b"x-amz-invocation-type: Evil\r\n"
    whole = head("echo-all", INVOKE) + b"transfer-encoding: chunked\r\n\r\n" + chunked(b"{}", trailers)
    answer = server.exchange(whole)
    assert answer.status == 400 or "x-amz-invocation-type" not in dict(json.loads(answer.body).get("headers", []))


def test_a_content_type_in_trailers_is_ignored(server: Server) -> None:
    first = head("echo", PATH, b"") + b"transfer-encoding: chunked\r\n\r\n"
    assert in_two(server, first, chunked(VALID, TYPE)).status == 415


def test_a_script_name_set_by_the_client_hides_no_operation(server: Server) -> None:
    """gunicorn trusts a client on the same machine. Other servers treat this like any other header."""
    chosen = TYPE + b"SCRIPT_NAME: /x\r\n"
    invalid = server.exchange(head("others-pass", f"/x{PATH}", chosen) + sized(INVALID))
    if invalid.status == 202:  # the header was not trusted
        assert json.loads(invalid.body)["path"] == f"/x{PATH}"
    else:
        assert invalid.status == 400
        valid = server.exchange(head("others-pass", f"/x{PATH}", chosen) + sized(VALID))
        assert json.loads(valid.body) == {"path": PATH, "root": "/x", "size": len(VALID)}
    part = TYPE + b"SCRIPT_NAME: /2015-03-31\r\n"
    assert server.exchange(head("others-pass", PATH, part) + sized(INVALID)).status == 400


@pytest.mark.parametrize("app", ["echo", "others-pass"])
def test_requests_below_a_root_path_are_checked(prefixed: Server, app: str) -> None:
    gunicorn = b"gunicorn" in Path(f"/proc/{prefixed.process.pid}/cmdline").read_bytes()
    target = f"/api{PATH}" if gunicorn else PATH  # uvicorn assumes that a proxy has removed the prefix
    assert prefixed.exchange(head(app, target) + sized(INVALID)).status == 400
    answer = prefixed.exchange(head(app, target) + sized(VALID))
    content = json.loads(answer.body)
    assert (answer.status, content["root"], content["size"]) == (202, "/api", len(VALID))


UNREAD = TYPE + b"content-length: 100\r\n"


@pytest.mark.parametrize("expect", [b"", b"expect: 100-continue\r\n"])
def test_log_mode_does_not_change_responses(server: Server, expect: bytes) -> None:
    """gunicorn always sends 100 Continue. Other servers send it when an application reads the body."""
    statuses = []
    for app in ("early", "early-logged"):
        with server.connect() as connection:
            connection.settimeout(5)
            connection.sendall(head(app, PATH, UNREAD + expect) + b"\r\n")
            answer = receive(connection)
            statuses.append((answer.status, answer.status == 401 or b"HTTP/1.1 401" in answer.body))
    assert statuses[0] == statuses[1]
    assert statuses[0][1]


DISGUISED = [
    "/2019-09-25%2ffunctions/;drop%20table/event-invoke-config",
    "/2019-09-25%2ffunctions/a%5cx/event-invoke-config",
    "/2019-09-25%2ffunctions//event-invoke-config",
    "/2019-09-25%2ffunctions/%2e%2e/event-invoke-config",
    "/2019-09-25/functions%2F%20/event-invoke-config",
    "/x/%2e%2e/2019-09-25/functions/a%20b/event-invoke-config",
]


@pytest.mark.parametrize("target", DISGUISED)
def test_a_disguised_operation_does_not_pass_as_another_route(server: Server, target: str) -> None:
    request = f"GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-app: others-pass\r\n\r\n"
    assert server.exchange(request.encode()).status in (400, 404)
    assert server.exchange(head("others-pass", "/static/a%20b;v=1.css") + sized(b"{}")).status == 202
