"""Validate a response: the members of a success, or the name and the form of an error."""

from __future__ import annotations

from typing import Any

from ..base.values import as_status, as_string
from ..catalog import Operation
from ..report import EMPTY, Report
from ..validator import Validator
from ..validator.faults import Fault, violations
from ..validator.json_body import Reading, read
from ..validator.json_parsers import UNREAD
from .answers import message_of
from .headers import Headers, unfit

ERROR_NAMES = ("code", "Code", "__type")
"""Members of an error's body that hold its name if no header does, in the order in which they are tried."""


def validate(
    validator: Validator, facts: Operation, status: Any, headers: Headers, content: bytes, depth: int
) -> tuple[str | None, Report]:
    """Return the name of the exception in a response, None for a success; and the report of the response."""
    name = _header_name(headers)
    success = _succeeds(facts, status, name)
    if success and _is_free(facts, content):
        return None, EMPTY
    faults = unfit(headers, validator) if content or success else ()
    reading = Reading(UNREAD, faults) if faults else read(content, depth)
    if success:
        report = EMPTY if reading.value is UNREAD else validator.validate_response(facts.name, reading.value, status)
        return None, _with(report, validator, facts, reading.faults)
    name = name or _body_name(reading.value)
    body = {} if reading.value is UNREAD else reading.value
    report = validator.validate_response(facts.name, body, status, name)
    return name, _with(report, validator, facts, (*reading.faults, *_form(name, status, reading)))


def is_blob(facts: Operation, status: Any, headers: Headers) -> bool:
    """Return whether a response is a success whose body is bytes of any kind."""
    return facts.content_type == "*/*" and _succeeds(facts, status, _header_name(headers))


def _succeeds(facts: Operation, status: Any, name: str | None) -> bool:
    return facts.succeeds(as_status(status)) and name is None


def _is_free(facts: Operation, content: bytes) -> bool:
    """Return whether the body of a success needs no check: it is bytes of any kind, or it is empty as it must be.

    A response of status 204 has no body, even if a model states one (RFC 9110, 15.3.5).
    """
    bodiless = facts.status == 204 or "type" not in facts.schema("response")
    return facts.content_type == "*/*" or (not content and bodiless)


def _with(report: Report, validator: Validator, facts: Operation, faults: tuple[Fault, ...]) -> Report:
    shown = violations(faults, validator, facts.name)
    return Report.of((*shown, *report.found)) if shown else report


def _header_name(headers: Headers) -> str | None:
    values = headers.get(b"x-amzn-errortype", ())
    return bare_name(values[0].decode("latin-1")) if values else None


def _body_name(body: Any) -> str | None:
    found = (as_string(body.get(member)) for member in ERROR_NAMES) if isinstance(body, dict) else ()
    return next((bare_name(name) for name in found if name), None)


def bare_name(text: str) -> str:
    """Return the name of an exception without the namespace before `#` and the address after `:`."""
    # The protocol allows a namespace and an address around the name: "aws.protocoltests#Foo:http://…" is Foo. See
    # https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
    return text.partition(":")[0].rpartition("#")[2].strip()


def _form(name: str | None, status: Any, reading: Reading) -> tuple[Fault, ...]:
    """Return the faults of an error response that names no exception, or whose body has no message."""
    if name is None:
        failed = (as_status(status) or 0) >= 400
        return (Fault("error.body", "An error response must name its exception.", "body"),) if failed else ()
    if reading.value is UNREAD:
        return ()
    body = reading.value if isinstance(reading.value, dict) else {}
    if as_string(body.get("message")) is None and as_string(body.get("Message")) is None:
        return (Fault("error.body", f"The body must be an object with the string {message_of(name)}.", "body"),)
    return ()
