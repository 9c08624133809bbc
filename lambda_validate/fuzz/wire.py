"""A payload becomes an HTTP request, as the SDK makes it, and a curl line that sends the same."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from ..catalog import Operation
from ..values import is_kinds

UNRESERVED = "-._~"
"""What stands for itself in a path label beside letters and digits. Dots do: the SDK sends `..` as it is."""

Headers = tuple[tuple[str, str], ...]

SECRET = re.compile(r"authorization|cookie|token|secret|password|api-?key", re.IGNORECASE)
"""Headers whose values no report may hold; a curl line takes them from the environment."""


class Unsendable(ValueError):
    """A payload that HTTP cannot carry as it is; the text says why, and is the same for every payload of its kind."""


class Request(NamedTuple):
    """A request, ready to be sent: the target is the path and query below the endpoint's URL."""

    method: str
    target: str
    headers: Headers
    body: bytes | None


def request(operation: Operation, payload: Any, headers: Headers = ()) -> Request:
    """Return the request that carries a payload; raise `Unsendable` where none does."""
    if not isinstance(payload, dict):
        return _whole(operation, payload, headers)
    places: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "body": {}}
    for name, value in payload.items():
        places[_place(operation, name)][name] = value
    path = re.sub(r"\{(\w+)\}", lambda label: _label(places["path"].get(label[1])), operation.path)
    query = "&".join(_parameter(operation, *each) for each in places["query"].items())
    return _made(operation, f"{path}?{query}" if query else path, places["body"], headers)


def _whole(operation: Operation, payload: Any, headers: Headers) -> Request:
    """A payload that is no object can only be a whole body."""
    if "{" in operation.path or not has_body(operation):
        raise Unsendable("only a body can be something other than an object")
    return _made(operation, operation.path, payload, headers)


def _made(operation: Operation, target: str, body: Any, headers: Headers) -> Request:
    if not has_body(operation):
        return Request(operation.method, target, headers, None)
    try:
        text = json.dumps(body, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise Unsendable("JSON has no such value") from None
    return Request(operation.method, target, (("Content-Type", operation.content_type), *headers), text.encode())


def has_body(operation: Operation) -> bool:
    """Whether requests of an operation have a body."""
    return "body" in _locations(operation).values()


@cache
def _locations(operation: Operation) -> Mapping[str, str]:
    return {name: operation.location(name) for name in operation.members("request")}


def _place(operation: Operation, name: str) -> str:
    """Where a member travels; one that nobody knows goes where the client is free to add one."""
    return _locations(operation).get(name, "body" if has_body(operation) else "query")


def _label(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise Unsendable("a path takes only text, and not an empty one")
    return encoded(value)


def _parameter(operation: Operation, name: str, value: Any) -> str:
    """Only text travels in a query: `5` is there as good as `"5"`, so a value of a wrong type would be a right one."""
    if not isinstance(value, str | int) or not is_kinds(value, _kinds(operation, name)):
        raise Unsendable("a query takes only text")
    return f"{encoded(name)}={encoded(value if isinstance(value, str) else json.dumps(value))}"


@cache
def _kinds(operation: Operation, name: str) -> tuple[str, ...]:
    schema = operation.schema("request")
    member = schema["properties"].get(name, {"type": "string"})
    while "type" not in member and "$ref" in member:
        member = schema["$defs"][member["$ref"].rpartition("/")[2]]
    kinds = member.get("type", "string")
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def encoded(text: str) -> str:
    """Return a text percent-encoded, as the SDK encodes path labels and query values."""
    try:
        return quote(text, safe=UNRESERVED, errors="strict")
    except UnicodeEncodeError:
        raise Unsendable("UTF-8 has no such character") from None


def curl(url: str, sent: Request) -> str:
    """Return a command that sends a request again, quoted for a POSIX shell; secrets are left to the environment."""
    body = () if sent.body is None else ("--data-binary", shlex.quote(sent.body.decode()))
    options = ("curl", "-sS", "-i", "--path-as-is", "-X", sent.method, *_header_options(sent.headers), *body)
    return " ".join((*options, shlex.quote(f"{url}{sent.target}")))


def _header_options(headers: Headers) -> Iterable[str]:
    for name, value in headers:
        yield "-H"
        variable = re.sub(r"\W", "_", name).upper()
        yield f'"{name}: ${variable}"' if SECRET.search(name) else shlex.quote(f"{name}: {value}")
