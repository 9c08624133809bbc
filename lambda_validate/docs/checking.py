"""Check the content that a user types into the playground, such as a template, and return its findings.

Positions are numbers of characters. The content is neither stored nor logged.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple

from ..base.grouping import firsts
from ..base.spelling import UnknownNameError
from ..catalog import DIRECTIONS
from ..lint import documents as parsing
from ..lint.control import Control
from ..lint.documents.places import Document, ParseFailure, SourceText, Tagged
from ..lint.files import SURE, SourceFile
from ..lint.findings.checker import check
from ..lint.findings.finding import FileFindings, LintFinding, by_place, offsets
from ..lint.findings.resource import Resource
from ..lint.fix import fixed
from ..lint.fix.edits import Edit, edits
from ..lint.formats import marked
from ..lint.runner import resources
from ..lint.unresolved.parts import plain
from ..validator import Validator

NAME = "text"
MAX_CONTENT_BYTES = 512_000
"""Maximum size in bytes of content to check."""
MAX_CONTENT_VALUES = 100_000
"""Maximum number of values in the content, with all YAML aliases expanded."""

Linter = Callable[[SourceFile], "FileFindings | ParseFailure | None"]


class InputKind(NamedTuple):
    """The user's choice that the content is a request to, or a response of, an operation."""

    direction: str
    operation: str


class Checking:
    """Checks the content of the playground by the rules of a validator. Threads can share it.

    `link` returns the link to the description of a rule.
    """

    def __init__(self, validator: Validator, link: Callable[[str], str]) -> None:
        self.validator, self._link = validator, link

    def kind(self, name: str) -> InputKind | None:
        """Parse the user's choice of what the content is, such as `request:Invoke`; None for an empty string.

        An unknown name raises `UnknownNameError`.
        """
        if not name:
            return None
        direction, _, operation = name.partition(":")
        if direction not in DIRECTIONS:
            raise UnknownNameError("direction", direction, DIRECTIONS)
        return InputKind(direction, self.validator.operation(operation).name)

    def check(self, text: str, kind: InputKind | None = None) -> dict[str, Any]:
        """Return a JSON value: whether the content is recognised, and its findings in the order of their positions.

        Without `kind`, the format is recognised from the content.
        """
        source, linter = self._prepared(text, kind)
        outcome = linter(source)
        if outcome is None:
            return {"recognised": False, "findings": []}
        if isinstance(outcome, ParseFailure):
            return {"recognised": True, "findings": [_failure(text, outcome)]}
        reported = self._reported(outcome)
        safe = {finding: edit for edit in edits(outcome.documents, reported) for finding in edit.findings}
        lines = outcome.documents[0].text
        return {"recognised": True, "findings": [self._row(finding, lines, safe.get(finding)) for finding in reported]}

    def fix(self, text: str, kind: InputKind | None = None) -> dict[str, Any]:
        """Return a JSON value: the content with all safe fixes applied, and the number of edits.

        Each fix is tried first. It is applied only if it removes its findings and adds none.
        """
        source, linter = self._prepared(text, kind)
        outcome = linter(source)
        if not isinstance(outcome, FileFindings):
            return {"text": text, "edits": 0}
        result = fixed(source, outcome, lambda changed: _findings_only(linter(changed)), self._reported)
        return {"text": result.source.text, "edits": result.edits}

    def _prepared(self, text: str, kind: InputKind | None) -> tuple[SourceFile, Linter]:
        if kind is not None:
            return SourceFile(NAME, text, SURE), lambda source: self._payload(source, kind)
        return SourceFile(NAME, text, marked(text.encode(), self.validator.edition)), self._found

    def _reported(self, outcome: FileFindings) -> list[LintFinding]:
        return Control(self.validator).preview(NAME, outcome)

    def _found(self, source: SourceFile) -> FileFindings | ParseFailure | None:
        """Return the findings in the resources of a file; None if it contains no resources."""
        if not source.signs.formats:
            return None
        found = resources(source, self.validator.edition)
        if isinstance(found, ParseFailure):
            return found if source.signs.certain else None
        documents, pairs = found
        if not pairs:
            return None
        if (too_large := unfolding(source.text, documents)) is not None:
            return too_large
        every = (finding for pair in pairs for finding in check(NAME, *pair, self.validator))
        # Several resources can share a part of a file, such as SAM's Globals, and then have the same finding. It is
        # reported once.
        unique = firsts((finding._replace(owner=""), finding) for finding in every)
        return FileFindings(documents, sorted(unique.values(), key=by_place))

    def _payload(self, source: SourceFile, kind: InputKind) -> FileFindings | ParseFailure | None:
        """Return the findings in content that is one request or response; None if the content is empty."""
        if not source.text.strip():
            return None
        documents = parsing.parse(source.text, NAME)
        if isinstance(documents, ParseFailure):
            return documents
        if len(documents) != 1:
            return ParseFailure(1, 1, f"expected one {kind.direction}, but there are {len(documents)} documents")
        if (too_large := unfolding(source.text, documents)) is not None:
            return too_large
        resource = Resource(kind.operation, kind.direction, _value(documents[0]))
        return FileFindings(documents, sorted(check(NAME, documents[0], resource, self.validator), key=by_place))

    def _row(self, finding: LintFinding, text: SourceText, edit: Edit | None) -> dict[str, Any]:
        start, end = offsets(finding, text)
        return {
            "start": start,
            "end": end,
            "line": finding.line,
            "column": finding.column,
            "severity": finding.severity,
            "rule": finding.rule,
            "link": self._link(finding.rule),
            "message": finding.message,
            "help": finding.help,
            "source": finding.source,
            "url": finding.url,
            "about": f"{finding.operation} {finding.direction}",
            "fix": edit and {"start": edit.start, "end": edit.end, "text": edit.text},
        }


def unfolding(text: str, documents: tuple[Document, ...]) -> ParseFailure | None:
    """Return a failure if content has YAML aliases that expand to too many values, or contain themselves; else None."""
    if "&" not in text or "*" not in text or sum(map(_unfolded, documents)) <= MAX_CONTENT_VALUES:
        return None
    return ParseFailure(1, 1, f"expected at most {MAX_CONTENT_VALUES:,} values, but aliases expand to more")


def _unfolded(document: Document) -> float:
    """Return the number of values in a document with each YAML alias expanded; infinity if one contains itself."""
    known: dict[int, float] = {}

    def count(value: Any) -> float:
        inner = value.value if isinstance(value, Tagged) else value
        if not isinstance(inner, (dict, list, tuple)):
            return 1
        if id(inner) not in known:
            known[id(inner)] = inf  # until it is known; so what holds itself has no end
            known[id(inner)] = 1 + sum(map(count, inner.values() if isinstance(inner, dict) else inner))
        return known[id(inner)]

    return count(document.value)


def _findings_only(found: FileFindings | ParseFailure | None) -> FileFindings | None:
    return found if isinstance(found, FileFindings) else None


def _value(document: Document) -> Any:
    return plain(document.value) if document.tagged else document.value


def _failure(text: str, failure: ParseFailure) -> dict[str, Any]:
    """Return the finding, as a JSON value, for content that cannot be parsed."""
    line, column = failure.line or 1, failure.column or 1
    start = min(SourceText(text).offset(line, column), len(text))
    nothing = dict.fromkeys(("rule", "link", "help", "source", "url", "fix"))
    place = {"start": start, "end": start + 1, "line": line, "column": column}
    facts = {"severity": "error", "message": _sentence(failure.message), "about": "the text cannot be parsed"}
    return {**nothing, **place, **facts}


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
