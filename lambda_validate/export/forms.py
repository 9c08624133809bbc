"""Split the members of an operation into HTTP parameters and body, and find operations that share a path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from ..base.grouping import firsts, grouped
from ..catalog import Operation, portable
from ..catalog.bundle import type_name
from .branches import OTHERWISE, Branches
from .components import Components
from .terms import Term, admits

Schema = Any
LABEL = re.compile(r"\{(\w+)\}")


class Export(NamedTuple):
    """The result of an export: a document, any additional files by name, and the rules that these cannot express."""

    document: Any
    losses: tuple[Any, ...]
    files: Mapping[str, Any] = {}


class Parameter(NamedTuple):
    """A member of a request outside the body.

    `name` is its name in HTTP, and `place` says where it is sent: `"path"`, `"query"` or `"header"`.
    """

    member: str
    name: str
    place: str
    required: bool
    schema: Schema


class ExpandedDirection:
    """The requests, or the responses, of an operation, with conditional rules expanded into branches.

    `union` is the keyword for a choice of branches: `anyOf` or `oneOf`.
    """

    def __init__(self, operation: Operation, direction: str, union: str) -> None:
        whole = portable(operation.schema(direction))
        self.operation, self.union = operation, union
        self._types = whole.pop("$defs", {})
        whole.pop("$schema", None)
        self._whole = whole
        self.branches = Branches(self._types, union)

    @cached_property
    def types(self) -> Mapping[str, Schema]:
        """The types in the schema's `$defs`, by name, with each `if`/`then` rewritten as alternatives (`anyOf`)."""
        return {name: self.branches.expanded(schema) for name, schema in self._types.items()}

    def resolved(self, schema: Schema) -> Schema:
        """Follow the `$ref` of a schema, and of its target, and so on, to a schema without one."""
        while "$ref" in schema:
            schema = self._types[type_name(schema["$ref"])]
        return schema

    def admits(self, schema: Schema, text: str) -> bool:
        """Return whether a string matches a schema."""
        return any(admits(term, text) for term in self.branches.alternatives.of(schema))

    def whole(self) -> Schema:
        """Return the whole schema, with conditional rules expanded."""
        return self.branches.expanded(self._whole)

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Where HTTP sends each member of a request: `"path"`, `"query"`, `"header"`, `"body"` or `"payload"`.

        `"payload"` means that the member is the whole body.
        """
        return {name: self.operation.location(name) for name in self.operation.members("request")}

    def parameters(self) -> list[Parameter]:
        """Return the members of a request that HTTP sends outside the body."""
        members, required = self._whole.get("properties", {}), self._whole.get("required", ())
        wire = {name: member.get("x-name", name) for name, member in self.operation.members("request").items()}
        return [
            Parameter(
                name, wire[name], place, place == "path" or name in required, self.branches.expanded(members[name])
            )
            for name, place in self.places.items()
            if place not in ("body", "payload")
        ]

    def payload(self) -> str | None:
        """Return the member that is the whole body, if there is one."""
        return next((name for name, place in self.places.items() if place == "payload"), None)

    def member(self, name: str) -> Schema:
        """Return the schema of a member, with conditional rules expanded."""
        return self.branches.expanded(self._whole["properties"][name])

    def has_body(self) -> bool:
        """Return whether a request may have a body."""
        return not {"body", "payload"}.isdisjoint(self.places.values())

    def requires(self, name: str) -> bool:
        """Return whether a member is required in every payload."""
        return name in self._whole.get("required", ())

    @cached_property
    def _terms(self) -> tuple[Term, ...]:
        return self.branches.alternatives.of(self._whole)

    @cached_property
    def bodies(self) -> list[Term]:
        """The branches of a body, as terms (sets of values). They mention only members that are sent in the body."""
        return _distinct(self._part(term, {"body"}) for term in self._terms)

    @cached_property
    def is_bound(self) -> bool:
        """Whether the rules of the body depend on a member outside the body, such as a query parameter."""
        elsewhere = set(self.places.values()) - {"body"}
        return len(_distinct(self._part(term, elsewhere)._replace(notes={}, labels=()) for term in self._terms)) > 1

    def _part(self, term: Term, places: set[str]) -> Term:
        def here(names: Iterable[str]) -> tuple[str, ...]:
            return tuple(name for name in names if self.places.get(name, "body") in places)

        return term._replace(
            required=here(term.required),
            forbidden=here(term.forbidden),
            closed=None if term.closed is None else here(term.closed),
            members={name: term.members[name] for name in here(term.members)},
        )

    def needs_body(self) -> bool:
        """Return whether a request without a body is invalid."""
        name = self.payload()
        return self.requires(name) if name else all(term.required for term in self.bodies)

    def body(self, components: Components, change: Any = None) -> Schema:
        """Add the schemas of the body, one for each branch, to the components.

        Return a schema that is a `$ref` to the body. `change` is a function that converts each schema.
        """
        convert = change or (lambda schema: schema)
        types = {name: convert(schema) for name, schema in self.types.items()}
        name, terms = f"{self.operation.name}Request", self.bodies
        written = [self._titled(term, len(terms)) for term in terms]
        if len(terms) == 1:
            return components.add(name, convert(written[0]), types)
        branches = [
            components.add("".join((name, *(term.labels or (OTHERWISE,)))), convert(schema), types)
            for term, schema in zip(terms, written, strict=True)
        ]
        notes = {"title": f"{self.operation.name} request", "description": self.operation.description}
        union = "anyOf" if self.is_bound else self.union  # without what binds them, branches may overlap
        return components.place(name, {**notes, union: branches})

    def _titled(self, term: Term, count: int) -> Schema:
        written = {**self.branches.written(term)}
        written["title"] = f"{self.operation.name} request"
        if count > 1:
            written["title"] = ", ".join((written["title"], *(term.labels or (OTHERWISE,))))
            about = (self._types[label].get("description") for label in term.labels)
            written["description"] = " ".join(filter(None, about)) or "A request that matches no other branch."
        return written


def _distinct(terms: Iterable[Term]) -> list[Term]:
    found: list[Term] = []
    for term in terms:
        if not any(term._replace(labels=()) == other._replace(labels=()) for other in found):
            found.append(term)
    return found


def by_route(operations: Iterable[Operation]) -> dict[tuple[str, str], list[Operation]]:
    """Group operations by path and method.

    Paths that differ only in the names of labels, such as `/{Arn}` and `/{Resource}`, count as the same path.
    """
    every = [(LABEL.sub("{}", operation.path), operation) for operation in operations]
    spelt = firsts((bare, operation.path) for bare, operation in every)
    return grouped(((spelt[bare], operation.method), operation) for bare, operation in every)


def labels(own: str, shared: str) -> Mapping[str, str]:
    """Return for each label of an operation's path its name in the path that operations share.

    For `/{Arn}` and the shared path `/{Resource}`, it is `{"Arn": "Resource"}`.
    """
    return dict(zip(LABEL.findall(own), LABEL.findall(shared), strict=True))
