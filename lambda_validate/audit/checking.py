"""Check a record of CloudTrail: find its operation, convert its parameters to the API's spelling, and validate them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from ..catalog import TODAY
from ..lint.findings.resource import Resource
from ..lint.unresolved.possibilities import placed_violations
from ..report import Found, pointer_text
from ..validator import Validator
from .names import ADDED, Spelling, SpellingPlan, operation_of, plan
from .outcome import (
    CLEAN,
    FINDING,
    NOT_A_CALL,
    OTHER_SERVICE,
    UNDECIDABLE,
    UNKNOWN_OPERATION,
    Finding,
    Outcome,
    quarantined,
)
from .records import VALUE, BrokenRecord, Read, why
from .services import LAMBDA, AuditedService, found

CALL = "AwsApiCall"
DOMAIN = ".amazonaws.com"
NAME = re.compile(rb'"\s*:')
"""Matches the end of a member's name in JSON. It may also match inside a string. So the number of matches is at least
the number of members."""
NULL, OMITTED = "requestParameters is null", "requestParameters was too large and is omitted"


class RecordedCall(NamedTuple):
    """An operation whose calls are checked: its validator, and how CloudTrail spells its members.

    `empties` says whether CloudTrail may record any object of the parameters as an empty one.
    """

    operation: str
    validator: Validator
    plan: SpellingPlan
    empties: bool


class Auditor:
    """Checks records of calls of the given services, named as in the SDK. `edition` selects the rules for Lambda."""

    def __init__(self, edition: str = TODAY, services: Iterable[str] = (LAMBDA,), *, show_values: bool = False) -> None:
        self.sources: Mapping[str, tuple[AuditedService, ...]] = found(edition, tuple(services), show_values)
        self._calls: dict[tuple[str, str], RecordedCall | None] = {}

    def check(self, record: Read, file: str = "", index: int = 0, *, in_words: bool = True) -> Outcome:
        """Return the outcome of a record, which is number `index` of `file`.

        Without `in_words`, the findings have no messages, since making these takes time.
        """
        if isinstance(record, BrokenRecord):
            return quarantined(file, index, record.reason)
        source, name = record.eventSource or "", record.eventName or ""
        where = file, index, record.eventID, record.eventTime, source.removesuffix(".cn").removesuffix(DOMAIN), name
        code = record.errorCode or None
        if record.eventType not in (CALL, None):
            return Outcome(*where, None, code, NOT_A_CALL)
        if source not in self.sources:
            return Outcome(*where, None, code, OTHER_SERVICE)
        call = self._call(source, name)
        if call is None:
            edition = self.sources[source][0].validator.edition
            return Outcome(*where, None, code, UNKNOWN_OPERATION, (), f"no operation is named {name[:80]}", edition)
        try:
            outcome, findings, reason = _checked(record.requestParameters, call, code is not None, in_words)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError) as error:
            return quarantined(file, index, f"requestParameters: {why(error)}")
        if outcome == "":
            return quarantined(file, index, reason or "")
        return Outcome(*where, call.operation, code, outcome, findings, reason, call.validator.edition)

    def _call(self, source: str, name: str) -> RecordedCall | None:
        try:
            return self._calls[source, name]
        except KeyError:
            made = self._made(source, operation_of(name), name)
        if made is not None:  # any other name may be anything, and there may be any number of them
            self._calls[source, name] = made
        return made

    def _made(self, source: str, *names: str) -> RecordedCall | None:
        for service in self.sources[source]:
            for name in names:
                if name in service.operations:
                    schema = service.validator.operation(name).schema("request")
                    return RecordedCall(name, service.validator, plan(schema), service.name != LAMBDA)
        return None


Checked = tuple[str, tuple[Finding, ...], str | None]
"""An outcome such as `"clean"`, the findings and a reason. The outcome is `""` if the record cannot be read."""


def _checked(raw: msgspec.Raw, call: RecordedCall, is_refused: bool, in_words: bool) -> Checked:
    data = bytes(raw)
    parameters = VALUE.decode(data)
    if type(parameters) is str:  # a column of a table: a string that holds JSON
        data = parameters.encode()
        parameters = VALUE.decode(data)
    if parameters is None:
        return UNDECIDABLE, (), NULL
    if type(parameters) is not dict:
        return "", (), "requestParameters is no object"
    if parameters.get("omitted") in (True, "true") and "reason" in parameters:
        return UNDECIDABLE, (), OMITTED
    spelling = Spelling(call.empties)
    payload = spelling.payload(parameters, call.plan)
    if spelling.twice is not None:
        return "", (), f"requestParameters: two members are named {spelling.twice[:80]}"
    if len(NAME.findall(data)) != spelling.names and _has_duplicates(data):
        return "", (), "requestParameters: two members of an object have the same name"
    violations = _certain(payload, call) if spelling.hidden else _known(payload, call)
    if not is_refused:  # what the service adds to a call that it accepts says nothing of what was sent
        violations = [violation for violation in violations if not (violation.path and violation.path[0] in ADDED)]
    return _decided(tuple([_finding(violation, in_words) for violation in violations]), spelling)


def _decided(findings: tuple[Finding, ...], spelling: Spelling) -> Checked:
    if any(finding.severity == "error" for finding in findings):
        return FINDING, findings, None
    if spelling.hidden:
        return UNDECIDABLE, findings, f"not recorded: {', '.join(map(pointer_text, spelling.hidden[:5]))}"
    return CLEAN, findings, None


def _known(payload: dict[str, Any], call: RecordedCall) -> Sequence[Found]:
    return call.validator.validate_request(call.operation, payload).found


def _certain(payload: dict[str, Any], call: RecordedCall) -> Sequence[Found]:
    """Return the violations that do not depend on the values that CloudTrail did not record."""
    schema = call.validator.operation(call.operation).schema("request")
    resource = Resource(call.operation, "request", payload)
    found = placed_violations(resource, schema, lambda known: _known(known, call))
    return [placed.violation for placed in found if not placed.is_soft]


def _finding(found: Found, in_words: bool) -> Finding:
    path, constraint, _ = found
    message = found.explanation.message if in_words else ""
    return Finding(constraint.rule, pointer_text(path), constraint.severity, message)


class _TwiceError(ValueError):
    """Raised if an object has two members with the same name."""


def _has_duplicates(data: bytes) -> bool:
    def once(pairs: list[tuple[str, Any]]) -> None:
        if len({name for name, _ in pairs}) != len(pairs):
            raise _TwiceError

    try:
        json.loads(data, object_pairs_hook=once)
    except _TwiceError:
        return True
    return False
