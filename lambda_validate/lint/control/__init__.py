"""Decide which findings are reported: apply inline ignores, then the selected rules, then the baseline.

Input: all findings of a file. Output: those to report, and counts of the others. For example, a line that ends with `#
lambda-validate: ignore[batch-size.sqs]` removes the finding of that rule on this line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings.finding import FileFindings, Finding, Suppressed, once
from .selection import EVERYTHING, Selection

if TYPE_CHECKING:
    from ...validator import Validator
    from .baseline import Baseline

MARK = "lambda-validate"
"""A file without this string has no inline ignores."""


class Control:
    """Decides which findings are reported.

    Counts those that inline ignores (`ignored`) and the baseline (`known`) remove.

    With `lists`, `suppressed` has the removed findings too.
    """

    def __init__(
        self, validator: Validator, selection: Selection = EVERYTHING, baseline: Baseline | None = None,
        lists: bool = False,
    ) -> None:  # fmt: skip
        self.validator, self.selection, self.baseline, self.lists = validator, selection, baseline, lists
        self.ignored = self.known = 0
        self.suppressed: list[Suppressed] = []

    def saw(self, file: str) -> None:
        """Note that a file was read."""
        if self.baseline is not None:
            self.baseline.saw(file)

    def remaining(self, file: str, findings: FileFindings) -> list[Finding]:
        """Return the findings of a file to report, and count the others."""
        found, ignored = self._selected(file, findings)
        remaining = found if self.baseline is None else self.baseline.unknown(found)
        self.ignored += ignored
        self.known += len(found) - len(remaining)
        if self.lists and len(remaining) < len(findings.findings):
            self._list(file, findings, found, remaining)
        return remaining

    def _list(self, file: str, findings: FileFindings, found: list[Finding], remaining: list[Finding]) -> None:
        """Collect the selected findings of a file that are not reported."""
        if len(remaining) < len(found):
            reported = set(map(id, remaining))
            self.suppressed += [Suppressed(finding, "external") for finding in found if id(finding) not in reported]
        left = set(map(id, self._unignored(file, findings)[0]))
        ignored = [finding for finding in findings.findings if id(finding) not in left]
        self.suppressed += [Suppressed(finding, "inSource") for finding in self._counting(file, ignored)]

    def preview(self, file: str, findings: FileFindings) -> list[Finding]:
        """Return the findings that would be reported, without counting."""
        found, _ = self._selected(file, findings)
        return found if self.baseline is None else self.baseline.unknown(found, take=False)

    def _selected(self, file: str, findings: FileFindings) -> tuple[list[Finding], int]:
        found, ignored = self._unignored(file, findings)
        return self._counting(file, found), ignored

    def _unignored(self, file: str, findings: FileFindings) -> tuple[list[Finding], int]:
        """Return the findings without those that the file ignores, and how many it ignores."""
        if not findings.documents or MARK not in findings.documents[0].text.text:
            return findings.findings, 0
        from . import ignores  # few files have any

        return ignores.applied(findings, file, self.validator)

    def _counting(self, file: str, found: list[Finding]) -> list[Finding]:
        """Return the findings of rules that are selected for a file."""
        counts = self.selection.counting(file)
        return once(finding for finding in found if counts(finding.rule))
