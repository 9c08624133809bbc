"""Compile the schema in an `if` or a `not` into a single Python expression, if it is simple enough.

Most are simple: a member exists and matches a pattern. Any other condition becomes a function of its own, which the
same emitters generate.

    {"required": ["Arn"], "properties": {"Arn": {"type": "string", "pattern": "^arn:[^:]*:sqs:"}}}
    becomes   'Arn' in v1 and v7 == 'sqs'      after the line   v7 = service_of_3(v1.get('Arn'))
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base.arns import service_of
from ..base.values import EXACT
from ..catalog import Schema
from ..catalog.references import resolve
from .assertions import ASSERTIONS
from .context import Context
from .nodes import (
    FALSE,
    NONE_LITERAL,
    TRUE,
    AnyOf,
    Assign,
    Call,
    Check,
    Code,
    Compare,
    Has,
    Holds,
    InSet,
    IsType,
    Literal,
    Not,
    every,
    negated,
)
from .place import Place
from .vocabulary import ANNOTATIONS, check_vocabulary, general

SERVICES = re.compile(r"\^arn:\[\^:\]\*:(?:(?P<one>[a-z0-9]+)|\(\?:(?P<some>[a-z0-9]+(?:\|[a-z0-9]+)*)\)|\[\^:\]\+):")
"""A pattern of ARNs that names one service, several services in a group, or no service."""
SERVICE_ONLY = frozenset({"type", "pattern", "not"})
SIMPLE = ANNOTATIONS | ASSERTIONS.keys() | {"required", "properties", "not", "$ref"}


# The facts say which variable holds the service of an ARN, so that it is found only once. A variable that is set inside
# a condition exists in one branch of the generated code only. That is so if the code around is conditional (`straight`
# is False), or if the condition becomes a function. Then its facts must not be used later, so the facts are restored to
# what they were before.
def tested(context: Context, schema: Schema, at: Place) -> tuple[Code, Check]:
    """Return a check that is true if the value at a place matches a schema, and the statements that must precede it.

    These statements store the service of an ARN in a variable. Later conditions use the same variable.
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
    """Return the name of a variable whose value is the service in a member's ARN: "sqs", or None without an ARN.

    If no statement sets the variable yet, one is added to `context.pending`.
    """
    known = context.facts.services
    if (at.value, name) not in known:
        variable = known[at.value, name] = context.variable()
        member = Call(f"{at.value}.get", (Literal(name),))
        context.pending.append(Assign(variable, context.call(service_of, member)))
    return known[at.value, name]


def expression(context: Context, schema: Schema, at: Place, *, referred: bool = False) -> Check | None:
    """Return a check that is true if the value at a place matches a schema; None if a single check cannot express it.

    One `$ref` is followed. A second one (`referred` is True) is not, since it might lead back to the first.
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
    """Yield the checks that must all be true for a value to match a schema.

    A None among them means that one expression cannot express the schema.
    """
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
    """Return a check that is true if a value has the JSON type `kind`, for "null" and "boolean"."""
    return Compare(at.value, "is", NONE_LITERAL) if kind == "null" else IsType(at.value, kind)


def _members(context: Context, schema: Schema, at: Place, referred: bool) -> Iterator[Check | None]:
    required = schema.get("required", [])
    yield from (Has(at.value, name) for name in required)
    for name, subschema in schema.get("properties", {}).items():
        below = context.member(at, name)
        met = of_services(context, subschema, at, name) or expression(context, subschema, below, referred=referred)
        yield met if met is None or name in required else AnyOf((Not(Has(at.value, name)), met))


def of_services(context: Context, schema: Schema, at: Place, name: str) -> Check | None:
    """Return a check of the service in a member's ARN, if the schema of the member restricts nothing else.

    Return None for any other schema.
    """
    if not _restricts_only(schema, SERVICE_ONLY) or schema.get("type") != "string":
        return None
    named = service(context, at, name)
    wanted = is_service(context, services(schema["pattern"]) or (), named)
    if "not" not in schema:
        return wanted
    return every([wanted, Not(is_service(context, services(schema["not"]["pattern"]) or (), named))])


def is_service(context: Context, wanted: tuple[str, ...], named: str) -> Check:
    """Return a check that is true if the service in a variable is one of `wanted`; any service if `wanted` is empty."""
    if not wanted:
        return Holds(named)
    if len(wanted) == 1:
        return Compare(named, "==", Literal(wanted[0]))
    return InSet(named, context.bind("services", frozenset(wanted)))


def services(pattern: str) -> tuple[str, ...] | None:
    """Return the services that a pattern allows in an ARN: `("sqs", "sns")` for `^arn:[^:]*:(?:sqs|sns):`.

    An empty tuple means any service. The result is None for a pattern that restricts anything else.
    """
    found = SERVICES.fullmatch(pattern)
    if found is None:
        return None
    return (found["one"],) if found["one"] else tuple((found["some"] or "").split("|")) if found["some"] else ()


def _restricts_only(schema: Any, keywords: frozenset[str]) -> bool:
    """Return whether a schema has only the given keywords, and its pattern only restricts the service of an ARN."""
    if not isinstance(schema, dict) or not schema.keys() - ANNOTATIONS <= keywords:
        return False
    check_vocabulary(schema)
    return services(schema.get("pattern", "")) is not None and (
        "not" not in schema or _restricts_only(schema["not"], frozenset({"pattern"}))
    )
