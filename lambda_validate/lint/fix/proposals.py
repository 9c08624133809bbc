"""Safe corrections of findings, for a report that shows them. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence

from ..documents.places import SourceText
from ..files import SourceFile
from ..findings.finding import FileFindings, Finding, Fixes, Replacement
from . import AT_ONCE, Check, tested
from .edits import Edit, edits

QUOTES = ("'", '"')


def proposed(source: SourceFile, current: FileFindings, check: Check, wanted: Sequence[Finding]) -> Fixes:
    """Return the corrections that are safe together, as the first round of `--fix` makes them.

    `current` may belong to a text that was fixed already.
    """
    if not current.documents or not wanted:
        return {}
    tried = edits(current.documents, wanted)[:AT_ONCE]
    lines = current.documents[0].text
    safe = tested(source._replace(text=lines.text), current, check, tried)
    return {finding: _replacements(edit, lines) for edit in safe for finding in edit.findings}


def _replacements(edit: Edit, lines: SourceText) -> tuple[Replacement, ...]:
    """Return an edit as replacements. To remove quotes, only these are deleted, so that a report shows no value."""
    before = lines.text[edit.start : edit.end]
    if before[:1] in QUOTES and before[1:-1] == edit.text:
        first, last = (edit.start, edit.start + 1), (edit.end - 1, edit.end)
        return Replacement(lines.span(*first)), Replacement(lines.span(*last))
    return (Replacement(lines.span(edit.start, edit.end), edit.text),)
