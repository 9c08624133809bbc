"""Test the log of `lambda-validate serve`: a stalled reader blocks nothing, and the log counts the lost lines."""

from __future__ import annotations

import json
import logging
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from http_cases.servers import Server, free_port
from servers.checked import HEAD, post, statuses
from servers.programs import SAFE, serve, wait_for_answer

from lambda_validate.serve import log
from lambda_validate.serve.log_writer import LogWriter

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="signals and pipes are those of POSIX")]

LINE = b"x" * 199 + b"\n"


def lost(count: int) -> bytes:
    return b"lost %d\n" % count


class Pipe:
    """A pipe and the lines that are written to it."""

    def __init__(self, room: int = 100_000) -> None:
        self.end, self.begin = os.pipe()
        self.lines = LogWriter(self.begin, lost, room)

    def read(self) -> bytes:
        """Return all data until none has arrived for a while."""
        data = bytearray()
        while select.select([self.end], [], [], 0.3)[0]:
            data += os.read(self.end, 65_536)
        return bytes(data)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    made.read()
    assert made.lines.flush(SAFE)
    os.close(made.begin)
    os.close(made.end)


def took(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def test_lines_are_written_once_and_in_order(pipe: Pipe) -> None:
    expected = [b"%d\n" % index for index in range(3_000)]
    for each in expected:
        pipe.lines.put(each)
    assert pipe.read().splitlines(keepends=True) == expected


def test_a_line_is_written_promptly(pipe: Pipe) -> None:
    for _ in range(3):
        pipe.lines.put(LINE)
        assert select.select([pipe.end], [], [], SAFE)[0]
        assert os.read(pipe.end, 1_000) == LINE


def test_a_stalled_reader_does_not_block_and_lost_lines_are_counted(pipe: Pipe) -> None:
    assert took(lambda: [pipe.lines.put(LINE) for _ in range(5_000)]) < 30
    time.sleep(0.2)
    assert not pipe.lines.flush(0.1)
    found = pipe.read().splitlines(keepends=True)
    missed = [int(each.split()[1]) for each in found if each.startswith(b"lost")]
    assert len(found) - len(missed) + sum(missed) == 5_000
    assert 100_000 <= len(found) * len(LINE) <= 250_000  # what may be queued, and what the pipe buffers
    pipe.lines.put(b"later\n")
    assert pipe.read() == b"later\n"


def test_lines_are_written_atomically_to_a_pipe(pipe: Pipe) -> None:
    for length in (100, 3_000, 9_000, 4_000, 100):
        pipe.lines.put(b"y" * length + b"\n")
    assert [len(each) for each in pipe.read().splitlines()] == [100, 3_000, 9_000, 4_000, 100]
    texts = [b"%b%d\n" % (b"z" * 200, index) for index in range(400)]
    other = LogWriter(pipe.begin, lost)  # as another process does
    for each in texts:
        pipe.lines.put(each)
        other.put(each)
    assert sorted(pipe.read().splitlines(keepends=True)) == sorted(texts * 2)
    assert other.flush(SAFE)


def test_the_writer_thread_ends_when_idle(pipe: Pipe) -> None:
    before = len(os.listdir("/proc/self/task")) if Path("/proc/self/task").exists() else 0
    pipe.lines.put(LINE)
    assert pipe.read() == LINE
    time.sleep(0.3)
    if before:
        assert len(os.listdir("/proc/self/task")) == before


def test_lines_wait_if_no_thread_can_be_started(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> int:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr("lambda_validate.serve.log_writer.start_new_thread", none)
        pipe.lines.put(b"1\n")
        assert not pipe.lines.flush(0.05)
    pipe.lines.put(b"2\n")
    assert pipe.read() == b"1\n2\n"


def test_no_lines_are_lost_on_a_non_blocking_pipe(pipe: Pipe) -> None:
    os.set_blocking(pipe.begin, False)
    expected = [b"%b%d\n" % (b"z" * 100, index) for index in range(800)]
    for each in expected:
        pipe.lines.put(each)
    time.sleep(0.1)
    assert pipe.read().splitlines(keepends=True) == expected


def test_a_closed_reader_is_not_an_error() -> None:
    left = Pipe()
    os.close(left.end)
    left.lines.put(LINE)
    assert left.lines.flush(SAFE)
    os.close(left.begin)


def test_lines_are_written_to_a_file_immediately(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        lines = LogWriter(file.fileno(), lost)
        for count in range(1, 4):
            lines.put(LINE)
            assert (tmp_path / "log").read_bytes() == LINE * count
        assert threading.active_count() == 1 or lines.flush(0)


def test_records_of_libraries_are_logged_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(log, "write", written.append)
    record = logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "Invalid %s", ("s",), None)
    log.Handler().emit(record)
    assert json.loads(written[0])["message"] == "Invalid s"


@contextmanager
def unread(*options: str) -> Iterator[tuple[Server, int]]:
    """Yield a service whose standard error is an unread pipe, and the pipe."""
    end, begin = os.pipe()
    port = free_port()
    process = subprocess.Popen(serve("--port", str(port), *options), stderr=begin, env={**os.environ})
    os.close(begin)
    try:
        wait_for_answer(f"http://127.0.0.1:{port}/readyz", 200)
        yield Server(port, process, None), end  # type: ignore[arg-type]  # it has no file as its log
    finally:
        process.kill()
        process.wait(SAFE)
        os.close(end)


LOST_LINES = re.compile(rb'\{"time":"[^"]+","level":"warning","message":"[^"]+","lines":(\d+)\}\n')


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_stalled_log_reader_blocks_neither_the_service_nor_its_shutdown(workers: str) -> None:
    invalid, bad = post(b"{}", HEAD), b"x y z\r\n\r\n"
    with unread("--workers", workers) as (stalled, _):
        for _ in range(4):
            with stalled.connect() as connection:
                connection.sendall(invalid * 300 + bad)
                assert statuses(connection) == [b"400"] * 301
        wait_for_answer(f"http://127.0.0.1:{stalled.port}/healthz", 200)
        stalled.process.send_signal(signal.SIGTERM)
        assert stalled.process.wait(SAFE) == 0


@pytest.mark.e2e
def test_a_resumed_log_reader_gets_the_number_of_lost_lines() -> None:
    requests, count = post(b"{}", HEAD) * 999 + post(b"{}"), 30
    with unread() as (stalled, end):
        for _ in range(count):
            with stalled.connect() as connection:
                connection.sendall(requests)
                assert statuses(connection) == [b"400"] * 1_000
        data = bytearray()
        while select.select([end], [], [], 5)[0]:
            data += os.read(end, 65_536)
        missed = LOST_LINES.findall(data)
        assert data.count(b'"ext_authz"') + sum(map(int, missed)) == count * 1_000
        assert missed
        assert len(data) < 6_000_000


FORKING = """
import time
from lambda_validate.serve import log
from lambda_validate.serve.workers import Workers

def work():
    log.write("child")
    time.sleep(60)
    return 0

for _ in range(2_000):
    log.write("parent" * 20)
Workers(1, work, 1.0).run()
"""


def test_a_worker_forked_during_a_stall_can_log_later() -> None:
    end, begin = os.pipe()
    with subprocess.Popen([sys.executable, "-c", FORKING], stderr=begin) as process:
        os.close(begin)
        try:
            time.sleep(1)
            data = bytearray()
            while b"child\n" not in data and select.select([end], [], [], SAFE)[0]:
                data += os.read(end, 65_536)
            assert data.count(b"child\n") == 1
        finally:
            process.terminate()
            process.wait(SAFE)
            os.close(end)
