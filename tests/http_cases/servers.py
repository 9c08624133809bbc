"""Start real servers on free ports of the loopback interface, and send bytes to them."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

HERE = Path(__file__).parent

SERVERS = {
    "uvicorn-h11": ["uvicorn", "--http", "h11", "--no-access-log", "--h11-max-incomplete-event-size", "4000000"],
    "uvicorn-httptools": ["uvicorn", "--http", "httptools", "--no-access-log"],
    "gunicorn-sync": ["gunicorn", "--worker-class", "sync", "--timeout", "20"],
    "gunicorn-threads": ["gunicorn", "--worker-class", "gthread", "--threads", "4"],
}
LIMITS = ["--limit-request-line", "0", "--limit-request-fields", "30000", "--limit-request-field_size", "0"]


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Server(NamedTuple):
    port: int
    process: subprocess.Popen[bytes]
    log: IO[bytes]

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def exchange(self, request: bytes) -> Answer:
        """Write bytes, and return the first response. A server may answer, and close, before it has read everything."""
        with self.connect() as connection:
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(request)
            return receive(connection)

    def logged(self) -> str:
        self.log.flush()
        return Path(self.log.name).read_text("utf-8", "replace")

    def memory(self) -> int:
        """Return the maximum memory, in bytes, of the server and its children."""
        return max(peak(pid) for pid in (self.process.pid, *children(self.process.pid)))


def receive(connection: socket.socket) -> Answer:
    data = b""
    while True:
        try:
            chunk = connection.recv(65_536)
        except ConnectionResetError:
            chunk = b""
        data += chunk
        head, found, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        if not chunk or (found and len(body) >= int(headers.get("content-length", 1 << 30))):
            return Answer(int(lines[0].split()[1]) if lines[0] else 0, headers, body)


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(server: str, kind: str) -> Iterator[Server]:
    port = free_port()
    module, *options = SERVERS[server]
    place = ["--port", str(port)] if module == "uvicorn" else ["--bind", f"127.0.0.1:{port}", *LIMITS]
    app = f"http_cases.app:{kind}_{'asgi' if module == 'uvicorn' else 'wsgi'}"
    path = ":".join([str(HERE.parent), str(HERE.parent.parent)])
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        command = [sys.executable, "-m", module, *options, *place, app]
        process = subprocess.Popen(command, stdout=log, stderr=log, env={"PYTHONPATH": path, "PATH": "/usr/bin:/bin"})
        try:
            wait(process, port, log)
            yield Server(port, process, log)
        finally:
            process.terminate()
            process.wait(60)


def wait(process: subprocess.Popen[bytes], port: int, log: IO[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {Path(log.name).read_text('utf-8')[-2000:]}")
