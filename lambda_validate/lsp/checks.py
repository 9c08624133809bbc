"""Check a document of an editor, and return findings at offsets. Open documents are used instead of files on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from os.path import normpath
from typing import NamedTuple

from ..lint.documents.places import SourceText
from ..lint.files import STDIN, Failure, Look, SourceFile, load
from ..lint.files.beside import TERRAFORM_SIGNS, Folders, from_disk
from ..lint.findings.finding import FileFindings, LintFinding, by_place, offsets
from ..lint.fix import fixed, tested
from ..lint.fix.edits import edits
from ..lint.formats import marked
from ..lint.runner import file_findings
from ..lint.session import Project


class Mark(NamedTuple):
    """A finding, or the reason why a document cannot be checked, with the range of offsets to mark."""

    start: int
    end: int
    about: LintFinding | Failure


class Checked(NamedTuple):
    """The result of checking a document whose content was `text`. `is_whole` says that it could be parsed."""

    text: str
    marks: tuple[Mark, ...] = ()
    is_whole: bool = True


class Fix(NamedTuple):
    """The replacement of a part of a document, from offset `start` to `end`, and the findings that it removes."""

    start: int
    end: int
    text: str
    marks: tuple[Mark, ...]


class DocumentChecker:
    """Checks documents with the settings of a project. `opened` has the text of the open documents by path."""

    def __init__(self, project: Project, opened: Mapping[str, str]) -> None:
        self.project, self._opened = project, opened

    def check(self, path: str, text: str, before: Checked | None = None) -> Checked:
        """Return the findings of a document, sorted by position.

        If it cannot be parsed, return the findings of the last check (`before`) in the unchanged parts of the text.
        """
        source, found = self._found(path, text)
        if isinstance(found, Failure):
            return Checked(text, (*_moved(before, text), _failed(found, text)), is_whole=False)
        if found is None:
            return Checked(text)
        findings = sorted(self._reported(path)(found), key=by_place)
        lines, shift = SourceText(source.text), len(text) - len(source.text)
        return Checked(text, tuple(_mark(finding, lines, shift) for finding in findings))

    def fixes(self, path: str, text: str, start: int, end: int) -> list[Fix]:
        """Return the safe edits for the findings in a range of offsets of a document. Each can be applied alone."""
        source, found = self._found(path, text)
        if not isinstance(found, FileFindings) or not found.documents:
            return []
        lines, shift = SourceText(source.text), len(text) - len(source.text)
        fixes = []
        for edit in edits(found.documents, self._reported(path)(found)):
            marks = tuple(_mark(finding, lines, shift) for finding in edit.findings)
            is_near = any(mark.start <= end and start <= mark.end for mark in marks)
            if is_near and tested(source, found, self._findings, [edit]):
                fixes.append(Fix(edit.start + shift, edit.end + shift, edit.text, marks))
        return fixes

    def fixed(self, path: str, text: str) -> str:
        """Return a document with all safe edits applied."""
        source, found = self._found(path, text)
        if not isinstance(found, FileFindings):
            return text
        result = fixed(source, found, self._findings, self._reported(path))
        return text[: len(text) - len(source.text)] + result.source.text

    def _reported(self, path: str) -> Callable[[FileFindings], list[LintFinding]]:
        return lambda found: self.project.control.preview(path, found)

    def _found(self, path: str, text: str) -> tuple[SourceFile, FileFindings | Failure | None]:
        """Return a document as a file to lint, and its findings, or the reason why it cannot be checked.

        The second value is None for a document that is excluded or has no payload.
        """
        loaded = _loaded(text, lambda data: marked(data, self.project.validator.catalog))
        if loaded is None or not self.project.covers(path):
            return SourceFile(path, text), None
        if isinstance(loaded, Failure):
            return SourceFile(path, text), loaded
        source = loaded._replace(file=path, beside=Folders(self._beside).of(path))
        return source, self._findings(source)

    def _findings(self, source: SourceFile) -> FileFindings | Failure | None:
        counts = self.project.control.selection.counting(source.file)
        return file_findings(source, self.project.validator, self.project.documents, counts)

    def _beside(self, path: str) -> SourceFile | Failure | None:
        """Return the file at a path: with its text in the editor if it is open, or else read from the disk."""
        text = self._opened.get(normpath(path))
        return from_disk(path) if text is None else _loaded(text, lambda data: TERRAFORM_SIGNS)


def _loaded(text: str, look: Look) -> SourceFile | Failure | None:
    return load(STDIN, BytesIO(text.encode("utf-8", "surrogatepass")), look)


def _mark(finding: LintFinding, lines: SourceText, shift: int) -> Mark:
    """Return a finding with its offsets in the document. One without a position marks the first character.

    They are the offsets in `lines` plus `shift`, the length of a byte-order mark, which `lines` lacks.
    """
    if finding.line is None:
        return Mark(0, 1, finding)
    start, end = offsets(finding, lines)
    return Mark(start + shift, end + shift, finding)


def _failed(failure: Failure, text: str) -> Mark:
    start = SourceText(text).offset(failure.line, failure.column) if failure.line and failure.column else 0
    start = min(start, len(text))
    return Mark(start, start + 1, failure)


# While the user types, a document often cannot be parsed for a moment, and its findings should not disappear meanwhile.
# So the common beginning and the common end of the old and the new text are determined. Findings in the beginning are
# unchanged, those in the end move by the difference in length, and those in between are removed.
def _moved(before: Checked | None, text: str) -> list[Mark]:
    """Return the findings of an earlier check at their offsets in a new text, without those in the changed part."""
    if before is None:
        return []
    first = _common(before.text, text)
    last = _common(before.text[first:][::-1], text[first:][::-1])
    end, delta = len(before.text) - last, len(text) - len(before.text)
    found = []
    for mark in before.marks:
        if isinstance(mark.about, LintFinding) and (mark.end <= first or mark.start >= end):
            shift = 0 if mark.end <= first else delta
            found.append(mark._replace(start=mark.start + shift, end=mark.end + shift))
    return found


def _common(one: str, other: str) -> int:
    """Return the length of the common beginning of two strings."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low
