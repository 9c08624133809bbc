"""Conditions (an `if`, a `not`) as one check, where a schema is simple enough to be said in one.

Most are: a member that is there and matches a pattern. What is not falls back to a function of its own, made from the
same emitters as everything else; the checks here are built of the same ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base.values import EXACT
from ..catalog.references import resolve
from .arns import service_of, services
from .keywords import TESTS, Place, of_service
from .source import FALSE, TRUE, AnyOf, Check, Compare, Expression, Literal, Not, every, negated
from .vocabulary import ANNOTATIONS, check_vocabulary, general

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..catalog import Schema
    from .compile import Compiler
    from .source import Code

ASKING = frozenset({"type", "pattern", "not"})
SIMPLE = ANNOTATIONS | TESTS.keys() | {"required", "properties", "not", "$ref"}


def tested(compiler: Compiler, schema: Schema, at: Place) -> tuple[Code, Check]:
    """Return a check that holds when the value at a place meets a schema, and the lines that it needs before.

    These find the services that ARNs name, each once: what one condition has found, the next ones use.
    """
    at = at._replace(severity="error")  # the condition of a warning is no warning
    before = dict(compiler.known.services)
    with compiler.changed(straight=False):
        test = expression(compiler, schema, at)
    if not (test and compiler.straight):  # what is found here is found on one way only
        compiler.known.services = before
    lines, compiler.waiting = compiler.waiting if test else [], []
    return lines, test or Expression(compiler.defined(schema, at))


def service(compiler: Compiler, at: Place, name: str) -> str:
    """Return the variable that holds the service which a member of an object names, None if it is no ARN."""
    known = compiler.known.services
    if (at.value, name) not in known:
        known[at.value, name] = compiler.variable()
        found = f"{compiler.bind('service_of', service_of)}({at.value}.get({name!r}))"
        compiler.waiting.append(f"{known[at.value, name]} = {found}")
    return known[at.value, name]


def expression(compiler: Compiler, schema: Schema, at: Place, *, referred: bool = False) -> Check | None:
    """Return a check that holds when the value at a place meets a schema; None when it takes more than one.

    One reference is followed; a second, where `referred`, might lead back here.
    """
    if isinstance(schema, bool) or not schema:
        return FALSE if schema is False else TRUE
    check_vocabulary(schema)
    if not schema.keys() <= SIMPLE or isinstance(schema.get("type"), list):
        return None
    if "$ref" in schema:
        lone = schema.keys() - ANNOTATIONS == {"$ref"} and not referred
        return expression(compiler, resolve(compiler.schema, schema["$ref"]), at, referred=True) if lone else None
    parts = list(_parts(compiler, schema, at, referred))
    known = [part for part in parts if part is not None]
    return every(known) if len(known) == len(parts) else None


def _parts(compiler: Compiler, schema: Schema, at: Place, referred: bool) -> Iterator[Check | None]:
    """The checks that must all hold; None among them for one that takes more than an expression."""
    kind = schema.get("type")
    if kind is not None and kind not in (at.kind, general(at.kind)):
        if kind not in EXACT:
            yield is_of(kind, at)
        else:
            exact = compiler.variable()
            yield Compare(f"({exact} := as_{kind}({at.value}))", "is not", "None")
            at = at._replace(value=exact)
        at = at._replace(kind=kind)
    for keyword, test in TESTS.items():
        if keyword in schema and test.kind not in (None, at.kind, general(at.kind)):
            yield None if at.kind is None else TRUE
        elif keyword in schema and (broken := test.broken(compiler, schema[keyword], at)):
            yield negated(broken)
    if "not" in schema:
        met = expression(compiler, schema["not"], at, referred=referred)
        yield None if met is None else Not(met)
    if "required" in schema or "properties" in schema:
        yield from _members(compiler, schema, at, referred) if at.kind == "object" else [None]


def is_of(kind: str, at: Place) -> Check:
    """Return a check that holds when the value at a place is of a JSON type that has but one form."""
    return Compare(at.value, "is", "None") if kind == "null" else Compare(f"type({at.value})", "is", "bool")


def _members(compiler: Compiler, schema: Schema, at: Place, referred: bool) -> Iterator[Check | None]:
    required = schema.get("required", [])
    for name in required:
        if (at.value, name) not in compiler.known.present:
            yield Compare(Literal(name), "in", at.value)
    for name, subschema in schema.get("properties", {}).items():
        below = compiler.member(at, name, "properties")
        met = None if below.value in compiler.known.arns else of_services(compiler, subschema, at, name)
        met = met or expression(compiler, subschema, below, referred=referred)
        there = name in required or (at.value, name) in compiler.known.present
        yield met if met is None or there else AnyOf((Compare(Literal(name), "not in", at.value), met))


def of_services(compiler: Compiler, schema: Schema, at: Place, name: str) -> Check | None:
    """Return a check for a member that asks for no more than what service an ARN names; None for any other."""
    if not _asks(schema, ASKING) or schema.get("type") != "string":
        return None
    named = service(compiler, at, name)
    wanted = of_service(compiler, schema["pattern"], named)
    unwanted = of_service(compiler, schema["not"]["pattern"], named) if "not" in schema else None
    return wanted and every([negated(wanted), *([unwanted] if unwanted else [])])


def _asks(schema: Any, keywords: frozenset[str]) -> bool:
    """Whether a schema of no more than some keywords asks for a service."""
    if not isinstance(schema, dict) or not schema.keys() - ANNOTATIONS <= keywords:
        return False
    check_vocabulary(schema)
    return services(schema.get("pattern", "")) is not None and (
        "not" not in schema or _asks(schema["not"], frozenset({"pattern"}))
    )
