"""Limit the findings that a report lists for each file, since a file may have any number of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from typing import NamedTuple

from ..findings.finding import Finding, Outcome

LISTED = 1_000
"""Maximum number of findings for a file in a report. Every viewer of reports can handle this many."""


class Listed(NamedTuple):
    """The listed findings of a file, sorted by place; `total` is the number of all."""

    file: str
    findings: tuple[Finding, ...]
    total: int

    @property
    def more(self) -> str:
        """The sentence about findings that are not listed; empty if all are."""
        left = self.total - len(self.findings)
        words = "finding of this file is" if left == 1 else "findings of this file are"
        return f"{left:,} more {words} not listed." if left else ""


def listed(outcome: Outcome) -> Iterator[Listed]:
    """Yield the listed findings of each file. If there are too many, errors take precedence over warnings."""
    for file, group in groupby(outcome.findings, key=lambda finding: finding.file):
        found = list(group)
        yield Listed(file, tuple(found if len(found) <= LISTED else _chosen(found)), len(found))


def _chosen(found: list[Finding]) -> Iterator[Finding]:
    errors_first = sorted(range(len(found)), key=lambda index: found[index].severity != "error")
    return (found[index] for index in sorted(islice(errors_first, LISTED)))


def left_out(outcome: Outcome) -> list[Listed]:
    """Return the files with findings that are not listed."""
    return [file for file in listed(outcome) if file.total > len(file.findings)]
