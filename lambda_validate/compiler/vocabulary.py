"""The vocabulary is closed: which keywords there are, and that a schema uses no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..catalog import SchemaError
from .applicators import APPLICATORS
from .keywords import TESTS

if TYPE_CHECKING:
    from ..catalog import Schema

KINDS: dict[str, str | None] = {keyword: each.kind for keyword, each in (TESTS | APPLICATORS).items()}
"""The JSON type that each keyword applies to, None for all."""

ANNOTATIONS = frozenset(
    """type then else $schema $id $defs $comment title description default examples deprecated readOnly writeOnly
    x-in x-name x-operation x-pattern x-rules x-source""".split()  # noqa: SIM905  # a list of words, read as one
)
"""Keywords with no test of their own: said to be broken elsewhere (`type`, `then`, `else`), or never."""


def general(kind: str | None) -> str | None:
    """Return the JSON type that a keyword for numbers asks for: an integer is a number too."""
    return "number" if kind == "integer" else kind


TYPES = ("string", "integer", "number", "boolean", "null", "array", "object")


def check_vocabulary(schema: Schema) -> None:
    """Raise `SchemaError`, which names it, for a keyword that is not known or has an argument of a wrong kind."""
    if not isinstance(schema, dict):
        raise SchemaError(f"a schema is an object, true or false, but not {type(schema).__name__} {schema!r}")
    for keyword, argument in schema.items():
        rule = TESTS.get(keyword) or APPLICATORS.get(keyword)
        if keyword in ("then", "else") and not isinstance(argument, (dict, bool)):
            raise SchemaError(f"the keyword {keyword!r} cannot have the argument {argument!r}")
        if rule is None and keyword not in ANNOTATIONS:
            raise SchemaError(f"the keyword {keyword!r} is not known")
        if rule is not None and not rule.accepts(argument):
            raise SchemaError(f"the keyword {keyword!r} cannot have the argument {argument!r}")
    kinds = schema.get("type", "object")
    for kind in kinds if isinstance(kinds, list) and kinds else [kinds]:
        if kind not in TYPES:
            raise SchemaError(f"the keyword 'type' cannot have the argument {kinds!r}")
