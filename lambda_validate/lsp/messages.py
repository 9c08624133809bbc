"""Convert findings and fixes into types of the language server protocol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lsprotocol import types

from ..lint.files import Failure
from ..lint.findings.finding import LintFinding
from ..validator.rule_pages import TITLES, page
from .checks import Checked, Fix, Mark
from .positions import Lines

NAME = "lambda-validate"
SEVERITIES: Mapping[str, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error, "warning": types.DiagnosticSeverity.Warning,
}  # fmt: skip
MAX_REPLACED_CHARACTERS = 60
"""Maximum number of characters of the replaced value in the title of a fix."""


def diagnostics(checked: Checked, lines: Lines) -> list[types.Diagnostic]:
    """Return the diagnostics (findings in the protocol) for the result of a check."""
    return [_diagnostic(mark, lines) for mark in checked.marks]


def _diagnostic(mark: Mark, lines: Lines) -> types.Diagnostic:
    place = span(mark.start, mark.end, lines)
    if isinstance(mark.about, Failure):
        return _failure(mark.about, place)
    finding = mark.about
    return types.Diagnostic(
        place,
        "\n".join(filter(None, (finding.message, finding.help))),
        severity=SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(finding.url) if finding.url else None,
        source=NAME,
    )


def _failure(failure: Failure, place: types.Range) -> types.Diagnostic:
    """Return the diagnostic for a document that cannot be parsed.

    It is an error, or an information if a template engine must fill in the document first.
    """
    severity = types.DiagnosticSeverity.Information if failure.note else types.DiagnosticSeverity.Error
    message = f"{failure.note}: {failure.message}" if failure.note else failure.message
    return types.Diagnostic(place, f"{message[:1].upper()}{message[1:]}.", severity=severity, source=NAME)


def span(start: int, end: int, lines: Lines) -> types.Range:
    """Return the protocol's range for the part of a document between two offsets."""
    return types.Range(types.Position(*lines.place(start)), types.Position(*lines.place(end)))


def hover(found: Sequence[Mark], edition: str, lines: Lines) -> types.Hover | None:
    """Return the hover text for findings: the pages of their rules in Markdown; None if there are no findings."""
    findings = {mark.about.rule: mark.about for mark in found if isinstance(mark.about, LintFinding)}
    if not findings:
        return None
    content = "\n\n---\n\n".join(_page(finding, edition) for finding in findings.values())
    place = span(found[0].start, found[0].end, lines)
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, content), place)


def _page(finding: LintFinding, edition: str) -> str:
    """Return a finding and the page of its rule, in Markdown."""
    parts = [f"**{finding.rule}** ({finding.severity})", *filter(None, (_plain(finding.message), finding.help))]
    found = page(finding.rule, edition)
    if found is not None:
        parts += [f"### {title}\n\n{section}" for title, section in zip(TITLES, found[:3], strict=True)]
    parts.append(f"Stated: [{finding.source}]({finding.url})." if finding.url else f"Stated: {finding.source}.")
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    """Escape a sentence for Markdown."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>#|!~$" else character for character in text)


def quick_fixes(uri: str, fixes: Iterable[Fix], lines: Lines) -> list[types.CodeAction]:
    """Return a code action for each fix, with the diagnostics that it removes. `uri` is that of the document."""
    return [
        types.CodeAction(
            _title(fix, lines.text),
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[_diagnostic(mark, lines) for mark in fix.marks],
            is_preferred=True,
            edit=_edit(uri, fix.start, fix.end, fix.text, lines),
        )
        for fix in fixes
    ]


def _title(fix: Fix, text: str) -> str:
    before = text[fix.start : fix.end]
    if not fix.text:
        return "Remove the white space at the end"
    shown = ascii(before)[1:-1]
    return f"Replace {shown[:MAX_REPLACED_CHARACTERS]}{'...' * (len(shown) > MAX_REPLACED_CHARACTERS)} with {fix.text}"


def fix_all(uri: str, after: str, lines: Lines) -> types.CodeAction:
    """Return the code action that replaces the document with `after`, the text with all safe fixes applied."""
    edit = _edit(uri, 0, len(lines.text), after, lines)
    return types.CodeAction(
        "Apply all safe fixes of lambda-validate", kind=types.CodeActionKind.SourceFixAll, edit=edit
    )


def _edit(uri: str, start: int, end: int, text: str, lines: Lines) -> types.WorkspaceEdit:
    return types.WorkspaceEdit(changes={uri: [types.TextEdit(span(start, end, lines), text)]})
