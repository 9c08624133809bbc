"""Compare the answer to a request with the expected one, and return sightings: everything that is wrong with it.

A server must accept a request (`VALID`), must reject it (`INVALID`), or may do either (`EITHER`). The last is so for a
request that only gives a warning, for example. An answer about the state of the account, such as "the function does not
exist", does not depend on whether the request is valid. It counts as neither accepted nor rejected.
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
    "server.error": "fails with a 5xx status",
    "status.unexpected": "answers with an undocumented status",
    "error.unknown": "answers with an exception that is not documented",
    "error.status": "answers with an exception and a status that is not documented for it",
    "error.unnamed": "answers with an error status but does not name an exception",
    "error.body": "answers with an error whose body is no JSON object",
    "content-type.unexpected": "answers with another content type than JSON",
    "body.unreadable": "answers with success and a body that is no JSON object",
    "response.invalid": "answers with success and a body that breaks the schema of the response",
    "answer.missing": "does not answer this request",
    "server.gone": "does not answer any more after this request",
}
"""What a server does, for each kind of finding. Each continues a sentence that begins with "The server"."""

NO_CONTENT = 204
"""The HTTP status of an answer that never has a body."""

STATES = frozenset({401, 403, 404, 409, 429})
"""HTTP statuses that depend on the account or the sender, such as "not found", not on whether the request is valid."""

JSON_TYPE = "application/json"
"""The content type that answers with an error have, for every operation."""

NAME = re.compile(r"[^:#]*")
"""Matches the name of an exception in a header or member as an SDK reads it: everything before a colon or `#`."""


class Sighting(NamedTuple):
    """One thing that is wrong with an answer, such as the kind `invalid.accepted`.

    `rule` is the broken rule, and `pointer` the member that breaks it. It is a member of the request; if the kind is
    `response.invalid`, of the response.
    """

    kind: str
    rule: str | None
    pointer: str
    detail: str


class Expectation(NamedTuple):
    """What a server must do with a request; for an invalid request, also the rule that it breaks, and the member."""

    verdict: str
    rule: str | None = None
    pointer: str = ""


def outcome(answer: ServerAnswer) -> str:
    """Return the outcome of a request by the status of the answer.

    It is `ACCEPTED` (2xx), `STATE` (a 4xx about the account, such as 404), `REJECTED` (any other 4xx), `FAILED` (5xx)
    or `OTHER`.
    """
    if answer.status in STATES:
        return STATE
    return {2: ACCEPTED, 4: REJECTED, 5: FAILED}.get(answer.status // 100, OTHER)


def sightings(
    operation: Operation, validator: Validator, expected: Expectation, answer: ServerAnswer
) -> list[Sighting]:
    """Return everything that is wrong with an answer."""
    answer_kind = outcome(answer)
    found = list(_verdict(expected, answer_kind, answer))
    checks = {ACCEPTED: _success, REJECTED: _error, STATE: _error, OTHER: _status}
    if answer_kind in checks:
        found += checks[answer_kind](operation, validator, answer)
    if (expected.verdict, answer_kind) == (INVALID, ACCEPTED):  # it says again what it should not have accepted
        found = [sighting for sighting in found if sighting.kind != "response.invalid"]
    return found


def _verdict(expected: Expectation, answer_kind: str, answer: ServerAnswer) -> Iterator[Sighting]:
    mismatches = {(VALID, REJECTED): "valid.rejected", (INVALID, ACCEPTED): "invalid.accepted"}
    if answer_kind == FAILED:
        yield Sighting("server.error", None, "", str(answer.status))
    elif (expected.verdict, answer_kind) in mismatches:
        yield Sighting(mismatches[expected.verdict, answer_kind], expected.rule, expected.pointer, "")


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
    """Parse the body of an answer, and return its JSON object; None for any other body, or if it contains NaN."""
    try:
        found = json.loads(body.decode(), parse_constant=int)  # which raises ValueError
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def exception(answer: ServerAnswer, body: Mapping[str, Any] | None) -> str | None:
    """Return the name of the exception in an answer: from the header `x-amzn-errortype`, or from `code` or `__type`."""
    for given in (
        answer.headers.get("x-amzn-errortype"),
        *((body or {}).get(key) for key in ("code", "Code", "__type")),
    ):
        match = NAME.match(given) if isinstance(given, str) else None
        if match is not None and match[0]:
            return match[0]
    return None
