"""Export JSON Schema without external references: draft 2020-12, or draft-07 for older tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from ..catalog import DIRECTIONS, Catalog, Operation, find, portable
from ..patterns.matching import has_properties
from . import losses
from .components import Components
from .dialects import draft_07
from .forms import Export
from .losses import Loss

Schema = Any


class Draft(NamedTuple):
    """A draft of JSON Schema: its metaschema, its keyword for types (`$defs`), and a function that converts to it."""

    metaschema: str
    types: str
    change: Callable[[Schema], Schema]


DRAFTS: Mapping[str, Draft] = {
    "2020-12": Draft("https://json-schema.org/draft/2020-12/schema", "$defs", lambda schema: schema),
    "draft-07": Draft("http://json-schema.org/draft-07/schema#", "definitions", draft_07),
}
WHOLE = (
    "Refer to a schema below, such as Operation.request or Operation.response. This whole schema refuses everything."
)


def json_schema(
    edition: str | Catalog = "documents", operations: Iterable[str] | None = None, draft: str = "2020-12"
) -> Export:
    """Return the schemas of an edition, or of some operations: a document with all, and `files` with single ones.

    The document with all has them in its `$defs`. Used as a schema by mistake, it refuses every payload. `edition` is
    `"documents"` by default. An unknown edition or operation raises `UnknownNameError`, an unknown draft `KeyError`.
    """
    catalog, form = find(edition), DRAFTS[draft]
    chosen = [catalog.operation(name) for name in (operations or catalog.operations)]
    components = Components("#/$defs/")
    files: dict[str, Schema] = {}
    for operation, direction in product(chosen, DIRECTIONS):
        schema = portable(operation.schema(direction))
        types, name = schema.pop("$defs", {}), f"{operation.name}.{direction}"
        schema.pop("$schema", None)
        components.add(name, schema, types)
        files[name] = _document({**schema, **({"$defs": types} if types else {})}, form)
    whole = {"title": f"AWS Lambda, edition {catalog.name}", "$comment": WHOLE, "not": {}, "$defs": components.schemas}
    return Export(_document(whole, form), tuple(loss for operation in chosen for loss in _lost(operation)), files)


def _document(schema: Schema, form: Draft) -> Schema:
    return {"$schema": form.metaschema, **form.change(schema)}


def _lost(operation: Operation) -> Iterator[Loss]:
    yield from losses.unsaid(operation)
    for direction in DIRECTIONS:
        for leaf in losses.stated(operation, direction):
            if leaf.keyword == "pattern" and has_properties(leaf.schema["pattern"]):
                yield losses.at("unicode", operation, direction, leaf)
