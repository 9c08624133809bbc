"""Decide which findings are reported: apply inline ignores, then the selected rules, then the baseline.

Input: all findings of a file. Output: those to report, and the numbers of the others. For example, the comment `#
lambda-validate: ignore[batch-size.sqs]` at the end of a line removes the finding of that rule on this line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings.finding import FileFindings, LintFinding, Suppressed, once
from .selection import EVERYTHING, Selection

if TYPE_CHECKING:
    from ...validator import Validator
    from .baseline import Baseline

DIRECTIVE_MARK = "lambda-validate"
"""A string that every inline ignore contains, so a file without it has none."""


class Control:
    """Decides which findings are reported.

    `ignored` is the number of findings that inline ignores removed, and `known` the number of those in the baseline.
    With `lists`, all of these are collected in `suppressed`.
    """

    def __init__(
        self, validator: Validator, selection: Selection = EVERYTHING, baseline: Baseline | None = None,
        lists: bool = False,
    ) -> None:  # fmt: skip
        self.validator, self.selection, self.baseline, self.lists = validator, selection, baseline, lists
        self.ignored = self.known = 0
        self.suppressed: list[Suppressed] = []

    def saw(self, file: str) -> None:
        """Note that a file was read, so that the baseline knows which of its findings no longer exist."""
        if self.baseline is not None:
            self.baseline.saw(file)

    def remaining(self, file: str, findings: FileFindings) -> list[LintFinding]:
        """Return the findings of a file that are reported, and count the others."""
        found, ignored = self._selected(file, findings)
        remaining = found if self.baseline is None else self.baseline.unknown(found)
        self.ignored += ignored
        self.known += len(found) - len(remaining)
        if self.lists and len(remaining) < len(findings.findings):
            self._list(file, findings, found, remaining)
        return remaining

    def _list(self, file: str, findings: FileFindings, found: list[LintFinding], remaining: list[LintFinding]) -> None:
        """Add to `suppressed` the findings in a file that are not reported, although their rules are selected.

        Of the findings of selected rules, `found` are not ignored inline, and `remaining` are reported.
        """
        if len(remaining) < len(found):
            reported = set(map(id, remaining))
            self.suppressed += [Suppressed(finding, "external") for finding in found if id(finding) not in reported]
        left = set(map(id, self._unignored(file, findings)[0]))
        ignored = [finding for finding in findings.findings if id(finding) not in left]
        self.suppressed += [Suppressed(finding, "inSource") for finding in self._counting(file, ignored)]

    def preview(self, file: str, findings: FileFindings) -> list[LintFinding]:
        """Return the findings of a file that would be reported. Unlike `remaining`, count nothing."""
        found, _ = self._selected(file, findings)
        return found if self.baseline is None else self.baseline.unknown(found, take=False)

    def _selected(self, file: str, findings: FileFindings) -> tuple[list[LintFinding], int]:
        found, ignored = self._unignored(file, findings)
        return self._counting(file, found), ignored

    def _unignored(self, file: str, findings: FileFindings) -> tuple[list[LintFinding], int]:
        """Return the findings that are not ignored inline in the file, and the number of those that are."""
        if not findings.documents or DIRECTIVE_MARK not in findings.documents[0].text.text:
            return findings.findings, 0
        from . import ignores  # few files have inline ignores

        return ignores.applied(findings, file, self.validator)

    def _counting(self, file: str, found: list[LintFinding]) -> list[LintFinding]:
        """Return the findings whose rules are selected for a file."""
        counts = self.selection.counting(file)
        return once(finding for finding in found if counts(finding.rule))
