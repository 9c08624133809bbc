"""The fast way for what is most of the traffic: requests about which nothing is odd, told at a glance.

Plain is a request whose members in path and query can be decoded and stand once, whose body, if its operation has one,
is one short flat object without escapes, and of whose headers those that matter are as they should be. It passes where
its members are valid. Of any other nothing is said here; the boundary judges it. Whatever passes here must pass there:
a test holds the two together.

What passed is kept for a while, as it came and with its members: of what comes again, only the headers are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, permutations
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from ..catalog import Operation
from ..report import EMPTY
from ..validator import Validator
from .boundary import Boundary
from .headers import OVERRIDES
from .json_body import flat
from .kept import Kept, keep
from .members import wire
from .routes import QUERY_PIECE, SEGMENT, Match, chosen, decoded, matches

Pair = tuple[bytes, bytes]
Target = tuple[str, bytes, bytes]
TYPE = (b"content-type", b"application/json")
NO_LENGTH = (b"content-length", b"0")
BODY, NO_BODY = OVERRIDES | {b"content-type", b"content-encoding", b"expect"}, OVERRIDES | {b"content-length"}
"""Headers that matter to a request with a body, which may be refused before it is sent, and to one without, whose
length may be told if it is none."""

LONGEST = 512
"""Bytes of a target that is kept."""


class Fit(NamedTuple):
    """The names of the headers that matter, and all that those may be."""

    judged: frozenset[bytes]
    right: list[list[Pair]]


class Seen(NamedTuple):
    """A head about which nothing is odd. `passed` are its members, where it has no body and they are valid.

    `path` is the whole path decoded, which is what most applications go by.
    """

    operation: Operation
    members: dict[str, Any]
    path: str
    passed: Mapping[str, Any] | None = None


class Plain:
    """Tells of requests as an ASGI server gives them: names of headers in lower case, every part bytes.

    `prefix` stands before each path; `besides` are headers that may stand there, and must be so if they do. Where
    `tells` says that somebody wants to know of warnings, which is asked now and then, a request that breaks a rule
    which only warns does not pass: the boundary tells of it. It is never kept.
    """

    def __init__(
        self, boundary: Boundary, prefix: bytes = b"", besides: Sequence[Pair] = (),
        tells: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        self._limits, self._catalog = boundary.limits, boundary.validator.catalog
        self._prefix, self._ahead = prefix, len(prefix)
        self._is_valid, self._is_clean = boundary.validator.is_valid_request, strictest(boundary.validator)
        self._tells, self._passes = tells, self._is_clean
        self._bodied, self._bodiless = _fit(BODY, [TYPE], besides), _fit(NO_BODY, [], [*besides, NO_LENGTH])
        self._fixed: dict[Target, Seen] = {}
        self._heads, self._bodies = Kept(self._ask), Kept(self._ask)
        self._ask()

    def _ask(self) -> None:
        self._passes = self._is_clean if self._tells() else self._is_valid

    def head(self, method: str, path: bytes, query: bytes, headers: Sequence[Any]) -> Seen | None:
        """Return what a plain head says, else None. A request without a body is judged by it."""
        if len(headers) > self._limits.headers:
            return None
        key = method, path, query
        seen = self._fixed.get(key) or self._read(key)
        if seen is None:
            return None
        judged, right = self._bodied if seen.passed is None else self._bodiless
        return seen if [pair for pair in headers if pair[0] in judged] in right else None

    def parameters(self, seen: Seen, body: bytes) -> Mapping[str, Any] | None:
        """Return the members of a plain request that is valid, flat and decoded, else None."""
        operation, members, _, passed = seen
        if passed is not None:
            return None if body else passed
        if members:
            return self._joined(operation, members, body)
        table = self._bodies.table()
        if table is not None and (operation, body) in table:
            return table[operation, body]  # type: ignore[no-any-return]  # this is what is kept there
        value = flat(body) if len(body) <= self._limits.body else None
        if value is None or not self._passes(operation.name, value):
            return None
        found = MappingProxyType(value)
        if table is not None and self._is_kept(operation, value):
            keep(table, (operation, body), found)
        return found

    def _is_kept(self, operation: Operation, payload: Any) -> bool:
        """Whether there is nothing to tell of a payload that passes."""
        return self._passes is self._is_clean or self._is_clean(operation.name, payload)

    def _joined(self, operation: Operation, members: Mapping[str, Any], body: bytes) -> Mapping[str, Any] | None:
        value = flat(body) if len(body) <= self._limits.body else None
        if value is None or not wire(operation).elsewhere.isdisjoint(value):
            return None
        value.update(members)
        return MappingProxyType(value) if self._passes(operation.name, value) else None

    def _read(self, key: Target) -> Seen | None:
        """What a target says, None where anything is odd; what is sure to pass is kept."""
        table = self._heads.table()
        if table is not None and key in table:
            return table[key]  # type: ignore[no-any-return]  # as above
        method, path, query = key
        size = len(path) - self._ahead + len(query)
        if not path.startswith(self._prefix) or size >= self._limits.target:
            return None
        match = chosen(matches(path[self._ahead :], self._catalog), method, query)
        members = _members(match, query) if match else None
        if match is None or members is None:
            return None
        operation = match.route.operation
        has_body = wire(operation).body
        if not (has_body or self._passes(operation.name, members)):
            return None
        passed = None if has_body else MappingProxyType(members)
        seen = Seen(operation, members, unquote_to_bytes(path).decode(), passed)
        if not members and (has_body or self._is_kept(operation, members)):
            self._fixed[key] = seen  # as many as there are such operations, times two
        elif table is not None and size <= LONGEST and (has_body or self._is_kept(operation, members)):
            keep(table, key, seen)
        return seen

    def warm(self, operation: str) -> None:
        """Compile what judges an operation."""
        self._is_clean(operation, {})
        self._is_valid(operation, {})


def _members(match: Match, query: bytes) -> dict[str, Any] | None:
    """The members of path and query, None where anything is odd, and where others travel in headers or as a payload."""
    route, known = match.route, wire(match.route.operation)
    found: dict[str, Any] = {}
    if known.header or known.payload is not None or route.operation.query:
        return None
    for place, label in route.labels:
        text = decoded(match.segments[place], SEGMENT)
        if text is None:
            return None
        found[label] = known.spelt[label](text) if label in known.spelt else text
    for piece in query.split(b"&") if query else ():
        name, _, value = piece.partition(b"=")
        member, text = known.query.get(name.decode("latin-1")), decoded(value, QUERY_PIECE)
        if member is None or text is None or member in found or member in known.many:
            return None
        found[member] = known.spelt[member](text) if member in known.spelt else text
    return found


def _fit(judged: frozenset[bytes], needed: Sequence[Pair], besides: Sequence[Pair]) -> Fit:
    some = [each for count in range(len(besides) + 1) for each in combinations(besides, count)]
    right = [list(order) for each in some for order in permutations([*needed, *each])]
    return Fit(judged | {name for name, _ in besides}, right)


def strictest(validator: Validator) -> Callable[[str, Any], bool]:
    """Return what tells whether a request breaks no rule at all, warnings included."""
    policy = validator._policy
    if policy.unknown_members == "warning":  # which not even a strict validator makes errors
        return lambda operation, payload: validator.validate_request(operation, payload) is EMPTY
    return Validator(
        validator.catalog, unknown_members=policy.unknown_members, disable=policy.disable, strict=True
    ).is_valid_request
