"""The result of auditing a record: an `Outcome`, which gives rows of a table, and a comparison with AWS's answer."""

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
"""All outcomes. A duplicate is a call whose eventID an earlier record has. Its findings are not reported again."""
CHECKED = frozenset({CLEAN, FINDING, UNDECIDABLE, UNKNOWN_OPERATION, DUPLICATE})
"""The outcomes that a call of an audited service can have."""

CAUGHT, MISSED, SUSPECTED = "caught", "missed", "suspected"
ANSWERS = (CAUGHT, MISSED, SUSPECTED)
"""Comparisons with AWS's answer. Caught: refused, with a finding. Missed: refused by AWS's validation, without a
finding. Suspected: accepted, with a finding."""
VALIDATION = frozenset({
    "InvalidParameterValueException", "InvalidParameterValue", "InvalidParameterException", "InvalidParameter",
    "InvalidParameterCombination", "InvalidParameterCombinationException", "InvalidRequestException",
    "InvalidArgumentException", "MissingParameter", "MissingParameterException",
    "SerializationException", "ValidationError", "ValidationException", "MalformedQueryString",
    "MissingRequiredParameterException",
})  # fmt: skip
"""Error codes with which AWS refuses a request because it is invalid, and not because of permissions, for example."""


class Finding(NamedTuple):
    """A rule that a recorded call breaks. `pointer` is the JSON pointer of the member in the request."""

    rule: str
    pointer: str
    severity: str
    message: str


FIELDS = (
    "file", "index", "event_id", "event_time", "service", "event_name", "operation", "error_code", "outcome", "rule",
    "pointer", "severity", "message", "edition",
)  # fmt: skip
"""The columns of the table of results. A record has a row for each finding; without findings, it has one row."""
ResultRow: TypeAlias = tuple[str | int | None, ...]


class Outcome(msgspec.Struct, frozen=True):
    """The result of auditing a record.

    `file` and `index` say where the record is. `outcome` is one of `OUTCOMES`, such as `"finding"`. `findings` are the
    rules that the call breaks. A call that only breaks rules that are warnings is clean. `reason` says why a record
    could not be checked or read.
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
        """The comparison with AWS's answer.

        `"caught"`: the call was refused, and has a finding. `"missed"`: it was refused by AWS's validation, and has
        none. `"suspected"`: it was accepted, and has a finding. None: anything else.
        """
        if self.outcome == FINDING:
            return CAUGHT if self.error_code else SUSPECTED
        return MISSED if self.outcome == CLEAN and self.error_code in VALIDATION else None

    def rows(self) -> Iterator[ResultRow]:
        """Yield the rows of this record, as tuples of the values of `FIELDS`: one for each finding, at least one."""
        known = (
            self.file, self.index, self.event_id, self.event_time, self.service, self.event_name, self.operation,
            self.error_code, self.outcome,
        )  # fmt: skip
        for finding in self.findings:
            yield (*known, *finding, self.edition)
        if not self.findings:
            yield (*known, None, None, None, self.reason, self.edition)


def quarantined(file: str, index: int, reason: str) -> Outcome:
    """Return the outcome for a record that cannot be read, with the reason."""
    return Outcome(file, index, None, None, None, None, None, None, QUARANTINED, (), reason)
