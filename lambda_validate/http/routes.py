"""Find the operation of a request target.

The raw path is split at its slashes first. Then each segment is decoded exactly once. Nothing is normalised: `..`, an
empty segment and an encoded slash are values of a member like any other, and the pattern of the member refuses them.

    matches(b"/2015-03-31/functions/my%20f", edition)    GetFunction, DeleteFunction: one path, two methods
    chosen(…, "GET", b"")                                GetFunction

A route is an operation with its path. A *literal* is a fixed segment of that path, such as `functions`. A *label* is a
segment that holds the value of a member, such as `{FunctionName}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from .. import catalog
from ..base.grouping import grouped
from ..catalog import Catalog, Operation
from .headers import OVERRIDES, Headers, Unusable
from .readings import literal, readings

# absolute-form = absolute-URI ; RFC 9112, 3.2.2: a server must accept a target such as http://host/path
#
# scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) ; RFC 3986, 3.1
AUTHORITY = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")

# segment = *pchar ; RFC 3986, 3.3
#
# pchar = unreserved / pct-encoded / sub-delims / ":" / "@"
#
# pct-encoded = "%" HEXDIG HEXDIG
#
# The expression for *pchar is written as `a*(?:%XX a*)*`. Here `a` is a character that is
# not encoded. A run of them is matched in one step, which is faster than `(?:a|%XX)*`.
SEGMENT = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=:@-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~!$&'()*+,;=:@-]*)*")

# query = *( pchar / "/" / "?" ) ; RFC 3986, 3.4. This expression matches the part between two ampersands.
QUERY_PIECE = re.compile(rb"[A-Za-z0-9._~!$'()*+,;=:@/?-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~!$'()*+,;=:@/?-]*)*")

# Some frameworks (Rack, Symfony, Laravel) take the HTTP method from a form field `_method`. This expression finds the
# field in a query that was decoded once.
METHOD_FIELD = re.compile(rb"(?:^|[&;])_method=([^&;]*)")

# label = "{" member "}" ; a segment such as {FunctionName}, as the API reference writes it in its request syntax
LABEL = re.compile(r"\{(\w+)\}")


class Route(NamedTuple):
    """An operation and the segments of its path.

    `literals` are the fixed segments, with None for a segment that holds a member. `labels` are the index and the name
    of each member in the path, such as `(3, "FunctionName")`.
    """

    operation: Operation
    literals: tuple[str | None, ...]
    labels: tuple[tuple[int, str], ...]


class Group(NamedTuple):
    """Routes whose fixed segments are at the same indexes, such as `/functions/{A}` and `/layers/{B}`.

    `literals` picks the fixed segments of a path, and `routes` maps them to the routes that have them. So a path is
    looked up in a dict once for each group, instead of being compared with each route.
    """

    places: tuple[int, ...]
    literals: Callable[[list[bytes]], Any]
    routes: Mapping[Any, tuple[Route, ...]]


class RouteMatch(NamedTuple):
    """A route that has the path of a request, and the segments of that path as they were sent."""

    route: Route
    segments: list[bytes]


def split(target: bytes) -> tuple[bytes, bytes]:
    """Return path and query of a request target, still encoded. A scheme and a host before the path are removed."""
    if not target.startswith(b"/") and (found := AUTHORITY.match(target)):
        target = target[found.end() :]
    path, _, query = target.partition(b"?")
    return path, query


def matches(path: bytes, edition: Catalog) -> list[RouteMatch]:
    """Return the routes that have this path, with or without a slash at its end. Their methods differ."""
    found = plain(edition).get(path)  # without this, the verdict of a whole POST takes a ninth longer
    if found is not None:
        return found
    segments = path.split(b"/")
    if segments[-1] == b"" and len(segments) > 2:
        segments.pop()
    found = []
    for group in groups(edition).get(len(segments), ()):
        literals = group.literals(segments)
        routes = group.routes.get(literals)
        if routes is None and b"%" in path:
            routes = group.routes.get(tuple(map(_once, literals)))
        found += [RouteMatch(route, segments) for route in routes or ()]
    return found


def _once(segment: bytes) -> bytes:
    """Return a segment of a path, percent-decoded once; unchanged if it has a character that a segment may not have."""
    return unquote_to_bytes(segment) if SEGMENT.fullmatch(segment) else segment


@cache
def _routes(edition: Catalog) -> Mapping[int, tuple[Route, ...]]:
    """Return the routes of an edition, by their number of segments."""
    made = [_route(catalog.operation(name, edition)) for name in catalog.operations(edition)]
    return {len(route.literals): tuple(r for r in made if len(r.literals) == len(route.literals)) for route in made}


@cache
def groups(edition: Catalog) -> Mapping[int, tuple[Group, ...]]:
    """Return the groups of routes of an edition, by the number of segments that their paths have."""
    return {length: tuple(_grouped(routes)) for length, routes in _routes(edition).items()}


def _grouped(routes: tuple[Route, ...]) -> Iterator[Group]:
    for places in dict.fromkeys(map(_places, routes)):
        literals = itemgetter(*places) if len(places) > 1 else partial(_first, places[0])
        found: dict[Any, tuple[Route, ...]] = {}
        for route in (route for route in routes if _places(route) == places):
            key = literals([(segment or "").encode() for segment in route.literals])
            found[key] = (*found.get(key, ()), route)
        yield Group(places, literals, found)


def _first(place: int, segments: list[bytes]) -> tuple[bytes]:
    return (segments[place],)


def _places(route: Route) -> tuple[int, ...]:
    """Return the indexes of a route's fixed segments. Index 0 is the empty segment before the first slash."""
    return tuple(index for index, segment in enumerate(route.literals) if segment is not None)


