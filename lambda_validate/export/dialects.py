"""Convert a schema to an older draft of JSON Schema. Each subschema is converted, the innermost first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..catalog.bundle import type_name
from ..patterns.matching import has_properties
from ..patterns.syntax import Assertion, nodes, read

Schema = Any
Change = Callable[[dict[str, Any]], Schema]

MAPS = frozenset({"properties", "$defs", "definitions"})
LISTS = frozenset({"allOf", "anyOf", "oneOf"})
SINGLE_SCHEMA_KEYWORDS = frozenset({"items", "additionalProperties", "propertyNames", "not", "if", "then", "else"})
ANNOTATIONS = frozenset({"title", "description", "default", "examples", "$comment", "deprecated"})


def changed(schema: Schema, change: Change) -> Schema:
    """Apply a function to a schema and each of its subschemas, the innermost first, and return the result."""
    if not isinstance(schema, dict):
        return schema
    return change({keyword: _below(keyword, value, change) for keyword, value in schema.items()})


def _below(keyword: str, value: Any, change: Change) -> Any:
    if keyword in MAPS:
        return {name: changed(schema, change) for name, schema in value.items()}
    if keyword in LISTS:
        return [changed(schema, change) for schema in value]
    return changed(value, change) if keyword in SINGLE_SCHEMA_KEYWORDS else value


def draft_07(schema: Schema) -> Schema:
    """Convert a schema from draft 2020-12 to draft-07, in which keywords beside a `$ref` must be moved to `allOf`."""
    return changed(schema, _older)


def _older(schema: dict[str, Any]) -> Schema:
    found = {("definitions" if keyword == "$defs" else keyword): value for keyword, value in schema.items()}
    if "$ref" not in schema:
        return found
    found["$ref"] = found["$ref"].replace("#/$defs/", "#/definitions/")
    if len(found) == 1:
        return found
    notes = {name: note for name, note in found.items() if name in ANNOTATIONS}
    rest = {
        keyword: value for keyword, value in found.items() if keyword not in (*notes, "$ref", "allOf", "definitions")
    }
    beside = [{"$ref": found["$ref"]}, *found.get("allOf", []), *([rest] if rest else [])]
    definitions = {"definitions": found["definitions"]} if "definitions" in found else {}
    return {**notes, "allOf": beside, **definitions}


# JSON Schema draft-04 refers to the patterns of ECMA 262, 5th edition (draft-04, 3.3). Those have neither lookbehind
# `(?<!...)` nor Unicode properties, and each character above U+FFFF counts as two. So a pattern with one of these is
# not valid in draft-04.
BASIC = "\uffff"


def is_recent(pattern: str) -> bool:
    """Return whether a pattern uses something that regular expressions of draft-04 do not have."""
    behind = any(isinstance(node, Assertion) and node.where == "behind" for node in nodes(read(pattern)))
    return behind or has_properties(pattern) or max(pattern, default="") > BASIC


class Draft04:
    """Converts schemas without `if` from draft 2020-12 to draft-04. Keywords that draft-04 lacks are left out.

    `types` are the schemas that `$ref`s name.
    """

    def __init__(self, types: Mapping[str, Schema]) -> None:
        self._types = types

    def __call__(self, schema: Schema) -> Schema:
        """Convert a schema to draft-04."""
        return changed(_without_boolean(schema), self._old)

    def _old(self, schema: dict[str, Any]) -> Schema:
        if "$ref" in schema:
            return {"$ref": schema["$ref"]}
        found = {
            keyword: value for keyword, value in schema.items() if keyword not in ("examples", "$comment", "$schema")
        }
        if "const" in found:
            found["enum"] = [found.pop("const")]
        if "pattern" in found and is_recent(found["pattern"]):
            del found["pattern"]
        for keyword in ("properties", *LISTS):
            if keyword in found:
                found[keyword] = _without_booleans(found[keyword])
        if "propertyNames" in found:
            found |= self._named(found.pop("propertyNames"), found.get("additionalProperties", {}))
        for bound in ("minimum", "maximum"):
            exclusive = f"exclusive{bound.capitalize()}"
            if exclusive in found:
                found[bound], found[exclusive] = found[exclusive], True
        return found

    def _named(self, names: Schema, value: Schema) -> Schema:
        """Return keywords that replace `propertyNames`: one property for each name, if the names are an `enum`.

        For other names, draft-04 has no keyword, and nothing is returned.
        """
        choices = allowed_names(names, self._types)
        return {} if choices is None else {"properties": dict.fromkeys(choices, value), "additionalProperties": False}


def _without_booleans(schemas: Any) -> Any:
    if isinstance(schemas, dict):
        return {name: _without_boolean(schema) for name, schema in schemas.items()}
    return [_without_boolean(schema) for schema in schemas]


def _without_boolean(schema: Schema) -> Schema:
    return {True: {}, False: {"not": {}}}[schema] if isinstance(schema, bool) else schema


def allowed_names(names: Schema, types: Mapping[str, Schema]) -> list[str] | None:
    """Return the names that a `propertyNames` schema allows, if it is an `enum`; else None."""
    while "$ref" in names:
        names = types[type_name(names["$ref"])]
    found: list[str] | None = names.get("enum")
    return found
