"""Export for `aws apigateway import-rest-api`: OpenAPI 3.0.1 with draft-04 schemas and request validators.

It is OpenAPI 3.0.1 and not Swagger 2.0, because API Gateway supports `oneOf` only in OpenAPI 3.0. The models are also
exported separately, for `aws apigateway create-model`. This command keeps keywords such as `minItems`, which the import
drops: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..catalog import DIRECTIONS, Catalog, Operation, find
from ..catalog.bounds import OF_KEYWORD
from ..strategies.cases.leaves import Leaf
from . import losses
from .components import Components, alphanumeric, reached, renamed
from .dialects import Draft04, allowed_names, is_recent
from .forms import ExpandedDirection, Export, by_route, labels
from .losses import Loss
from .merging import merged
from .openapi import SIGNATURE, described

Schema = Any

METASCHEMA = "http://json-schema.org/draft-04/schema#"
PREFIX = "#/components/schemas/"
VALIDATOR = "all"
DROPPED = ("array", "object")
"""JSON types whose bounds, such as `minItems`, API Gateway drops when it imports a document."""
ENFORCED_RULES = ("route.unknown", "route.method", "content-type.unexpected")
"""Rules about a request as a whole that API Gateway enforces by itself."""


def api_gateway(edition: str | Catalog = "documents", operations: Iterable[str] | None = None) -> Export:
    """Return the document for API Gateway, and the rules that it cannot express. `files` has each model as draft-04.

    `edition` is `"documents"` by default. An unknown edition or operation raises `UnknownNameError`.
    """
    catalog = find(edition)
    chosen = [catalog.operation(name) for name in (operations or catalog.operations)]
    components = Components(PREFIX, alphanumeric)
    paths: dict[str, dict[str, Any]] = {}
    lost: list[Loss] = []
    for (path, method), sharing in by_route(chosen).items():
        item = merged([_item(operation, path, components) for operation in sharing])
        integration = _integration(sharing[0].status)
        paths.setdefault(_bare(path), {})[method.lower()] = {**item, "x-amazon-apigateway-integration": integration}
        lost += (loss for operation in sharing for loss in _lost(operation))
        lost += (Loss("merged", operation.name, "request", "", None) for operation in sharing if len(sharing) > 1)
    document = {
        "openapi": "3.0.1",
        "info": described(catalog.name),
        "paths": paths,
        "components": {"schemas": components.schemas, "securitySchemes": {"signature": SIGNATURE}},
        "x-amazon-apigateway-request-validators": {
            VALIDATOR: {"validateRequestBody": True, "validateRequestParameters": True}
        },
    }
    return Export(document, (*lost, *losses.of_messages(ENFORCED_RULES)), _models(components.schemas))


def _integration(status: int) -> dict[str, Any]:
    """Return a mock integration, which the user replaces. It answers with a status that the document declares."""
    return {
        "type": "mock",
        "requestTemplates": {"application/json": f'{{"statusCode": {status}}}'},
        "passthroughBehavior": "never",  # refuses bodies of another content type
        "responses": {"default": {"statusCode": str(status)}},
    }


def _bare(path: str) -> str:
    return path.rstrip("/") or "/"


def _item(operation: Operation, path: str, components: Components) -> dict[str, Any]:
    side = ExpandedDirection(operation, "request", "oneOf")
    found: dict[str, Any] = {
        "operationId": operation.name,
        "description": operation.description,
        "parameters": list(_parameters(side, path)),
        "security": [{"signature": []}],
        "x-amazon-apigateway-request-validator": VALIDATOR,
        "responses": {str(operation.status): {"description": f"{operation.name} succeeded."}},
    }
    if side.has_body():
        found["requestBody"] = _body(side, components)
    return {name: value for name, value in found.items() if value not in ([], "")}


def _parameters(side: ExpandedDirection, path: str) -> Iterator[dict[str, Any]]:
    """Return the parameters of an operation. API Gateway checks only that the required ones are present."""
    shared = labels(side.operation.path, path)
    for name in side.operation.query:
        yield {"name": name, "in": "query", "required": True, "schema": {"type": "string"}}
    for parameter in side.parameters():
        name = shared[parameter.name] if parameter.place == "path" else parameter.name
        yield {"name": name, "in": parameter.place, "required": parameter.required, "schema": {"type": "string"}}


def _body(side: ExpandedDirection, components: Components) -> dict[str, Any]:
    operation, name, convert = side.operation, side.payload(), Draft04(side.types)
    if name is None:
        schema = side.body(components, convert)
        return {"required": side.needs_body(), "content": {operation.content_type: {"schema": schema}}}
    if "type" not in side.resolved(side.member(name)):
        return {"required": side.needs_body(), "content": {"application/octet-stream": {}}}
    types = {type_name: convert(schema) for type_name, schema in side.types.items()}
    model = components.add(f"{operation.name}Request", convert(side.resolved(side.member(name))), types)
    return {"required": side.needs_body(), "content": {operation.content_type: {"schema": model}}}


def _models(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return the model of each request body as a separate schema, with the types that it refers to in `definitions`."""
    local = {name: f"#/definitions/{name}" for name in schemas}
    found = {}
    for name in (name for name in schemas if name.endswith("Request")):
        needed = reached(schemas[name], schemas)
        definitions = {type_name: renamed(schemas[type_name], local) for type_name in needed}
        inside = {"definitions": definitions} if definitions else {}
        found[name] = {"$schema": METASCHEMA, **renamed(schemas[name], local), **inside}
    return found


def _lost(operation: Operation) -> Iterator[Loss]:
    """Yield the rules of an operation that API Gateway does not enforce with the exported document."""
    side = ExpandedDirection(operation, "request", "oneOf")
    yield from (loss for loss in losses.unsaid(operation) if loss.direction == "request")
    yield Loss("response", operation.name, "response", "", None)
    if side.is_bound:
        yield Loss("between-places", operation.name, "request", "", None)
    if not operation.path.endswith("}"):
        yield Loss("last-slash", operation.name, "request", "", None)
    if side.has_body():
        yield Loss("content-type", operation.name, "request", "", "content-type.unexpected")
    for leaf in losses.stated(operation, DIRECTIONS[0]):
        place = side.places.get(str(leaf.steps[0]), "body") if leaf.steps else "body"
        for kind in _kinds(leaf, side) if place in ("body", "payload") else ["parameter"]:
            if leaf.keyword != "required" or kind != "parameter":
                yield losses.at(kind, operation, DIRECTIONS[0], leaf)


def _kinds(leaf: Leaf, side: ExpandedDirection) -> Iterator[str]:
    """Yield the kinds of losses for a keyword of a body, such as `"pattern"`; nothing if API Gateway enforces it."""
    if "propertyNames" in leaf.path and allowed_names(leaf.schema, side.types) is None:
        yield "property-names"
    if leaf.keyword in OF_KEYWORD and OF_KEYWORD[leaf.keyword].kind in DROPPED:
        yield "dropped-on-import"
    if leaf.keyword == "pattern" and is_recent(leaf.schema["pattern"]):
        yield "pattern"
    if leaf.keyword == "type" and "integer" in str(leaf.schema["type"]):
        yield "integer"
