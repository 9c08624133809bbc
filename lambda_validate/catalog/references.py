"""Follow references (`$ref`) within a schema, and decide which referenced schemas become separate functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import SchemaError

if TYPE_CHECKING:
    from . import Schema


def is_nested(schema: Schema) -> bool:
    """Return whether a schema must be compiled to a separate function if another one refers to it.

    True if it has members or items, and so may be large, or if it has references, and so may contain itself.
    """
    return isinstance(schema, dict) and (
        any(
            isinstance(schema.get(keyword), dict) and schema[keyword]
            for keyword in ("properties", "items", "additionalProperties", "propertyNames", "not")
        )
        or _refers(schema)
    )


def _refers(schema: Schema) -> bool:
    if isinstance(schema, dict):
        return "$ref" in schema or any(map(_refers, schema.values()))
    return isinstance(schema, list) and any(map(_refers, schema))


def resolve(schema: Schema, reference: str) -> Schema:
    """Return the schema that a reference such as `#/$defs/Name` points to. Any other reference raises `SchemaError`."""
    if not reference.startswith("#"):
        raise SchemaError(f"the reference {reference!r} leads out of the schema")
    found, steps = schema, _steps(reference[1:])
    try:
        for step in steps:
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (KeyError, IndexError, TypeError, ValueError):
        raise SchemaError(f"the reference {reference!r} leads nowhere") from None
    return found


def _steps(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise SchemaError(f"the reference '#{pointer}' is an anchor, which is not supported")
    if "%" in pointer:
        from urllib.parse import unquote  # hardly any reference has such an escape, and the import is dear

        pointer = unquote(pointer)
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
