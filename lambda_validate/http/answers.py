"""A report becomes an answer that is ready to send: the service's own words, or problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from itertools import starmap
from typing import Any, NamedTuple
from uuid import uuid4

from ..base.values import Opaque
from ..patterns.matching import whole
from ..report import Path, Report, Violation
from .faults import RULES

LISTED = 50
"""Violations that an answer lists, and says how many more there are: working out the words of each costs time."""

LONGEST = 200
"""Characters of a pointer that an answer shows: names in it are the sender's."""


class Answer(NamedTuple):
    """An HTTP answer: status, headers, and the bytes of the body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Kind(NamedTuple):
    """A status that we answer with, the exception that it is to an SDK, and that in a sentence."""

    status: int
    exception: str
    summary: str


INVALID = Kind(400, "InvalidParameterValueException", "The request breaks the rules of the operation.")
UNFIT = Kind(500, "ServiceException", "The service's answer breaks the rules of the operation.")

KINDS: Mapping[str, Kind] = {
    "headers.limit": Kind(431, "InvalidParameterValueException", "There are too many headers."),
    "target.size": Kind(414, "InvalidParameterValueException", "Path and query are too long."),
    "route.unknown": Kind(404, "UnknownOperationException", "There is no such operation."),
    "route.method": Kind(405, "UnknownOperationException", "The operation has another method."),
    "body.size": Kind(413, "RequestTooLargeException", "The body is too large."),
    "body.slow": Kind(408, "RequestTimeoutException", "The body did not arrive."),
    "content-type.unexpected": Kind(415, "UnsupportedMediaTypeException", "The body is of another media type."),
    "body.compressed": Kind(415, "UnsupportedMediaTypeException", "The body is compressed."),
}
"""By rule, the answer that is not plain 400; the first row that applies wins."""

CAPITAL = frozenset({"ResourceNotFoundException", "ServiceException"})
"""The exceptions that spell their message `Message`."""


def refusal(report: Report) -> Kind:
    """Return what a request is refused with."""
    broken = {each.rule for each in report.errors}
    return next((kind for rule, kind in KINDS.items() if rule in broken), INVALID)


def answer(kind: Kind, report: Report, rendering: str, extra: Mapping[str, str] | None = None) -> Answer:
    """Return the answer of a kind with the errors of a report."""
    media, body, headers = RENDERINGS[rendering](kind, report)
    content = json.dumps(body, separators=(",", ":")).encode()
    common = {"content-type": media, "content-length": str(len(content)), **headers, **(extra or {})}
    return Answer(kind.status, tuple(common.items()), content)


def message_of(exception: str) -> str:
    """Return how an exception spells its message."""
    return "Message" if exception in CAPITAL else "message"


Rendered = tuple[str, dict[str, Any], dict[str, str]]


def _service(kind: Kind, report: Report) -> Rendered:
    errors = report.errors
    listed = [(each, each.message) for each in errors[:LISTED]]
    fields = [{"path": _shown(each), "message": message} for each, message in listed]
    who = "User" if kind.status < 500 else "Service"
    body = {"Type": who, message_of(kind.exception): _sentence(kind, listed, len(errors)), "fieldList": fields}
    return "application/json", body, {"x-amzn-errortype": kind.exception, "x-amzn-requestid": str(uuid4())}


def _sentence(kind: Kind, listed: list[tuple[Violation, str]], count: int) -> str:
    more = [f"and {count - len(listed)} more"] if count > len(listed) else []
    if kind is not INVALID or not listed:
        return " ".join([kind.summary, *(message for _, message in listed), *more])
    plural = "" if count == 1 else "s"
    return f"{count} validation error{plural} detected: {'; '.join([*starmap(_failure, listed), *more])}"


def _failure(violation: Violation, message: str) -> str:
    """One violation in the service's words where it has some for what a member must be, else in ours."""
    phrase = PHRASES.get(violation.keyword)
    is_own = violation.rule.endswith(KEYWORDS.get(violation.keyword, " "))
    if phrase is None or (violation.constraint.note is not None and not is_own):
        plain = message.rstrip(".")
        about_form = violation.path and violation.rule in RULES
        return f"Value at '{_camel(violation.path)[:LONGEST]}': {plain}" if about_form else plain
    value = "Value null" if violation.keyword == "required" else "Value"
    if violation.constraint.show_values and not isinstance(violation.value, Opaque) and violation.keyword != "required":
        value = f"Value {ascii(violation.value)[:LONGEST]}"
    path = _camel(violation.path)[:LONGEST]
    return f"{value} at '{path}' failed to satisfy constraint: Member must {phrase(violation.constraint.argument)}"


def _camel(path: Path) -> str:
    """A path as the service writes it: `sourceAccessConfigurations.1.member.type`, counted from one."""
    return ".".join(f"{each + 1}.member" if isinstance(each, int) else f"{each[:1].lower()}{each[1:]}" for each in path)


PHRASES: Mapping[str, Callable[[Any], str]] = {
    "maxLength": "have length less than or equal to {}".format,
    "minLength": "have length greater than or equal to {}".format,
    "maximum": "have value less than or equal to {}".format,
    "minimum": "have value greater than or equal to {}".format,
    "pattern": lambda pattern: f"satisfy regular expression pattern: {whole(pattern) or pattern}",
    "enum": lambda choices: f"satisfy enum value set: [{', '.join(map(str, choices))}]",
    "required": lambda _: "not be null",
}
"""By keyword, what the service says that a member must do."""

KEYWORDS = {each: f".{each}" for each in PHRASES} | {"maxLength": ".max-length", "minLength": ".min-length"}
"""By keyword, how the id of the rule ends that a member's own keyword states; others say more than the keyword."""


def _problem(kind: Kind, report: Report) -> Rendered:
    errors = report.errors
    listed = [{"pointer": _shown(each), "detail": each.message, "rule": each.rule} for each in errors[:LISTED]]
    # RFC 9457, 4.2.1: with about:blank, the title is the status's own phrase
    title = HTTPStatus(kind.status).phrase
    body = {"type": "about:blank", "title": title, "status": kind.status, "detail": kind.summary, "errors": listed}
    if len(errors) > LISTED:
        body["more"] = len(errors) - LISTED
    return "application/problem+json", body, {}


def _shown(violation: Violation) -> str:
    return violation.pointer[:LONGEST]


RENDERINGS: Mapping[str, Callable[[Kind, Report], Rendered]] = {"service": _service, "problem": _problem}
