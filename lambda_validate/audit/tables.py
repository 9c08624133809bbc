"""The content of every report of a summary: the names of answers, totals and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..base.spelling import counted
from ..base.terminal import printable
from .outcome import CAUGHT, MISSED, SUSPECTED
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


def totals(summary: Summary) -> str:
    """Return how much was read, in one line."""
    size = summary.bytes / 1_000_000
    about = f", edition {summary.edition}" if summary.edition else ""
    records, files = counted(summary.records, "record"), counted(summary.files, "file")
    return f"{records} in {files}, {size:,.1f} MB{about}"


def tables(summary: Summary) -> Iterator[tuple[str, Sequence[str], list[Sequence[Any]]]]:
    """Yield the title, the columns and the rows of each table that has rows."""
    rules = [[rule[name] for name in RULE_COLUMNS] for rule in summary.rules()]
    missed = [[operation[name] for name in MISSED_COLUMNS] for operation in summary.missed()]
    for title, columns, rows in (
        ("findings by rule", RULE_COLUMNS, rules), ("missed by operation", MISSED_COLUMNS, missed)
    ):  # fmt: skip
        if rows:
            yield title, [name.replace("_", " ") for name in columns], [*rows]


def cell(value: Any) -> str:
    """Return a value as a table shows it."""
    return f"{value:,}" if isinstance(value, int) else printable(str(value or ""))
