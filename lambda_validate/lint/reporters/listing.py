"""Limit the number of findings that a report lists for each file, since a file may have very many."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from typing import NamedTuple

from ..findings.finding import LintFinding, LintOutcome

MAX_LISTED_FINDINGS = 1_000
"""Maximum number of findings for each file in a report."""


class Listed(NamedTuple):
    """The findings of a file that a report lists, sorted by line. `total` is the number of all findings of the file."""

    file: str
    findings: tuple[LintFinding, ...]
    total: int

    @property
    def more(self) -> str:
        """The sentence that says how many findings are not listed; empty if all are listed."""
        left = self.total - len(self.findings)
        words = "finding of this file is" if left == 1 else "findings of this file are"
        return f"{left:,} more {words} not listed." if left else ""


def listed(outcome: LintOutcome) -> Iterator[Listed]:
    """Yield the findings to list for each file.

    If a file has more than `MAX_LISTED_FINDINGS`, its warnings are left out first.
    """
    for file, group in groupby(outcome.findings, key=lambda finding: finding.file):
        found = list(group)
        yield Listed(file, tuple(found if len(found) <= MAX_LISTED_FINDINGS else _chosen(found)), len(found))


def _chosen(found: list[LintFinding]) -> Iterator[LintFinding]:
    errors_first = sorted(range(len(found)), key=lambda index: found[index].severity != "error")
    return (found[index] for index in sorted(islice(errors_first, MAX_LISTED_FINDINGS)))


def left_out(outcome: LintOutcome) -> list[Listed]:
    """Return the files with more findings than are listed."""
    return [file for file in listed(outcome) if file.total > len(file.findings)]
