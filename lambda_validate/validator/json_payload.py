"""`Validator.validate_json`: parse JSON, validate the payload, and join both results in one report.

This module is loaded at the first use.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..base.values import kind_name
from ..report import Found, Report
from .faults import TWICE, Fault
from .json_body import Reading, read
from .json_parsers import UNREAD


def joined(faults: Sequence[Found], report: Report) -> Report:
    """Return one report: first the faults of the JSON body, then the violations of the payload in it.

    A violation at the same path as a fault is left out, unless the fault is a duplicate name.
    """
    if not faults:
        return report
    reported = {fault.path for fault in faults if fault.constraint.rule not in TWICE}
    return Report.of((*faults, *(violation for violation in report.found if violation.path not in reported)))


def reading(body: Any, depth: int) -> Reading:
    """Parse a body of any Python type. A value that is neither bytes nor a string is a fault."""
    if isinstance(body, str):
        try:
            return read(str.encode(body), depth)
        except UnicodeEncodeError as error:
            message = f"The body must be Unicode; character {error.start + 1} is a lone surrogate."
            return Reading(UNREAD, (Fault("body.encoding", message, "body"),))
    try:
        data = bytes(memoryview(body))
    except Exception:  # an object of the user may raise anything
        message = f"The body must be bytes or a string, not {kind_name(body)}."
        return Reading(UNREAD, (Fault("body.syntax", message, "body"),))
    return read(data, depth)
