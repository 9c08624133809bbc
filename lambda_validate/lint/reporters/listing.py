"""Which findings a report lists: so many of each file, since a file may have any number of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from typing import NamedTuple

from ..findings.finding import Finding, Outcome

LISTED = 1_000
"""Findings of a file that a report lists: more than anyone fixes at once, and few enough for any viewer of reports."""


class Listed(NamedTuple):
    """What a report lists of a file, by place; `total` is how many findings it has."""

    file: str
    findings: tuple[Finding, ...]
    total: int

    @property
    def more(self) -> str:
        """The sentence about findings that are left out; empty where there are none."""
        left = self.total - len(self.findings)
        words = "finding of this file is" if left == 1 else "findings of this file are"
        return f"{left:,} more {words} not listed." if left else ""


def listed(outcome: Outcome) -> Iterator[Listed]:
    """Yield what to list of each file: errors come before warnings where not all have room."""
    for file, group in groupby(outcome.findings, key=lambda each: each.file):
        found = list(group)
        yield Listed(file, tuple(found if len(found) <= LISTED else _chosen(found)), len(found))


def _chosen(found: list[Finding]) -> Iterator[Finding]:
    errors_first = sorted(range(len(found)), key=lambda index: found[index].severity != "error")
    return (found[index] for index in sorted(islice(errors_first, LISTED)))


def left_out(outcome: Outcome) -> list[Listed]:
    """Return the files of which not every finding is listed."""
    return [each for each in listed(outcome) if each.total > len(each.findings)]
