"""Start `lambda-validate serve` as a process, and send requests to it as bytes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from http_cases.servers import Server, children, free_port

from .programs import running, serve, wait_for_answer

PATH = "/2015-03-31/event-source-mappings/"
VALID = b'{"EventSourceArn":"arn:aws:sqs:us-west-2:123456789012:orders","FunctionName":"orders"}'
JSON = "content-type: application/json\r\n"
HEAD = f"POST /check{PATH} HTTP/1.1\r\nhost: a\r\n{JSON}"
LAST = f"{HEAD}connection: close\r\n"
LIVES = b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n"
CHUNKED = "transfer-encoding: chunked\r\n"


@contextmanager
def service(*options: str) -> Iterator[Server]:
    """Yield a ready service."""
    port = free_port()
    with running(serve("--port", str(port), *options), port) as program:
        made = Server(port, program.process, program.log)
        wait_for_answer(f"http://127.0.0.1:{port}/readyz", 200)
        yield made


def post(body: bytes = VALID, head: str = LAST) -> bytes:
    """Return a request whose body has a length."""
    return head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body


def chunked(body: bytes = VALID, trailers: str = "", head: str = LAST) -> bytes:
    """Return a request whose body is one chunk."""
    return f"{head}{CHUNKED}\r\n".encode() + b"%x\r\n%b\r\n0\r\n%b\r\n" % (len(body), body, trailers.encode())


def received(connection: socket.socket) -> bytes:
    """Return the data until the server closes the connection."""
    data = bytearray()
    while chunk := connection.recv(65_536):
        data += chunk
    return bytes(data)


def statuses(connection: socket.socket) -> list[bytes]:
    """Return the status of each response until the server closes the connection."""
    return [each[:3] for each in received(connection).split(b"HTTP/1.1 ")[1:]]


def held(server: Server) -> int:
    """Return the current memory, in bytes, of a server and its children."""
    return sum(_now(pid) for pid in (server.process.pid, *children(server.process.pid)))


def _now(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
