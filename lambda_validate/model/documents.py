"""The operations of a service model as documents: what `schemas/` holds for an edition, made from the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from ..bundle import Schema, SchemaError
from .shapes import RESPONSE, Omission, Shapes
from .titles import title

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLACES = {"uri": "path", "querystring": "query", "header": "header", "headers": "header", "statusCode": "status"}
"""Where a member travels, as a model says it and as a schema does."""
TIMES = {"json": "unixTimestamp", "rest-json": "unixTimestamp"}
"""How each protocol writes a time in a body, if not as a text."""


class Documents:
    """The documents of a model, by the names of the files that they would be in. Immutable.

    `model` is the content of a `service-2.json`, or a botocore `ServiceModel`. `name` is the service's id and the
    version of its API; `operations` are the names of all operations. A model without operations and shapes raises
    `SchemaError`.
    """

    def __init__(self, model: Any) -> None:
        self.model = _facts(model)
        metadata = self.model["metadata"]
        self.service = str(metadata.get("serviceId", metadata.get("endpointPrefix", "service")))
        self.name = f"{self.service} {metadata.get('apiVersion', '')}".strip()
        self.operations = tuple(self.model["operations"])

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.model,)

    def __call__(self, file: str) -> Schema:
        """Return the document of an operation, `types.json` (which is empty) or `operations.json`."""
        if file == "operations.json":
            return {"operations": list(self.operations)}
        if file == "types.json":
            return {"$defs": {}}
        return self.document(file.removesuffix(".json"))

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes of the model."""
        times = TIMES.get(self.model["metadata"].get("protocol", ""), "iso8601")
        return Shapes(self.model["shapes"], f"{self.name} service model", times)

    def document(self, name: str) -> Schema:
        """Return the document of an operation, with every type that it refers to."""
        operation = self.model["operations"][name]
        source = {"document": f"{self.name} service model", "section": name, "member": "the operation"}
        return {
            "$schema": DIALECT,
            "title": name,
            "description": f"The operation {name} of {self.service}.",
            "x-operation": {**self._wire(operation), "errors": self._errors(operation), "x-source": source},
            "$defs": {
                "request": self._request(name, operation),
                "response": self._response(name, operation),
                **self._types(operation),
            },
        }

    def _wire(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        """What an operation is on the wire: its request line, its status of success, what its bodies are."""
        facts = operation.get("http", {})
        path, _, query = facts.get("requestUri", "/").partition("?")
        constant = dict(each.partition("=")[::2] for each in query.split("&") if each)
        raw = self._payload(operation.get("output"), "blob")
        return {
            "method": facts.get("method", "POST"),
            "path": path,
            **({"query": constant} if constant else {}),
            "contentType": "*/*" if raw else "application/json",
            "success": facts.get("responseCode", 200),
            **({"varies": True} if "statusCode" in self._locations(operation.get("output")) else {}),
        }

    def _locations(self, holder: Mapping[str, Any] | None) -> set[str]:
        """Where the members of a shape travel, but for the body."""
        members = self.model["shapes"][holder["shape"]].get("members", {}) if holder else {}
        return {each["location"] for each in members.values() if "location" in each}

    def _payload(self, holder: Mapping[str, Any] | None, *kinds: str) -> str | None:
        """The member that a body holds alone, where its shape is of one of some kinds."""
        shape = self.model["shapes"][holder["shape"]] if holder else {}
        name: str | None = shape.get("payload")
        if name is None:
            return None
        member = self.model["shapes"][shape["members"][name]["shape"]]
        return name if not kinds or member["type"] in kinds or member.get("eventstream") else None

    def _errors(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for each in operation.get("errors", ()):
            shape = self.model["shapes"][each["shape"]]
            status = shape.get("error", {}).get("httpStatusCode") or (500 if shape.get("fault") else 400)
            found[shape.get("error", {}).get("code", each["shape"])] = {"status": status}
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
                schema.pop("$ref")  # bytes as they are, and not as Base64
        return {**made, "title": f"{name} request"}

    def _response(self, name: str, operation: Mapping[str, Any]) -> Schema:
        """The body of an answer: without what travels in headers, or the one member that it holds alone."""
        holder = operation.get("output")
        if holder is None or self._payload(holder, "blob"):
            return {"title": f"{name} response"}
        alone = self._payload(holder)
        members = self.model["shapes"][holder["shape"]]["members"]
        if alone is not None:
            return {"title": f"{name} response", **self.shapes.reference(members[alone]["shape"], "response")}
        made = self.shapes.schema(holder["shape"], "response")
        for member, facts in members.items():
            if facts.get("location"):
                made["properties"].pop(facts.get("locationName", member), None)
        if members and not made.get("properties", True):
            return {"title": f"{name} response"}
        return {**made, "title": f"{name} response"}

    def _types(self, operation: Mapping[str, Any]) -> dict[str, Schema]:
        """Every type that the request and the response refer to, by name."""
        found: dict[str, Schema] = {}
        for part, direction in (("input", "request"), ("output", "response")):
            if part in operation:
                for name in self.shapes.below(operation[part]["shape"]):
                    self._collect(name, direction, found)
        return dict(sorted(found.items()))

    def _collect(self, name: str, direction: str, found: dict[str, Schema]) -> None:
        waiting = [name]
        while waiting:
            each = waiting.pop()
            type_name = self.shapes.reference(each, direction)["$ref"].rpartition("/")[2]
            if type_name not in found:
                found[type_name] = self.shapes.schema(each, direction)
                waiting += self.shapes.below(each)

    def omissions(self, name: str) -> Iterator[Omission]:
        """Yield what the model states of an operation and its document does not say."""
        operation = self.model["operations"][name]
        seen: set[str] = set()
        for part in ("input", "output"):
            if part in operation:
                yield from self.shapes.omissions(operation[part]["shape"], seen)
        if "output" in operation:
            yield from self._outside(operation["output"]["shape"])

    def _outside(self, shape: str) -> Iterator[Omission]:
        """The members of an answer that are not in its body."""
        for member, facts in self.model["shapes"][shape].get("members", {}).items():
            if facts.get("location"):
                yield Omission(
                    f"{shape}.{member}", f"it travels in the {PLACES.get(facts['location'])}, not in the body"
                )
        if self._payload({"shape": shape}, "blob"):
            yield Omission(f"{shape}.{self._payload({'shape': shape})}", "the body is bytes, taken as they are")


def _facts(model: Any) -> Mapping[str, Any]:
    """A model's own mapping; a botocore `ServiceModel` keeps it under this name."""
    found = getattr(model, "_service_description", model)
    parts = ("metadata", "operations", "shapes")
    if not isinstance(found, Mapping) or not all(isinstance(found.get(part), Mapping) for part in parts):
        raise SchemaError("a service model is a mapping with metadata, operations and shapes")
    return found


__all__ = ["RESPONSE", "Documents", "title"]
