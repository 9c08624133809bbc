"""Test unusual requests to `lambda-validate serve`: trailers, upgrades, and malformed bodies."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from http_cases.servers import Server, receive
from servers.checked import (
    CHUNKED,
    HEAD,
    JSON,
    LAST,
    LIVES,
    PATH,
    VALID,
    chunked,
    held,
    post,
    received,
    service,
    statuses,
)

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="/proc is that of POSIX")]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    times = ("--header-seconds", "1", "--read-seconds", "1", "--keep-alive", "3")
    with service("--trust-forwarded", *times) as made:
        yield made


def statuses_for(server: Server, pieces: list[bytes]) -> list[bytes]:
    """Return the statuses of the responses to pieces that are each sent in a separate packet."""
    with server.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.02 if len(pieces) < 9 else 0.001)
        return statuses(connection)


def cut(data: bytes) -> dict[str, list[bytes]]:
    """Return a request in one packet, in a few, and byte by byte."""
    head, blank, body = data.partition(b"\r\n\r\n")
    middle = body.rfind(b"0\r\n") + 3
    ways = {"one": [data], "two": [head + blank, body], "three": [head + blank, body[:middle], body[middle:]]}
    return {**ways, "bytes": [data[index : index + 1] for index in range(len(data))]}


# Trailers.

UNTYPED = LAST.replace(JSON, "")
FORWARD = "POST /forward-auth HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"
FORWARDED = f"x-forwarded-method: POST\r\nx-forwarded-uri: {PATH}\r\n"
TRAILERS = {
    "one that the head lacks": (chunked(trailers=f"{JSON}\r\n", head=UNTYPED), b"415"),
    "one against the head": (chunked(trailers="content-type: text/plain\r\ncontent-encoding: gzip\r\n\r\n"), b"200"),
    "the head's": (chunked(trailers="\r\n"), b"200"),
    "whose request this is": (chunked(trailers=f"{JSON}{FORWARDED}\r\n", head=FORWARD), b"400"),
    "more than headers may be": (chunked(trailers="x: 1\r\n" * 2_000 + "\r\n"), b"200"),
}


@pytest.mark.parametrize("packets", ["one", "two", "three", "bytes"])
@pytest.mark.parametrize("name", TRAILERS)
def test_trailers_are_never_treated_as_headers(server: Server, name: str, packets: str) -> None:
    request, status = TRAILERS[name]
    if packets == "bytes" and len(request) > 2_000:
        return
    assert statuses_for(server, cut(request)[packets]) == [status]


ENDLESS = {
    "a trailer": b"2\r\n{}\r\n0\r\nx-long: ",
    "trailers": b"2\r\n{}\r\n0\r\nx: " + b"1\r\nx: " * 20_000,
    "an extension of a chunk": b"2\r\n{}\r\n1;x=",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_endless_trailers_are_rejected_in_bounded_memory(server: Server, name: str) -> None:
    with server.connect() as connection:
        connection.sendall(f"{HEAD}{CHUNKED}\r\n".encode() + ENDLESS[name])
        before = held(server)
        began = time.monotonic()
        with suppress(OSError):
            for _ in range(200):
                connection.sendall(b"a" * 1_000_000)
        with suppress(OSError):  # a reset may overtake the answer
            assert receive(connection).status in (400, 0)
        assert time.monotonic() - began < 30  # including two for closing the connection
        assert held(server) - before < 16_000_000


def test_a_slow_trailer_times_out(server: Server) -> None:
    for path in (f"/check{PATH}", "/none"):  # the first waits for the body, the second is answered without it
        with server.connect() as connection:
            head = f"POST {path} HTTP/1.1\r\nhost: a\r\n{JSON}{CHUNKED}\r\n"
            connection.sendall(head.encode() + b"2\r\n{}\r\n0\r\nx: ")
            began = time.monotonic()
            with suppress(OSError):
                while time.monotonic() - began < 30 and not ended(connection):
                    connection.sendall(b"a")
                    time.sleep(0.1)
            assert 0.5 < time.monotonic() - began < 30


def ended(connection: socket.socket) -> bool:
    """Return whether the server has closed its side."""
    connection.setblocking(False)
    try:
        return connection.recv(65_536) == b""
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(60)


# Headers and bodies that contradict each other.

UPGRADE = "connection: upgrade\r\nupgrade: h2c\r\n"
READ = "GET /check/2019-09-25/functions/f/event-invoke-config HTTP/1.1\r\nhost: a\r\n"
SMUGGLED = LIVES + b"{"


@pytest.mark.parametrize("packets", ["one", "two", "three", "bytes"])
def test_the_body_of_an_upgrade_request_is_rejected_and_not_parsed_as_a_request(server: Server, packets: str) -> None:
    for body in (VALID, SMUGGLED):
        assert statuses_for(server, cut(post(body, HEAD + UPGRADE))[packets]) == [b"400"]
        assert statuses_for(server, cut(chunked(body, "\r\n", HEAD + UPGRADE))[packets]) == [b"400"]


def test_an_upgrade_request_is_declined_and_the_connection_closed(server: Server) -> None:
    for packets in ([f"{READ}{UPGRADE}\r\n".encode() + LIVES * 3], [f"{READ}{UPGRADE}\r\n".encode(), LIVES * 3]):
        assert statuses_for(server, packets) == [b"200"]


def test_empty_lines_do_not_keep_a_connection_alive(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(b"\r\n")
        began = time.monotonic()
        assert connection.recv(100) == b""
        assert time.monotonic() - began < 30


def test_a_malformed_chunk_ends_the_body_without_an_exception(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(f"{HEAD}{CHUNKED}\r\n1\r\n{{\r\nzz\r\n".encode())
        assert receive(connection).status == 400
        time.sleep(1.5)  # as long as the server would have waited for the body
        assert "exception" not in server.logged()


def test_a_malformed_chunk_after_the_response_gives_no_second_response(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(f"POST /none HTTP/1.1\r\nhost: a\r\n{CHUNKED}\r\n1\r\n{{\r\n".encode())
        assert receive(connection).status == 404
        connection.sendall(b"zz\r\n")
        assert received(connection) == b""
