"""Test one connection to `lambda-validate serve`: pipelines, clients that never read, and clients that disconnect."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from http_cases.servers import Server
from servers.checked import HEAD, LIVES, VALID, chunked, held, post, received, service, statuses
from servers.programs import SAFE, wait_until
from uvicorn.server import ServerState

from lambda_validate.gateway.envoy import Service
from lambda_validate.serve.protocol import GuardedProtocol

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="signals and /proc are those of POSIX")]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    times = ("--header-seconds", "1", "--read-seconds", "1", "--keep-alive", "3")
    with service("--trust-forwarded", *times) as made:
        yield made


# Requests in a pipeline.

FINAL = b"GET /last HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"


def numbered(count: int) -> list[bytes]:
    """Return requests of many sizes. Every third one is invalid, and their responses identify them."""
    made = []
    for index in range(count):
        body = b"{}" if index % 3 == 2 else VALID[:-1] + b" \n\n" * (index % 50) + b"}"
        made.append(post(body, HEAD) if index % 2 else chunked(body, "x: 1\r\n\r\n" if index % 4 else "\r\n", HEAD))
    return made


@pytest.mark.parametrize("size", [100, 65_000, 10_000_000])
def test_every_request_in_a_pipeline_has_its_answer_in_order(server: Server, size: int) -> None:
    count = 5_000 if size > 100 else 300
    data = b"".join(numbered(count)) + FINAL
    with server.connect() as connection:
        connection.setblocking(False)
        answers, sent = bytearray(), 0
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with suppress(BlockingIOError):
                sent += connection.send(data[sent : sent + size]) if sent < len(data) else 0
            with suppress(BlockingIOError):
                chunk = connection.recv(1_000_000)
                answers += chunk
                if not chunk:
                    break
    found = [each[:3] for each in answers.split(b"HTTP/1.1 ")[1:]]
    assert found == [b"400" if index % 3 == 2 else b"200" for index in range(count)] + [b"404"]


def test_pipelined_requests_are_answered_after_a_half_close(server: Server) -> None:
    for count in (1, 2, 3, 100, 3_000):
        with server.connect() as connection:
            connection.sendall(post(head=HEAD) * count + HEAD.encode()[:20])
            connection.shutdown(socket.SHUT_WR)
            assert statuses(connection) == [b"200"] * count


def test_an_error_response_follows_all_earlier_responses(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(post(head=HEAD) * 500 + b"x y z\r\n\r\n" + post(head=HEAD) * 500)
        assert statuses(connection) == [b"200"] * 500 + [b"400"]


def test_requests_after_connection_close_are_ignored(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(LIVES * 50 + post() + LIVES * 5_000)
        assert statuses(connection) == [b"200"] * 51


def test_shutdown_ends_a_pipeline_after_a_complete_response() -> None:
    with service("--grace-seconds", "30") as ending, ending.connect() as connection:
        connection.sendall(LIVES * 20_000)
        time.sleep(0.1)
        ending.process.send_signal(signal.SIGTERM)
        answers = received(connection).split(b"HTTP/1.1 ")[1:]
        assert ending.process.wait(SAFE) == 0
    assert {each[:3] for each in answers} == {b"200"}
    assert not any(b"connection: close" in each for each in answers[:-1])  # nor the last, if it had started by then
    assert all(each.endswith(b"\r\n\r\nok\n") for each in answers)


def test_other_clients_are_served_during_a_long_pipeline(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(LIVES * 5_000)
        began = time.monotonic()
        assert server.exchange(post()).status == 200
        assert time.monotonic() - began < 10


SMALL = b"GET / HTTP/1.1\r\n\r\n"
FLOODS = {
    "small": SMALL * (262_144 // len(SMALL)),
    "with bodies": post(b"{}", HEAD) * (262_144 // len(post(b"{}", HEAD))),
    "with large bodies": post(VALID[:-1] + b" " * 60_000 + b"}", HEAD) * 4,
}


class Sender:
    """A connection on which the same data is sent repeatedly."""

    def __init__(self, connection: socket.socket, data: bytes) -> None:
        self.connection, self.data, self.sent = connection, data, 0
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.setblocking(False)

    def send(self) -> None:
        """Send as much as is accepted at once."""
        with suppress(BlockingIOError):
            self.sent = (self.sent + self.connection.send(self.data[self.sent :])) % len(self.data)

    def receive(self) -> None:
        """Read the available data."""
        with suppress(BlockingIOError):
            self.connection.recv(1_000_000)


@pytest.mark.e2e
@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize("name", FLOODS)
def test_pipelines_take_bounded_memory_even_if_unread(name: str, reads: bool) -> None:
    with service("--access-log", "off") as flooded, ExitStack() as stack:
        before = held(flooded)
        senders = [Sender(stack.enter_context(flooded.connect()), FLOODS[name]) for _ in range(40)]
        end, most = time.monotonic() + 5, 0
        while time.monotonic() < end:
            for each in senders:
                each.send()
                if reads:
                    each.receive()
            most = max(most, held(flooded))
        assert most - before < 40 * 1_000_000
        assert flooded.exchange(LIVES).status == 200


def sockets(server: Server) -> int:
    """Return how many sockets a server has open."""
    found = 0
    for each in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with suppress(OSError):  # it may be closed by now
            found += os.readlink(each).startswith("socket:")
    return found


def test_a_client_that_never_reads_is_disconnected_after_keep_alive() -> None:
    with service("--access-log", "off", "--keep-alive", "1") as bounded:
        time.sleep(0.3)  # so that the connection of the readiness check is closed
        before = sockets(bounded)
        with bounded.connect() as connection, suppress(ConnectionError):
            deaf = Sender(connection, FLOODS["with bodies"])
            wait_until(lambda: sockets(bounded) > before)
            wait_until(lambda: deaf.send() or sockets(bounded) <= before)
        assert "exception" not in bounded.logged()


def configured(application: Any) -> uvicorn.Config:
    config = uvicorn.Config(application, http=GuardedProtocol, lifespan="off", log_config=None, timeout_keep_alive=0)
    config.load()
    return config


def test_buffered_pipelined_input_is_bounded() -> None:
    made: list[GuardedProtocol] = []
    seen: list[int] = []

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.sleep(0.002)
        seen.append(len(made[0]._buffer.data))
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    def protocol() -> GuardedProtocol:
        made.append(GuardedProtocol(config, ServerState(), {}))
        return made[-1]

    async def flooded() -> None:
        listener = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
        _, writer = await asyncio.open_connection(*listener.sockets[0].getsockname())
        writer.write(SMALL * 200_000)
        for _ in range(1_000):
            await asyncio.sleep(0.01 if len(seen) < 100 else 0)
        writer.transport.abort()
        listener.close()
        await asyncio.sleep(0.05)

    config = configured(slow)
    asyncio.run(flooded())
    assert 0 < max(seen) <= 262_144


class Deaf(asyncio.Transport):
    """A transport whose peer reads nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def is_closing(self) -> bool:
        return bool(self.calls)

    def close(self) -> None:
        self.calls.append("close")

    def abort(self) -> None:
        self.calls.append("abort")


def test_unread_responses_do_not_keep_a_closed_connection_open() -> None:
    async def closed() -> list[str]:
        protocol, transport = GuardedProtocol(configured(Service()), ServerState(), {}), Deaf()
        protocol.connection_made(transport)
        protocol.timeout_keep_alive_handler()
        await asyncio.sleep(0.05)
        protocol.connection_lost(None)
        return transport.calls[:2]

    assert asyncio.run(closed()) == ["close", "abort"]
