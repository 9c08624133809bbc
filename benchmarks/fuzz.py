"""Measure fuzzing: requests a second against a loopback server that answers like the service.

    python benchmarks/fuzz.py [--rounds N] [--json]

The server, `tests/servers/reference.py`, is a separate process that is ended by its id. Several threads send the
generated cases. Hypothesis sends its examples one after another, and most of its time is spent on drawing them. The
exit code is 1 if one of the two is slower than required.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lambda_validate as lv
from lambda_validate import strategies
from lambda_validate.base.progress import StepProgress
from lambda_validate.fuzz.engine import RunPlan, explore
from lambda_validate.fuzz.target import target

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
WANTED = 300
"""The required requests a second on two cores."""


@contextmanager
def reference() -> Iterator[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(TESTS)])}
    command = [sys.executable, "-m", "servers.reference"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TESTS, env=environment) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def rate(url: str, operation: str, cases: Sequence[Any], examples: int) -> float:
    plan = RunPlan(lv.operation(operation), target(url), cases, max_examples=examples, max_time=600)
    outcome = explore(plan, StepProgress(None))
    assert not outcome.findings, outcome.findings
    return outcome.rate


def measure(rounds: int) -> dict[str, float]:
    samples: dict[str, list[float]] = {}
    every = {each: strategies.corpus(each, minimal=False) for each in lv.operations()}
    with reference() as url:
        for _ in range(rounds):
            for operation, cases in every.items():
                few = [each for each in cases if each.id.endswith("/least")][:1]
                samples.setdefault(f"{operation}, deterministic", []).append(rate(url, operation, cases, 0))
                samples.setdefault(f"{operation}, Hypothesis", []).append(rate(url, operation, few, 300))
    return {name: statistics.median(values) for name, values in samples.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments.rounds)
    lines = [f"{name:44}{value:8.0f} requests a second  >= {WANTED}" for name, value in found.items()]
    sys.stdout.write(json.dumps(found, indent=2) if arguments.json else "\n".join(lines))
    sys.stdout.write("\n")
    return 1 if min(found.values()) < WANTED else 0


if __name__ == "__main__":
    raise SystemExit(main())
