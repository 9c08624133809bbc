"""The request target becomes an operation and its path and query members.

The raw path is split at its slashes first; then each segment is decoded exactly once. Nothing is normalised: `..`, an
empty segment and an encoded slash are values of a member like any other, for its pattern to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from .. import catalog
from ..catalog import Catalog, Operation
from .faults import Fault

# absolute-form = absolute-URI ; RFC 9112, 3.2.2: a server must accept it
# scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) ; RFC 3986, 3.1
AUTHORITY = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")

# segment = *pchar ; RFC 3986, 3.3
# pchar = unreserved / pct-encoded / sub-delims / ":" / "@"
# pct-encoded = "%" HEXDIG HEXDIG
PCHARS = rb"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*"
SEGMENT = re.compile(PCHARS)

# query = *( pchar / "/" / "?" ) ; RFC 3986, 3.4, here between two ampersands
QUERY_PIECE = re.compile(rb"(?:[A-Za-z0-9._~!$'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")

# label = "{" member "}" ; as the documents' request syntax writes it
LABEL = re.compile(r"\{(\w+)\}")

SIGNATURE = frozenset(
    ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
     "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders")
)  # fmt: skip
"""Names in the query of a presigned request: they are about the request, and no members of it."""


class Route(NamedTuple):
    """An operation and its path in pieces: a literal, or the name of the member that travels there."""

    operation: Operation
    literals: tuple[str | None, ...]
    labels: tuple[str | None, ...]


class Match(NamedTuple):
    """What the path says: the route, and each segment as it was sent."""

    route: Route
    segments: list[bytes]


def split(target: bytes) -> tuple[bytes, bytes]:
    """Return path and query of a request target, raw."""
    if not target.startswith(b"/"):
        target = AUTHORITY.sub(b"", target, count=1)
    path, _, query = target.partition(b"?")
    return path, query


def matches(path: bytes, edition: Catalog) -> list[Match]:
    """Return the operations whose path this is, with or without a slash at its end."""
    plain = _plain(edition).get(path)
    if plain is not None:
        return plain
    segments = path.split(b"/")
    if segments[-1] == b"" and len(segments) > 2:
        segments.pop()
    return [
        Match(route, segments) for route in _routes(edition).get(len(segments), ()) if _fits(route.literals, segments)
    ]


def _fits(literals: tuple[str | None, ...], segments: list[bytes]) -> bool:
    return all(
        literal is None or literal == segment.decode("latin-1") or literal == decoded(segment, SEGMENT)
        for literal, segment in zip(literals, segments, strict=True)
    )


@cache
def _routes(edition: Catalog) -> Mapping[int, tuple[Route, ...]]:
    """The routes of an edition by their number of segments."""
    made = [_route(catalog.operation(name, edition)) for name in catalog.operations(edition)]
    return {len(each.literals): tuple(r for r in made if len(r.literals) == len(each.literals)) for each in made}


@cache
def _plain(edition: Catalog) -> Mapping[bytes, list[Match]]:
    """By path as it is mostly sent, the matches of the routes where no member travels in the path."""
    found: dict[bytes, list[Match]] = {}
    for route in (each for routes in _routes(edition).values() for each in routes if not any(each.labels)):
        bare = route.operation.path.rstrip("/").encode()
        for path in (bare, bare + b"/"):
            found.setdefault(path, []).append(Match(route, bare.split(b"/")))
    return found


def _route(operation: Operation) -> Route:
    labels = [LABEL.fullmatch(each) for each in operation.path.rstrip("/").split("/")]
    pieces = zip(operation.path.split("/"), labels, strict=False)
    literals = tuple(None if label else piece for piece, label in pieces)
    return Route(operation, literals, tuple(label[1] if label else None for label in labels))


def is_lookalike(path: bytes, edition: Catalog) -> bool:
    """Whether a path that no operation has becomes one once somebody decodes it again or removes dots and slashes."""
    for _ in range(3):
        path = unquote_to_bytes(path)
    kept: list[bytes] = []
    for segment in path.replace(b"\\", b"/").split(b"/"):
        if segment == b"..":
            kept[-1:] = []
        elif segment not in (b"", b"."):
            kept.append(segment.partition(b";")[0])
    return bool(matches(b"/" + b"/".join(kept).lower(), edition))


def decoded(piece: bytes, grammar: re.Pattern[bytes]) -> str | None:
    """Return a piece of a target decoded once, or None where it breaks its grammar or is no UTF-8."""
    if not grammar.fullmatch(piece):
        return None
    try:
        return (unquote_to_bytes(piece) if b"%" in piece else piece).decode()
    except UnicodeDecodeError:
        return None


class Members(NamedTuple):
    """The members in path and query by name, where each one travelled, and what is wrong with the target."""

    values: dict[str, Any]
    places: dict[str, str]
    faults: list[Fault]


def members(match: Match, query: bytes) -> Members:
    """Return what path and query say of the request."""
    found = Members({}, {}, [])
    if not query and not any(match.route.labels):
        return found
    for label, segment in zip(match.route.labels, match.segments, strict=True):
        if label is not None:
            _add(found, match.route.operation, label, decoded(segment, SEGMENT), "path")
    seen: set[str] = set()
    for name, value in _pairs(query):
        if name is None:
            found.faults.append(_undecodable("query", "A name in the query"))
        elif name in seen:
            path = (name,) if name not in SIGNATURE else ()
            found.faults.append(Fault("query.duplicate", "The name must stand once in the query.", "query", path))
        elif name not in SIGNATURE:
            _add(found, match.route.operation, name, value, "query")
        seen.add(name or "")
    return found


def _pairs(query: bytes) -> Iterator[tuple[str | None, str | None]]:
    """Each name and value of a query, None where one cannot be decoded. A plus sign is itself, as in RFC 3986."""
    for piece in filter(None, query.split(b"&")):
        name, _, value = piece.partition(b"=")
        yield decoded(name, QUERY_PIECE), decoded(value, QUERY_PIECE)


def _undecodable(place: str, what: str, *path: str) -> Fault:
    return Fault("target.encoding", f"{what} must be percent-encoded UTF-8.", place, path)


def _add(found: Members, operation: Operation, name: str, text: str | None, place: str) -> None:
    known = operation.members("request").get(name)
    if text is None:
        what = name if known else "A value"
        found.faults.append(_undecodable(place, what, *((name,) if known else ())))
    elif known and known["x-in"] != place:
        found.faults.append(misplaced(operation, name, place))
    else:
        found.values[name] = _typed(operation, known, text)
        found.places[name] = place


def misplaced(operation: Operation, name: str, place: str) -> Fault:
    """Return the fault of a member that travels where it does not belong."""
    return Fault("member.misplaced", f"{name} travels in the {operation.location(name)}.", place, (name,))


def _typed(operation: Operation, schema: Any, text: str) -> Any:
    """A text of the target as its member's type; as it is where it does not spell one."""
    if schema and "$ref" in schema:
        schema = operation.schema("request")["$defs"][schema["$ref"].rpartition("/")[2]]
    return SPELT.get((schema or {}).get("type"), str)(text)


# integer = [ "-" ] 1*18DIGIT ; ASCII digits alone, and nothing that takes long to convert
INTEGER = re.compile(r"-?[0-9]{1,18}")


def _integer(text: str) -> Any:
    return int(text) if INTEGER.fullmatch(text) else text


def _boolean(text: str) -> Any:
    return {"true": True, "false": False}.get(text, text)


SPELT: Mapping[Any, Callable[[str], Any]] = {"integer": _integer, "boolean": _boolean}
"""By JSON type, what reads a member in path or query; any other member is a text."""
