"""The results of linting: a `LintFinding`, the `FileFindings` of a file, and the `LintOutcome` of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from ...base.grouping import firsts
from ...report import Severity
from ..documents.places import Document, Excerpt, SourceText, Span
from ..files import Failure
from ..files.left_out import NO_COUNTS, Counts

RuleFilter = Callable[[str], bool]
"""A function that returns whether a rule is selected. Violations of other rules never replace those of selected ones.
"""


def all_rules(rule: str) -> bool:
    """Return True for every rule: all rules are selected."""
    return True


class LintFinding(NamedTuple):
    """One violation in a file. Lines and columns are None if they are unknown.

    `pointer` is the JSON pointer to the member in the payload, and `owner` the one to the resource in its document.
    Differences between editions by the same rule in one resource have the same `group`; `once` returns only one of
    them.
    """

    file: str
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    rule: str
    severity: Severity
    operation: str
    direction: str
    pointer: str
    message: str
    source: str
    help: str | None
    url: str | None = None
    excerpt: Excerpt | None = None
    owner: str = ""
    group: tuple[Any, ...] = ()


class FileFindings(NamedTuple):
    """The documents of a file, and all findings in them."""

    documents: tuple[Document, ...]
    findings: list[LintFinding]


class Suppressed(NamedTuple):
    """A finding that is not reported: the file ignores it (`inSource`), or it is in the baseline (`external`)."""

    finding: LintFinding
    kind: Literal["inSource", "external"]


class Replacement(NamedTuple):
    """A part of a file, and the text that replaces it. An empty text deletes the part."""

    span: Span
    text: str = ""


Fixes = Mapping[LintFinding, tuple[Replacement, ...]]
NO_FIXES: Fixes = MappingProxyType({})


class LintOutcome(NamedTuple):
    """The result of linting, with findings sorted by file and line.

    `failures` are files that cannot be read or parsed. `files` is the number of files that were read, and `checked` the
    number of those that contain a payload. `ignored` and `known` are the numbers of findings that are not reported: due
    to inline ignores, and due to the baseline. `unfilled` are files that are not checked although that is no error, for
    example since a template engine must fill them in first. `left_out` counts skipped files with payloads. `suppressed`
    has the findings that are not reported, and `fixes` has safe corrections. Both are empty unless the report needs
    them.
    """

    findings: tuple[LintFinding, ...] = ()
    failures: tuple[Failure, ...] = ()
    files: int = 0
    checked: int = 0
    edition: str = "documents"
    ignored: int = 0
    known: int = 0
    unfilled: tuple[Failure, ...] = ()
    left_out: Counts = NO_COUNTS
    suppressed: tuple[Suppressed, ...] = ()
    fixes: Fixes = NO_FIXES

    def count(self, severity: str) -> int:
        """Return the number of findings with a severity, "error" or "warning"."""
        return sum(finding.severity == severity for finding in self.findings)


def by_place(finding: LintFinding) -> tuple[str, int, int, str]:
    """Return the key by which findings are sorted: file, line, column and rule."""
    return finding.file, finding.line or 0, finding.column or 0, finding.rule


def offsets(finding: LintFinding, text: SourceText) -> tuple[int, int]:
    """Return the offsets where the characters that a finding marks begin and end, at least one character.

    A finding without a position marks the first character.
    """
    if finding.line is None or finding.column is None:
        return 0, 1
    start = text.offset(finding.line, finding.column)
    end = text.offset(finding.end_line or finding.line, finding.end_column or finding.column + 1)
    return start, max(end, start + 1)


def once(findings: Iterable[LintFinding]) -> list[LintFinding]:
    """Return findings. Of differences between editions by one rule in one resource, only the first is returned."""
    return [*firsts((finding.group or number, finding) for number, finding in enumerate(findings)).values()]
