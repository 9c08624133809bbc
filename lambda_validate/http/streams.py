"""Messages whose body is bytes of any kind: what comes before the body decides, and the body need not be held."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, NamedTuple

from . import responses
from .boundary import Boundary, Head
from .checks import RequestCheck
from .headers import declared_length, wanted
from .members import wire

STREAMED = b"\0"
"""Stands for a body that streams: no rule is about what it holds."""


def streams(head: Head) -> bool:
    """Return whether the body of a request is bytes of any kind."""
    return head.check is None and head.operation is not None and wire(head.operation).raw


def needs_body(head: Head) -> bool:
    """Return whether a request whose body streams is invalid without one."""
    operation = head.operation
    return operation is not None and wire(operation).payload in operation.schema("request").get("required", ())


def admit(boundary: Boundary, head: Head, is_empty: bool = False) -> RequestCheck:
    """Return what is wrong with a request whose body streams, by its head; its payload is not among the parameters."""
    check = boundary.close(head, b"" if is_empty else STREAMED)
    name = wire(head.operation).payload if head.operation else None
    parameters, places = (
        MappingProxyType({key: value for key, value in each.items() if key != name})
        for each in (check.parameters, check.places)
    )
    return check._replace(parameters=parameters, places=places)


class Coming(NamedTuple):
    """The body of a response, by its head: whether it streams, how long it may be, and whether it is said to be longer.

    What streams is bytes of any kind, of a success.
    """

    streams: bool
    limit: int
    is_large: bool


def coming(boundary: Boundary, operation: str, status: Any, headers: Any) -> Coming:
    """Return what the head of a response says of its body."""
    facts, known = boundary.validator.operation(operation), wanted(headers, boundary.limits.headers)
    if isinstance(known, str):  # which is refused
        return Coming(False, boundary.limits.response, False)
    limit = boundary.response_limit(facts, status, known)
    is_large = declared_length(known) > limit
    return Coming(responses.is_blob(facts, status, known) and not is_large, limit, is_large)
