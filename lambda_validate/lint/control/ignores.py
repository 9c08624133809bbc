"""Remove the findings that a file ignores with inline ignores, and report invalid or needless inline ignores."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ...base.grouping import grouped
from ...validator import Validator
from ..documents.places import Document, Range
from ..findings.finding import FileFindings, LintFinding
from ..findings.lint_rules import IGNORING, LINT_RULES, UNKNOWN, UNUSED
from .directives import Directive, Scalars, directives
from .selection import is_name, linted, meaning, unknown

Scope = tuple[str, int | None, Range | None]
"""The name of a rule or of a group of rules, and where it is ignored: on a line, in a range, or in the whole file if
both are None.
"""


class _Entry(NamedTuple):
    """A name of a rule in an inline ignore, the position of the name, and where the rule is ignored, such as a line."""

    name: str
    place: Range
    scope: Scope


class _Ranges:
    """A set of ranges that are nested or disjoint, but never overlap partially.

    `outer` has, for each range, the index of the smallest range around it, or -1.
    """

    def __init__(self, ranges: Iterable[Range]) -> None:
        self.ranges = sorted(set(ranges), key=lambda span: (span[0], -span[1]))
        self.starts = [start for start, _ in self.ranges]
        self.outer: list[int] = []
        index = -1
        for place, (start, _) in enumerate(self.ranges):
            while index >= 0 and self.ranges[index][1] <= start:
                index = self.outer[index]
            self.outer.append(index)
            index = place

    def holding(self, offset: int) -> Iterator[Range]:
        """Yield the ranges that contain an offset, the innermost first."""
        index = bisect_right(self.starts, offset) - 1
        while index >= 0:
            if offset < self.ranges[index][1]:
                yield self.ranges[index]
            index = self.outer[index]


class _Entries:
    """The names of rules in all inline ignores of a file.

    However many there are, it takes about the same time to find whether a finding is ignored.
    """

    def __init__(self, listed: Iterable[Directive]) -> None:
        self.all = [
            _Entry(*name, (name[0], directive.line, directive.within))
            for directive in listed
            for name in directive.names or ()
        ]
        self.scopes = {entry.scope for entry in self.all}
        self.used: set[Scope] = set()
        within = grouped((name, range) for name, _, range in self.scopes if range is not None)
        self.within = {name: _Ranges(ranges) for name, ranges in within.items()}

    # Testing each inline ignore would be slow. Instead, compute everything that would ignore the finding: each name of
    # its rule (`batch-size.sqs`, `batch-size`) for the whole file, for the line of the finding, and for the ranges
    # around it. Then intersect these with what the inline ignores in the file ignore.
    def cover(self, finding: LintFinding, document: Document, scalars: Scalars) -> bool:
        """Return whether a finding is ignored. The inline ignores that apply to it are marked as used."""
        offsets: tuple[int, ...] = ()
        if finding.line is not None and finding.column is not None:
            offsets = scalars.begins(document.text.offset(finding.line, finding.column))
        covering = self.scopes.intersection(self._candidates(finding.rule, offsets, document))
        self.used |= covering
        return bool(covering)

    def _candidates(self, rule: str, offsets: Sequence[int], document: Document) -> Iterator[Scope]:
        """Yield every `Scope`, such as a rule and a line, in which a finding of a rule at some offsets is ignored."""
        lines = {document.text.point(offset)[0] for offset in offsets}
        for name in meaning(rule):
            yield name, None, None
            yield from ((name, line, None) for line in lines)
            if name in self.within:
                yield from ((name, None, range) for offset in offsets for range in self.within[name].holding(offset))


IN_COMMENTS = ("An inline ignore must name rules in brackets.", "Write ignore[rule], or ignore-file[rule].")
IN_METADATA = ("The member ignore of lambda-validate in Metadata must be a list of names of rules.",
               "Write ignore: [rule].")  # fmt: skip
"""The message and the help for a malformed inline ignore, in a comment and in Metadata."""
HINTS = 20
"""Maximum number of unknown names in a file for which the nearest rule is searched, since this takes milliseconds."""


def applied(findings: FileFindings, file: str, validator: Validator) -> tuple[list[LintFinding], int]:
    """Return the findings of a file that are not ignored inline, and the number of those that are.

    Findings about the inline ignores themselves are added.
    """
    documents, found = findings
    scalars = Scalars(documents)
    listed = directives(documents, scalars)
    entries = _Entries(listed)
    remaining = [finding for finding in found if not entries.cover(finding, documents[0], scalars)]
    ignored = len(found) - len(remaining)
    for rule, message, help, place in _complaints(listed, entries, validator.edition):
        severity = validator.severity(rule, LINT_RULES[rule].severity)
        if severity is not None:
            span = documents[0].text.span(*place)
            excerpt = documents[0].text.excerpt(span)
            remaining.append(
                LintFinding(file, *span, rule, severity, "", "", "", message, str(IGNORING), help, None, excerpt)
            )
    return remaining, ignored


def _complaints(
    listed: Iterable[Directive], entries: _Entries, edition: str
) -> Iterator[tuple[str, str, str | None, Range]]:
    """Yield the rule, message, help and range of a finding for each inline ignore that is malformed or needless."""
    for directive in listed:
        if directive.names is None:
            yield UNKNOWN, *(IN_COMMENTS if directive.within is None else IN_METADATA), directive.place
    hints = HINTS
    for entry in entries.all:
        if entry.scope in entries.used:
            continue
        if not is_name(entry.name):
            meant = unknown(entry.name).nearest if hints > 0 else None
            hints -= 1
            hint = f"did you mean {meant!r}?" if meant else "lambda-validate rules lists them."
            message = f"There is no rule {entry.name[:80]!a}; {hint}"
            yield UNKNOWN, message, f"Write {meant}." if meant else None, entry.place
        elif entry.name in linted(edition):
            yield UNUSED, f"There is no finding of {entry.name} here to ignore.", "Leave it out.", entry.place
