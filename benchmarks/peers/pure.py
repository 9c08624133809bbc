"""Run this package without its native engine in a separate process, because a process uses only one engine.

Below `python -m peers.pure WORKLOAD SEED`, each line of standard input is a round and a number of payloads. The answer
is the time of a payload of that round in microseconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lambda_validate import native
from lambda_validate.base.engines import VARIABLE

from .rounds import microseconds

FOLDER = Path(__file__).parent.parent


@contextmanager
def pure_python(workload: str, seed: int) -> Iterator[Callable[[int, int], float]]:
    """Start the process, and yield a function that requests one round."""
    command = [sys.executable, "-m", "peers.pure", workload, str(seed)]
    environment = {**os.environ, VARIABLE: "1"}
    with subprocess.Popen(
        command, cwd=FOLDER, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        answers, questions = process.stdout, process.stdin

        def took(number: int, count: int) -> float:
            print(number, count, file=questions, flush=True)
            return float(answers.readline())

        yield took


def main(name: str, seed: int) -> None:
    from .workloads import WORKLOADS

    assert native.engine().plan is None
    workload = next(each for each in WORKLOADS if each.id == name)
    engine = workload.builders[0](workload.operation, workload.direction)[0]
    loop = engine.compiled()["loop"]
    for line in sys.stdin:
        number, count = map(int, line.split())
        print(microseconds(loop, workload.prepare(workload.texts(seed, number, count))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
