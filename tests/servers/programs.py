"""Foreign programs for end-to-end tests: installed once, set up with the files of `examples`, started and ended."""

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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

TESTS = Path(__file__).parent.parent
EXAMPLES = TESTS.parent / "examples" / "gateway"
PORT = re.compile(r"\b(?:10000|9000|9001|5000)\b")


class Program(NamedTuple):
    """A running program and what it has written so far."""

    process: subprocess.Popen[bytes]
    log: IO[bytes]

    def logged(self) -> str:
        return Path(self.log.name).read_text("utf-8", "replace")

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


@contextmanager
def running(command: Sequence[str | Path], port: int, folder: Path = TESTS, **more: str) -> Iterator[Program]:
    """Run a program until the block ends; it is up when it listens on a port."""
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
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def wait_for_port(program: Program, port: int) -> None:
    end = time.monotonic() + 60
    while program.process.poll() is None and time.monotonic() < end:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the program did not start: {program.logged()[-3000:]}")


def wait_for_answer(url: str, status: int, seconds: float = 30) -> None:
    """Wait until a GET is answered with a status."""
    end = time.monotonic() + seconds
    while (found := status_of(url)) != status:
        assert time.monotonic() < end, f"{url} answers {found}"
        time.sleep(0.1)


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        with answer:
            return int(answer.code)
    except OSError:
        return 0


def serve(*options: str) -> list[str]:
    """The command that runs the check service of this checkout."""
    return [sys.executable, "-m", "lambda_validate", "serve", *options]


def installed(cache: Path, package: str, program: str) -> Path:
    """A program of a package, in an environment of its own: Envoy's package clashes with that of its messages."""
    home = cache / program
    found = home / "bin" / program
    if not found.exists():
        venv.create(home, with_pip=True, clear=True)
        install = [home / "bin" / "python", "-m", "pip", "install", "--quiet", package]
        subprocess.run(install, check=True, timeout=600, stdout=subprocess.DEVNULL)
    return found


def example(name: str, folder: Path, ports: Mapping[int, int]) -> Path:
    """An example's file in a folder, with the ports of this run in place of its own."""
    text = (EXAMPLES / name).read_text("utf-8")
    made = folder / name
    made.write_text(PORT.sub(lambda found: str(ports[int(found[0])]), text), "utf-8")
    return made
