"""Test large payloads of Invoke through real servers and Envoy with default settings: memory use stays constant."""

from __future__ import annotations

import http.client
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from http_cases.servers import SERVERS, Server, free_port
from servers.gateways import envoy
from servers.programs import Program, running
from servers.streaming import ANSWER, EARLY, PIECE, SIZE
from support.limited import INVOKE, STREAM

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="the programs are those of POSIX")]

LARGE = 5_900_000
PAYLOAD = b"\xff" * LARGE
GROWTH = 24_000_000
"""The memory limit in bytes for all requests together: four payloads, while twenty are sent."""

KINDS = [*SERVERS, "ext_proc", "ext_authz"]


class Made(NamedTuple):
    """The address for clients, and the processes whose memory is measured."""

    kind: str
    port: int
    programs: tuple[Program, ...]

    def memory(self) -> int:
        """Return the maximum memory of the processes."""
        return sum(Server(self.port, each.process, each.log).memory() for each in self.programs)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


@pytest.fixture(scope="module", params=KINDS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    kind, port = str(request.param), free_port()
    if kind in SERVERS:
        with running(command(kind, port), port) as program:
            yield Made(kind, port, (program,))
        return
    assert request.config.cache is not None
    cache = Path(request.config.cache.mkdir("gateways"))
    upstream = [sys.executable, "-m", "uvicorn", "--port", str(port), "--no-access-log", "--lifespan", "off"]
    with (
        running([*upstream, "servers.streaming:bare_asgi"], port),
        envoy(kind, cache, tmp_path_factory.mktemp("envoy"), port, "--edition", "current") as found,
    ):
        assert found.service
        assert found.gateway
        yield Made(kind, urlsplit(found.url).port or 0, (found.service, found.gateway))


def command(kind: str, port: int) -> list[str]:
    module, *options = SERVERS[kind]
    place = ["--port", str(port), "--lifespan", "off"] if module == "uvicorn" else ["--bind", f"127.0.0.1:{port}"]
    app = "servers.streaming:asgi_app" if module == "uvicorn" else "servers.streaming:wsgi_app"
    return [sys.executable, "-m", module, *options, *place, app]


class Answer(NamedTuple):
    status: int
    size: str | None
    body: int


def post(made: Made, body: Any = PAYLOAD, path: str = INVOKE, **headers: str) -> Answer:
    """Send a payload, and count the bytes of the response."""
    connection = made.connect()
    try:
        connection.request("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        size = 0
        while piece := answer.read(65_536):
            size += len(piece)
        return Answer(answer.status, answer.getheader(SIZE), size)
    finally:
        connection.close()


def chunked(size: int) -> Iterator[bytes]:
    for start in range(0, size, len(PIECE)):
        yield PIECE[: size - start]


def all_at_once(made: Made, call: Callable[[int], Answer], count: int = 20) -> list[Answer]:
    with ThreadPoolExecutor(1 if made.kind == "gunicorn-sync" else count) as pool:
        return list(pool.map(call, range(count)))


@pytest.mark.parametrize("path", [INVOKE, STREAM])
def test_an_invocation_of_nearly_six_megabytes_reaches_the_application(made: Made, path: str) -> None:
    assert post(made, path=path) == (200, str(LARGE), 2)
    assert post(made, chunked(LARGE), path) == (200, str(LARGE), 2)


def warm(made: Made, call: Callable[[int], Answer]) -> int:
    """Return the memory before many calls. Envoy and gRPC fill buffers for each connection first."""
    all_at_once(made, lambda _: post(made, b"{}"))
    for _ in range(0 if made.kind in SERVERS else 3):
        all_at_once(made, call)
    return made.memory()


def test_concurrent_invocations_take_bounded_memory(made: Made) -> None:
    before = warm(made, lambda _: post(made))
    assert set(all_at_once(made, lambda _: post(made))) == {(200, str(LARGE), 2)}
    assert set(all_at_once(made, lambda _: post(made, chunked(LARGE)))) == {(200, str(LARGE), 2)}
    assert made.memory() - before < GROWTH


def test_large_responses_pass_in_bounded_memory(made: Made) -> None:
    size = 20_000_000
    before = warm(made, lambda _: post(made, b"{}", STREAM, **{ANSWER: str(size)}))
    found = all_at_once(made, lambda _: post(made, b"{}", STREAM, **{ANSWER: str(size)}), 10)
    assert set(found) == {(200, "2", size)}
    found = all_at_once(made, lambda _: post(made, b"{}", INVOKE, **{ANSWER: str(LARGE)}))
    assert set(found) == {(200, "2", LARGE)}
    assert made.memory() - before < GROWTH


def test_the_first_chunk_is_forwarded_before_the_last_is_sent(made: Made) -> None:
    if made.kind == "ext_authz":
        return  # Envoy itself waits for as much of the body as it sends
    connection = made.connect()
    connection.putrequest("POST", INVOKE)
    connection.putheader("content-length", str(LARGE))
    connection.putheader(EARLY, "1")
    connection.putheader(ANSWER, "100000")
    connection.endheaders(PAYLOAD[:500_000])
    assert connection.sock is not None
    answer = http.client.HTTPResponse(connection.sock, method="POST")
    answer.begin()
    assert (answer.status, len(answer.read(100_000))) == (200, 100_000)
    connection.send(PAYLOAD[500_000:])
    assert answer.read() == b""
    connection.close()


def test_a_payload_with_invalid_headers_or_size_is_rejected(made: Made) -> None:
    assert post(made, b"{}", f"{INVOKE}?Qualifier=%20").status == 400
    assert post(made, b"{}", x_amz_invocation_type="Sometimes").status == 400
    connection = made.connect()
    connection.putrequest("POST", INVOKE)
    connection.putheader("content-length", "6291457")
    connection.endheaders(b"" if made.kind != "ext_authz" else b"x" * 6_291_457)
    assert connection.getresponse().status == (200 if made.kind == "ext_authz" else 413)  # it shows no length
    connection.close()


def test_a_payload_over_the_limit_is_rejected_or_aborted(made: Made) -> None:
    if made.kind == "ext_authz":
        return  # as above
    try:
        status = post(made, chunked(20_000_000)).status
    except OSError:  # a reset may overtake the answer
        status = 413
    assert status == 413
    assert post(made, b"{}") == (200, "2", 2)
