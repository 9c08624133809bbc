"""Turn a payload into an HTTP request, as the SDK does, and a request into a curl command that sends the same."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from ..base.values import is_kinds
from ..catalog import Operation
from ..catalog.bundle import type_name

UNRESERVED = "-._~"
"""Characters of a path that are not percent-encoded, besides letters and digits. The SDK does not encode even `..`."""

SentHeaders = tuple[tuple[str, str], ...]

SECRET = re.compile(r"authorization|cookie|token|secret|password|api-?key", re.IGNORECASE)
"""Matches names of headers whose values no report may show. A curl command takes their values from the environment."""


class Unsendable(ValueError):
    """Raised for a payload that an HTTP request cannot express, such as an empty string in a path.

    The message says why, without the value, so that payloads can be counted by reason.
    """


class Request(NamedTuple):
    """An HTTP request. `target` is the path and the query, to append to the endpoint's URL."""

    method: str
    target: str
    headers: SentHeaders
    body: bytes | None


def request(operation: Operation, payload: Any, headers: SentHeaders = (), body: bytes | None = None) -> Request:
    """Return the HTTP request for a payload. Raise `Unsendable` if HTTP cannot express the payload.

    `body` is an unexpected body, for an operation whose requests have none. It is not made from the payload.
    """
    if not isinstance(payload, dict):
        return _whole(operation, payload, headers)
    places: dict[str, dict[str, Any]] = {place: {} for place in ("path", "query", "header", "payload", "body")}
    for name, value in payload.items():
        places[_place(operation, name)][name] = value
    path = re.sub(r"\{(\w+)\+?\}", lambda label: _label(operation, label[1], places["path"]), operation.path)
    fixed = [f"{encoded(name)}={encoded(value)}" for name, value in operation.query.items()]
    query = "&".join((*fixed, *(pair for item in places["query"].items() for pair in _parameters(operation, *item))))
    sent = tuple(_header(operation, *header) for header in places["header"].items())
    target = f"{path}?{query}" if query else path
    if places["payload"]:
        return _alone(operation, target, next(iter(places["payload"].values())), (*sent, *headers))
    if _has(operation, "payload") or not has_body(operation):
        return Request(operation.method, target, (*sent, *headers), body)
    return _made(operation, target, places["body"], (*sent, *headers))


def _whole(operation: Operation, payload: Any, headers: SentHeaders) -> Request:
    """Return the request for a payload that is not an object, such as a list. Only a JSON body can express it."""
    if "{" in operation.path or not has_body(operation) or _has(operation, "payload"):
        raise Unsendable("only a request body can be something other than an object")
    return _made(operation, operation.path, payload, headers)


def _alone(operation: Operation, target: str, value: Any, headers: SentHeaders) -> Request:
    """Return the request for a member that is the whole body, such as `Payload` of Invoke.

    A string is sent unchanged if the body may have any bytes. Other values are sent as JSON.
    """
    member = next(name for name, place in _locations(operation).items() if place == "payload")
    if value == "":
        raise Unsendable("an empty body is the same as no body")
    if isinstance(value, str) and not _kinds(operation, member):
        return Request(operation.method, target, headers, _utf_8(value))
    return _made(operation, target, value, headers)


