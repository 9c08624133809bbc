"""A resource becomes findings: the validator's violations, and members that stand twice, each at its place."""

from __future__ import annotations

from typing import Iterator, NamedTuple

from ..core import Validator
from ..report import Report, Severity, Violation
from ..rules import Rule
from .api import Resource
from .places import Document, Excerpt, Path, Span

DUPLICATE = "document.duplicate-member"
STATEMENT = "A member must stand only once in its object; readers differ on which one counts."


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


def check(file: str, document: Document, resource: Resource, validator: Validator, settings: Settings) -> list[Finding]:
    """Return everything that is wrong with a resource, in the order of the text."""
    found = [*_violations(file, document, resource, validator), *_duplicates(file, document, resource, settings)]
    return sorted(found, key=lambda each: (each.line or 0, each.column or 0))
