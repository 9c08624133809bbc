"""Measure the generator: draws a second, discarded draws, the distribution of draws, and the corpora.

    python benchmarks/strategies.py [--draws N] [--seed N] [--json]

Times are CPU seconds of this process, so that other processes have little effect. Shares are of all draws. Each corpus
is built in a new process, as in the first call of a user. Each figure has its target beside it. The exit code is 1 if
one is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from hypothesis import Phase, given, seed, settings

import lambda_validate as lv
from lambda_validate import strategies
from lambda_validate.strategies.cases.generator import generator
from lambda_validate.strategies.values.realistic import variants

DIRECTIONS = ("request", "response")
CORPUS = """
import sys, time
from lambda_validate import strategies
operation, direction, minimal = sys.argv[1:]
start = time.process_time()
cases = strategies.corpus(operation, minimal == "minimal", direction)
print(len(cases), time.process_time() - start)
"""


AT_MOST = {"seconds": 3, "discarded": 0.05, "full seconds": 1, "minimal cases": 120}
"""The maximum of each figure for 500 draws."""
SOURCE, RARE = 0.2, 0.02
"""The minimum share of draws for each event source, and for each important limit and length."""


def wanted(name: str, figure: float) -> tuple[str, bool]:
    """Return the target of a figure in words, or an empty string, and whether it is met."""
    if name in AT_MOST:
        return f"<= {AT_MOST[name]}", figure <= AT_MOST[name]
    if name.startswith(("source ", "a name of", "a value of")) or " at " in name:
        least = SOURCE if name.startswith("source ") else RARE
        return f">= {least}", figure >= least
    return "", True


def drawn(strategy: Any, count: int, start: int) -> tuple[list[Any], float, float]:
    """Draw payloads with health checks. Return the payloads, the seconds, and the share of discarded draws."""
    found: list[Any] = []
    tried = Counter[str]()

    @seed(start)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def run(payload: Any) -> None:
        found.append(payload)

    from hypothesis.internal.conjecture import engine

    before = engine.ConjectureRunner.test_function

    def counted(self: Any, data: Any) -> Any:
        result = before(self, data)
        tried[str(data.status.name)] += 1
        return result

    engine.ConjectureRunner.test_function = counted  # type: ignore[method-assign]  # only to count discarded draws
    try:
        began = time.process_time()
        run()
        seconds = time.process_time() - began
    finally:
        engine.ConjectureRunner.test_function = before  # type: ignore[method-assign]  # as it was
    return found, seconds, 1 - tried["VALID"] / max(1, sum(tried.values()))


def shares(operation: str, payloads: list[Any]) -> dict[str, float]:
    """Return the share of payloads with each source, each numeric limit, and strings of important lengths."""
    maker, times = generator(operation), Counter[str]()
    names = strategies.sources(operation)
    for payload in payloads:
        times[f"source {maker.source(payload)}"] += bool(names)
        lengths = {len(value) for value in payload.values() if isinstance(value, str)}
        times["a name of 64"] += len(payload["FunctionName"]) == 64
        times["a value of 140"] += 140 in lengths
        for member, bounds in numeric(operation).items():
            for bound in bounds:
                times[f"{member} at {bound}"] += payload.get(member) == bound
        times["a realistic name"] += payload["FunctionName"] in realistic(operation)
    return {name: times[name] / len(payloads) for name in sorted(times) if times[name] or "at" in name}


def numeric(operation: str) -> dict[str, list[int]]:
    """Return the limits of each numeric member."""
    schema = lv.schema(operation, "request")
    resolved = {
        name: schema["$defs"][each["$ref"].rpartition("/")[2]] if "$ref" in each else each
        for name, each in schema["properties"].items()
    }
    return {
        name: [each[key] for key in ("minimum", "maximum") if key in each]
        for name, each in resolved.items()
        if each.get("type") in ("integer", "number")
    }


def realistic(operation: str) -> set[str]:
    """Return the names that look real."""
    cells = generator(operation).cells
    return {each for cell in cells for text in cell.slots["FunctionName"].values for each in variants(text)}


def corpora(operation: str, direction: str) -> dict[str, float]:
    """Return the size of each corpus, and the time to build it."""
    found: dict[str, float] = {}
    for size in ("full", "minimal"):
        command = [sys.executable, "-c", CORPUS, operation, direction, size]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        found |= {f"{size} cases": int(output[0]), f"{size} seconds": round(float(output[1]), 2)}
    return found


def measured(count: int, start: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for operation in lv.operations():
        for direction in DIRECTIONS:
            make = getattr(strategies, f"{direction}s")
            payloads, seconds, discarded = drawn(make(operation), count, start)
            row = {"draws": len(payloads), "seconds": round(seconds, 2), "discarded": round(discarded, 4)}
            row |= corpora(operation, direction)
            if direction == "request":
                row |= {name: round(share, 3) for name, share in shares(operation, payloads).items()}
            figures[f"{operation} {direction}"] = row
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measured(arguments.draws, arguments.seed)
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return 0
    short = 0
    for name, row in figures.items():
        print(name)
        for what, figure in row.items():
            words, met = wanted(what, figure)
            short += not met
            print(f"  {what:<40}{figure:>10}  {words:<8}{'' if met else '  falls short'}".rstrip())
    return 1 if short else 0


if __name__ == "__main__":
    raise SystemExit(main())
