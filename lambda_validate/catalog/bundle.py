"""One schema out of several documents: with all that it refers to beside it, or without annotations of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Schema = Any
Reader = Callable[[str], Schema]
FLAT = frozenset(("x-rules", "x-source"))
"""Keywords whose arguments hold no schema."""


class SchemaError(ValueError):
    """A schema that cannot be used: an unknown keyword or format, a wrong argument, a reference to nowhere."""


def bundle(read: Reader, document: Schema, schema: Schema) -> Schema:
    """Return a schema with every type that it refers to, from its own document or another, under its own `$defs`.

    `read` returns the document of a file's name. A reference that leads nowhere raises `SchemaError`.
    """
    found: dict[str, Schema] = {}
    bundled = _bundled(schema, read, document, found)
    return {"$schema": document["$schema"], **bundled, **({"$defs": found} if found else {})}


def _bundled(schema: Schema, read: Reader, document: Schema, found: dict[str, Schema]) -> Schema:
    if isinstance(schema, list):
        return [_bundled(each, read, document, found) if isinstance(each, (dict, list)) else each for each in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {
        key: _bundled(value, read, document, found) if isinstance(value, (dict, list)) and key not in FLAT else value
        for key, value in schema.items()
    }
    if isinstance(schema.get("$ref"), str):
        copy["$ref"] = _adopt(schema["$ref"], read, document, found)
    return copy


def _adopt(reference: str, read: Reader, document: Schema, found: dict[str, Schema]) -> str:
    """Put the type that a reference names among `found`, once, and return the reference to it there."""
    file, _, pointer = reference.partition("#")
    name = pointer.rpartition("/")[2]
    home = read(file) if file else document
    if pointer != f"/$defs/{name}" or name not in home.get("$defs", {}):
        raise SchemaError(f"{document['title']}: the reference {reference!r} leads nowhere")
    if name not in found:
        found[name] = {}  # holds the place, so that a type may refer to itself
        found[name] = _bundled(home["$defs"][name], read, home, found)
    return f"#/$defs/{name}"


def portable(schema: Schema, *, strict: bool = False) -> Schema:
    """Return a schema without our annotations, which any 2020-12 validator reads and enforces whole.

    With `strict`, what would only be a warning is stated as a rule, but for what no standard keyword can say: that two
    members agree, and the format of a filter pattern.
    """
    if isinstance(schema, list):
        return [portable(each, strict=strict) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        key: {name: portable(each, strict=strict) for name, each in value.items()}
        if key in ("properties", "$defs")
        else portable(value, strict=strict)
        for key, value in schema.items()
        if not key.startswith("x-") and key != "format"
    }
    return _strict(schema, plain) if strict else plain


def _strict(schema: Schema, plain: Schema) -> Schema:
    if "x-unknown-members" in schema:
        plain["additionalProperties"] = False
    if "x-warnings" in schema:
        plain["allOf"] = [*plain.get("allOf", []), *portable(schema["x-warnings"], strict=True)]
    return plain
