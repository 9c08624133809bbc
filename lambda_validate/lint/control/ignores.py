"""Findings less those that their file says to ignore; and what is wrong with what it says to ignore."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from ...core import Validator
from ..checker import Finding
from ..own import IGNORING, OWN, UNKNOWN, UNUSED
from ..text.places import Document, Range
from . import Judged
from .directives import Directive, Scalars, directives
from .selection import is_name, linted, means, unknown


class _Entry:
    """A name in a directive, and whether it has ignored anything."""

    def __init__(self, directive: Directive, name: str, place: Range) -> None:
        self.directive, self.name, self.place = directive, name, place
        self.is_used = False

    def covers(self, rule: str, offsets: Sequence[int], lines: Set[int]) -> bool:
        """Whether a finding is to be ignored, given its rule, and the offsets and lines that it is said to be at."""
        scope = self.directive
        if not means(self.name, rule):
            return False
        if scope.line is not None:
            return scope.line in lines
        return scope.within is None or any(scope.within[0] <= each < scope.within[1] for each in offsets)


IN_COMMENTS = ("What to ignore must be named in brackets.", "Write ignore[rule], or ignore-file[rule].")
IN_METADATA = ("The member ignore, of what Metadata has for lambda-validate, must be a list of the names of rules.",
               "Write ignore: [rule].")  # fmt: skip
"""What is wrong with a directive that cannot be read, and what to write."""
HINTS = 20
"""Unknown names of a file that are compared with all known ones: each comparison takes milliseconds."""


def applied(judged: Judged, file: str, validator: Validator) -> tuple[list[Finding], int]:
    """Return the findings of a file that are not ignored, with what is wrong with its ignores; and how many are."""
    documents, found = judged
    scalars = Scalars(documents)
    listed = directives(documents, scalars)
    entries = [_Entry(each, *name) for each in listed for name in each.names or ()]
    lines: dict[int | None, list[_Entry]] = {}
    for entry in entries:
        lines.setdefault(entry.directive.line, []).append(entry)
    kept = [each for each in found if not _ignored(each, documents[0], scalars, lines)]
    ignored = len(found) - len(kept)
    for rule, message, help, place in _complaints(listed, entries, validator.edition):
        severity = validator.severity(rule, OWN[rule].severity)
        if severity is not None:
            span = documents[0].text.span(*place)
            excerpt = documents[0].text.excerpt(span)
            kept.append(Finding(file, *span, rule, severity, "", "", "", message, str(IGNORING), help, excerpt))
    return kept, ignored


def _ignored(
    finding: Finding, document: Document, scalars: Scalars, by_line: Mapping[int | None, list[_Entry]]
) -> bool:
    """Whether a finding is to be ignored; `by_line` has the entries about each line, and under None all others."""
    offsets: tuple[int, ...] = ()
    if finding.line is not None and finding.column is not None:
        offsets = scalars.begins(document.text.offset(finding.line, finding.column))
    lines = {document.text.point(each)[0] for each in offsets}
    near = [each for line in (None, *lines) for each in by_line.get(line, ())]
    covering = [each for each in near if each.covers(finding.rule, offsets, lines)]
    for each in covering:
        each.is_used = True
    return bool(covering)


def _complaints(
    listed: Iterable[Directive], entries: Iterable[_Entry], edition: str
) -> Iterator[tuple[str, str, str | None, Range]]:
    """Yield rule, message, help and place of what is wrong with directives."""
    for each in listed:
        if each.names is None:
            yield UNKNOWN, *(IN_COMMENTS if each.within is None else IN_METADATA), each.place
    hinted = 0
    for entry in entries:
        if entry.is_used:
            continue
        if not is_name(entry.name):
            hinted += 1
            meant = unknown(entry.name).nearest if hinted <= HINTS else None
            hint = f"did you mean {meant!r}?" if meant else "lambda-validate rules lists them."
            message = f"There is no rule {entry.name[:80]!a}; {hint}"
            yield UNKNOWN, message, f"Write {meant}." if meant else None, entry.place
        elif entry.name in linted(edition):
            yield UNUSED, f"There is no finding of {entry.name} here to ignore.", "Leave it out.", entry.place
