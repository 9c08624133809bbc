"""Plot the table: the time of each engine, and the distance of each figure from its target."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from .engines import OURS
from .table import Row

OUR_COLOUR, THEIR_COLOUR, MISSED, MET = "#c2410c", "#475569", "#b91c1c", "#15803d"
FORMS = ("png", "svg")


def write(table: list[Row], folder: Path) -> list[Path]:
    """Write `times` and `targets` as PNG and SVG, and return their paths."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "lambda-validate", "font.size": 8})
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"times": times(table), "targets": wanted(table)}
    made = []
    for name, figure in figures.items():
        for form in FORMS:
            made.append(folder / f"{name}.{form}")
            figure.savefig(made[-1], dpi=110, metadata={"Date": None} if form == "svg" else None)
    return made


def times(table: list[Row]) -> Any:
    """Plot one panel for each workload: medians, with the quartiles of the rounds."""
    from matplotlib.figure import Figure

    groups = [list(group) for _, group in groupby(table, lambda row: row.workload)]
    columns = min(3, len(groups))
    height = -(-len(groups) // columns)
    figure = Figure(figsize=(4.6 * columns, 2.5 * height), layout="constrained")
    for axes, group in zip(figure.subplots(height, columns, squeeze=False).flat, groups, strict=False):
        dots(axes, group)
    for axes in figure.axes[len(groups) :]:
        axes.set_axis_off()
    return figure


def dots(axes: Any, group: list[Row]) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    for place, row in enumerate(group):
        reach = [[row.time.median - row.time.low], [row.time.high - row.time.median]]
        colour = OUR_COLOUR if row.engine == OURS else THEIR_COLOUR
        axes.errorbar([row.time.median], [place], xerr=reach, fmt="o", color=colour, markersize=5, capsize=2)
    axes.set_yticks(range(len(group)), [row.engine for row in group])
    axes.set_ylim(len(group) - 0.5, -0.5)
    axes.set_xscale("log")
    low, high = min(row.time.low for row in group), max(row.time.high for row in group)
    axes.set_xlim(low / 1.3, high * 1.3)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 50 * low else (1,)))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="x", linewidth=0.4)
    axes.set_title(group[0].title, fontsize=9)
    axes.set_xlabel(group[0].unit)


def wanted(table: list[Row]) -> Any:
    """Plot the ratio of each figure to its target. A value above 1 misses the target."""
    from matplotlib.figure import Figure

    used = [
        (f"{row.title}\n{row.engine}, {each.describe(figure)}", figure / each.most)
        for row in table
        for each, figure in row.aims()
    ]
    figure = Figure(figsize=(9, 1.2 + 0.4 * len(used)), layout="constrained")
    axes = figure.subplots()
    for place, (_, value) in enumerate(used):
        axes.plot([1, value], [place, place], "o-", color=MISSED if value > 1 else MET, markevery=[1])
    axes.set_yticks(range(len(used)), [name for name, _ in used])
    axes.set_ylim(len(used) - 0.5, -0.5)
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=1)
    axes.grid(axis="x", linewidth=0.4)
    axes.set_xlabel("figure ÷ target: beyond 1 it is missed")
    return figure
