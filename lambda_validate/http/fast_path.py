"""Fast path for well-formed requests, which are most of the traffic. Anything unusual goes to `Boundary`.

A request is well-formed if its path and query have no fault, and the headers that matter have their usual values. Its
body, if it has one, must be an object that the quick parser reads. It passes if it is valid. A request that passes here
also passes `Boundary`: a test compares the two.

Why a second path: in one process, the ASGI middleware takes 9 µs for a POST that passes here and 17 µs without this
module. uvicorn takes another 30 µs, so a fifth of the whole time is saved. For Envoy's service it would be 4 %, so that
service does not use it. The native engine, if present, reads the members in path and query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from ..catalog import Operation
from ..report import EMPTY
from ..validator.json_body import quick
from .boundary import Boundary
from .headers import OVERRIDES, Headers
from .heads import reader
from .members import members, wire
from .routes import chosen, matches, overriding, plain

HeaderPair = tuple[bytes, bytes]
NO_HEADERS: Headers = MappingProxyType({})
JSON = [(b"content-type", b"application/json")]
WITHOUT_BODY: tuple[list[HeaderPair], ...] = ([], [(b"content-length", b"0")])
BODY, NO_BODY = OVERRIDES | {b"content-type", b"content-encoding", b"expect"}, OVERRIDES | {b"content-length"}
"""The headers that decide whether a request is well-formed. Of these, a request with a body has only the content type,
and a request without a body at most a length of 0."""


class FastHead(NamedTuple):
    """The head of a well-formed request: its operation, its members in path and query, and whether it has a body."""

    operation: Operation
    members: dict[str, Any]
    has_body: bool


class FastPath:
    """Checks requests as an ASGI server passes them: every part is bytes, and names of headers are in lower case."""

    def __init__(self, boundary: Boundary) -> None:
        self._limits, self._validator = boundary.limits, boundary.validator
        self._reader = reader(self._validator.catalog)

    @cached_property
    def _known(self) -> Mapping[tuple[str, bytes, bytes], FastHead]:
        """The heads of operations without members in path or query, by method, path and query.

        They are computed once, which saves a tenth of the time of a POST.
        """
        paths = plain(self._validator.catalog)
        targets = [(match.route.operation.method, path, b"") for path, found in paths.items() for match in found]
        return {target: head for target in targets if (head := self._read(*target))}

    def head(self, method: str, path: bytes, query: bytes, headers: Sequence[Any]) -> FastHead | None:
        """Return the head of a request if it is well-formed, else None."""
        if len(headers) > self._limits.headers or len(path) + len(query) >= self._limits.target:
            return None
        seen = self._known.get((method, path, query)) or self._natively(method, path, query, headers)
        seen = seen or self._read(method, path, query)
        if seen is None:
            return None
        given = [pair for pair in headers if pair[0] in (BODY if seen.has_body else NO_BODY)]
        is_usual = given == JSON if seen.has_body else given in WITHOUT_BODY
        return seen if is_usual else None

    def _natively(self, method: str, path: bytes, query: bytes, headers: Sequence[Any]) -> FastHead | None:
        """Return what the native engine reads of a head, None if it leaves the request to Python."""
        if self._reader is None:
            return None
        target = b"%s?%s" % (path, query) if query else path
        head = self._reader.read(method, target, headers, self._limits)
        if head is None or head.operation is None or head.members is None:
            return None
        known = wire(head.operation)
        return None if known.payload is not None else FastHead(head.operation, head.members.values, known.body)

    def _read(self, method: str, path: bytes, query: bytes) -> FastHead | None:
        match = chosen(matches(path, self._validator.catalog), method, query)
        if match is None or overriding(query, NO_HEADERS):
            return None
        operation = match.route.operation
        known, found = wire(operation), members(match, query, NO_HEADERS)
        if found.faults or known.header or known.payload is not None:
            return None
        return FastHead(operation, found.values, known.body)

    def parameters(self, seen: FastHead, body: bytes, *, warns: bool = True) -> Mapping[str, Any] | None:
        """Return the members of a well-formed request as one flat, decoded object if the request is valid, else None.

        With `warns`, a request with a warning gives None too, so that the boundary checks it again and reports the
        warning.
        """
        operation, payload, has_body = seen
        if has_body:
            value = quick(body, self._limits.depth) if len(body) <= self._limits.body else None
            if not isinstance(value, dict) or not wire(operation).elsewhere.isdisjoint(value):
                return None
            payload = {**value, **payload} if payload else value
        elif body:
            return None
        validator = self._validator
        if warns:
            passes = validator.validate_request(operation.name, payload) is EMPTY
        else:
            passes = validator.is_valid_request(operation.name, payload)
        return MappingProxyType(payload) if passes else None
