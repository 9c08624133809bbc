"""Compare an answer with the expectation, and return sightings: what the answer shows to be wrong.

A request is expected to be accepted (`VALID`), to be rejected (`INVALID`), or either (`EITHER`), if the documents allow
it but the service is known to refuse it. An answer about the state of the account, such as "the function does not
exist", says nothing about the request. It counts as neither accepted nor rejected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..catalog import Operation
from ..validator import Validator
from .client import ServerAnswer

VALID, INVALID, EITHER = "valid", "invalid", "either"

ACCEPTED, REJECTED, STATE, FAILED, OTHER = "accepted", "rejected", "state", "failed", "other"
"""The outcome of a request: 2xx; 4xx; 4xx about the state of the account; 5xx; anything else."""

FINDING_KINDS: Mapping[str, str] = {
    "valid.rejected": "rejects a request that must be accepted",
    "invalid.accepted": "accepts a request that must be rejected",
    "server.error": "fails inside, with a 5xx status",
    "status.unexpected": "answers with an undocumented status",
    "error.unknown": "answers with an exception that is not documented",
    "error.status": "answers with an exception whose documented status is another",
    "error.unnamed": "answers with an error status and names no exception",
    "error.body": "answers with an error whose body is no JSON object",
    "content-type.unexpected": "answers with another content type than JSON",
    "body.unreadable": "answers with success and a body that is no JSON object",
    "response.invalid": "answers with success and a body that breaks its own schema",
    "answer.missing": "gives this request no answer",
    "server.gone": "is gone after this request",
}
"""The words for each kind of finding: what the server does."""

NO_CONTENT = 204
"""The status of an answer that never has a body."""

STATES = frozenset({401, 403, 404, 409, 429})
"""Statuses that say something about the account or the sender, and nothing about the request."""

JSON_TYPE = "application/json"
"""The content type of errors, for every operation."""

NAME = re.compile(r"[^:#]*")
"""The name of an exception as an SDK reads it: everything before a colon or a hash."""


class Sighting(NamedTuple):
    """One thing that an answer shows to be wrong.

    `rule` and `pointer` are those of the request, or of the response body.
    """

    kind: str
    rule: str | None
    pointer: str
    detail: str


class Expectation(NamedTuple):
    """The expected outcome of a request; for an invalid one, also the rule that it breaks, and where."""

    verdict: str
    rule: str | None = None
    pointer: str = ""


def outcome(answer: ServerAnswer) -> str:
    """Return the outcome of a request: one of `ACCEPTED`, `REJECTED`, `STATE`, `FAILED`, `OTHER`."""
    if answer.status in STATES:
        return STATE
    return {2: ACCEPTED, 4: REJECTED, 5: FAILED}.get(answer.status // 100, OTHER)


def sightings(
    operation: Operation, validator: Validator, expected: Expectation, answer: ServerAnswer
) -> list[Sighting]:
    """Return everything that an answer shows to be wrong."""
    said = outcome(answer)
    found = list(_verdict(expected, said, answer))
    checks = {ACCEPTED: _success, REJECTED: _error, STATE: _error, OTHER: _status}
    if said in checks:
        found += checks[said](operation, validator, answer)
    if (expected.verdict, said) == (INVALID, ACCEPTED):  # it says again what it should not have accepted
        found = [sighting for sighting in found if sighting.kind != "response.invalid"]
    return found


def _verdict(expected: Expectation, said: str, answer: ServerAnswer) -> Iterator[Sighting]:
    mismatches = {(VALID, REJECTED): "valid.rejected", (INVALID, ACCEPTED): "invalid.accepted"}
    if said == FAILED:
        yield Sighting("server.error", None, "", str(answer.status))
    elif (expected.verdict, said) in mismatches:
        yield Sighting(mismatches[expected.verdict, said], expected.rule, expected.pointer, "")


def _success(operation: Operation, validator: Validator, answer: ServerAnswer) -> Iterator[Sighting]:
    yield from _status(operation, validator, answer)
    if "type" not in operation.schema("response") or operation.status == NO_CONTENT:  # no body at all, or any bytes
        return
    body = parsed(answer.body)
    if body is None:
        yield Sighting("body.unreadable", None, "", _given_type(answer))
        return
    yield from _content_type(operation.content_type, answer)
    for violation in validator.validate_response(operation.name, body).errors:
        yield Sighting("response.invalid", violation.rule, violation.pointer, violation.message)


def _error(operation: Operation, validator: Validator, answer: ServerAnswer) -> Iterator[Sighting]:
    body = parsed(answer.body)
    name = exception(answer, body)
    unexpected = list(_status(operation, validator, answer, name))
    yield from unexpected
    if body is None:
        yield Sighting("error.body", None, "", f"{answer.status} {_given_type(answer)}")
        return
    yield from _content_type(JSON_TYPE, answer)
    if name is None and not unexpected:
        yield Sighting("error.unnamed", None, "", str(answer.status))


def _status(
    operation: Operation, validator: Validator, answer: ServerAnswer, name: str | None = None
) -> Iterator[Sighting]:
    if operation.succeeds(answer.status) and name is None:
        return
    for violation in validator.validate_response(operation.name, None, answer.status, name).errors:
        yield Sighting(violation.rule, None, "", " ".join(filter(None, (str(answer.status), name))))


def _content_type(expected: str, answer: ServerAnswer) -> Iterator[Sighting]:
    if _given_type(answer) != expected:
        yield Sighting("content-type.unexpected", None, "", _given_type(answer))


def _given_type(answer: ServerAnswer) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower() or "no content type"


def parsed(body: bytes) -> dict[str, Any] | None:
    """Return a JSON object; None for any other body. NaN and the infinities are not JSON."""
    try:
        found = json.loads(body.decode(), parse_constant=int)  # which raises ValueError
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def exception(answer: ServerAnswer, body: Mapping[str, Any] | None) -> str | None:
    """Return the name of an answer's exception, read where an SDK reads it."""
    for given in (
        answer.headers.get("x-amzn-errortype"),
        *((body or {}).get(key) for key in ("code", "Code", "__type")),
    ):
        match = NAME.match(given) if isinstance(given, str) else None
        if match is not None and match[0]:
            return match[0]
    return None
