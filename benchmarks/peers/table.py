"""Turn samples into one table of rows: as plain text, as Markdown, and as JSON for the comparison of two runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from . import targets
from .corpora import Gaps
from .engines import OURS, PYTHON
from .rounds import Spread, spread
from .workloads import Measured

HEAD = ("workload", "engine", "median", "ours ÷ theirs", "half of the rounds", "pure Python ÷ theirs",
        "does not enforce", "wanted")  # fmt: skip
ALLOWED = 0.15
"""The tolerance for a ratio between two runs."""


class Row(NamedTuple):
    """An engine in a workload. `ratio` is the time of this package divided by that of the engine, for each round.

    `pure` is the ratio without the native engine, or None if it was not measured.
    """

    workload: str
    title: str
    engine: str
    unit: str
    rounds: int
    time: Spread
    ratio: Spread
    gaps: Gaps | None
    faults: float | None
    call: str | None
    pure: Spread | None = None

    def aims(self) -> list[tuple[targets.Target, float]]:
        """Return each target with its figure: a ratio to a peer, or the time of this package."""
        plain = self.time.median if self.engine == OURS else self.ratio.median
        pure = self.pure.median if self.pure else None
        found = [(each, pure if each.is_pure else plain) for each in targets.of(self.workload, self.engine)]
        return [(each, figure) for each, figure in found if figure is not None]

    def json(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "rounds": self.rounds,
            **{name: round(value, 4) for name, value in self.time._asdict().items()},
            "ratio": {name: round(value, 5) for name, value in self.ratio._asdict().items()},
            "pure": self.pure and {name: round(value, 5) for name, value in self.pure._asdict().items()},
            "misses": self.gaps and {rule: list(counts) for rule, counts in self.gaps.missed.items()},
            "rules": self.gaps and len(self.gaps.rules),
            "refuses": self.gaps and list(self.gaps.refused),
            "faults_listed": self.faults,
            "call": self.call,
            "targets": [
                {"most": each.most, "is_pure": each.is_pure, "missed_by": round(each.missed_by(figure), 4)}
                for each, figure in self.aims()
            ],
        }


def rows(measured: Measured) -> list[Row]:
    """Return a row for each engine: this package first, then the others by speed."""
    ours, pure = measured.samples[OURS], measured.samples.get(PYTHON)
    made = [
        Row(measured.id, measured.title, name, measured.unit, len(samples), spread(samples), ratio(ours, samples),
            measured.gaps.get(name), measured.faults.get(name), measured.calls.get(name),
            ratio(pure, samples) if pure and name not in (OURS, PYTHON) else None)
        for name, samples in measured.samples.items()
    ]  # fmt: skip
    return sorted(made, key=lambda each: (each.engine != OURS, each.engine != PYTHON, each.time.median))


def ratio(ours: list[float], theirs: list[float]) -> Spread:
    return spread([a / b for a, b in zip(ours, theirs, strict=True)])


def cells(row: Row) -> tuple[str, ...]:
    aims = "; ".join(each.describe(figure) for each, figure in row.aims())
    mine = row.engine == OURS
    shown = "1" if mine else number(row.ratio.median)
    quartiles = "" if mine or row.rounds < 2 else f"{number(row.ratio.low)} to {number(row.ratio.high)}"
    pure = number(row.pure.median) if row.pure else ""
    return row.title, row.engine, f"{number(row.time.median)} {row.unit}", shown, quartiles, pure, gap(row), aims


def gap(row: Row) -> str:
    """Return how many rules an engine does not enforce, its other errors, and how many faults it lists."""
    parts = [f"lists {row.faults:.1f} faults"] if row.faults is not None else []
    if row.gaps is not None:
        parts.insert(0, f"misses {len(row.gaps.missed)} of {len(row.gaps.rules)} rules")
        count = len(row.gaps.refused)
        parts += [f"refuses {count} valid case{'' if count == 1 else 's'}"] if count else []
    return ", ".join(parts)


def number(value: float) -> str:
    """Format three significant digits without an exponent."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3 if value >= 0.1 else 4
    return f"{value:,.{digits}f}"


def lines(table: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    """Return cells. Each workload is named once."""
    before = ""
    for row in table:
        title, *others = cells(row)
        yield (title if row.workload != before else "", *others)
        before = row.workload


def text(table: list[Row]) -> str:
    every = [HEAD, *lines(table)]
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    written = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in every)
    return "\n".join(f"\n{line}" if line and line[0] != " " else line for line in written).lstrip()


def markdown(table: list[Row]) -> str:
    rule = ("---",) * 2 + ("---:",) * 4 + ("---",) * 2
    return "".join(f"| {' | '.join(row)} |\n" for row in (HEAD, rule, *lines(table)))


def as_json(table: list[Row], skipped: dict[str, dict[str, str]], machine: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in table:
        entry = found.setdefault(row.workload, {"title": row.title, "engines": {}})
        entry["engines"][row.engine] = row.json()
    return {"machine": machine, "workloads": found, "skipped": skipped}


def ratios(run: dict[str, Any]) -> dict[tuple[str, str], float]:
    return {
        (workload, engine): facts["ratio"]["median"]
        for workload, entry in run["workloads"].items()
        for engine, facts in entry["engines"].items()
    }


def disagreements(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the differences between two runs: ratios that differ by more than 15 %, and rows that only one has."""
    a, b = ratios(one), ratios(other)
    said = [f"{workload}, {engine}: only in one run" for workload, engine in sorted(a.keys() ^ b.keys())]
    for workload, engine in sorted(a.keys() & b.keys()):
        here, there = a[workload, engine], b[workload, engine]
        apart = max(here, there) / min(here, there) - 1
        if apart > ALLOWED:
            said.append(f"{workload}, {engine}: {number(here)} and {number(there)} differ by {apart:.0%}")
    return said
