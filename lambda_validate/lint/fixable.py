"""Count the findings that `--fix` would remove, for a run that fixes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .control import Control
    from .files import SourceFile
    from .findings.finding import FileFindings, Finding
    from .fix import Check

HELPS = ("Write ", "Remove the white space at the end.")
"""Beginnings of the help of findings that may be fixable."""


def may_be_fixed(finding: Finding) -> bool:
    """Return whether a finding may be fixable. Most are not, and then the package `fix` need not be imported."""
    return finding.rule.endswith(".type") or (finding.help or "").startswith(HELPS)


class FixableCount:
    """Counts fixable findings. The package `fix` is imported at the first finding that may be fixable."""

    def __init__(self, control: Control) -> None:
        self.control, self.findings = control, 0

    def treated(self, path: str, source: SourceFile, current: FileFindings, check: Check) -> FileFindings:
        """Try to fix the text of a file, count the findings that this removes, and return all findings."""
        if not any(map(may_be_fixed, current.findings)):
            return current
        from .fix import fixed

        self.findings += fixed(source, current, check, lambda found: self.control.preview(source.file, found)).findings
        return current
