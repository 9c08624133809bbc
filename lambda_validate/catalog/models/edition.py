"""Make an edition from a service model and overlays: the files of its folder in `schemas/`, by name.

An overlay is a JSON merge patch (RFC 7396) with facts that the model does not have. The file `types.json` changes or
adds types. A file named after an operation changes its document. Any other file lists under `operations` the documents
that it changes. Several overlays may change one document, but not the same value of it.

In the result, types that several operations use are in `types.json`, and others in the document of their operation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from ..bundle import Schema, SchemaError, redirected, references, type_name
from ..schema_files import merged
from .documents import DIALECT, Documents

HOME = "https://lambda-validate.invalid/schemas"
DIRECTION_TYPES = ("request", "response")
NO_LIMITS: Mapping[str, Any] = MappingProxyType({})


def edition(
    name: str, model: Any, overlays: Mapping[str, Schema], limits: Mapping[str, Any] = NO_LIMITS
) -> dict[str, Schema]:
    """Return the documents of an edition by file name. The same arguments always give the same documents.

    An overlay for an operation, a member or a type that does not exist raises `SchemaError`. So does a reference to a
    type that does not exist.
    """
    return of_documents(name, documents(model), overlays, limits)


def documents(model: Any) -> dict[str, Schema]:
    """Return the documents of a service model by operation, sorted."""
    made = Documents(model)
    return {operation: made.document(operation) for operation in sorted(made.operations)}


def of_documents(
    name: str, made: Mapping[str, Schema], overlays: Mapping[str, Schema], limits: Mapping[str, Any] = NO_LIMITS
) -> dict[str, Schema]:
    """Return what `edition` returns, from the documents of its model. They are not modified."""
    patches = _by_operation(overlays)
    types = patches.pop("types", {}).get("$defs", {})
    _known("the operation", [*patches, *limits], made)
    sized = {operation: _sized(document, limits.get(operation)) for operation, document in made.items()}
    whole = {operation: _overlaid(document, patches.get(operation, {}), types) for operation, document in sized.items()}
    _known("the type", types, {kind for document in whole.values() for kind in document["$defs"]})
    uses = Counter(kind for document in whole.values() for kind in document["$defs"] if kind not in DIRECTION_TYPES)
    shared = {kind for kind, count in uses.items() if count > 1}
    files = {
        f"{operation}.json": _identified(name, operation, _split(document, shared))
        for operation, document in whole.items()
    }
    shared_types = {
        kind: schema for document in whole.values() for kind, schema in document["$defs"].items() if kind in shared
    }
    common = {
        "$schema": DIALECT,
        "title": "Types that several operations share",
        "$defs": dict(sorted(shared_types.items())),
    }
    return {**files, "types.json": _identified(name, "types", common), "operations.json": {"operations": list(made)}}


def overlaid(document: Schema, overlays: Mapping[str, Schema]) -> Schema:
    """Return the document of an operation, changed by its overlay and by those of its types."""
    patches = _by_operation(overlays)
    types = patches.get("types", {}).get("$defs", {})
    return _overlaid(document, patches.get(document["title"], {}), types)


def _by_operation(overlays: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return one joined overlay for each operation, by its name, and one for the types, by the name "types"."""
    patches: dict[str, Schema] = {}
    for file, overlay in overlays.items():
        patch = {key: value for key, value in overlay.items() if key != "operations"}
        for name in overlay.get("operations", [file.removesuffix(".json")]):
            patches[name] = _joined(name, patches.get(name, {}), patch)
    return patches


def _joined(name: str, one: Schema, other: Schema) -> Schema:
    """Join two overlays. If both set the same value, `SchemaError` is raised, since neither has priority."""
    joined = dict(one)
    for key, value in other.items():
        if key in joined and not (isinstance(joined[key], Mapping) and isinstance(value, Mapping)):
            raise SchemaError(f"two overlays for {name} set {key}")
        joined[key] = _joined(name, joined[key], value) if key in joined else value
    return joined


def _known(what: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise SchemaError(f"there is an overlay for {what} {name}, which does not exist")


def _sized(document: Schema, limits: Any) -> Schema:
    """Return a document with the size limits of its operation added, unless `limits` is None."""
    return document if limits is None else merged(document, {"x-operation": {"limits": limits}})


def _overlaid(document: Schema, overlay: Schema, types: Mapping[str, Schema]) -> Schema:
    """Return a document changed by an overlay, and extended by the types that only the overlay refers to."""
    for direction, patch in overlay.get("$defs", {}).items():
        _known("the type", [direction], document["$defs"])
        members = document["$defs"][direction].get("properties", {})
        _known(f"{document['title']}'s member", patch.get("properties", {}), members)
    document = merged(document, overlay)
    found = {
        kind: merged(schema, types[kind]) if kind in types else schema for kind, schema in document["$defs"].items()
    }
    reached: dict[str, Schema] = {}
    waiting = [found[own] for own in DIRECTION_TYPES]
    while waiting:
        for kind in references(waiting.pop()):
            if kind not in reached:
                if kind not in found and kind not in types:
                    raise SchemaError(f"{document['title']}: there is no type {kind!r}")
                reached[kind] = found[kind] if kind in found else merged({}, types[kind])
                waiting.append(reached[kind])
    return {**document, "$defs": {**{own: found[own] for own in DIRECTION_TYPES}, **dict(sorted(reached.items()))}}


def _split(document: Schema, shared: set[str]) -> Schema:
    """Return a document without the shared types. Its references to them point to `types.json`."""
    own_types = {kind: schema for kind, schema in document["$defs"].items() if kind not in shared}
    return redirected(
        {**document, "$defs": own_types},
        lambda reference: f"types.json{reference}" if type_name(reference) in shared else reference,
    )


def _identified(edition: str, name: str, document: Schema) -> Schema:
    schema, *rest = document.items()
    return dict([schema, ("$id", f"{HOME}/{edition}/{name}.json"), *rest])
