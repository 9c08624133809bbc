"""Measure how processor time grows with the number of members, characters, violations, files, operations and so on.

    python benchmarks/growth.py [--only WORD …] [--rounds N] [--json FILE] [--markdown FILE] [--plots FOLDER]

Each case of `growth_cases.py` and `growth_lint.py` is timed at every size in interleaved rounds, in processor seconds.
The median of each size is a point. The slope of a line through the logarithms of the upper half of the points is the
exponent: 1 is linear. Growth that seems superlinear is measured again before it is reported. Plots, as PNG and SVG,
need matplotlib. The exit status is 1 if something grows faster than linearly.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from growth_cases import Case, core_cases, http_cases, long_cases, texts  # noqa: E402  # this checkout's package
from growth_lint import lint_cases, operation_cases  # noqa: E402  # as above

BETTER, WORSE = 0.85, 1.2
"""Exponents between which growth is called linear. n log n has about 1.1 and counts as linear."""
ENOUGH = 0.002
"""The minimum seconds of one measurement. Faster calls are repeated."""
AGAIN = 2
"""How often growth that seems superlinear is measured again, and the lowest significant exponent."""
SLOW = ("files", "operations", "resources of a file", "findings printed", "findings kept back", "findings fixed")
"""Groups with slow calls, for which three rounds are enough."""
FOLDED = ("text, current", "position, current")
"""Groups whose steepest case alone is in the table."""


class Curve(NamedTuple):
    """The result of a case: seconds by size, and the exponent."""

    group: str
    name: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    exponent: float

    @property
    def verdict(self) -> str:
        """Return a word for the growth."""
        return "better" if self.exponent < BETTER else "linear" if self.exponent <= WORSE else "WORSE"


def timed(call: Callable[[], Any], times: int) -> float:
    """Return the processor seconds of a call that is repeated this many times."""
    start = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - start) / times


def measurement(case: Case, size: int) -> Callable[[], float]:
    """Return a function that measures a case at a size, with enough repetitions."""
    call: Callable[[], Any] = case.make(size)
    if case.group == "operations":
        return call  # which returns the seconds of another process
    call()  # compiles the schemas
    times = max(1, math.ceil(ENOUGH / max(timed(call, 1), 1e-7)))
    return lambda: timed(call, times)


def curve(case: Case, rounds: int) -> Curve:
    """Measure a case at all of its sizes."""
    calls = [measurement(case, size) for size in case.sizes]
    samples = [[call() for call in calls] for _ in range(rounds)]
    medians = tuple(statistics.median(row[at] for row in samples) for at in range(len(calls)))
    return Curve(case.group, case.name, case.sizes, medians, exponent(case.sizes, medians))


def exponent(sizes: tuple[int, ...], seconds: tuple[float, ...]) -> float:
    """Return the slope of the upper half of a curve with logarithmic axes."""
    half = max(3, math.ceil(len(sizes) / 2))
    points = [(math.log(size), math.log(max(each, 1e-9))) for size, each in zip(sizes, seconds, strict=True)][-half:]
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def measured(case: Case, rounds: int) -> Curve:
    found = curve(case, rounds)
    for _ in range(AGAIN):
        if found.verdict != "WORSE":
            break
        found = min(found, curve(case, rounds), key=lambda each: each.exponent)
    return found


def cases(scratch: Path) -> Iterator[Case]:
    yield from core_cases()
    yield from long_cases()
    yield from texts("documents")
    yield from texts("current")
    yield from http_cases()
    yield from operation_cases()
    yield from lint_cases(scratch)


def curves(only: list[str], rounds: int) -> Iterator[Curve]:
    with tempfile.TemporaryDirectory(prefix="lambda-validate-") as scratch:
        for case in cases(Path(scratch)):
            if all(word in f"{case.group}: {case.name}" for word in only):
                found = measured(case, min(rounds, 3) if case.group in SLOW else rounds)
                print(f"{case.group}: {case.name}: {found.exponent:.2f} {found.verdict}", file=sys.stderr)
                yield found


def folded(found: list[Curve]) -> Iterator[Curve]:
    """Return the curves of a table. Of a large group of similar cases, only the steepest is included."""
    yield from (each for each in found if each.group not in FOLDED or each.verdict == "WORSE")
    for group in FOLDED:
        rest = [each for each in found if each.group == group and each.verdict != "WORSE"]
        if rest:
            worst = max(rest, key=lambda each: each.exponent)
            yield worst._replace(name=f"the steepest of {len(rest)}: {worst.name}")


def spelt(seconds: float) -> str:
    scale, unit = next((pair for pair in ((1e6, "µs"), (1e3, "ms")) if seconds * pair[0] < 1000), (1.0, "s"))
    return f"{seconds * scale:.3g} {unit}"


def table(found: list[Curve]) -> str:
    """Return the Markdown table."""
    lines = ["| what grows | case | from | to | exponent | |", "|---|---|---|---|---|---|"]
    for each in folded(found):
        ends = [f"{size:,}: {spelt(taken)}" for size, taken in zip(each.sizes, each.seconds, strict=True)]
        name = each.name.replace("|", "\\|")
        lines.append(f"| {each.group} | {name} | {ends[0]} | {ends[-1]} | {each.exponent:.2f} | {each.verdict} |")
    return "\n".join(lines)


def plot(found: list[Curve], folder: Path) -> None:
    """Write a plot for each group, with logarithmic axes and a line for linear growth."""
    import matplotlib  # only plots need it

    matplotlib.use("Agg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    for group in dict.fromkeys(each.group for each in found):
        figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
        rows = [each for each in found if each.group == group]
        for each in rows:
            label = f"{each.exponent:.2f}  {each.name[:60]}".replace("$", r"\$")
            axes.loglog(each.sizes, each.seconds, marker="o", markersize=3, label=label if len(rows) < 25 else None)
        top = max(rows, key=lambda each: each.seconds[-1])
        line = [top.seconds[-1] * size / top.sizes[-1] for size in top.sizes]
        axes.loglog(top.sizes, line, "k--", linewidth=1, label="linear")
        axes.set(title=group, xlabel=group, ylabel="seconds of the processor")
        axes.legend(fontsize=6)
        for kind in ("png", "svg"):
            figure.savefig(folder / f"{group.replace(', ', '-').replace(' ', '-')}.{kind}")
        pyplot.close(figure)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="*", default=[], metavar="WORD", help="cases whose group and name have these")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--markdown", metavar="FILE")
    parser.add_argument("--plots", metavar="FOLDER")
    options = parser.parse_args()
    found = list(curves(options.only, options.rounds))
    print(table(found))
    if options.markdown:
        Path(options.markdown).write_text(table(found) + "\n", "utf-8")
    if options.json:
        rows = [{**each._asdict(), "verdict": each.verdict} for each in found]
        Path(options.json).write_text(json.dumps(rows, indent=1) + "\n")
    if options.plots:
        plot(found, Path(options.plots))
    return int(any(each.verdict == "WORSE" for each in found))


if __name__ == "__main__":
    sys.exit(main())
