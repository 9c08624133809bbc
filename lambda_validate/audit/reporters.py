"""Print the summary of an audit as text, JSON or an HTML page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..base.terminal import printable, width
from .outcome import QUARANTINED
from .summary import Summary
from .tables import ANSWERS, INCOMPLETE, cell, tables, totals

Reporter = Callable[[Summary], Iterator[str]]


def text(summary: Summary) -> Iterator[str]:
    """Yield the lines of a summary for a terminal."""
    yield totals(summary)
    if not summary.is_complete:
        yield INCOMPLETE
    yield from ("", "records by outcome")
    yield from _numbers({name: number for name, number in summary.counts.items() if number})
    yield from ("", "calls by AWS's answer")
    for name, (words, meaning) in ANSWERS.items():
        yield f"{summary.answers[name]:>12,}  {words} ({meaning})"
    for title, columns, rows in tables(summary):
        yield from ("", title)
        yield from _table(columns, rows)
    found = summary.to_dict()["quarantined"]
    if found:
        yield from ("", _quarantined(summary, len(found)))
        yield from (printable(f"  {record['file']}: record {record['index']}: {record['reason']}") for record in found)


def concise(summary: Summary) -> Iterator[str]:
    """Yield a line for each main number: calls caught, missed and suspected, quarantined records, and each rule."""
    for name, number in {**summary.answers, QUARANTINED: summary.counts[QUARANTINED]}.items():
        yield f"{name}: {number}"
    for rule in summary.rules():
        yield f"{rule['severity']} {rule['rule']}: {rule['refused']} refused, {rule['accepted']} accepted"


def _quarantined(summary: Summary, listed: int) -> str:
    number = summary.counts[QUARANTINED]
    return f"quarantined: {number:,}" + (f"; the first {listed:,} are listed" if listed < number else "")


def _numbers(numbers: Mapping[str, int]) -> Iterator[str]:
    for name, number in numbers.items():
        yield f"{number:>12,}  {name}"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    shown = [columns, *([cell(value) for value in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        padded = (entry + " " * (most - width(entry)) for entry, most in zip(row, widths, strict=True))
        yield f"  {'  '.join(padded)}".rstrip()


def as_json(summary: Summary) -> Iterator[str]:
    """Yield the summary as one JSON object."""
    yield json.dumps(summary.to_dict(), indent=2)


def html(summary: Summary) -> Iterator[str]:
    """Yield the lines of an HTML page with the summary."""
    from .page import page  # which only some runs write

    yield from page(summary)


REPORTERS: Mapping[str, Reporter] = {"full": text, "concise": concise, "json": as_json, "html": html}
"""The function that prints the summary, for each output format."""
