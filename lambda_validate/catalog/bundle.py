"""Make one self-contained schema out of several files, and remove the keywords of our own (`x-…`) from a schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Schema = Any
Reader = Callable[[str], Schema]
FLAT = frozenset(("x-rules", "x-source"))
"""Keywords whose arguments contain no schema."""


class SchemaError(ValueError):
    """A schema that cannot be used: it has an unknown keyword or format, an invalid argument, or a reference to
    nothing.
    """


def bundle(read: Reader, document: Schema, schema: Schema) -> Schema:
    """Return a schema with every type that it refers to in its own `$defs`, even if another document defines the type.

    `document` contains `schema`, and `read` returns other documents by file name. A reference to a type that does not
    exist raises `SchemaError`.
    """
    found: dict[str, Schema] = {}
    bundled = redirected(schema, lambda reference: _adopt(reference, read, document, found))
    return {"$schema": document["$schema"], **bundled, **({"$defs": found} if found else {})}


def type_name(reference: str) -> str:
    """Return the name of the type that a reference points to: `Tags` for `types.json#/$defs/Tags`."""
    return reference.rpartition("/")[2]


def followed(schema: Schema, types: Mapping[str, Schema]) -> Schema:
    """Return the type that a schema's `$ref` points to; a schema without `$ref` is returned itself.

    `types` are the types by name.
    """
    return types[type_name(schema["$ref"])] if "$ref" in schema else schema


def references(schema: Schema) -> Iterator[str]:
    """Yield the names of the types that a schema refers to, by `$ref` anywhere in it, those of inner schemas first."""
    if isinstance(schema, (dict, list)):
        for inner in schema.values() if isinstance(schema, dict) else schema:
            yield from references(inner)
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        yield type_name(schema["$ref"])


def redirected(schema: Schema, change: Callable[[str], str]) -> Schema:
    """Return a copy of a schema in which each `$ref` has the value that `change` returns for it."""
    if isinstance(schema, list):
        return [redirected(item, change) if isinstance(item, (dict, list)) else item for item in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {
        key: redirected(value, change) if isinstance(value, (dict, list)) and key not in FLAT else value
        for key, value in schema.items()
    }
    if isinstance(schema.get("$ref"), str):
        copy["$ref"] = change(schema["$ref"])
    return copy


def _adopt(reference: str, read: Reader, document: Schema, found: dict[str, Schema]) -> str:
    """Copy the type that a reference points to into `found`, once, with all types that it refers to.

    Return the new reference, such as `#/$defs/Name`.
    """
    file, _, pointer = reference.partition("#")
    name = type_name(pointer)
    home = read(file) if file else document
    if pointer != f"/$defs/{name}" or name not in home.get("$defs", {}):
        raise SchemaError(f"{document['title']}: the reference {reference!r} leads nowhere")
    if name not in found:
        found[name] = {}  # holds the place, so that a type may refer to itself
        found[name] = redirected(home["$defs"][name], lambda inner: _adopt(inner, read, home, found))
    return f"#/$defs/{name}"


def portable(schema: Schema, *, strict: bool = False) -> Schema:
    """Return a schema without the keywords of our own (`x-…`), so that any 2020-12 validator can use all of it.

    In patterns, Unicode properties are replaced by their characters, since not every engine supports them. With
    `strict`, warnings are included as rules. Two rules cannot be expressed: that two members agree, and the format of a
    filter pattern.
    """
    if isinstance(schema, list):
        return [portable(item, strict=strict) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        key: {name: portable(member, strict=strict) for name, member in value.items()}
        if key in ("properties", "$defs")
        else portable(value, strict=strict)
        for key, value in schema.items()
        if not key.startswith("x-") and key != "format"
    }
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        from ..patterns.properties import spelt  # no verdict needs it

        plain["pattern"] = spelt(pattern)
    return _strict(schema, plain) if strict else plain


def _strict(schema: Schema, plain: Schema) -> Schema:
    if "x-unknown-members" in schema:
        plain["additionalProperties"] = False
    if "x-warnings" in schema:
        plain["allOf"] = [*plain.get("allOf", []), *portable(schema["x-warnings"], strict=True)]
    return plain
