"""Turn a report into an HTTP answer that is ready to send.

The answer is either in the form and words of AWS Lambda itself, or problem details (RFC 9457).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from itertools import starmap
from typing import Any, NamedTuple
from uuid import uuid4

from ..base.values import Opaque
from ..report import EMPTY, Found, Report, Violation
from ..report.service_words import ENDINGS, PHRASES, service_error, spelt
from ..validator.faults import RULES
from .limits import NO_MEMBERS

LISTED_ERRORS = 50
"""Maximum number of violations that an answer lists, since each message takes time. The others are only counted."""

POINTER_LENGTH = 200
"""Maximum length of a pointer in an answer: the sender chooses the names in it."""


class Answer(NamedTuple):
    """An HTTP answer: status, headers, and the bytes of the body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


PLACES = frozenset({"path", "query", "header", "body", "target", "method"})
"""The parts of a message that a fault can be about. For a fault, `keyword` holds one of them."""


class RequestCheck(NamedTuple):
    """The result of validating a request. `answer` is the HTTP answer that refuses it; None if the request may pass.

    `operation` is None if the target is not that of an operation. `parameters` is one flat object of decoded members.
    `places` maps each of them to the place where it was sent: `"path"`, `"query"`, `"header"` or `"body"`. `homes` maps
    each member of the operation to the place where it belongs.
    """

    operation: str | None
    parameters: Mapping[str, Any] = NO_MEMBERS
    places: Mapping[str, str] = NO_MEMBERS
    report: Report = EMPTY
    answer: Answer | None = None
    homes: Mapping[str, str] = NO_MEMBERS

    def place(self, violation: Violation) -> str:
        """Return the place of a violation's member: where it was sent or, if it is missing, where it belongs.

        The result is `"path"`, `"query"`, `"header"` or `"body"`. If the violation is about the
        whole message, it can also be `"target"` or `"method"`.
        """
        if violation.keyword in PLACES:
            return violation.keyword
        member = str(violation.path[0]) if violation.path else ""
        place = self.places.get(member) or self.homes.get(member, "body")
        return place if place in PLACES else "body"


class ResponseCheck(NamedTuple):
    """The result of validating a response. `answer` is an HTTP answer to send instead; None if the response may pass.

    `error` is the name of the exception that the response reports, such as `"ResourceNotFoundException"`; None for a
    success.
    """

    operation: str
    error: str | None = None
    report: Report = EMPTY
    answer: Answer | None = None


class ErrorKind(NamedTuple):
    """A kind of refusal: its HTTP status, the name of the exception for an SDK, and a sentence about the reason."""

    status: int
    exception: str
    summary: str


INVALID_REQUEST = ErrorKind(400, "InvalidParameterValueException", "The request breaks the rules of the operation.")
UNFIT = ErrorKind(500, "ServiceException", "The service's answer breaks the rules of the operation.")

ERROR_KINDS: Mapping[str, ErrorKind] = {
    "headers.limit": ErrorKind(431, "InvalidParameterValueException", "There are too many headers."),
    "target.size": ErrorKind(414, "InvalidParameterValueException", "Path and query are too long."),
    "route.unknown": ErrorKind(404, "UnknownOperationException", "There is no such operation."),
    "route.method": ErrorKind(405, "UnknownOperationException", "The operation has another HTTP method."),
    "body.size": ErrorKind(413, "RequestTooLargeException", "The body is too large."),
    "body.slow": ErrorKind(408, "RequestTimeoutException", "The body did not arrive in time."),
    "content-type.unexpected": ErrorKind(
        415, "UnsupportedMediaTypeException", "The body is not of the operation's media type."
    ),
    "body.compressed": ErrorKind(415, "UnsupportedMediaTypeException", "The body is compressed."),
}
"""The kinds of answers that are not a plain 400, by rule. The first row that applies wins."""

CAPITAL = frozenset({"ResourceNotFoundException", "ServiceException"})
"""The exceptions whose message is in a member `Message`, with a capital."""


def refusal(report: Report) -> ErrorKind:
    """Return the kind of answer for an invalid request: the first of `ERROR_KINDS` whose rule it breaks, else 400."""
    broken = {found.constraint.rule for found in _errors(report)}
    return next((kind for rule, kind in ERROR_KINDS.items() if rule in broken), INVALID_REQUEST)


class RefusedRequest(NamedTuple):
    """What an answer may show of the request that it refuses: the operation, and the payload if it could be read."""

    operation: str = ""
    payload: Any = None


UNKNOWN = RefusedRequest()
"""A request that could not be read."""


