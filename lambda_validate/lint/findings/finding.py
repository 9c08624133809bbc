"""What linting reports: `Finding`, those of a file, and the `Outcome` of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from ...base.grouping import firsts
from ...report import Severity
from ..documents.places import Document, Excerpt, Span
from ..files import Failure
from ..files.left_out import NONE, Counts


class Finding(NamedTuple):
    """One violation in a file. Positions are None where they are unknown; `pointer` leads through the payload.

    `owner` is the pointer to the resource in its document. `group` is the same of all differences of a resource by one
    rule, of which `once` leaves one.
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
    """A text's documents, and everything that is wrong with them."""

    documents: tuple[Document, ...]
    findings: list[Finding]


class Suppressed(NamedTuple):
    """A finding that is not reported: its file says to ignore it (`inSource`), or the baseline has it (`external`)."""

    finding: Finding
    kind: Literal["inSource", "external"]


class Replacement(NamedTuple):
    """What to write in place of a stretch of a file; nothing to delete it."""

    span: Span
    text: str = ""


Fixes = Mapping[Finding, tuple[Replacement, ...]]
NO_FIXES: Fixes = MappingProxyType({})


class Outcome(NamedTuple):
    """What linting found, findings by place. `files` were looked at; `checked` of them hold a payload.

    Of what was found by the rules of `edition`, `ignored` findings are so inline, and `known` ones in the baseline.
    `unfilled` are not checked, which is no reason to fail: a template engine must fill them in first, say.
    `left_out` counts files with payloads that a walk left out. `suppressed` has findings that are not reported, and
    `fixes` safe corrections of those that are; both only for a report that shows them.
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
        """Return how many findings are of a severity."""
        return sum(each.severity == severity for each in self.findings)


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without differences that their resource has already. It may say to ignore the first of them."""
    return [*firsts((each.group or number, each) for number, each in enumerate(findings)).values()]
