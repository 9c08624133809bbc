"""The figures of the core: import, first verdict, a valid payload, a payload with six faults.

    python benchmarks/core.py [--rounds N] [--json]

Each figure is the median of interleaved rounds in one run, with its ratio to a yardstick of the same run: absolute
times drift with the machine, ratios do not. Start-up figures are whole processes; the others are per call.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
import timeit
from collections.abc import Callable

import lambda_validate as lv

VALID = {
    "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
    "FunctionName": "click-counter",
    "BatchSize": 100,
    "Enabled": True,
    "MaximumBatchingWindowInSeconds": 5,
    "StartingPosition": "AT_TIMESTAMP",
    "StartingPositionTimestamp": 1541139109,
}
TEXT = json.dumps(VALID)
FAULTY = {
    "EventSourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/audit",
    "FunctionName": "click counter",
    "BatchSize": 5000,
    "Enabled": "yes",
    "MaximumBatchingWindowInSeconds": 301,
    "StartingPosition": "LATEST",
    "Batchsize": 1,
}
OPERATION = "CreateEventSourceMapping"
FIRST = f"import lambda_validate as lv; lv.is_valid_request({OPERATION!r}, {VALID!r})"
START_UP = {
    "bare interpreter": "pass",
    "import": "import lambda_validate",
    "import, first verdict": FIRST,
    "import, first verdict, pure Python": f"import os; os.environ['LAMBDA_VALIDATE_PURE'] = '1'; {FIRST}",
    "import, first report": f"import lambda_validate as lv; lv.validate_request({OPERATION!r}, {FAULTY!r})",
}


def process_seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def call_seconds(call: Callable[[], object], number: int = 2000) -> float:
    return timeit.timeit(call, number=number) / number


def words() -> list[str]:
    return [each.message for each in lv.validate_request(OPERATION, FAULTY)]


def pure_python() -> lv.Validator:
    """Return a validator that validates requests without the native engine."""
    made = lv.Validator()
    object.__setattr__(made, "_requests", {OPERATION: made.checker(OPERATION, "request").run})  # not those it shares
    return made


PURE = pure_python()
CALLS: dict[str, Callable[[], object]] = {
    "json.loads of the valid payload": lambda: json.loads(TEXT),
    "valid payload, verdict": lambda: lv.is_valid_request(OPERATION, VALID),
    "valid payload, verdict, pure Python": lambda: PURE.is_valid_request(OPERATION, VALID),
    "valid payload, report": lambda: lv.validate_request(OPERATION, VALID),
    "six faults, verdict": lambda: lv.is_valid_request(OPERATION, FAULTY),
    "six faults, verdict, pure Python": lambda: PURE.is_valid_request(OPERATION, FAULTY),
    "six faults, report": lambda: lv.validate_request(OPERATION, FAULTY),
    "six faults, report and words": words,
}


def medians(samples: dict[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(values) for name, values in samples.items()}


def measure(rounds: int) -> dict[str, dict[str, float]]:
    start_up: dict[str, list[float]] = {name: [] for name in START_UP}
    calls: dict[str, list[float]] = {name: [] for name in CALLS}
    for call in CALLS.values():
        call()  # compiles what is needed
    for _ in range(rounds):
        for name, code in START_UP.items():
            start_up[name].append(process_seconds(code))
        for name, call in CALLS.items():
            calls[name].append(call_seconds(call))
    return {"start-up": medians(start_up), "call": medians(calls)}


def show(figures: dict[str, dict[str, float]]) -> None:
    for unit, scale, group in (("ms", 1e3, "start-up"), ("µs", 1e6, "call")):
        yardstick = next(iter(figures[group].values()))
        print(f"\n{group + ' (' + unit + ')':36} median   ratio   over the first")
        for name, seconds in figures[group].items():
            over = (seconds - yardstick) * scale
            print(f"{name:36} {seconds * scale:6.2f}  {seconds / yardstick:6.2f}  {over:+7.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true", help="print the medians in seconds as JSON")
    options = parser.parse_args()
    figures = measure(options.rounds)
    assert len(lv.validate_request(OPERATION, FAULTY).errors) == 6
    print(json.dumps(figures, indent=2)) if options.json else show(figures)


if __name__ == "__main__":
    main()
