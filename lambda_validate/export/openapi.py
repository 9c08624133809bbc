"""Export OpenAPI 3.1: parameters, bodies, responses, errors, the signature and examples.

Conditional rules become a choice of schemas, one for each event source, for example.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from ..base.grouping import grouped
from ..catalog import Catalog, Operation, find
from ..http import LIMITS
from ..http.answers import message_of
from ..patterns.matching import has_properties
from ..patterns.properties import spelt
from . import examples, losses
from .ascii import all_in_ascii, widens
from .components import Components
from .forms import ExpandedDirection, Export, Parameter, by_route, labels
from .losses import Loss
from .merging import merged

Schema = Any

TIME = {"type": "string", "format": "date-time"}
SHOWN_TIME = {examples.FULL: {"value": "2026-01-02T03:04:05Z"}}
"""The example of a time in a query or header. In bodies and in this library's payloads, times are Unix seconds."""
SIGNATURE = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "description": "AWS Signature Version 4. OpenAPI has no type for it; AWS tools recognise it by the extension.",
    "x-amazon-apigateway-authtype": "awsSigv4",
}
SERVER = {
    "url": "https://lambda.{region}.amazonaws.com",
    "variables": {"region": {"default": "us-east-1", "description": "The region, as us-east-1."}},
}
STATED_RULES = (
    "status.unexpected", "error.unknown", "error.status", "error.body", "content-type.unexpected", "route.unknown",
    "route.method",
)  # fmt: skip
"""Rules about messages as a whole, such as the status, that the OpenAPI document states."""
MAX_PARAMETER_CHARACTERS = (LIMITS.target - 512) // 3
"""Maximum length of a string in the path or query. Even if each character is percent-encoded as three bytes, the target
is within its limit, with 512 bytes for everything else."""
BODILESS = (204, 205, 304)
FAILURE: Schema = {
    "title": "an exception",
    "type": "object",
    "properties": {
        "Type": {"type": "string", "description": "Whose fault it is.", "examples": ["User", "Service"]},
        "message": {"type": "string"},
        "Message": {"type": "string"},
    },
    "anyOf": [{"required": ["message"]}, {"required": ["Message"]}],
}
"""The schema of the body of an error. Some exceptions have a member `Message` instead of `message`."""


def openapi(edition: str | Catalog = "documents", operations: Iterable[str] | None = None) -> Export:
    """Return the OpenAPI 3.1 document of an edition, or of some operations, and the rules that it cannot express.

    `edition` is `"documents"` by default. An unknown edition or operation raises `UnknownNameError`.
    """
    catalog = find(edition)
    chosen = [catalog.operation(name) for name in (operations or catalog.operations)]
    components = Components("#/components/schemas/", change=all_in_ascii)
    components.place("Exception", FAILURE)
    paths: dict[str, dict[str, Any]] = {}
    lost: list[Loss] = []
    for (path, method), sharing in by_route(chosen).items():
        items = [_item(operation, path, components) for operation in sharing]
        paths.setdefault(path, {})[method.lower()] = merged(items)
        lost += (loss for operation in sharing for loss in _lost(operation))
        lost += (Loss("merged", operation.name, "request", "", None) for operation in sharing if len(sharing) > 1)
    document = {
        "openapi": "3.1.0",
        "info": described(catalog.name),
        "servers": [SERVER],
        "security": [{"signature": []}],
        "paths": paths,
        "components": {"schemas": components.schemas, "securitySchemes": {"signature": SIGNATURE}},
    }
    return Export(document, (*lost, *losses.of_messages(STATED_RULES)))


def described(edition: str) -> dict[str, str]:
    """Return the `info` object of the document: title, version and description."""
    return {
        "title": "AWS Lambda",
        "version": edition,
        "description": f"Made by lambda-validate from the edition {edition}. Rules that only warn are left out.",
    }


def _item(operation: Operation, path: str, components: Components) -> dict[str, Any]:
    side = ExpandedDirection(operation, "request", "anyOf")
    found: dict[str, Any] = {
        "operationId": operation.name,
        "description": operation.description,
        "parameters": [*_constants(operation), *_parameters(side, path, components)],
    }
    if side.has_body():
        found["requestBody"] = _body(side, components)
    found["responses"] = {_status(operation): _success(operation, components), **_failures(operation)}
    return {name: value for name, value in found.items() if value not in ([], "")}


def _constants(operation: Operation) -> Iterator[dict[str, Any]]:
    """Yield the query parameters with a fixed value in an operation's address, such as `?find=LayerVersion`."""
    for name, value in operation.query.items():
        yield {"name": name, "in": "query", "required": True, "schema": {"type": "string", "enum": [value]}}


def _parameters(side: ExpandedDirection, path: str, components: Components) -> Iterator[dict[str, Any]]:
    shared = labels(side.operation.path, path)
    for parameter in side.parameters():
        name = shared[parameter.name] if parameter.place == "path" else parameter.name
        schema = components.adopt(_outside(side, parameter), side.types, side.operation.name)
        found = {"name": name, "in": parameter.place, "required": parameter.required, "schema": schema}
        if isinstance(parameter.schema, dict) and "description" in parameter.schema:
            found["description"] = parameter.schema["description"]
        if parameter.place == "query" and side.admits(parameter.schema, ""):
            found["allowEmptyValue"] = True  # without it, tools take a name without a value for no parameter
        shown = SHOWN_TIME if found["schema"] == TIME else _shown(side.operation, parameter.member)
        yield {**found, "examples": shown} if shown else found


