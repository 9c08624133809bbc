"""Count the findings that `--fix` would remove, for the note of a run without `--fix`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .control import Control
    from .files import SourceFile
    from .findings.finding import FileFindings, LintFinding
    from .fix import Check

HELPS = ("Write ", "Remove the white space at the end.")
"""The beginnings of the help of findings that `--fix` may remove."""


def may_be_fixed(finding: LintFinding) -> bool:
    """Return whether `--fix` may remove a finding. This is a quick check, so that `fix` is only imported if needed."""
    return finding.rule.endswith(".type") or (finding.help or "").startswith(HELPS)


class FixableCount:
    """Counts the findings that `--fix` would remove. The attribute `findings` is their number so far."""

    def __init__(self, control: Control) -> None:
        self.control, self.findings = control, 0

    def treated(self, path: str, source: SourceFile, current: FileFindings, check: Check) -> FileFindings:
        """Count the findings that fixing a file would remove, and return `current` unchanged. No file is written."""
        if not any(map(may_be_fixed, current.findings)):
            return current
        from .fix import fixed

        self.findings += fixed(source, current, check, lambda found: self.control.preview(source.file, found)).findings
        return current
