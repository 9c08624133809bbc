"""Conditions (an `if`, a `not`) as one Python expression, where a schema is simple enough to be said in one.

Most are: a member that is there and matches a pattern. What is not falls back to a function of its own, made from the
same emitters as everything else; the expressions here are built from the same tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .keywords import TESTS, Place
from .references import resolve
from .source import negated
from .values import EXACT
from .vocabulary import ANNOTATIONS, check_vocabulary, general

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .catalog import Schema
    from .compiler import Compiler

SIMPLE = ANNOTATIONS | TESTS.keys() | {"required", "properties", "not", "$ref"}


def expression(compiler: Compiler, schema: Schema, at: Place, *, referred: bool = False) -> str | None:
    """Return an expression that is true when the value at a place meets a schema; None when it takes more than one.

    One reference is followed; a second, where `referred`, might lead back here.
    """
    if isinstance(schema, bool) or not schema:
        return str(schema is not False)
    check_vocabulary(schema)
    if not schema.keys() <= SIMPLE or isinstance(schema.get("type"), list):
        return None
    if "$ref" in schema:
        lone = schema.keys() - ANNOTATIONS == {"$ref"} and not referred
        return expression(compiler, resolve(compiler.schema, schema["$ref"]), at, referred=True) if lone else None
    parts = list(_parts(compiler, schema, at, referred))
    return None if None in parts else " and ".join(f"({part})" for part in parts) or "True"


def _parts(compiler: Compiler, schema: Schema, at: Place, referred: bool) -> Iterator[str | None]:
    """The tests that must all hold; None among them for one that takes more than an expression."""
    kind = schema.get("type")
    if kind is not None and kind not in (at.kind, general(at.kind)):
        if kind not in EXACT:
            yield compiler.is_of(kind, at)
        else:
            exact = compiler.variable()
            yield f"({exact} := as_{kind}({at.value})) is not None"
            at = at._replace(value=exact)
        at = at._replace(kind=kind)
    for keyword, test in TESTS.items():
        if keyword in schema and test.kind not in (None, at.kind, general(at.kind)):
            yield None if at.kind is None else "True"
        elif keyword in schema and (broken := test.broken(compiler, schema[keyword], at)):
            yield negated(broken)
    if "not" in schema:
        met = expression(compiler, schema["not"], at, referred=referred)
        yield met and f"not ({met})"
    if "required" in schema or "properties" in schema:
        yield from _members(compiler, schema, at, referred) if at.kind == "object" else [None]


def _members(compiler: Compiler, schema: Schema, at: Place, referred: bool) -> Iterator[str | None]:
    required = schema.get("required", [])
    yield from (f"{name!r} in {at.value}" for name in required if not compiler.has(at, name))
    for name, subschema in schema.get("properties", {}).items():
        met = expression(compiler, subschema, compiler.member(at, name, "properties"), referred=referred)
        yield (
            met if met is None or name in required or compiler.has(at, name) else f"{name!r} not in {at.value} or {met}"
        )
