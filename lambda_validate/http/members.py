"""Read the members of a request that are sent outside its body: in the path, the query and the headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from ..catalog import Operation
from ..catalog.bundle import followed
from ..validator.faults import Fault
from .headers import Headers
from .routes import SEGMENT, RouteMatch, decoded, pairs

SIGNATURE = frozenset(
    ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
     "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders")
)  # fmt: skip
"""Names in the query of a presigned request. They sign the request, and are not members."""


class Wire(NamedTuple):
    """Where the members of an operation's request are sent in HTTP.

    `query` and `header` map the names that are sent there to the names of members. `payload` is the member that is the
    whole body, such as `Payload` of Invoke, and `raw` says whether it is bytes rather than JSON. `body` says whether
    requests have a body. `many` are the members in the query that are lists. `elsewhere` are all members outside a JSON
    body. `places` maps each member to its place. `spelt` maps each member that is not a string to the function that
    parses it outside the body.
    """

    query: Mapping[str, str]
    header: Mapping[bytes, str]
    payload: str | None
    raw: bool
    body: bool
    many: frozenset[str]
    elsewhere: frozenset[str]
    places: Mapping[str, str]
    spelt: Mapping[str, Callable[[str], Any]]


@cache
def wire(operation: Operation) -> Wire:
    """Return where the members of an operation's request are sent: in the path, the query, a header or the body."""
    members = operation.members("request")
    named = {place: {schema.get("x-name", name): name for name, schema in members.items() if schema["x-in"] == place}
             for place in ("query", "header", "payload", "body")}  # fmt: skip
    payload = next(iter(named["payload"].values()), None)
    return Wire(
        query=MappingProxyType(named["query"]),
        header=MappingProxyType({name.lower().encode(): member for name, member in named["header"].items()}),
        payload=payload,
        raw=payload is not None and kind(operation, payload) is None,
        body=bool(named["payload"] or named["body"]),
        many=frozenset(name for name in named["query"].values() if kind(operation, name) == "array"),
        elsewhere=frozenset(name for name, schema in members.items() if schema["x-in"] != "body"),
        places=MappingProxyType({name: schema["x-in"] for name, schema in members.items()}),
        spelt=MappingProxyType(
            {name: SPELT[kind(operation, name)] for name in members if kind(operation, name) in SPELT}
        ),
    )


def kind(operation: Operation, member: str) -> str | None:
    """Return the JSON type of a request's member, such as `"integer"`; None if its schema does not state it."""
    return _typed(operation, operation.members("request")[member]).get("type")


def _typed(operation: Operation, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = followed(schema, operation.schema("request").get("$defs", {}))
    return found


class WireMembers(NamedTuple):
    """The members of a request that were sent outside the body: their values, their places, and the faults in them."""

    values: dict[str, Any]
    places: dict[str, str]
    faults: list[Fault]


def members(match: RouteMatch, query: bytes, headers: Headers) -> WireMembers:
    """Return the members in a request's path, query and headers, decoded, with the faults in them."""
    found, operation = WireMembers({}, {}, []), match.route.operation
    known = wire(operation)
    for place, label in match.route.labels:
        _add(found, operation, label, decoded(match.segments[place], SEGMENT), "path")
    if query:
        _query(found, operation, known, query)
    for name, member in known.header.items() if known.header else ():
        values = headers.get(name, ())
        if len(values) > 1:
            found.faults.append(Fault("headers.duplicate", "The header must occur only once.", "header", (member,)))
        elif values:
            _add(found, operation, member, values[0].strip(b" \t").decode("latin-1"), "header")
    return found


def _query(found: WireMembers, operation: Operation, known: Wire, query: bytes) -> None:
    seen: set[str] = set()
    for name, value in pairs(query):
        member = known.query.get(name or "", name)
        if name is None or member is None:
            found.faults.append(_undecodable("query", "A name in the query"))
        elif name in seen and member not in known.many:
            path = (member,) if name not in SIGNATURE else ()
            found.faults.append(Fault("query.duplicate", "The name must occur only once in the query.", "query", path))
        elif name not in SIGNATURE and (name, value) not in operation.query.items():
            _add(found, operation, member, value, "query")
        seen.add(name or "")


def _undecodable(place: str, what: str, *path: str) -> Fault:
    return Fault("target.encoding", f"{what} must be percent-encoded UTF-8.", place, path)


def _add(found: WireMembers, operation: Operation, name: str, text: str | None, place: str) -> None:
    known = wire(operation)
    if text is None:
        what, path = (name, (name,)) if name in known.places else ("A value", ())
        found.faults.append(_undecodable(place, what, *path))
        return
    if known.places.get(name, place) != place:
        found.faults.append(misplaced(operation, name, place))
        return
    value = known.spelt[name](text) if name in known.spelt else text
    if name in known.many:
        found.values.setdefault(name, []).append(value)
    else:
        found.values[name] = value
    found.places[name] = place


def misplaced(operation: Operation, name: str, place: str) -> Fault:
    """Return the fault for a member that was sent in the wrong place, for example in the query instead of the body."""
    where = WHERE.get(operation.location(name), operation.location(name))
    return Fault("member.misplaced", f"{name} must be sent in the {where}.", place, (name,))


WHERE: Mapping[str, str] = {"header": "headers", "payload": "body, alone"}
"""The words for a place in messages, if they differ from its name."""

# How an integer is written in a path, query or header: integer = [ "-" ] 1*18DIGIT. There are only ASCII digits, and at
# most 18, so that it is converted quickly.
INTEGER = re.compile(r"-?[0-9]{1,18}")
# date-time = full-date "T" full-time ; RFC 3339, 5.6. The protocol restJson1 writes a time in a query like this, never
# in Unix seconds as in a body.
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})")


def _time(text: str) -> Any:
    """Return a time such as "2024-01-31T12:00:00Z" as Unix seconds, and any other string unchanged.

    All members of the type `"number"` outside a body are parsed by it, since all of them are times.
    """
    if not TIME.fullmatch(text):
        return text
    whole, _, zone = text.replace("Z", "+00:00").partition(".")
    fraction = re.match(r"[0-9]*", zone)
    from datetime import datetime  # hardly any operation has a time outside its body

    try:
        moment = datetime.fromisoformat(whole + zone[len(fraction[0]) if fraction else 0 :])
        return moment.timestamp() + (float(f"0.{fraction[0]}") if fraction and fraction[0] else 0)
    except (ValueError, OverflowError):  # no day or hour of the calendar
        return text


SPELT: Mapping[Any, Callable[[str], Any]] = {
    "integer": lambda text: int(text) if INTEGER.fullmatch(text) else text,
    "boolean": lambda text: {"true": True, "false": False}.get(text, text),
    "number": _time,
}
"""The function that parses a member outside the body, by JSON type. Any other member is a string."""
