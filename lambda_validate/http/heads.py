"""The head of a request: what is known of it before its body is read. The native engine reads usual heads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog import Catalog, Operation
from ..native import head_readers
from .answers import RequestCheck
from .headers import MEMBERS, OVERRIDES, WANTED, Headers
from .members import WireMembers, wire
from .routes import QUERY_PIECE, Route, groups, plain

if TYPE_CHECKING:
    from ..native._heads import Described, HeadReader


class Head(NamedTuple):
    """A request without its body. `check` is the result of the validation if it is known already, else None.

    It is known if the head is invalid, or if the request is not one of the API and may pass. Then the body does not
    matter.
    """

    check: RequestCheck | None
    operation: Operation | None = None
    members: WireMembers | None = None
    headers: Headers = MappingProxyType({})

    @property
    def is_other(self) -> bool:
        """Whether the request is not one of the API, and so passes without validation."""
        return self.check is not None and self.check.operation is None and self.check.report.ok

    @property
    def streams(self) -> bool:
        """Whether the body is bytes of any kind. The caller need not store it, since no rule is about its content."""
        return self.check is None and self.operation is not None and wire(self.operation).raw

    @property
    def takes_body(self) -> bool:
        """Whether requests of this operation have a body."""
        return self.operation is not None and wire(self.operation).body

    @property
    def needs_body(self) -> bool:
        """Whether a single required member is the whole body, so that an empty body is invalid."""
        operation = self.operation
        return operation is not None and wire(operation).payload in operation.schema("request").get("required", ())


@cache
def reader(edition: Catalog) -> HeadReader[Head] | None:
    """Return a native reader of the heads of usual requests to an edition. Return None without the native engine.

    The reader returns the same `Head` as `Boundary.open` does in Python, or None for an unusual request.
    """
    native = head_readers()
    if native is None:
        return None
    paths = {path: _by_method(match.route for match in matches) for path, matches in plain(edition).items()}
    others = {
        count: tuple([(group.places, _grouped(group.routes)) for group in some])
        for count, some in groups(edition).items()
    }
    headers = native.headers(WANTED, MEMBERS)
    return native.heads(headers, OVERRIDES, paths, others, described, Head, WireMembers)


def _grouped(routes: Mapping[Any, tuple[Route, ...]]) -> dict[Any, dict[str, Route | None]]:
    return {literals: _by_method(some) for literals, some in routes.items()}


def _by_method(routes: Iterable[Route]) -> dict[str, Route | None]:
    """Return routes by method. The value is None if fixed parameters of the query distinguish several operations."""
    found: dict[str, Route | None] = {}
    for route in routes:
        method = route.operation.method
        found[method] = None if method in found or route.operation.query else route
    return found


def described(route: Route) -> Described | None:
    """Return what the native reader needs of a route: its operation, the members in its path and those in its query.

    Members that may occur several times are left out. Return None for an operation with members in headers, whose head
    Python reads.
    """
    known = wire(route.operation)
    labels = tuple([(place, name, known.spelt.get(name)) for place, name in route.labels])
    if known.header or any(known.places.get(name) != "path" or name in known.many for _, name, _ in labels):
        return None
    query = {name.encode(): (member, known.spelt.get(member)) for name, member in known.query.items()
             if member not in known.many and QUERY_PIECE.fullmatch(name.encode())}  # fmt: skip
    return route.operation, labels, query
