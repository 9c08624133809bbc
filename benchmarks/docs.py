"""The figures of the reference and of the playground, each with its target.

    python benchmarks/docs.py [--rounds N] [--json]

Needs the extras `docs` and `serve`. `docs` is timed as a whole process; the playground as a client of the service on
loopback sees it, every request another text of 1,000 lines, as somebody types. Times are those of this machine, so
measure while it is quiet: the processor time that is printed beside them tells how much of a time was waiting.
"""

from __future__ import annotations

import argparse
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
from typing import NamedTuple

import lambda_validate as lv
from lambda_validate.docs.checking import Checking

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "lambda_validate"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
TYPED = 300
"""Requests to the playground in a round."""
LINES = 1_000


class Figure(NamedTuple):
    """A figure, its unit, and the most that it may be; without a target, it is there to compare with."""

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
        return f"{self.name:52} {self.value:10,.2f} {self.unit:6}{met}"


def pages(edition: str, folder: Path) -> tuple[float, float, int, int]:
    """Write the reference of an edition; return seconds, those of the processor, pages, and bytes of the largest."""
    before, started = os.times(), time.perf_counter()
    command = [*COMMAND, "docs", "-o", str(folder), "--edition", edition]
    subprocess.run(command, check=True, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - started, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    sizes = [each.stat().st_size for each in folder.rglob("*.html")]
    return seconds, used, len(sizes), max(sizes)


def template(number: int) -> str:
    """A template of 1,000 lines with a fault in each tenth mapping, and another one for each number."""
    lines = ["AWSTemplateFormatVersion: '2010-09-09'", "Resources:"]
    index = 0
    while len(lines) < LINES - 8:
        queue = f"arn:aws:sqs:us-west-2:123456789012:orders-{index}-{number}"
        lines += [
            f"  Mapping{index}:", "    Type: AWS::Lambda::EventSourceMapping", "    Properties:",
            f"      FunctionName: take-orders-{index}-{number}", f"      EventSourceArn: {queue}",
            f"      BatchSize: {10 + (index % 10 == 0)}", "      Enabled: true", f"      # the mapping {index}",
        ]  # fmt: skip
        index += 1
    return "\n".join([*lines, *["# the end"] * (LINES - len(lines))]) + "\n"


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


def asked(connection: HTTPConnection, text: str) -> float:
    """Return the milliseconds until a text was answered."""
    started = time.perf_counter()
    connection.request("POST", "/docs/check", text.encode())
    answer = connection.getresponse()
    found = json.loads(answer.read())
    milliseconds = (time.perf_counter() - started) * 1000
    assert len(found["findings"]) > 10
    return milliseconds


def playground(rounds: int) -> list[float]:
    """Return how many milliseconds each answer took, sorted."""
    with service() as connection:
        for number in range(10):
            asked(connection, template(-number - 1))
        return sorted(asked(connection, template(number)) for number in range(TYPED * rounds))


def checking(rounds: int) -> list[float]:
    """Return how many milliseconds of the processor each check took, without the service around it, sorted."""
    checking = Checking(lv.Validator(), lambda rule: rule)
    times = []
    for number in range(-10, TYPED * rounds):
        text, started = template(number), time.process_time()
        checking.check(text)
        times.append((time.process_time() - started) * 1000)
    return sorted(times[10:])


def measure(rounds: int) -> Iterator[Figure]:
    """Yield every figure."""
    for edition, what, target in (("documents", "both documented operations", 1.0), ("current", "the whole API", 10.0)):
        with tempfile.TemporaryDirectory(prefix="lambda-validate-") as folder:
            runs = [pages(edition, Path(folder)) for _ in range(rounds)]
        yield Figure(f"docs, {what}, median", statistics.median(each[0] for each in runs), "s", target)
        yield Figure(f"docs, {what}, processor time", statistics.median(each[1] for each in runs), "s")
        yield Figure(f"docs, {what}, pages", runs[0][2], "")
        yield Figure(f"docs, {what}, the largest page", runs[0][3] / 1000, "kB", 200.0)
    alone = checking(rounds)
    yield Figure(f"the check alone, {LINES:,} lines, processor time, p99", alone[int(len(alone) * 0.99)], "ms")
    times = playground(rounds)
    yield Figure(f"playground, {LINES:,} lines, median", statistics.median(times), "ms")
    yield Figure(f"playground, {LINES:,} lines, p99 of {len(times):,}", times[int(len(times) * 0.99)], "ms", 50.0)
    yield Figure(f"playground, {LINES:,} lines, worst", times[-1], "ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    figures = measure(options.rounds)
    if options.json:
        print(json.dumps([each._asdict() for each in figures], indent=2))
    else:
        for each in figures:
            print(each, flush=True)


if __name__ == "__main__":
    main()
