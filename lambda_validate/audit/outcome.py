"""The result of auditing a record: an `Outcome`, its rows, and a comparison with AWS's answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import msgspec

CLEAN, FINDING, UNDECIDABLE = "clean", "finding", "undecidable"
UNKNOWN_OPERATION, OTHER_SERVICE, NOT_A_CALL = "unknown-operation", "other-service", "not-a-call"
QUARANTINED, DUPLICATE = "quarantined", "duplicate"
OUTCOMES = (
    CLEAN, FINDING, UNDECIDABLE, UNKNOWN_OPERATION, OTHER_SERVICE, NOT_A_CALL, QUARANTINED, DUPLICATE,
)  # fmt: skip
"""All outcomes. A duplicate is a call whose eventID an earlier record has: it is counted, and not checked again."""
CHECKED = frozenset({CLEAN, FINDING, UNDECIDABLE, UNKNOWN_OPERATION, DUPLICATE})
"""Outcomes of calls of the services that are audited."""

CAUGHT, MISSED, SUSPECTED = "caught", "missed", "suspected"
ANSWERS = (CAUGHT, MISSED, SUSPECTED)
"""A refused call with a finding, one without that was refused by validation, and an accepted call with a finding."""
VALIDATION = frozenset({
    "InvalidParameterValueException", "InvalidParameterValue", "InvalidParameterException", "InvalidParameter",
    "InvalidParameterCombination", "InvalidParameterCombinationException", "InvalidRequestException",
    "InvalidArgumentException", "MissingParameter", "MissingParameterException",
    "SerializationException", "ValidationError", "ValidationException", "MalformedQueryString",
    "MissingRequiredParameterException",
})  # fmt: skip
"""Error codes with which AWS refuses an invalid request."""


class Finding(NamedTuple):
    """A rule that a recorded call breaks, and its place."""

    rule: str
    pointer: str
    severity: str
    message: str


FIELDS = (
    "file", "index", "event_id", "event_time", "service", "event_name", "operation", "error_code", "outcome", "rule",
    "pointer", "severity", "message", "edition",
)  # fmt: skip
"""The columns of a row. A record has a row for each finding, and one without any."""
Row: TypeAlias = tuple[str | int | None, ...]


class Outcome(msgspec.Struct, frozen=True):
    """The result for a record.

    `file` and `index` are its place. `outcome` is one of `OUTCOMES`. `findings` are the rules that it breaks; a call
    that only has warnings is clean. `reason` says why a record could not be checked or read.
    """

    file: str
    index: int
    event_id: str | None
    event_time: str | None
    service: str | None
    event_name: str | None
    operation: str | None
    error_code: str | None
    outcome: str
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    edition: str | None = None

    @property
    def answer(self) -> str | None:
        """The comparison with AWS's answer: `"caught"`, `"missed"`, `"suspected"`, or None if it says nothing."""
        if self.outcome == FINDING:
            return CAUGHT if self.error_code else SUSPECTED
        return MISSED if self.outcome == CLEAN and self.error_code in VALIDATION else None

    def rows(self) -> Iterator[Row]:
        """Yield the rows of this record."""
        known = (
            self.file, self.index, self.event_id, self.event_time, self.service, self.event_name, self.operation,
            self.error_code, self.outcome,
        )  # fmt: skip
        for finding in self.findings:
            yield (*known, *finding, self.edition)
        if not self.findings:
            yield (*known, None, None, None, self.reason, self.edition)


def quarantined(file: str, index: int, reason: str) -> Outcome:
    """Return the outcome for a record that cannot be read."""
    return Outcome(file, index, None, None, None, None, None, None, QUARANTINED, (), reason)
