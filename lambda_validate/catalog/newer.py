"""Combine an edition with a newer SDK: a member that only the SDK's model has is a warning, not an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import catalog
from . import Catalog
from .bundle import Schema, SchemaError, bundle
from .models.documents import Documents
from .models.edition import overlaid
from .models.shipped import NoModelsError, service_model
from .models.widening import Words, unchecked, widened
from .services import overlays

__all__ = ["Newer", "NoModelsError", "beyond", "installed"]

REMEMBERED = 4
"""Maximum number of cached catalogs. Each session has its own copy of the same model, and all use one catalog."""


class Newer:
    """The documents of an edition and of a newer service model in one: they allow what either allows. Immutable.

    `model` is the content of a `service-2.json`, or a botocore `ServiceModel`. Unreadable parts of it are left out.
    A document is made when it is first needed.
    """

    def __init__(self, edition: Catalog, model: Any) -> None:
        self.edition, self.model = edition, Documents(model)
        self.name, self.words = edition.name, Words(edition.name, edition.made_from)
        added = ((name, self._unchecked(name)) for name in self.model.operations if name not in edition.operations)
        self.added = {name: document for name, document in added if document}
        self.operations = (*edition.operations, *self.added)

    def __reduce__(self) -> tuple[object, ...]:
        return Newer, (self.edition, self.model.model)

    def __call__(self, file: str) -> Schema:
        """Return the document with a file name: that of an operation, `types.json` or `operations.json`.

        Its schemas do not allow what only the model has. The method `widened` adds that.
        """
        name = file.removesuffix(".json")
        if name in self.added:
            return self.added[name]
        document = self.edition.document(file)
        if file == "operations.json":
            return {"operations": list(self.operations)}  # and no `model`: it is made from two
        if name not in self.model.operations:
            return document
        facts = document["x-operation"]
        return {**document, "x-operation": {**facts, "errors": {**self._errors(name), **facts["errors"]}}}

    def widened(self, name: str, direction: str, schema: Schema) -> Schema:
        """Return the schema of one direction of an operation, extended so that it allows what the model allows."""
        document = self._overlaid(name) if name not in self.added else None
        if document is None:
            return schema
        return widened(schema, bundle(_nowhere, document, document["$defs"][direction]), self.words)

    def _errors(self, name: str) -> Schema:
        try:
            return self.model.errors(name)
        except SchemaError:
            return {}

    def _document(self, name: str) -> Schema | None:
        try:
            return self.model.document(name) if name in self.model.operations else None
        except SchemaError:
            return None

    def _overlaid(self, name: str) -> Schema | None:
        """Return the model's document with the edition's overlays; without them if they do not fit an older model."""
        document = self._document(name)
        try:
            return document and overlaid(document, dict(overlays([name])))
        except SchemaError:
            return document

    def _unchecked(self, name: str) -> Schema | None:
        document = self._document(name)
        if document is None:
            return None
        warning = self.words.warning("operation.newer", name, ", and its payloads are not checked")
        source = document["x-operation"]["x-source"]
        parts = {
            direction: unchecked(document["$defs"][direction], warning, source) for direction in catalog.DIRECTIONS
        }
        return {**document, "$defs": parts}


def _nowhere(file: str) -> Schema:
    raise SchemaError(f"a schema that is made from a model must not refer to another file, such as {file}")


_remembered: list[tuple[Catalog, Mapping[str, Any], Catalog]] = []


def installed(edition: str | Catalog) -> Catalog:
    """Return an edition extended by the model of the installed botocore; see `beyond`.

    A model in a folder of the user is found too, as by the SDK itself. Without botocore, `NoModelsError` is raised. An
    edition that was not made from a model raises `SchemaError`.
    """
    known = catalog.find(edition)
    if not known.made_from:
        raise SchemaError(f"{known.name} is not made from an SDK's model, so --sdk-model needs --edition current")
    return beyond(known, service_model("lambda"))


def beyond(edition: Catalog, model: Any) -> Catalog:
    """Return an edition extended by a newer model: by its members, choices, operations, limits and exceptions.

    A payload that uses them gets a warning: `member.newer`, `choice.newer`, `operation.newer`, or the edition's own
    rule about a limit. Members that only the edition has remain. A catalog that was not made from a model is returned
    unchanged. A model that cannot be read raises `SchemaError`.
    """
    if not edition.made_from:
        return edition
    documents = Newer(edition, model)
    content = documents.model.model
    for known, its, made in _remembered:
        if known is edition and (its is content or its == content):
            return made
    made = Catalog(documents.name, documents, documents.operations)
    _remembered.insert(0, (edition, content, made))
    del _remembered[REMEMBERED:]
    return made
