"""Collect the types of several operations in one place. Different types with the same name get different names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import chain, count
from typing import Any

from ..catalog.bundle import Schema, redirected, references, type_name


class Components:
    """Collects schemas by name.

    `prefix` is where they will be, `spell` makes a name valid there, `change` changes each schema.
    """

    def __init__(
        self, prefix: str, spell: Callable[[str], str] = str, change: Callable[[Schema], Schema] | None = None
    ) -> None:
        self.schemas: dict[str, Schema] = {}
        self._claims: dict[str, Any] = {}
        self._prefix, self._spell = prefix, spell
        self._change = change or (lambda schema: schema)

    def reference(self, name: str) -> str:
        """Return the reference to a schema that was added under a name."""
        return f"{self._prefix}{name}"

    def add(self, name: str, schema: Schema, types: Mapping[str, Schema]) -> Schema:
        """Add a schema and the types that it refers to, and return a reference to it."""
        own = self._claimed(name, schema, types, "")
        self.schemas[own] = self.adopt(schema, types, name)
        return {"$ref": self.reference(own)}

    def place(self, name: str, schema: Schema) -> Schema:
        """Add a schema without references, or with references to schemas here, and return a reference to it."""
        own = self._claimed(name, schema, {}, "")
        self.schemas[own] = schema
        return {"$ref": self.reference(own)}

    def adopt(self, schema: Schema, types: Mapping[str, Schema], owner: str) -> Schema:
        """Return a schema whose references lead to types here. All types that it needs are added."""
        names = {name: self._claimed(name, types[name], types, owner) for name in reached(schema, types)}
        targets = {name: self.reference(own) for name, own in names.items()}
        for name, own in names.items():
            if own not in self.schemas:
                self.schemas[own] = self._change(renamed(types[name], targets))
        return self._change(renamed(schema, targets))

    def _claimed(self, name: str, schema: Schema, types: Mapping[str, Schema], owner: str) -> str:
        """Return a name for a schema: its own, unless a different schema has it already.

        Two schemas are the same if all the types that they refer to are.
        """
        whole = (schema, {inner: types[inner] for inner in reached(schema, types)} if types else {})
        candidates = chain([name, *([f"{owner}.{name}"] if owner else [])], (f"{name}{number}" for number in count(2)))
        return next(claim for claim in map(self._spell, candidates) if self._claims.setdefault(claim, whole) == whole)


def renamed(schema: Schema, names: Mapping[str, str]) -> Schema:
    """Return a schema with each reference to a type replaced."""
    return redirected(schema, lambda reference: names[type_name(reference)])


def reached(schema: Schema, types: Mapping[str, Schema]) -> list[str]:
    """Return the names of all types that a schema refers to, directly or through other types."""
    found: dict[str, None] = {}
    waiting = [schema]
    while waiting:
        for name in references(waiting.pop()):
            if name not in found:
                found[name] = None
                waiting.append(types[name])
    return list(found)


def alphanumeric(name: str) -> str:
    """Return a name with only letters and digits: `Endpoints.response` becomes `EndpointsResponse`."""
    return "".join(word[:1].upper() + word[1:] for word in re.split("[^A-Za-z0-9]+", name))