def _made(operation: Operation, target: str, body: Any, headers: SentHeaders) -> Request:
    try:
        text = json.dumps(body, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise Unsendable("JSON cannot express such a value") from None
    return Request(operation.method, target, (("Content-Type", operation.content_type), *headers), text.encode())


def has_body(operation: Operation) -> bool:
    """Return whether requests of an operation have a body."""
    return _has(operation, "body") or _has(operation, "payload")


def _has(operation: Operation, place: str) -> bool:
    return place in _locations(operation).values()


@cache
def _locations(operation: Operation) -> Mapping[str, str]:
    return {name: operation.location(name) for name in operation.members("request")}


@cache
def _names(operation: Operation) -> Mapping[str, str]:
    """Return for each member of a request its name in HTTP: of the query parameter, the header or the body's member."""
    return {name: member.get("x-name", name) for name, member in operation.members("request").items()}


def _place(operation: Operation, name: str) -> str:
    """Return where a member is sent, such as `"query"`. An unknown member is sent in the body, if there is one."""
    return _locations(operation).get(name, "body" if _has(operation, "body") else "query")


def _label(operation: Operation, name: str, values: Mapping[str, Any]) -> str:
    text = _spelt(operation, name, values[name]) if name in values else None
    if not text:
        raise Unsendable("a path can only contain non-empty strings")
    return encoded(text)


def _parameters(operation: Operation, name: str, value: Any) -> Iterator[str]:
    """Return the query parameters for a member, such as `Name=value`: one for each item if it is a list."""
    several = "array" in _kinds(operation, name)
    if several and not (isinstance(value, list) and value):
        raise Unsendable("a query can only contain lists that are not empty")
    for item in value if several else [value]:
        text = _spelt(operation, name, item)
        if text is None:
            raise Unsendable("a query can only contain strings")
        yield f"{encoded(_names(operation).get(name, name))}={encoded(text)}"


def _header(operation: Operation, name: str, value: Any) -> tuple[str, str]:
    text = _spelt(operation, name, value)
    if text is None or not HEADER.fullmatch(text):
        raise Unsendable("a header can only contain printable strings")
    return _names(operation)[name], text


HEADER = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?")
"""Matches header values that a server receives exactly as they are sent: printable ASCII without spaces at the ends."""


def _spelt(operation: Operation, name: str, value: Any) -> str | None:
    """Return the string for a value in a path, a query or a header; None if a server would read it as another value.

    For example, the number `5` and the string `"5"` are sent alike. So `"5"` cannot be sent as an invalid value of a
    member that is a number: the server would accept it.
    """
    single = [kind for kind in _kinds(operation, name) if kind != "array"] or ["string"]
    if isinstance(value, str):
        return value if "string" in single or not any(READS[kind].fullmatch(value) for kind in single) else None
    if not is_kinds(value, tuple(single)) or not isinstance(value, int | float):
        return None
    return _time(value) if single == ["number"] else json.dumps(value)


READS: Mapping[str, re.Pattern[str]] = {
    "integer": re.compile(r"-?[0-9]+"),
    "number": re.compile(r"[0-9]{4}-.*", re.DOTALL),
    "boolean": re.compile("true|false"),
}
"""For each JSON type, the strings in a path, a query or a header that a server reads as a value of this type."""


def _time(seconds: float) -> str | None:
    """Return a Unix time in the form of RFC 3339.

    Members of the JSON type `number` in a path, a query or a header are all times. Counts have the type `integer`.
    """
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.isoformat().replace("+00:00", "Z")


@cache
def _kinds(operation: Operation, name: str) -> tuple[str, ...]:
    """Return the JSON types of a member, and of its items if it may be a list; empty if its schema states none."""
    return _types(operation.schema("request"), operation.members("request").get(name, {"type": "string"}))


def _types(root: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[str, ...]:
    while "type" not in schema and "$ref" in schema:
        schema = root["$defs"][type_name(schema["$ref"])]
    kinds = schema.get("type", ())
    found = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    return (*found, *_types(root, schema.get("items", {}))) if "array" in found else found


def encoded(text: str) -> str:
    """Return a string percent-encoded, as the SDK encodes path labels and query values."""
    return quote(_utf_8(text), safe=UNRESERVED)


def _utf_8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Unsendable("UTF-8 cannot encode such a character") from None


def curl(url: str, sent: Request) -> str:
    """Return a curl command that sends a request, quoted for a POSIX shell.

    Headers that may contain secrets get their values from environment variables: `Authorization` from `$AUTHORIZATION`.
    """
    body = () if sent.body is None else ("--data-binary", shlex.quote(sent.body.decode()))
    options = ("curl", "-sS", "-i", "--path-as-is", "-X", sent.method, *_header_options(sent.headers), *body)
    return " ".join((*options, shlex.quote(f"{url}{sent.target}")))


def _header_options(headers: SentHeaders) -> Iterable[str]:
    for name, value in headers:
        yield "-H"
        variable = re.sub(r"\W", "_", name).upper()
        yield f'"{name}: ${variable}"' if SECRET.search(name) else shlex.quote(f"{name}: {value}")