def _outside(side: ExpandedDirection, parameter: Parameter) -> Schema:
    """Return the schema of a parameter.

    A time is a string here, and not a number as in a body. A required list must not be empty, since HTTP cannot send an
    empty list.
    """
    kind = side.resolved(parameter.schema).get("type")
    if kind == "array" and parameter.required:
        return side.branches.expanded({"allOf": [parameter.schema, {"minItems": 1}]})
    if _is_too_long(side, parameter):
        return side.branches.expanded({"allOf": [parameter.schema, {"maxLength": MAX_PARAMETER_CHARACTERS}]})
    return TIME if kind == "number" else parameter.schema


def _is_too_long(side: ExpandedDirection, parameter: Parameter) -> bool:
    """Return whether the schema of a parameter allows more than `LONGEST` characters in the path or the query."""
    most = side.resolved(parameter.schema).get("maxLength", 0)
    return bool(parameter.place in ("path", "query") and most > MAX_PARAMETER_CHARACTERS)


def _shown(operation: Operation, member: str) -> dict[str, Any]:
    """Return the distinct examples of a parameter, by name."""
    found = {name: payload[member] for name, payload in examples.requests(operation).items() if member in payload}
    found = {name: value for name, value in found.items() if value not in ([], "")}  # neither can be sent
    first = {repr(value): name for name, value in reversed(found.items())}
    return {name: {"value": value} for name, value in found.items() if first[repr(value)] == name}


def _body(side: ExpandedDirection, components: Components) -> dict[str, Any]:
    operation, name = side.operation, side.payload()
    if name is None:
        inside = {member for member, place in side.places.items() if place == "body"}
        shown = {
            title: {"value": {member: value for member, value in payload.items() if member in inside}}
            for title, payload in examples.requests(operation).items()
        }
        content: dict[str, Any] = {"schema": side.body(components)}
        if shown:
            content["examples"] = shown
        return {"required": side.needs_body(), "content": {operation.content_type: content}}
    schema = components.adopt(side.member(name), side.types, operation.name)
    kind = operation.content_type if "type" in side.resolved(side.member(name)) else "*/*"  # bytes have no type
    shown = _shown(operation, name)
    alone = {"schema": schema, "examples": shown} if shown else {"schema": schema}
    return {"required": side.needs_body(), "content": {kind: alone}}


def _status(operation: Operation) -> str:
    return "2XX" if operation.varies else str(operation.status)


def _success(operation: Operation, components: Components) -> dict[str, Any]:
    side = ExpandedDirection(operation, "response", "anyOf")
    schema = side.whole()
    found: dict[str, Any] = {"description": f"{operation.name} succeeded."}
    if operation.content_type == "*/*":
        found["content"] = {"*/*": {"schema": {}}}
    elif "type" in operation.schema("response") and operation.status not in BODILESS:
        reference = components.add(f"{operation.name}Response", schema, side.types)
        shown = {name: {"value": value} for name, value in examples.responses(operation).items()}
        found["content"] = {"application/json": {"schema": reference, **({"examples": shown} if shown else {})}}
    return found


def _failures(operation: Operation) -> dict[str, Any]:
    """Return the responses for the documented exceptions of an operation, by status."""
    by_status = grouped((fact.status, name) for name, fact in operation.errors.items())
    return {str(status): _failure(operation, status, names) for status, names in sorted(by_status.items())}


def _failure(operation: Operation, status: int, names: list[str]) -> dict[str, Any]:
    """Return the response for the exceptions with a status.

    The header `x-amzn-errortype` contains the exception's name, which may be part of a longer string.
    """
    description = "; ".join(f"{name}: {operation.errors[name].description}".rstrip(": ") for name in names)
    headers: dict[str, Any] = {
        "x-amzn-errortype": {
            "description": "The exception.",
            "schema": {"type": "string", "pattern": f"^(?:[^\\n]*#)?(?:{'|'.join(names)})(?::[^\\n]*)?$(?!\\n)"},
        }
    }
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = {"description": "Seconds to wait.", "schema": {"type": "string"}}
    who = "User" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "Service"
    shown = {
        name: {"value": {"Type": who, message_of(name): operation.errors[name].description or name}} for name in names
    }
    content = {"schema": {"$ref": "#/components/schemas/Exception"}, "examples": shown}
    return {"description": description, "headers": headers, "content": {"application/json": content}}


def _lost(operation: Operation) -> Iterator[Loss]:
    """Yield the rules of an operation that OpenAPI cannot express."""
    yield from losses.unsaid(operation)
    side = ExpandedDirection(operation, "request", "anyOf")
    if side.is_bound:
        yield Loss("between-places", operation.name, "request", "", None)
    for parameter in side.parameters():
        if _is_too_long(side, parameter):
            yield Loss(
                "target",
                operation.name,
                "request",
                f"/{parameter.member}",
                "target.size",
                f"at most {MAX_PARAMETER_CHARACTERS:,}",
            )
    if not operation.path.endswith("}"):
        yield Loss("last-slash", operation.name, "request", "", None)
    if all(fact.status != HTTPStatus.BAD_REQUEST for fact in operation.errors.values()):
        yield Loss("own-error", operation.name, "response", "", None)
    for direction in ("request", "response"):
        for leaf in losses.stated(operation, direction):
            if leaf.keyword == "pattern" and has_properties(leaf.schema["pattern"]):
                yield losses.at("unicode", operation, direction, leaf)
            if leaf.keyword == "pattern" and widens(spelt(leaf.schema["pattern"])):
                yield losses.at("astral", operation, direction, leaf)
