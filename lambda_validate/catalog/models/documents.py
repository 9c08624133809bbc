"""Make documents of the operations of a service model, of the same form as those in `schemas/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from ..bundle import Schema, SchemaError, type_name
from .kinds import Manner
from .shapes import RESPONSE, Omission, Shapes
from .titles import sentence, title

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLACES = {"uri": "path", "querystring": "query", "header": "header", "headers": "header", "statusCode": "status"}
"""The location of a member: the word of a model, and the word of our schemas."""
PROTOCOLS = ("json", "rest-json", "rest-xml", "smithy-rpc-v2-cbor", "query", "ec2")
"""The protocols that the SDK supports, in the order of its preference."""
BODIES = {
    "json": "application/x-amz-json-",
    "rest-json": "application/json",
    "rest-xml": "application/xml",
    "smithy-rpc-v2-cbor": "application/cbor",
    "query": "application/x-www-form-urlencoded",
    "ec2": "application/x-www-form-urlencoded",
}
"""The content type of requests in each protocol. For `json`, the version is appended."""
WRITTEN_IN_JSON = frozenset(["json", "rest-json"])
MAX_SHAPE_DEPTH = 60
"""Maximum nesting of shapes. In published models it is at most twenty."""


class Documents:
    """The documents made from a service model, by file name: `Documents(model)("Invoke.json")`. Immutable.

    `model` is the content of a `service-2.json`, or a botocore `ServiceModel`. `name` is the id of the service and the
    version of its API. `operations` are the names of all operations. With `spelt`, values have the form in which the
    SDK takes and returns them; see `Manner`. A model that cannot be read raises `SchemaError`, sometimes only when a
    part is converted.

    The response is the JSON body as HTTP carries it. If the protocol is not JSON, it is the value that the SDK returns.
    """

    def __init__(self, model: Any, *, spelt: bool = False) -> None:
        self.model, self.spelt = _facts(model), spelt
        metadata = self.model["metadata"]
        self.service = str(metadata.get("serviceId", metadata.get("endpointPrefix", "service")))
        self.name = f"{self.service} {metadata.get('apiVersion', '')}".strip()
        self.operations = tuple(self.model["operations"])

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (self.model, self.spelt)

    def __call__(self, file: str) -> Schema:
        """Return the document with this file name.

        It is that of an operation, `operations.json` with all names, or `types.json`, which has no types.
        """
        if file == "operations.json":
            return {"operations": list(self.operations)}
        if file == "types.json":
            return {"$defs": {}}
        return self.document(file.removesuffix(".json"))

    @cached_property
    def protocol(self) -> str:
        """The protocol in which the SDK talks to the service."""
        metadata = self.model["metadata"]
        offered = metadata.get("protocols") or [metadata.get("protocol", "")]
        return next((protocol for protocol in PROTOCOLS if protocol in offered), str(metadata.get("protocol", "")))

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes (types) of the model, with the methods that convert them to JSON Schemas."""
        json = self.protocol in WRITTEN_IN_JSON
        times = "unixTimestamp" if json else "iso8601"
        return Shapes(self.model["shapes"], Manner(self.service, f"{self.name} service model", times, json, self.spelt))

    def document(self, name: str) -> Schema:
        """Return the document of an operation, including every type that it refers to."""
        with _readable(f"operation {name}"):
            return self._document(name)

    def _document(self, name: str) -> Schema:
        operation = self.model["operations"][name]
        source = {"document": f"{self.name} service model", "section": name, "member": "the operation"}
        return {
            "$schema": DIALECT,
            "title": name,
            "description": sentence(name, self.service),
            "x-operation": {**self._wire(operation), "errors": self.errors(name), "x-source": source},
            "$defs": {
                "request": self._request(name, operation),
                "response": self._response(name, operation),
                **self._types(operation),
            },
        }

    def _wire(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        """Return the HTTP interface of an operation: its request line, its success status, its content types."""
        facts = operation.get("http", {})
        path, _, query = facts.get("requestUri", "/").partition("?")
        constant = dict(parameter.partition("=")[::2] for parameter in query.split("&") if parameter)
        raw = self._payload(operation.get("output"), "blob")
        return {
            "method": facts.get("method", "POST"),
            "path": path,
            **({"query": constant} if constant else {}),
            "contentType": "*/*" if raw else self._content_type(),
            "success": int(facts.get("responseCode", 200)),
            **({"varies": True} if "statusCode" in self._locations(operation.get("output")) else {}),
        }

    def _locations(self, holder: Mapping[str, Any] | None) -> set[str]:
        """Return the locations, such as "header", of the members of an input or output that are outside its body."""
        members = self.model["shapes"][holder["shape"]].get("members", {}) if holder else {}
        return {member["location"] for member in members.values() if "location" in member}

    def _content_type(self) -> str:
        version = str(self.model["metadata"].get("jsonVersion", "1.0")) if self.protocol == "json" else ""
        return BODIES.get(self.protocol, "application/octet-stream") + version

    def _payload(self, holder: Mapping[str, Any] | None, *kinds: str) -> str | None:
        """Return the name of the member that is the whole body; None if there is none, or if it is of another kind.

        `holder` is the input or output of an operation. Without `kinds`, a member of any kind is returned.
        """
        shape = self.model["shapes"][holder["shape"]] if holder else {}
        name: str | None = shape.get("payload")
        if name is None:
            return None
        member = self.model["shapes"][shape["members"][name]["shape"]]
        return name if not kinds or member["type"] in kinds or member.get("eventstream") else None

    def errors(self, name: str) -> dict[str, Any]:
        """Return the exceptions of an operation and their HTTP statuses: `{"NotFound": {"status": 404}}`."""
        found = {}
        with _readable(f"operation {name}"):
            for error in self.model["operations"].get(name, {}).get("errors", ()):
                shape = self.model["shapes"][error["shape"]]
                status = shape.get("error", {}).get("httpStatusCode") or (500 if shape.get("fault") else 400)
                found[str(shape.get("error", {}).get("code", error["shape"]))] = {"status": int(status)}
        return dict(sorted(found.items()))

    def _request(self, name: str, operation: Mapping[str, Any]) -> Schema:
        holder = operation.get("input")
        if holder is None:
            source = {"document": self.shapes.source, "section": name}
            nothing = {"type": "object", "properties": {}, "additionalProperties": False, "x-source": source}
            return {"title": f"{name} request", **nothing}
        shape = self.model["shapes"][holder["shape"]]
        made = self.shapes.schema(holder["shape"], "request")
        alone = self._payload(holder)
        for member, schema in made.get("properties", {}).items():
            facts = shape["members"][member]
            schema["x-in"] = "payload" if member == alone else PLACES.get(facts.get("location", ""), "body")
            if facts.get("locationName", member) != member:
                schema["x-name"] = facts["locationName"]
            if member == alone and self._payload(holder, "blob"):
                for keyword in schema.keys() - {"x-in", "x-name"}:
                    del schema[keyword]  # bytes as they are, and not as Base64
        return {**made, "title": f"{name} request"}

    def _response(self, name: str, operation: Mapping[str, Any]) -> Schema:
        """Return the schema of a response's JSON body.

        It has no members that are sent in headers. If one member is the whole body, it is the schema of that member.
        """
        holder = operation.get("output")
        if holder is None or (self.shapes.manner.json and self._payload(holder, "blob")):
            return {"title": f"{name} response"}
        made = self.shapes.schema(holder["shape"], "response")
        members = self.model["shapes"][holder["shape"]].get("members", {})
        alone = self._payload(holder)
        if not self.shapes.manner.json:
            made["properties"].update({alone: {}} if alone and self._payload(holder, "blob") else {})
            return {**made, "title": f"{name} response"}
        if alone is not None:
            return {"title": f"{name} response", **self.shapes.member(members[alone], "response")}
        for member, facts in members.items():
            if facts.get("location"):
                made["properties"].pop(facts.get("locationName", member), None)
        if members and not made.get("properties", True):
            return {"title": f"{name} response"}
        return {**made, "title": f"{name} response"}

    def _types(self, operation: Mapping[str, Any]) -> dict[str, Schema]:
        """Return every type that the request and the response refer to, by name."""
        found: dict[str, Schema] = {}
        for part, direction in (("input", "request"), ("output", "response")):
            types_of_part: dict[str, Schema] = {}
            if part in operation:
                for name in self.shapes.below(operation[part]["shape"]):
                    self._collect(name, direction, types_of_part, 0)
            found |= types_of_part
        return dict(sorted(found.items()))

    def _collect(self, name: str, direction: str, found: dict[str, Schema], depth: int) -> None:
        own = type_name(self.shapes.reference(name, direction)["$ref"])
        if own not in found:
            if depth > MAX_SHAPE_DEPTH:
                raise SchemaError(f"the shapes above {name} are nested too deeply")
            found[own] = self.shapes.schema(name, direction)
            for inner in self.shapes.below(name):
                self._collect(inner, direction, found, depth + 1)

    def omissions(self, name: str) -> tuple[Omission, ...]:
        """Return what the model states about an operation but its document does not.

        For every model, a response requires no member, and a new choice in it is only a warning. For other services,
        the bounds and patterns of a response are also only warnings.
        """
        with _readable(f"operation {name}"):
            return tuple(dict.fromkeys(self._omitted(name, self.model["operations"][name])))

    def _omitted(self, name: str, operation: Mapping[str, Any]) -> Iterator[Omission]:
        for part, direction in (("input", "request"), ("output", "response")):
            if part in operation:
                yield from self.shapes.omissions(operation[part]["shape"], direction, set())
                yield from self._bytes(operation[part]["shape"])
        if "output" in operation and self.shapes.manner.json:
            yield from self._outside(operation["output"]["shape"])
        if operation.get("errors"):
            yield Omission(name, "the bodies of its exceptions are not validated")

    def _bytes(self, shape: str) -> Iterator[Omission]:
        """Yield an omission for a member that is the whole body, if it is bytes of any kind instead of JSON."""
        if alone := self._payload({"shape": shape}, "blob"):
            yield Omission(f"{shape}.{alone}", "the body is any bytes, which are not validated")

    def _outside(self, shape: str) -> Iterator[Omission]:
        """Yield an omission for each member of a response that is not in its body, such as one in a header."""
        for member, facts in self.model["shapes"][shape].get("members", {}).items():
            if facts.get("location"):
                place = PLACES.get(facts["location"], facts["location"])
                yield Omission(f"{shape}.{member}", f"it is sent in the {place}, not in the body")


@contextmanager
def _readable(what: str) -> Iterator[None]:
    """Turn any exception about a broken model into a `SchemaError`."""
    try:
        yield
    except SchemaError:
        raise
    except Exception as error:
        raise SchemaError(f"the service model's {what} cannot be read: {type(error).__name__}: {error}") from None


def _made(model: Any, spelt: bool) -> Documents:
    return Documents(model, spelt=spelt)


def _facts(model: Any) -> Mapping[str, Any]:
    """Return a model as a mapping. A botocore `ServiceModel` stores it in a private attribute."""
    found = getattr(model, "_service_description", model)
    parts = ("metadata", "operations", "shapes")
    if not isinstance(found, Mapping) or not all(isinstance(found.get(part), Mapping) for part in parts):
        raise SchemaError("a service model must be a mapping with metadata, operations and shapes")
    if not all(isinstance(name, str) for part in parts[1:] for name in found[part]):
        raise SchemaError("the names of operations and shapes in a service model must be strings")
    return found


__all__ = ["RESPONSE", "Documents", "title"]
