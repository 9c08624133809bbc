"""The results of linting: a `Finding`, the findings of a file, and the `Outcome` of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from ...base.grouping import firsts
from ...report import Severity
from ..documents.places import Document, Excerpt, SourceText, Span
from ..files import Failure
from ..files.left_out import NONE, Counts

RuleFilter = Callable[[str], bool]
"""Return whether a rule is selected. A violation of another rule is found, but never covers a selected one."""


def all_rules(rule: str) -> bool:
    """Return that every rule is selected."""
    return True


class Finding(NamedTuple):
    """One violation in a file. Positions are None if they are unknown. `pointer` is the place in the payload.

    `owner` is the pointer to the resource in its document. All differences of a resource by one rule have the same
    `group`, and `once` keeps only one of them.
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
    findings: list[Finding]


class Suppressed(NamedTuple):
    """A finding that is not reported: the file ignores it (`inSource`), or it is in the baseline (`external`)."""

    finding: Finding
    kind: Literal["inSource", "external"]


class Replacement(NamedTuple):
    """A replacement for a part of a file. An empty one deletes it."""

    span: Span
    text: str = ""


Fixes = Mapping[Finding, tuple[Replacement, ...]]
NO_FIXES: Fixes = MappingProxyType({})


class Outcome(NamedTuple):
    """The result of linting, with findings sorted by place. `files` were read; `checked` is how many contain a payload.

    `ignored` findings were ignored inline, and `known` ones are in the baseline; both by rules of `edition`. `unfilled`
    files are not checked, for example since a template engine must fill them in; that is not an error. `left_out`
    counts skipped files with payloads. `suppressed` has findings that are not reported, and `fixes` has safe
    corrections. Both are only filled for a report that shows them.
    """

    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    files: int = 0
    checked: int = 0
    edition: str = "documents"
    ignored: int = 0
    known: int = 0
    unfilled: tuple[Failure, ...] = ()
    left_out: Counts = NONE
    suppressed: tuple[Suppressed, ...] = ()
    fixes: Fixes = NO_FIXES

    def count(self, severity: str) -> int:
        """Return the number of findings with a severity."""
        return sum(finding.severity == severity for finding in self.findings)


def by_place(finding: Finding) -> tuple[str, int, int, str]:
    """Return what findings are sorted by."""
    return finding.file, finding.line or 0, finding.column or 0, finding.rule


def offsets(finding: Finding, text: SourceText) -> tuple[int, int]:
    """Return the characters that a finding is about, the first where it has no place; at least one."""
    if finding.line is None or finding.column is None:
        return 0, 1
    start = text.offset(finding.line, finding.column)
    end = text.offset(finding.end_line or finding.line, finding.end_column or finding.column + 1)
    return start, max(end, start + 1)


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with only one difference by each rule and resource.

    It is the first one, unless that is ignored.
    """
    return [*firsts((finding.group or number, finding) for number, finding in enumerate(findings)).values()]
