"""Violations that no schema can state: an answer's status and exception, and a payload that cannot be read at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .catalog import Operation
from .messages import shown
from .policy import Policy
from .report import Constraint, Explanation, Severity, Source, Violation
from .spelling import listing, nearest
from .values import Opaque, as_status, as_string, kind_name, seen


class OutcomeRule(NamedTuple):
    """A rule about an answer or a payload as a whole: its id and what it states."""

    id: str
    statement: str
    section: str


OUTCOME_RULES = (
    OutcomeRule("status.unexpected", "The status must be that of success or of a documented exception.", "Errors"),
    OutcomeRule("error.unknown", "An exception must be one that the document lists.", "Errors"),
    OutcomeRule("error.status", "An exception must come with its documented status.", "Errors"),
    OutcomeRule("body.unexpected", "A request must have no body where the document says so.", "Request Body"),
)


def unexpected(facts: Operation, status: Any, error: Any, policy: Policy) -> Iterator[Violation]:
    """Yield what is wrong with an answer that is not a plain success."""
    name, code = as_string(error), as_status(status)
    known = None if name is None else facts.errors.get(name)
    statuses = sorted({facts.status, *(each.status for each in facts.errors.values())})
    if error is not None and known is None:
        meant = nearest(name, facts.errors)
        hint = f"; did you mean {meant}?" if meant else f"; it can be {listing(facts.errors)}."
        yield from _broken("error.unknown", facts, f"{facts.name} has no such exception{hint}", error, policy)
    elif known is not None and status is not None and code != known.status:
        right = f"{name} must come with status {known.status}."
        yield from _broken("error.status", facts, right, status, policy)
    elif known is None and code not in statuses:
        right = f"{facts.name} must answer with status {listing(map(str, statuses))}."
        yield from _broken("status.unexpected", facts, right, status, policy)


def unreadable(facts: Operation, payload: Any, severity: Severity) -> Violation:
    """Return the violation of a payload whose reading fails: it nests too deep, or its own methods raise."""
    message = f"The payload must be readable; it is {kind_name(payload)} that nests too deep or fails when looked at."
    source = Source(facts.name, "Request Syntax", "the payload")
    return Violation((), Constraint("payload.type", "type", severity, source, None, "object", fixed, message))


def fixed(constraint: Constraint, value: Any) -> Explanation:
    """Explain by the constraint's own note."""
    return Explanation(constraint.note or "")


def _broken(rule: str, facts: Operation, message: str, value: Any, policy: Policy) -> Iterator[Violation]:
    severity = policy.severity(rule, "error")
    if severity is not None:
        kept = seen(value)
        if policy.show_values and not isinstance(kept, Opaque):
            message = f"{message[:-1]} (it is {shown(kept)}){message[-1]}"
        source = Source(facts.name, "Errors", "HTTP Status Code")
        yield Violation((), Constraint(rule, "status", severity, source, None, None, fixed, message), kept)
