"""The stage between findings and reporters: inline ignores, then selected rules, then the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings.finding import FileFindings, Finding, once
from .selection import EVERYTHING, Selection, means

if TYPE_CHECKING:
    from ...validator import Validator
    from .baseline import Baseline

MARK = "lambda-validate"
"""What every text has that says to ignore something."""


class Control:
    """What to keep of what is found. Counts what inline ignores (`ignored`) and the baseline (`known`) keep back."""

    def __init__(
        self, validator: Validator, selection: Selection = EVERYTHING, baseline: Baseline | None = None
    ) -> None:
        self.validator, self.selection, self.baseline = validator, selection, baseline
        self.ignored = self.known = 0

    def saw(self, file: str) -> None:
        """Note that a file has been looked at, and could be read."""
        if self.baseline is not None:
            self.baseline.saw(file)

    def kept(self, file: str, findings: FileFindings) -> list[Finding]:
        """Return what is to be reported of a file's findings, and count what is not."""
        found, ignored = self._selected(file, findings)
        kept = found if self.baseline is None else self.baseline.unknown(found)
        self.ignored += ignored
        self.known += len(found) - len(kept)
        return kept

    def preview(self, file: str, findings: FileFindings) -> list[Finding]:
        """Return what would be reported, and count nothing."""
        found, _ = self._selected(file, findings)
        return found if self.baseline is None else self.baseline.unknown(found, take=False)

    def _selected(self, file: str, findings: FileFindings) -> tuple[list[Finding], int]:
        found, ignored = findings.findings, 0
        if findings.documents and MARK in findings.documents[0].text.text:
            from . import ignores  # few files have any

            found, ignored = ignores.applied(findings, file, self.validator)
        there = self.selection.ignored_in(file)
        kept = [
            finding
            for finding in found
            if self.selection.has(finding.rule) and not any(means(name, finding.rule) for name in there)
        ]
        return once(kept), ignored
