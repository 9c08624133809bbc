"""Lint files or a single payload, and return a `LintOutcome` with all findings, and all files that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO, TYPE_CHECKING, NamedTuple

from ..base.grouping import firsts
from ..catalog import Edition
from ..settings.keys import BOTH
from ..validator import Validator
from . import documents as text
from .control import Control
from .control.selection import EVERYTHING, Selection
from .documents.places import Document, ParseFailure, UnreadableError
from .files import STDIN, STDIN_NAME, Failure, SourceFile, load
from .files.beside import Folders
from .files.left_out import LeftOut
from .files.walk import DEFAULT_WALK, Walk, find
from .findings.across import FileResources, compared
from .findings.checker import check
from .findings.finding import FileFindings, LintFinding, LintOutcome, Replacement, RuleFilter, all_rules, by_place, once
from .findings.resource import Resource
from .formats import FORMATS, marked
from .unresolved.parts import plain

if TYPE_CHECKING:
    from .fix.fixer import Fixer
    from .fixable import FixableCount


class LintTask(NamedTuple):
    """How to lint files.

    `walk` has the settings for finding files. `control` decides which findings are reported. `fixer` fixes files, or
    counts what could be fixed. `stdin_name` is the name of standard input in findings. `progress` is called after each
    file with the number of files, and of those with a payload. `documents` is the second validator, for the edition
    `both`. With `proposes`, safe corrections are collected for the report.
    """

    walk: Walk = DEFAULT_WALK
    control: Control | None = None
    fixer: Fixer | FixableCount | None = None
    stdin_name: str = STDIN_NAME
    progress: Callable[[int, int], None] | None = None
    documents: Validator | None = None
    proposes: bool = False


PLAINLY = LintTask()
NOT_CHECKED = "not checked"


def lint(paths: Iterable[str], stdin: IO[bytes], validator: Validator, task: LintTask = PLAINLY) -> LintOutcome:
    """Check every payload in some files and folders. The path `-` means standard input."""
    findings: list[LintFinding] = []
    failures: list[Failure] = []
    fixes: dict[LintFinding, tuple[Replacement, ...]] = {}
    files = checked = 0
    control = task.control or Control(validator)
    folders, left_out = Folders(), LeftOut()
    for file in find(paths, task.walk, left_out):
        files += 1
        result = file if isinstance(file, Failure) else _checked(file, stdin, validator, control, task, folders, fixes)
        if isinstance(result, Failure):
            failures.append(result)
        elif result is not None:
            checked += 1
            findings += result
        if task.progress:
            task.progress(files, checked)
    counts = (files, checked, _reading(validator, task.documents), control.ignored, control.known)
    noted = tuple(failure for failure in failures if failure.note)
    failed = tuple(failure for failure in failures if not failure.note)
    rest = left_out.counts(lambda file: _may_hold(file, stdin, validator))
    suppressed = tuple(sorted(control.suppressed, key=lambda suppression: by_place(suppression.finding)))
    return LintOutcome(tuple(sorted(findings, key=by_place)), failed, *counts, noted, rest, suppressed, fixes)


def _may_hold(file: str, stdin: IO[bytes], validator: Validator) -> bool:
    """Return whether a file that is not linted certainly contains a payload."""
    source = load(file, stdin, lambda data: marked(data, validator.catalog))
    return isinstance(source, SourceFile) and source.signs.certain


def check_one(
    file: str, stdin: IO[bytes], validator: Validator, resource: Resource, selection: Selection = EVERYTHING,
    documents: Validator | None = None,
) -> LintOutcome:  # fmt: skip
    """Check a file that is a single payload, in JSON or YAML. `resource` describes it: its operation and direction."""
    source = load(file, stdin)
    if not isinstance(source, SourceFile):
        return LintOutcome(failures=(source,) if source else (), files=1)
    parsed = text.parse(source.text, source.file) if source.text.strip() else ()
    if isinstance(parsed, ParseFailure):
        return LintOutcome(failures=(Failure(source.file, *parsed),), files=1)
    if len(parsed) != 1:
        kind = f"expected one {resource.direction} of {resource.operation} in JSON or YAML"
        met = f"but there are {len(parsed)} documents" if parsed else "but there is nothing"
        return LintOutcome(failures=(Failure(source.file, None, None, f"{kind}, {met}"),), files=1)
    document = parsed[0]
    payload = plain(document.value) if document.tagged else document.value
    subject = resource._replace(payload=payload)
    findings = check(source.file, document, subject, validator, documents, selection.has)
    remaining = once(finding for finding in findings if selection.has(finding.rule))
    return LintOutcome(tuple(sorted(remaining, key=by_place)), (), 1, 1, _reading(validator, documents))


def _reading(validator: Validator, documents: Validator | None) -> str:
    return validator.edition if documents is None else BOTH


def _checked(
    file: str, stdin: IO[bytes], validator: Validator, control: Control, task: LintTask, folders: Folders,
    fixes: dict[LintFinding, tuple[Replacement, ...]],
) -> list[LintFinding] | Failure | None:  # fmt: skip
    """Return the findings of a file that are reported, a failure, or None if the file has no payload.

    The file is fixed if the task says so. Proposed corrections are added to `fixes`.
    """

    def check_source(source: SourceFile) -> FileFindings | Failure | None:
        return file_findings(source, validator, task.documents, control.selection.counting(file))

    source = load(file, stdin, lambda data: marked(data, validator.catalog))
    if file == STDIN and source is not None:
        source = source._replace(file=task.stdin_name)
    elif isinstance(source, SourceFile):
        source = source._replace(beside=folders.of(file))
    result = check_source(source) if isinstance(source, SourceFile) else source
    if task.fixer and isinstance(source, SourceFile) and isinstance(result, FileFindings) and result.findings:
        result = task.fixer.treated(file, source, result, check_source)
    if isinstance(result, Failure):
        return result
    if task.proposes and isinstance(source, SourceFile) and isinstance(result, FileFindings) and result.findings:
        from .fix.proposals import proposed

        fixes.update(proposed(source, result, check_source, control.preview(source.file, result)))
    control.saw(file)
    return control.remaining(source.file, result) if source and result else None


def file_findings(
    source: SourceFile, validator: Validator, compared: Validator | None = None, counts: RuleFilter = all_rules
) -> FileFindings | Failure | None:
    """Return all findings of a file, a failure if it cannot be parsed, or None if it has no payload.

    `compared` is the validator for the edition `documents`, and `counts` says which rules are selected; see
    `checker.check`.
    """
    found = resources(source, validator.catalog)
    if isinstance(found, ParseFailure):
        return source.failure(*found)
    documents, pairs = found
    if not pairs:
        return None
    every = (finding for pair in pairs for finding in check(source.file, *pair, validator, compared, counts))
    unique = firsts((finding._replace(owner=""), finding) for finding in every)  # resources may share a part
    return FileFindings(documents, list(unique.values()))


def resources(source: SourceFile, edition: Edition) -> tuple[tuple[Document, ...], FileResources] | ParseFailure:
    """Return the documents of a file, and the resources in them, each with its document.

    The file is read in every format that it may have. Return a `ParseFailure` if it cannot be parsed.
    """
    written_in = text.language(source.text, source.file)
    parsed: dict[str, tuple[Document, ...]] = {}
    found: FileResources = []
    for row in FORMATS:
        if row.name not in source.signs.formats or written_in not in row.languages or (row.is_fallback and found):
            continue
        if row.dialect not in parsed:
            documents = text.parse(source.text, source.file, row.dialect)
            if isinstance(documents, ParseFailure):
                return documents
            for document in documents:
                document.beside = source.beside
            parsed[row.dialect] = documents
        try:
            for document in parsed[row.dialect]:
                found += [(document, resource) for resource in row.resources(document, edition)]
        except UnreadableError as error:
            return ParseFailure(None, None, str(error), NOT_CHECKED)
    return next(iter(parsed.values()), ()), compared(found, edition)
