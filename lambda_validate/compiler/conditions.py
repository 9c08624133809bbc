"""Conditions (an `if`, a `not`) as one check, where a schema is simple enough.

Most are: a member that is there and matches a pattern. What is not becomes a function of its own, made by the same
emitters as everything else.

    {"required": ["Arn"], "properties": {"Arn": {"type": "string", "pattern": "^arn:[^:]*:sqs:"}}}
    becomes   'Arn' in v1 and v7 == 'sqs'      after the line   v7 = service_of_3(v1.get('Arn'))
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..base.arns import service_of
from ..base.values import EXACT
from ..catalog import Schema
from ..catalog.references import resolve
from .arns import services
from .assertions import ASSERTIONS, other_service
from .context import Context
from .nodes import (
    FALSE,
    NONE,
    TRUE,
    AnyOf,
    Assign,
    Call,
    Check,
    Code,
    Compare,
    Has,
    IsType,
    Literal,
    Not,
    every,
    negated,
)
from .place import Place
from .vocabulary import ANNOTATIONS, check_vocabulary, general

SERVICE_ONLY = frozenset({"type", "pattern", "not"})
SIMPLE = ANNOTATIONS | ASSERTIONS.keys() | {"required", "properties", "not", "$ref"}


def tested(context: Context, schema: Schema, at: Place) -> tuple[Code, Check]:
    """Return a check that holds when the value at a place meets a schema, and the statements that it needs before.

    These find the services that ARNs name, each once: what one condition has found, the next ones use.
    """
    at = at._replace(severity="error")  # the condition of a warning is no warning
    before = dict(context.facts.services)
    with context.changed(straight=False):
        check = expression(context, schema, at)
    if not (check and context.straight):  # what is found here is found on one way only
        context.facts.services = before
    statements, context.pending = context.pending if check else [], []
    return statements, check or context.defined(schema, at)


def service(context: Context, at: Place, name: str) -> str:
    """Return the variable that holds the service which a member of an object names, None if it is no ARN."""
    known = context.facts.services
    if (at.value, name) not in known:
        variable = known[at.value, name] = context.variable()
        member = Call(f"{at.value}.get", (Literal(name),))
        context.pending.append(Assign(variable, context.call(service_of, member)))
    return known[at.value, name]


def expression(context: Context, schema: Schema, at: Place, *, referred: bool = False) -> Check | None:
    """Return a check that holds when the value at a place meets a schema; None when it takes more than a check.

    One reference is followed; a second, where `referred`, might lead back here.
    """
    if isinstance(schema, bool) or not schema:
        return FALSE if schema is False else TRUE
    check_vocabulary(schema)
    if not schema.keys() <= SIMPLE or isinstance(schema.get("type"), list):
        return None
    if "$ref" in schema:
        lone = schema.keys() - ANNOTATIONS == {"$ref"} and not referred
        return expression(context, resolve(context.schema, schema["$ref"]), at, referred=True) if lone else None
    parts = list(_parts(context, schema, at, referred))
    return None if None in parts else every(filter(None, parts))


def _parts(context: Context, schema: Schema, at: Place, referred: bool) -> Iterator[Check | None]:
    """The checks that must all hold; None among them for one that takes more than an expression."""
    kind = schema.get("type")
    if kind is not None and kind not in (at.kind, general(at.kind)):
        if kind not in EXACT:
            yield is_of(kind, at)
        else:
            exact = context.variable()
            yield IsType(at.value, kind, exact)
            at = at._replace(value=exact)
        at = at._replace(kind=kind)
    for keyword, assertion in ASSERTIONS.items():
        if keyword in schema and assertion.kind not in (None, at.kind, general(at.kind)):
            yield None if at.kind is None else TRUE
        elif keyword in schema and (broken := assertion.broken(context, schema[keyword], at)):
            yield negated(broken)
    if "not" in schema:
        met = expression(context, schema["not"], at, referred=referred)
        yield None if met is None else Not(met)
    if "required" in schema or "properties" in schema:
        yield from _members(context, schema, at, referred) if at.kind == "object" else [None]


def is_of(kind: str, at: Place) -> Check:
    """Return a check that holds when the value at a place is of a JSON type that has but one form."""
    return Compare(at.value, "is", NONE) if kind == "null" else IsType(at.value, kind)


def _members(context: Context, schema: Schema, at: Place, referred: bool) -> Iterator[Check | None]:
    required = schema.get("required", [])
    yield from (Has(at.value, name) for name in required)
    for name, subschema in schema.get("properties", {}).items():
        below = context.member(at, name)
        met = None if below.value in context.facts.arns else of_services(context, subschema, at, name)
        met = met or expression(context, subschema, below, referred=referred)
        yield met if met is None or name in required else AnyOf((Not(Has(at.value, name)), met))


def of_services(context: Context, schema: Schema, at: Place, name: str) -> Check | None:
    """Return a check for a member that asks for no more than what service an ARN names; None for any other."""
    if not _asks(schema, SERVICE_ONLY) or schema.get("type") != "string":
        return None
    named = service(context, at, name)
    wanted = other_service(context, schema["pattern"], named)
    unwanted = other_service(context, schema["not"]["pattern"], named) if "not" in schema else None
    return wanted and every([negated(wanted), *([unwanted] if unwanted else [])])


def _asks(schema: Any, keywords: frozenset[str]) -> bool:
    """Whether a schema of no more than some keywords asks for a service."""
    if not isinstance(schema, dict) or not schema.keys() - ANNOTATIONS <= keywords:
        return False
    check_vocabulary(schema)
    return services(schema.get("pattern", "")) is not None and (
        "not" not in schema or _asks(schema["not"], frozenset({"pattern"}))
    )
