"""Collect the schemas of several operations in one place.

If two different schemas have the same name, one is renamed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import chain, count
from typing import Any

from ..catalog.bundle import Schema, redirected, references, type_name


class Components:
    """Collects schemas by name, for a part of a document such as `components/schemas`.

    `prefix` begins each reference to them, such as `#/components/schemas/`. `spell` makes a name valid there. `change`
    converts each schema.
    """

    def __init__(
        self, prefix: str, spell: Callable[[str], str] = str, change: Callable[[Schema], Schema] | None = None
    ) -> None:
        self.schemas: dict[str, Schema] = {}
        self._claims: dict[str, Any] = {}
        self._prefix, self._spell = prefix, spell
        self._change = change or (lambda schema: schema)

    def reference(self, name: str) -> str:
        """Return the reference to a schema of this collection by its name, such as `#/components/schemas/Arn`."""
        return f"{self._prefix}{name}"

    def add(self, name: str, schema: Schema, types: Mapping[str, Schema]) -> Schema:
        """Add a schema and all types that it refers to. Return a schema that is a `$ref` to it."""
        own = self._claimed(name, schema, types, "")
        self.schemas[own] = self.adopt(schema, types, name)
        return {"$ref": self.reference(own)}

    def place(self, name: str, schema: Schema) -> Schema:
        """Add a schema without references, or with references to schemas of this collection only.

        Return a schema that is a `$ref` to it.
        """
        own = self._claimed(name, schema, {}, "")
        self.schemas[own] = schema
        return {"$ref": self.reference(own)}

    def adopt(self, schema: Schema, types: Mapping[str, Schema], owner: str) -> Schema:
        """Add all types that a schema refers to. Return the schema with references to the added types.

        The schema itself is not added. If a different type has a type's name already, `owner` is put before the name.
        """
        names = {name: self._claimed(name, types[name], types, owner) for name in reached(schema, types)}
        targets = {name: self.reference(own) for name, own in names.items()}
        for name, own in names.items():
            if own not in self.schemas:
                self.schemas[own] = self._change(renamed(types[name], targets))
        return self._change(renamed(schema, targets))

    def _claimed(self, name: str, schema: Schema, types: Mapping[str, Schema], owner: str) -> str:
        """Return a name for a schema: its own name, unless a different schema has it already.

        Two schemas with the same keywords are different if a type has another definition in one of them.
        """
        whole = (schema, {inner: types[inner] for inner in reached(schema, types)} if types else {})
        candidates = chain([name, *([f"{owner}.{name}"] if owner else [])], (f"{name}{number}" for number in count(2)))
        return next(claim for claim in map(self._spell, candidates) if self._claims.setdefault(claim, whole) == whole)


def renamed(schema: Schema, names: Mapping[str, str]) -> Schema:
    """Return a schema in which each `$ref` to a type is replaced. `names` has the new reference by the type's name."""
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
