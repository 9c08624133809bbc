"""Files, or one payload, become an `Outcome`: every finding, and every failure, of everything that was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import IO, NamedTuple

from ..core import Validator
from . import api, text
from .checker import Finding, check
from .files import Failure, Source, find, load
from .places import ParseFailure


class Outcome(NamedTuple):
    """What linting found, findings by place. `files` were looked at; `checked` of them hold a payload."""

    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    files: int = 0
    checked: int = 0

    def count(self, severity: str) -> int:
        """Return how many findings are of a severity."""
        return sum(each.severity == severity for each in self.findings)


def lint(
    paths: Iterable[str], stdin: IO[bytes], validator: Validator, disable: Set[str] = frozenset()
) -> Outcome:
    """Check every payload in files and folders; `-` is standard input."""
    findings: list[Finding] = []
    failures: list[Failure] = []
    files = checked = 0
    for file in find(paths):
        files += 1
        result = file if isinstance(file, Failure) else _checked(file, stdin, validator, disable)
        if isinstance(result, Failure):
            failures.append(result)
        elif result is not None:
            checked += 1
            findings += result
    return Outcome(tuple(sorted(findings, key=_place)), tuple(failures), files, checked)


def check_one(
    file: str, stdin: IO[bytes], validator: Validator, resource: api.Resource, disable: Set[str] = frozenset()
) -> Outcome:
    """Check one payload, whatever it looks like; `resource` says what it is, all but the payload itself."""
    source = load(file, stdin, None)
    if not isinstance(source, Source):
        return Outcome(failures=(source,) if source else (), files=1)
    documents = text.parse(source.text, source.file) if source.text.strip() else ()
    if isinstance(documents, ParseFailure):
        return Outcome(failures=(Failure(source.file, *documents),), files=1)
    if len(documents) != 1:
        kind = f"expected one {resource.direction} of {resource.operation} in JSON or YAML"
        met = f"but there are {len(documents)} documents" if documents else "but there is nothing"
        return Outcome(failures=(Failure(source.file, None, None, f"{kind}, {met}"),), files=1)
    document = documents[0]
    findings = check(source.file, document, resource._replace(payload=document.value), validator, disable)
    return Outcome(tuple(sorted(findings, key=_place)), (), 1, 1)


def _checked(
    file: str, stdin: IO[bytes], validator: Validator, disable: Set[str]
) -> list[Finding] | Failure | None:
    """Return a file's findings, why it cannot be read, or None when it holds no payload."""
    source = load(file, stdin, api.markers(validator.edition))
    if not isinstance(source, Source):
        return source
    documents = text.parse(source.text, source.file)
    if isinstance(documents, ParseFailure):
        return Failure(source.file, *documents) if source.certain else None
    found = [(each, resource) for each in documents for resource in api.resources(each, validator.edition)]
    if not found:
        return None
    return [finding for each, resource in found for finding in check(source.file, each, resource, validator, disable)]


def _place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.file, finding.line or 0, finding.column or 0, finding.rule

