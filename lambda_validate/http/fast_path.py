"""Fast path for well-formed requests, which are most of the traffic. Anything unusual goes to `Boundary`.

A request is well-formed if its members in path and query can be decoded and occur once, if its body is an object that
the quick parser reads, where its operation has one, and if the headers that matter have their usual values. It passes
if its members are valid. Whatever passes here must pass `Boundary`: a test compares the two.

Requests that passed are cached with their members: only the headers of a repeated request are compared.
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
from ..validator.json_body import quick
from ..validator.json_parsers import SIMPLE
from .boundary import Boundary
from .headers import OVERRIDES
from .members import wire
from .routes import QUERY_PIECE, SEGMENT, Match, chosen, decoded, matches

HeaderPair = tuple[bytes, bytes]
RequestKey = tuple[str, bytes, bytes]
TYPE = (b"content-type", b"application/json")
NO_LENGTH = (b"content-length", b"0")
BODY, NO_BODY = OVERRIDES | {b"content-type", b"content-encoding", b"expect"}, OVERRIDES | {b"content-length"}
"""Headers that matter to a request with a body, which may be refused before it is sent, and to one without, whose
length may be told if it is none."""

TARGET_LENGTH = 512
"""Maximum number of bytes of a target that is cached."""

BODY_LENGTH = 640
"""Maximum number of bytes of a body that is cached."""


PERIOD = 1024
"""Number of look-ups after which the hit rate of a cache is computed."""
REST = 15
"""Number of periods for which a cache is disabled."""
MOST = 2048
"""Maximum number of entries; a full cache is replaced by an empty one."""

Table = dict[Any, Any]


def turned(table: Table | None, size: int, rest: int) -> tuple[Table | None, int, int]:
    """Return the state of a cache after a period, from its state before.

    A state is the table, None while it is disabled; its number of entries when the period began; and the number of
    periods for which it is still disabled.
    """
    if table is None:
        return (None, 0, rest - 1) if rest > 1 else ({}, 0, 0)
    if len(table) - size > PERIOD // 2:
        return None, 0, REST
    return ({}, 0, 0) if len(table) >= MOST else (table, len(table), 0)


class Cache:
    """A cache that is disabled while most look-ups find nothing, and retried later for a short while.

    A table is never emptied, but replaced: another thread may be reading it. Threads may lose a count to each other,
    never the truth of an entry. `after` is called after each period.
    """

    __slots__ = ("_after", "_left", "_rest", "_size", "_table")

    def __init__(self, after: Callable[[], object]) -> None:
        self._table: dict[Any, Any] | None = {}
        self._left, self._size, self._rest = PERIOD, 0, 0
        self._after = after

    def table(self) -> dict[Any, Any] | None:
        """Return the table for one look-up, None while the cache is disabled."""
        self._left -= 1
        if self._left < 0:
            self._turn()
        return self._table

    def _turn(self) -> None:
        self._left = PERIOD
        self._table, self._size, self._rest = turned(self._table, self._size, self._rest)
        self._after()


def store(table: dict[Any, Any], key: Any, value: Any) -> None:
    """Add an entry to a table, unless it is full."""
    if len(table) < MOST:
        table[key] = value


class Fit(NamedTuple):
    """The names of the headers that matter, and all that those may be."""

    judged: frozenset[bytes]
    right: list[list[HeaderPair]]


class FastHead(NamedTuple):
    """A head about which nothing is odd. `passed` are its members, where it has no body and they are valid.

    `path` is the whole path decoded, which is what most applications go by.
    """

    operation: Operation
    members: dict[str, Any]
    path: str
    passed: Mapping[str, Any] | None = None


class FastPath:
    """Check requests as an ASGI server gives them: names of headers in lower case, every part bytes.

    `prefix` stands before each path. `besides` are headers that may occur, and must have these values if they do.
    While `reports` returns that warnings are wanted, a request with a warning does not pass: the boundary reports it.
    `reports` is called once a period. A request with a warning is never cached.
    """

    def __init__(
        self, boundary: Boundary, prefix: bytes = b"", besides: Sequence[HeaderPair] = (),
        reports: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        self._limits, self._catalog = boundary.limits, boundary.validator.catalog
        self._prefix, self._ahead = prefix, len(prefix)
        self._is_valid, self._is_clean = boundary.validator.is_valid_request, strictest(boundary.validator)
        self._reports, self._passes = reports, self._is_clean
        self._bodied, self._bodiless = _fit(BODY, [TYPE], besides), _fit(NO_BODY, [], [*besides, NO_LENGTH])
        self._fixed: dict[RequestKey, FastHead] = {}
        self._heads, self._bodies = Cache(self._ask), Cache(self._ask)
        self._ask()

    def _ask(self) -> None:
        self._passes = self._is_clean if self._reports() else self._is_valid

    def head(self, method: str, path: bytes, query: bytes, headers: Sequence[Any]) -> FastHead | None:
        """Return what a well-formed head says, else None. A request without a body is validated by it."""
        if len(headers) > self._limits.headers:
            return None
        key = method, path, query
        seen = self._fixed.get(key) or self._read(key)
        if seen is None:
            return None
        judged, right = self._bodied if seen.passed is None else self._bodiless
        return seen if [pair for pair in headers if pair[0] in judged] in right else None

    def parameters(self, seen: FastHead, body: bytes) -> Mapping[str, Any] | None:
        """Return the members of a well-formed request that is valid, flat and decoded, else None."""
        operation, members, _, passed = seen
        if passed is not None:
            return None if body else passed
        if members:
            return self._joined(operation, members, body)
        table = self._bodies.table() if len(body) <= BODY_LENGTH else None
        if table is not None and (operation, body) in table:
            return table[operation, body]  # type: ignore[no-any-return]  # this is what is stored there
        value = self._object(body)
        if value is None or not self._passes(operation.name, value):
            return None
        found = MappingProxyType(value)
        is_flat = table is not None and SIMPLE.issuperset(map(type, value.values()))  # so that it cannot be changed
        if table is not None and is_flat and self._is_cacheable(operation, value):
            store(table, (operation, body), found)
        return found

    def _object(self, body: bytes) -> dict[str, Any] | None:
        """Return the object that a body is, None where it is something else or anything about it is odd."""
        value = quick(body, self._limits.depth) if len(body) <= self._limits.body else None
        return value if isinstance(value, dict) else None

    def _is_cacheable(self, operation: Operation, payload: Any) -> bool:
        """Return whether a payload that passes has no warning either."""
        return self._passes is self._is_clean or self._is_clean(operation.name, payload)

    def _joined(self, operation: Operation, members: Mapping[str, Any], body: bytes) -> Mapping[str, Any] | None:
        value = self._object(body)
        if value is None or not wire(operation).elsewhere.isdisjoint(value):
            return None
        value.update(members)
        return MappingProxyType(value) if self._passes(operation.name, value) else None

    def _read(self, key: RequestKey) -> FastHead | None:
        """Return what a target says, None where anything is odd. What is sure to pass is cached."""
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
        seen = FastHead(operation, members, unquote_to_bytes(path).decode(), passed)
        if not members and (has_body or self._is_cacheable(operation, members)):
            self._fixed[key] = seen  # as many as there are such operations, times two
        elif table is not None and size <= TARGET_LENGTH and (has_body or self._is_cacheable(operation, members)):
            store(table, key, seen)
        return seen

    def warm(self, operation: str) -> None:
        """Compile what validates an operation."""
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


def _fit(judged: frozenset[bytes], needed: Sequence[HeaderPair], besides: Sequence[HeaderPair]) -> Fit:
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
