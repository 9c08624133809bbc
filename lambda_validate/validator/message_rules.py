"""Rules about an HTTP message that no schema can state, such as its status, its exception or the form of its body.

`OUTCOME_RULES` lists them. This module checks a response's status and exception; `json_body` and `http` check the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..base.spelling import listing, nearest
from ..base.values import Opaque, as_status, as_string, kind_name, seen
from ..catalog import Operation
from ..compiler.messages import shown
from ..report import LAMBDA_MODEL, Constraint, Explanation, Found, Severity, Source
from ..report.policy import Policy


class OutcomeRule(NamedTuple):
    """A rule about an HTTP message as a whole: its id, a sentence that states it, and the source that states it.

    The source is a section of `document`. If `document` is None, it is a section of the operation's own page.
    """

    id: str
    statement: str
    section: str
    directions: tuple[str, ...] = ("response",)
    document: str | None = None


BOTH, OURS = ("request", "response"), "lambda-validate"

OUTCOME_RULES = (
    OutcomeRule("status.unexpected", "The status must be that of success or of a documented exception.", "Errors"),
    OutcomeRule("error.unknown", "An exception must be one that is documented for its operation.", "Errors"),
    OutcomeRule("error.status", "An exception must have its documented status.", "Errors"),
    OutcomeRule("error.body", "An exception must be an object with its name and its message.", "Errors"),
    OutcomeRule(
        "body.unexpected", "A request must not have a body if its operation takes none.", "Request Body", BOTH[:1]
    ),
    OutcomeRule("body.syntax", "A body must be one JSON value.", "RFC 8259, 2", BOTH, OURS),
    OutcomeRule("body.encoding", "A body must be UTF-8 without a byte-order mark.", "RFC 8259, 8.1", BOTH, OURS),
    OutcomeRule("body.duplicate", "A name must occur only once in an object.", "RFC 8259, 4", BOTH, OURS),
    OutcomeRule("body.number", "A number must be finite.", "RFC 8259, 6", BOTH, OURS),
    OutcomeRule("body.surrogate", "A string must not contain a lone surrogate.", "RFC 8259, 8.2", BOTH, OURS),
    OutcomeRule("body.depth", "A body must not nest deeper than the limit.", "RFC 8259, 9", BOTH, OURS),
    OutcomeRule("body.size", "A body must not be larger than the limit.", "RFC 9110, 15.5.14", BOTH, OURS),
    OutcomeRule("body.slow", "A body must arrive in time.", "RFC 9110, 15.5.9", BOTH[:1], OURS),
    OutcomeRule(
        "body.compressed", "A body must not be compressed or otherwise encoded.", "RFC 9110, 15.5.16", BOTH, OURS
    ),
    OutcomeRule(
        "content-type.unexpected",
        "A body must have the content type application/json.",
        "RFC 9110, 15.5.16",
        BOTH,
        OURS,
    ),
    OutcomeRule("headers.limit", "There must be no more headers than the limit.", "RFC 6585, 5", BOTH, OURS),
    OutcomeRule(
        "headers.duplicate", "A header that holds a member must occur only once.", "RFC 9110, 5.3", BOTH[:1], OURS
    ),
    OutcomeRule(
        "member.misplaced",
        "A member must be sent where its operation expects it: in the path, the query, a header or the body.",
        "Request Syntax",
        BOTH[:1],
    ),
    OutcomeRule("query.duplicate", "A name must occur only once in a query.", "RFC 3986, 3.4", BOTH[:1], OURS),
    OutcomeRule("target.encoding", "Path and query must be percent-encoded UTF-8.", "RFC 3986, 2.1", BOTH[:1], OURS),
    OutcomeRule(
        "target.size", "Path and query must not be longer than the limit.", "RFC 9110, 15.5.15", BOTH[:1], OURS
    ),
    OutcomeRule("route.unknown", "The path must be that of an operation.", "RFC 9110, 15.5.5", BOTH[:1], OURS),
    OutcomeRule(
        "route.method",
        "The method must be one that an operation with this path has.",
        "RFC 9110, 15.5.6",
        BOTH[:1],
        OURS,
    ),
)
"""All rules about messages, including those that only `lambda_validate.http` checks: `disable` accepts them too."""


def unexpected(facts: Operation, status: Any, error: Any, policy: Policy) -> Iterator[Found]:
    """Yield the violations of a response with an undocumented status or exception."""
    name, code = as_string(error), as_status(status)
    known = None if name is None else facts.errors.get(name)
    statuses = sorted({facts.status, *(exception.status for exception in facts.errors.values())})
    if error is not None and known is None:
        meant = nearest(name, facts.errors)
        hint = f"; did you mean {meant}?" if meant else f"; it can be {listing(facts.errors)}."
        yield from _broken("error.unknown", facts, f"{facts.name} has no such exception{hint}", error, policy)
    elif known is not None and status is not None and code != known.status:
        message = f"{name} must come with status {known.status}."
        yield from _broken("error.status", facts, message, status, policy)
    elif known is None and code not in statuses and not facts.succeeds(code):
        message = f"{facts.name} must answer with status {listing(map(str, statuses))}."
        yield from _broken("status.unexpected", facts, message, status, policy)


def unreadable(facts: Operation, payload: Any, severity: Severity) -> Found:
    """Return the violation for a payload that cannot be read: it nests too deep, or its methods raise an exception."""
    message = (
        f"The payload must be readable; it is {kind_name(payload)} that nests too deep, or whose methods raise errors."
    )
    source = stated(facts, "Request Syntax", "the payload")
    return Found((), Constraint("payload.type", "type", severity, source, None, "object", fixed, message))


def stated(facts: Operation, section: str, member: str) -> Source:
    """Return the source of a rule about messages: the page of a Lambda operation, or the model of another service.

    The model is cited by the name of its service, since operations of several services may have the same name.
    """
    is_ours = facts.source.document in (facts.name, LAMBDA_MODEL)
    return Source(facts.name, section, member) if is_ours else facts.source._replace(member=member)


def fixed(constraint: Constraint, value: Any) -> Explanation:
    """Return `constraint.note` as the message: a rule about a whole message has the same one for all values."""
    return Explanation(constraint.note or "")


def _broken(rule: str, facts: Operation, message: str, value: Any, policy: Policy) -> Iterator[Found]:
    severity = policy.severity(rule, "error")
    if severity is not None:
        scalar = seen(value)
        if policy.show_values and not isinstance(scalar, Opaque):
            message = f"{message[:-1]} (it is {shown(scalar)}){message[-1]}"
        source = stated(facts, "Errors", "HTTP Status Code")
        yield Found((), Constraint(rule, "status", severity, source, None, None, fixed, message), scalar)