@cache
def plain(edition: Catalog) -> Mapping[bytes, list[RouteMatch]]:
    """Return the routes without members in the path, by path: as the API writes it, and with a slash at its end."""
    routes = [route for some in _routes(edition).values() for route in some if not route.labels]
    bare = [(route.operation.path.rstrip("/").encode(), route) for route in routes]
    return grouped((path + end, RouteMatch(route, path.split(b"/"))) for path, route in bare for end in (b"", b"/"))


def _route(operation: Operation) -> Route:
    labels = [LABEL.fullmatch(segment) for segment in operation.path.rstrip("/").split("/")]
    pieces = zip(operation.path.split("/"), labels, strict=False)
    literals = tuple(None if label else piece for piece, label in pieces)
    return Route(operation, literals, tuple((place, label[1]) for place, label in enumerate(labels) if label))


def reached(found: list[RouteMatch], methods: Sequence[str]) -> set[str]:
    """Return those of `methods` that an operation with the requested path has.

    HEAD counts as all methods, since many applications answer HEAD as they answer GET or another method.
    """
    known = {match.route.operation.method for match in found}
    return known if "HEAD" in methods else known.intersection(methods)


def overriding(query: bytes, headers: Headers | Unusable) -> Sequence[str]:
    """Return the methods, in upper case, that some program may read in a request instead of the one that was sent.

    They are in a header such as X-HTTP-Method-Override, or in a field `_method` of the query.
    """
    if isinstance(headers, str):
        return ("HEAD",)  # what cannot be read may be any method
    if not query and OVERRIDES.isdisjoint(headers):
        return ()
    named = [value for name in OVERRIDES.intersection(headers) for value in headers[name]]
    named += METHOD_FIELD.findall(unquote_to_bytes(query))
    return [part.strip().upper().decode("latin-1") for value in named for part in value.split(b",")]


def is_disguised(target: bytes, edition: Catalog, found: list[RouteMatch]) -> bool:
    """Return whether some program may read a target as that of another operation than those found.

    Everything before the query counts, even a host: `http://h%2fpath` has a path inside its host. The result is also
    True if there are too many ways to read the target.
    """
    known = {match.route.operation.name for match in found}
    seen = readings(target.partition(b"?")[0])
    return seen is None or any(not known.issuperset(_read_as(reading, edition)) for reading in seen)


def _read_as(reading: bytes, edition: Catalog) -> Iterator[str]:
    """Yield the names of the operations that some program may find for a path, with or without a slash at its end."""
    sent = reading.split(b"/")
    for segments in (sent, sent[:-1]) if sent[-1] == b"" else (sent,):
        some = _lowered(edition).get(len(segments), ())
        literals = list(map(literal, segments)) if some else segments
        for group in some:
            yield from (route.operation.name for route in group.routes.get(group.literals(literals), ()))


@cache
def _lowered(edition: Catalog) -> Mapping[int, tuple[Group, ...]]:
    """Return the same as `groups`, with all fixed segments in lower case."""
    lowered = {
        length: tuple(
            route._replace(literals=tuple(part and part.lower() for part in route.literals)) for route in routes
        )
        for length, routes in _routes(edition).items()
    }
    return {length: tuple(_grouped(routes)) for length, routes in lowered.items()}


def decoded(piece: bytes, grammar: re.Pattern[bytes]) -> str | None:
    """Return a segment, or a name or value of a query, percent-decoded once.

    The result is None if the piece has a character that `grammar` does not allow, or is not UTF-8.
    """
    if not grammar.fullmatch(piece):
        return None
    try:
        return (unquote_to_bytes(piece) if b"%" in piece else piece).decode()
    except UnicodeDecodeError:
        return None


def pairs(query: bytes) -> Iterator[tuple[str | None, str | None]]:
    """Yield each name and value of a query, decoded; None if it cannot be decoded. A plus sign is not a blank."""
    for piece in filter(None, query.split(b"&")):
        name, _, value = piece.partition(b"=")
        yield decoded(name, QUERY_PIECE), decoded(value, QUERY_PIECE) if value else ""


def chosen(found: list[RouteMatch], method: str, query: bytes) -> RouteMatch | None:
    """Return the route in `found` that has this method, and whose fixed parameters are all in the query; else None.

    If several routes fit, return the one with the most fixed parameters.
    """
    if len(found) == 1 and not found[0].route.operation.query:
        return found[0] if found[0].route.operation.method == method else None
    fit = [match for match in found if match.route.operation.method == method]
    if len(fit) < 2 and not any(match.route.operation.query for match in fit):
        return fit[0] if fit else None
    given = set(pairs(query))
    candidates = [match for match in fit if given.issuperset(match.route.operation.query.items())]
    return max(candidates, key=lambda match: len(match.route.operation.query), default=None)
