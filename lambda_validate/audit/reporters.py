"""A summary becomes lines: text, JSON or one HTML page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..base.terminal import printable, width
from .outcome import CAUGHT, MISSED, QUARANTINED, SUSPECTED
from .summary import Summary

ANSWERS: Mapping[str, tuple[str, str]] = {
    CAUGHT: ("would have been caught", "refused by AWS, with a finding"),
    MISSED: ("missed", "refused by AWS's validation, without a finding"),
    SUSPECTED: ("suspected false alarms", "accepted by AWS, with a finding"),
}
"""By answer, what it is called and what it means."""
RULE_COLUMNS = ("rule", "severity", "refused", "accepted", "first", "last")
MISSED_COLUMNS = ("operation", "error_code", "calls", "first", "last")
INCOMPLETE = "The outcomes do not add up to the records that were read; this result is incomplete."
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
        yield from (printable(f"  {each['file']}: record {each['index']}: {each['reason']}") for each in found)


def concise(summary: Summary) -> Iterator[str]:
    """Yield one line for each number that matters: AWS's answers, quarantined records, and each rule."""
    for name, number in {**summary.answers, QUARANTINED: summary.counts[QUARANTINED]}.items():
        yield f"{name}: {number}"
    for each in summary.rules():
        yield f"{each['severity']} {each['rule']}: {each['refused']} refused, {each['accepted']} accepted"


def totals(summary: Summary) -> str:
    """Return how much was read, in one line."""
    size = summary.bytes / 1_000_000
    about = f", edition {summary.edition}" if summary.edition else ""
    return f"{summary.records:,} records in {summary.files:,} files, {size:,.1f} MB{about}"


def tables(summary: Summary) -> Iterator[tuple[str, Sequence[str], list[Sequence[Any]]]]:
    """Yield the title, the columns and the rows of each table that has rows."""
    rules = [[each[name] for name in RULE_COLUMNS] for each in summary.rules()]
    missed = [[each[name] for name in MISSED_COLUMNS] for each in summary.missed()]
    for title, columns, rows in (
        ("findings by rule", RULE_COLUMNS, rules), ("missed by operation", MISSED_COLUMNS, missed)
    ):  # fmt: skip
        if rows:
            yield title, [name.replace("_", " ") for name in columns], [*rows]


def _quarantined(summary: Summary, listed: int) -> str:
    number = summary.counts[QUARANTINED]
    return f"quarantined: {number:,}" + (f"; the first {listed:,} are listed" if listed < number else "")


def _numbers(numbers: Mapping[str, int]) -> Iterator[str]:
    for name, number in numbers.items():
        yield f"{number:>12,}  {name}"


def cell(value: Any) -> str:
    """Return a value as a table shows it."""
    return f"{value:,}" if isinstance(value, int) else printable(str(value or ""))


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    shown = [columns, *([cell(each) for each in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        padded = (each + " " * (most - width(each)) for each, most in zip(row, widths, strict=True))
        yield f"  {'  '.join(padded)}".rstrip()


def as_json(summary: Summary) -> Iterator[str]:
    """Yield one JSON object."""
    yield json.dumps(summary.to_dict(), indent=2)


def html(summary: Summary) -> Iterator[str]:
    """Yield the lines of one HTML page."""
    from .page import page  # which only some runs write

    yield from page(summary)


REPORTERS: Mapping[str, Reporter] = {"full": text, "concise": concise, "json": as_json, "html": html}
"""By output format, what makes lines of a summary."""