def answer(
    kind: ErrorKind,
    report: Report,
    rendering: str,
    extra: Mapping[str, str] | None = None,
    request: RefusedRequest = UNKNOWN,
) -> Answer:
    """Return an HTTP answer of a given kind with the errors of a report, and with the `extra` headers.

    `rendering` is the form of the body: `"service"`, `"service-verbatim"` or `"problem"`.
    """
    media, body, headers = RENDERINGS[rendering](kind, report, request)
    content = json.dumps(body, separators=(",", ":")).encode()
    common = {"content-type": media, "content-length": str(len(content)), **headers, **(extra or {})}
    return Answer(kind.status, tuple(common.items()), content)


def message_of(exception: str) -> str:
    """Return the name of the member that holds an exception's message: `"Message"` or `"message"`."""
    return "Message" if exception in CAPITAL else "message"


Rendered = tuple[str, dict[str, Any], dict[str, str]]


def _service(kind: ErrorKind, report: Report, request: RefusedRequest) -> Rendered:
    errors, count = _listed(report)
    listed = [(violation, violation.message) for violation in errors]
    fields = [{"path": _shown(error), "message": message} for error, message in listed]
    who = "User" if kind.status < 500 else "Service"
    body = {"Type": who, message_of(kind.exception): _sentence(kind, listed, count), "fieldList": fields}
    return "application/json", body, _service_headers(kind)


def _sentence(kind: ErrorKind, listed: list[tuple[Violation, str]], count: int) -> str:
    more = [f"and {count - len(listed)} more"] if count > len(listed) else []
    if kind is not INVALID_REQUEST or not listed:
        return " ".join([kind.summary, *(message for _, message in listed), *more])
    plural = "" if count == 1 else "s"
    return f"{count} validation error{plural} detected: {'; '.join([*starmap(_failure, listed), *more])}"


def _failure(violation: Violation, message: str) -> str:
    """Return the part of an error message that describes one violation.

    For a rule of AWS's service model it has AWS's words, such as "Value at 'batchSize' failed to satisfy constraint:
    …". For any other rule it is the message of this package.
    """
    constraint = violation.constraint
    phrase = PHRASES.get(violation.keyword)
    is_own = violation.rule.endswith(ENDINGS.get(violation.keyword, " "))
    if phrase is None or (constraint.note is not None and not is_own):
        plain = message.rstrip(".")
        about_form = violation.path and violation.rule in RULES
        return f"Value at '{spelt(violation.path)[:POINTER_LENGTH]}': {plain}" if about_form else plain
    value = "Value null" if violation.keyword == "required" else "Value"
    if constraint.show_values and not isinstance(violation.value, Opaque) and violation.keyword != "required":
        value = f"Value {ascii(violation.value)[:POINTER_LENGTH]}"
    path = spelt(violation.path)[:POINTER_LENGTH]
    return f"{value} at '{path}' failed to satisfy constraint: {phrase(constraint.argument)}"


def _verbatim(kind: ErrorKind, report: Report, request: RefusedRequest) -> Rendered:
    """Render the answer that AWS Lambda itself would send, including the invalid values.

    Only a request that breaks rules of its operation has such an answer. Any other is rendered as `_service` does.
    """
    if kind is not INVALID_REQUEST:
        return _service(kind, report, request)
    exception, message = service_error(_errors(report), request.payload, show_values=True, operation=request.operation)
    kind = kind._replace(exception=exception)
    return "application/json", {"Type": "User", message_of(exception): message}, _service_headers(kind)


def _service_headers(kind: ErrorKind) -> dict[str, str]:
    return {"x-amzn-errortype": kind.exception, "x-amzn-requestid": str(uuid4())}


def _problem(kind: ErrorKind, report: Report, request: RefusedRequest) -> Rendered:
    errors, count = _listed(report)
    listed = [{"pointer": _shown(error), "detail": error.message, "rule": error.rule} for error in errors]
    # RFC 9457, 4.2.1: if `type` is `about:blank`, `title` should be the phrase of the HTTP status, such as "Bad
    # Request".
    title = HTTPStatus(kind.status).phrase
    body = {"type": "about:blank", "title": title, "status": kind.status, "detail": kind.summary, "errors": listed}
    if count > len(errors):
        body["more"] = count - len(errors)
    return "application/problem+json", body, {}


def _errors(report: Report) -> list[Found]:
    return [found for found in report.found if found.constraint.severity == "error"]


def _listed(report: Report) -> tuple[tuple[Violation, ...], int]:
    """Return the first violations of severity error, at most `LISTED_ERRORS`, and the number of all of them.

    No `Violation` is made of the others, since that takes time.
    """
    errors = _errors(report)
    return Report.of(tuple(errors[:LISTED_ERRORS])).violations, len(errors)


def _shown(violation: Violation) -> str:
    return violation.pointer[:POINTER_LENGTH]


RENDERINGS: Mapping[str, Callable[[ErrorKind, Report, RefusedRequest], Rendered]] = {
    "service": _service, "service-verbatim": _verbatim, "problem": _problem,
}  # fmt: skip
"""The renderings by name: functions that return the media type, the body and the headers of an answer."""
