"""A payload as JSON: `Validator.validate_json`. Bytes or a string become a value, and one report about both.

Loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base.values import kind_name
from ..report import Report
from .faults import Fault, violations
from .json_body import Reading, read
from .json_parsers import UNREAD

if TYPE_CHECKING:
    from . import Validator


def validate(
    validator: Validator, operation: str, body: Any, direction: str, depth: int, status: int | None, error: str | None
) -> Report:
    """Return every violation of a JSON text and of its payload. What is wrong with the text comes first."""
    validator.operation(operation).schema(direction)  # raises for an unknown name
    reading = _reading(body, depth)
    faults = violations(reading.faults, validator, operation)
    if reading.value is UNREAD:
        return Report.of(tuple(faults))
    if direction == "request":
        report = validator.validate_request(operation, reading.value)
    else:
        report = validator.validate_response(operation, reading.value, status, error)
    if not faults:
        return report
    said = {each.path for each in faults if each.constraint.rule != "body.duplicate"}
    return Report.of((*faults, *(each for each in report.found if each.path not in said)))


def _reading(body: Any, depth: int) -> Reading:
    """Return what a body holds. Its type may be any: a body that holds no text has a fault."""
    if isinstance(body, str):
        try:
            return read(str.encode(body), depth)
        except UnicodeEncodeError as error:
            message = f"The body must be Unicode; character {error.start + 1} is half of a surrogate pair."
            return Reading(UNREAD, (Fault("body.encoding", message, "body"),))
    try:
        data = bytes(memoryview(body))
    except Exception:  # an object of the user may raise anything
        message = f"The body must be bytes or a string, not {kind_name(body)}."
        return Reading(UNREAD, (Fault("body.syntax", message, "body"),))
    return read(data, depth)
