"""The content that all reports of an audit have: the names of the results, the totals, and the tables."""

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
"""For each comparison with AWS's answer, the name that reports show, and its meaning."""
RULE_COLUMNS = ("rule", "severity", "refused", "accepted", "first", "last")
MISSED_COLUMNS = ("operation", "error_code", "calls", "first", "last")
INCOMPLETE = "The outcomes do not add up to the records that were read; this result is incomplete."


def totals(summary: Summary) -> str:
    """Return one line that says how much was read, such as `5 records in 1 file, 0.1 MB, edition current`."""
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
    """Return the string that a table shows for a value: numbers have thousands separators, and None is empty."""
    return f"{value:,}" if isinstance(value, int) else printable(str(value or ""))
