"""List the JSON Schema keywords that are supported, with the valid arguments of each. Any other keyword is an error.

In the terms of JSON Schema, an assertion is a keyword that checks one value, such as `maximum`. An applicator is a
keyword that applies further schemas, such as `properties`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..catalog import Schema, SchemaError
from .assertions import ASSERTIONS, AssertionKeyword, is_string


class Applicator(NamedTuple):
    """A keyword that applies further schemas: its JSON type (None for all types), and a test of its argument."""

    kind: str | None
    accepts: Callable[[Any], bool]


def is_schema(argument: Any) -> bool:
    """Return whether the argument of a keyword is a schema: an object or a boolean."""
    return isinstance(argument, (dict, bool))


def is_schemas(argument: Any) -> bool:
    """Return whether the argument of a keyword is a list of at least one schema."""
    return isinstance(argument, list) and bool(argument) and all(map(is_schema, argument))


def is_members(argument: Any) -> bool:
    """Return whether the argument of a keyword is an object whose values are schemas, as `properties` needs it."""
    return isinstance(argument, dict) and all(map(is_schema, argument.values()))


def is_names(argument: Any) -> bool:
    """Return whether the argument of a keyword is a list of strings, as `required` needs it."""
    return isinstance(argument, list) and all(map(is_string, argument))


APPLICATORS: dict[str, Applicator] = {
    "$ref": Applicator(None, is_string),
    "properties": Applicator("object", is_members),
    "required": Applicator("object", is_names),
    "additionalProperties": Applicator("object", is_schema),
    "x-unknown-members": Applicator("object", lambda argument: argument == "warning"),
    "propertyNames": Applicator("object", is_schema),
    "items": Applicator("array", is_schema),
    "allOf": Applicator(None, is_schemas),
    "not": Applicator(None, is_schema),
    "if": Applicator(None, is_schema),
    "x-warnings": Applicator(None, is_schemas),
    "x-relation": Applicator("object", is_string),
}

TYPES = ("string", "integer", "number", "boolean", "null", "array", "object")


def is_types(argument: Any) -> bool:
    """Return whether the argument of `type` is the name of a JSON type, or a list of such names."""
    return bool(argument) and all(kind in TYPES for kind in (argument if isinstance(argument, list) else [argument]))


READ_ELSEWHERE: dict[str, Callable[[Any], bool]] = {"type": is_types, "then": is_schema, "else": is_schema}
"""Keywords that are compiled together with others, such as `then` with `if`, and the test of their arguments."""
ANNOTATIONS = frozenset(
    """type then else $schema $id $defs $comment title description default examples deprecated readOnly writeOnly
    x-in x-name x-operation x-pattern x-rules x-source""".split()  # noqa: SIM905  # a list of words, read as one
)
"""Keywords without code of their own."""

KEYWORDS: dict[str, AssertionKeyword | Applicator] = {**ASSERTIONS, **APPLICATORS}
ACCEPTS = {
    **dict.fromkeys(ANNOTATIONS, lambda argument: True),
    **READ_ELSEWHERE,
    **{name: keyword.accepts for name, keyword in KEYWORDS.items()},
}
"""For each keyword, the function that returns whether an argument is valid."""


def general(kind: str | None) -> str | None:
    """Return "number" for "integer", since the same keywords apply to both; any other JSON type is returned itself."""
    return "number" if kind == "integer" else kind


def check_vocabulary(schema: Schema) -> None:
    """Raise `SchemaError` if a keyword is not supported or its argument is invalid. The error names the keyword."""
    if not isinstance(schema, dict):
        raise SchemaError(f"a schema must be an object, true or false, not {type(schema).__name__} {schema!r}")
    for keyword, argument in schema.items():
        if keyword not in ACCEPTS:
            raise SchemaError(f"the keyword {keyword!r} is not known")
        if not ACCEPTS[keyword](argument):
            raise SchemaError(f"the keyword {keyword!r} cannot have the argument {argument!r}")
