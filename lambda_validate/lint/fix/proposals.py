"""Find safe corrections of findings for a report that shows them, such as SARIF. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence

from ..documents.places import SourceText
from ..files import SourceFile
from ..findings.finding import FileFindings, Fixes, LintFinding, Replacement
from . import MAX_EDITS_PER_ROUND, Check, tested
from .edits import Edit, edits

QUOTES = ("'", '"')


def proposed(source: SourceFile, current: FileFindings, check: Check, wanted: Sequence[LintFinding]) -> Fixes:
    """Return the corrections, by finding, that the first round of `--fix` would make.

    `wanted` are the findings to correct. `current` has the findings and the present text of the file, which `--fix` may
    have changed since `source` was read.
    """
    if not current.documents or not wanted:
        return {}
    tried = edits(current.documents, wanted)[:MAX_EDITS_PER_ROUND]
    lines = current.documents[0].text
    safe = tested(source._replace(text=lines.text), current, check, tried)
    return {finding: _replacements(edit, lines) for edit in safe for finding in edit.findings}


def _replacements(edit: Edit, lines: SourceText) -> tuple[Replacement, ...]:
    """Return an edit as replacements. An edit that removes quotes becomes two deletions, so that no value is shown."""
    before = lines.text[edit.start : edit.end]
    if before[:1] in QUOTES and before[1:-1] == edit.text:
        first, last = (edit.start, edit.start + 1), (edit.end - 1, edit.end)
        return Replacement(lines.span(*first)), Replacement(lines.span(*last))
    return (Replacement(lines.span(edit.start, edit.end), edit.text),)
