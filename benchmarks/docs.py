"""Measure the reference and the playground, and compare each figure with its target.

    python benchmarks/docs.py [--rounds N] [--json]

This needs the extras `docs`, `serve` and `terraform`. `docs` is timed as a whole process. The playground is timed as
seen by a client on loopback, and by the processor time of its application. Every request is another document of about
1,000 lines, as if a user typed. Times are those of this machine, so measure while it is idle. The processor time shows
how much of a time was waiting.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

from docs_texts import TEXTS

from lambda_validate.cli import COLLECTED
from lambda_validate.serve.playground import Playground

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "lambda_validate"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
TYPED = 100
"""Requests to the playground in a round, for each kind of document."""
WARM = 10
"""Requests before these, which load modules and caches."""


class Figure(NamedTuple):
    """A figure, its unit, and its maximum. A figure without a maximum is only a reference."""

    name: str
    value: float
    unit: str
    target: float | None = None

    def __str__(self) -> str:
        met = (
            ""
            if self.target is None
            else f"   target {self.target:,g}" + ("" if self.value <= self.target else "   MISSED")
        )
        return f"{self.name:78} {self.value:10,.2f} {self.unit:6}{met}"


def pages(edition: str, folder: Path) -> tuple[float, float, int, int]:
    """Write the reference of an edition.

    Return seconds, processor seconds, the number of pages, and the size of the largest.
    """
    before, started = os.times(), time.perf_counter()
    command = [*COMMAND, "docs", "-o", str(folder), "--edition", edition]
    subprocess.run(command, check=True, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - started, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    sizes = [each.stat().st_size for each in folder.rglob("*.html")]
    return seconds, used, len(sizes), max(sizes)


@contextmanager
def service() -> Iterator[HTTPConnection]:
    """A connection to a service with a playground."""
    command = [*COMMAND, "serve", "--playground", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
        assert process.stderr is not None
        host, port = json.loads(process.stderr.readline())["http"].rsplit(":", 1)
        connection = HTTPConnection(host, int(port), timeout=30)
        for _ in range(100):
            try:
                connection.connect()
                break
            except OSError:
                time.sleep(0.1)
        yield connection
        connection.close()
        process.terminate()


def response_time(connection: HTTPConnection, text: str, expected: int) -> float:
    """Return the milliseconds until a document was answered."""
    started = time.perf_counter()
    connection.request("POST", "/docs/check", text.encode())
    answer = connection.getresponse()
    found = json.loads(answer.read())
    milliseconds = (time.perf_counter() - started) * 1000
    assert len(found["findings"]) == expected
    return milliseconds


def waited(kind: str, rounds: int) -> list[float]:
    """Return the sorted milliseconds that a client waited for each response of the service."""
    make, expected = TEXTS[kind]
    with service() as connection:
        times = [response_time(connection, make(number), expected) for number in range(WARM + TYPED * rounds)]
    return sorted(times[WARM:])


def used(kind: str, rounds: int) -> list[float]:
    """Return the sorted processor milliseconds of each request to the application."""
    make, expected = TEXTS[kind]
    playground = Playground()
    times = []
    for number in range(WARM + TYPED * rounds):
        text, sent, started = make(number), list[Any](), time.process_time()
        asyncio.run(_answered(playground, text, sent))
        times.append((time.process_time() - started) * 1000)
        assert len(json.loads(sent[-1]["body"])["findings"]) == expected
    return sorted(times[WARM:])


async def _answered(playground: Playground, text: str, sent: list[Any]) -> None:
    async def receive() -> Any:
        return {"type": "http.request", "body": text.encode()}

    async def send(message: Any) -> None:
        sent.append(message)

    await playground({"type": "http", "method": "POST", "path": "/docs/check", "headers": []}, receive, send)


def measure(rounds: int) -> Iterator[Figure]:
    """Yield every figure."""
    for edition, what, target in (("documents", "both documented operations", 1.0), ("current", "the whole API", 10.0)):
        with tempfile.TemporaryDirectory(prefix="lambda-validate-") as folder:
            runs = [pages(edition, Path(folder)) for _ in range(rounds)]
        yield Figure(f"docs, {what}, median", statistics.median(each[0] for each in runs), "s", target)
        yield Figure(f"docs, {what}, processor time", statistics.median(each[1] for each in runs), "s")
        yield Figure(f"docs, {what}, pages", runs[0][2], "")
        yield Figure(f"docs, {what}, the largest page", runs[0][3] / 1000, "kB", 200.0)
    for kind, (make, findings) in TEXTS.items():
        what = f"{kind}, {make(0).count(chr(10)):,} lines, {findings} findings"
        alone, times = used(kind, rounds), waited(kind, rounds)
        yield Figure(f"{what}: processor time, median", statistics.median(alone), "ms", 25.0)
        yield Figure(f"{what}: answer, median", statistics.median(times), "ms")
        yield Figure(f"{what}: answer, p99", times[int(len(times) * 0.99)], "ms", 50.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    gc.set_threshold(COLLECTED)  # as the service does it
    figures = measure(options.rounds)
    if options.json:
        print(json.dumps([each._asdict() for each in figures], indent=2))
    else:
        for each in figures:
            print(each, flush=True)


if __name__ == "__main__":
    main()
