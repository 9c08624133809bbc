"""How many findings `--fix` would remove, for a run that fixes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .control import Control
    from .files import SourceFile
    from .findings.finding import FileFindings, Finding
    from .fix import Check

HELPS = ("Write ", "Remove the white space at the end.")
"""How the help of a finding begins that may be fixed."""


def may_be_fixed(finding: Finding) -> bool:
    """Return whether trying to fix a finding may help: most cannot be fixed, and need not load what fixes."""
    return finding.rule.endswith(".type") or (finding.help or "").startswith(HELPS)


class FixableCount:
    """Counts findings that can be fixed. What fixes is loaded with the first that may be."""

    def __init__(self, control: Control) -> None:
        self.control, self.findings = control, 0

    def treated(self, path: str, source: SourceFile, current: FileFindings, check: Check) -> FileFindings:
        """Try to fix a file's text, count the findings that this removes, and return those that are there."""
        if not any(map(may_be_fixed, current.findings)):
            return current
        from .fix import fixed

        self.findings += fixed(source, current, check, lambda found: self.control.preview(source.file, found)).findings
        return current
