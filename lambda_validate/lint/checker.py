"""A resource becomes findings: the validator's violations, and members that stand twice, each at its place."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import TYPE_CHECKING, NamedTuple

from ..catalog import DIRECTIONS, operations
from ..core import Validator
from ..report import Severity, Source, Violation
from .api import Resource
from .places import Document, Excerpt, Path, Span

if TYPE_CHECKING:
    from ..rules import Rule

DUPLICATE = "document.duplicate-member"
STATEMENT = "A member must stand only once in its object; readers differ on which one counts."


NOWHERE = (None, None, None, None)


class Finding(NamedTuple):
    """One violation in a file. Positions are None where they are unknown; `pointer` leads through the payload."""

    file: str
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    rule: str
    severity: Severity
    operation: str
    direction: str
    pointer: str
    message: str
    source: str
    help: str | None
    excerpt: Excerpt | None = None


class _Place(NamedTuple):
    """Where a finding is, in a file and in a payload."""

    file: str
    document: Document
    resource: Resource
    pointer: str
    span: Span | None

    def finding(self, rule: str, severity: Severity, message: str, source: Source, help: str | None) -> Finding:
        """Return the finding that is here."""
        line, column, end_line, end_column = self.span or NOWHERE
        operation, direction = self.resource.operation, self.resource.direction
        excerpt = self.document.text.excerpt(self.span) if self.span else None
        return Finding(
            self.file, line, column, end_line, end_column, rule, severity, operation, direction, self.pointer, message,
            str(source), help, excerpt,
        )  # fmt: skip


def own_rules(edition: str) -> tuple[Rule, ...]:
    """Return the rules about files rather than payloads, which only linting can judge."""
    from ..rules import Rule  # which loads the compiler, and most files hold nothing to check

    names = operations(edition)
    return (Rule(DUPLICATE, "error", (STATEMENT,), (_source("RFC 8259"), _source("YAML 1.2.2")), names, DIRECTIONS),)


def check(
    file: str, document: Document, resource: Resource, validator: Validator, disable: Set[str] = frozenset()
) -> list[Finding]:
    """Return everything that is wrong with a resource, in the order of the text.

    `disable` names rules of `own_rules`; the validator knows which of its own it does not judge.
    """
    found = list(_violations(file, document, resource, validator))
    if document.repeated and DUPLICATE not in disable:
        found += _duplicates(file, document, resource)
    return sorted(found, key=lambda each: (each.line or 0, each.column or 0))


def _violations(file: str, document: Document, resource: Resource, validator: Validator) -> Iterator[Finding]:
    if resource.direction == "request":
        report = validator.validate_request(resource.operation, resource.payload)
    else:
        report = validator.validate_response(resource.operation, resource.payload, resource.status, resource.error)
    for violation in report.violations:
        path = (*resource.path, *violation.path)
        if not document.partial or (_is_plain(violation) and not document.is_unknown(path)):
            message, position, help = violation.explanation
            span = _span(document, path, violation.rule, position)
            place = _Place(file, document, resource, violation.pointer, span)
            yield place.finding(violation.rule, violation.severity, message, violation.source, help)


def _is_plain(violation: Violation) -> bool:
    """Whether a rule looks at one member only, as its id tells: other rules might look at an unknown value."""
    member, _, name = violation.rule.partition(".")
    return member in ("member", "payload") or name.replace("-", "") == violation.keyword.lower()


def _span(document: Document, path: Path, rule: str, position: int | None) -> Span | None:
    """Return what to point at: a character, a value, or a name."""
    place = document.locate(path)
    if rule.startswith("member."):
        return place.key or place.value
    exact = document.character(path, position) if position is not None else None
    return exact or place.value or place.key


def _duplicates(file: str, document: Document, resource: Resource) -> Iterator[Finding]:
    for path, key in document.tree.repeats:
        depth = len(resource.path)
        if path[:depth] == resource.path and len(path) > depth:
            span = document.text.span(*key)
            pointer = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path[depth:])
            message = f"{ascii(path[-1])[:82]} stands twice in its object; readers differ on which one counts."
            place = _Place(file, document, resource, pointer, span)
            yield place.finding(DUPLICATE, "error", message, _source(document.standard), "Leave one of them out.")


def _source(standard: str) -> Source:
    return Source(standard, "Objects" if standard.startswith("RFC") else "Mappings", "the names of members")
