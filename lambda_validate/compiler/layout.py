"""How the code of one schema is laid out: its type first, then what applies to any value, then what applies to a type.

A value of a wrong type breaks that one rule, and no other is looked at. A value whose type the schema leaves open is
converted to the built-in type of each keyword's JSON type in turn, and those keywords wait below.
"""

from __future__ import annotations

from ..base import values
from ..catalog import Schema
from ..report import Source
from ..report.policy import VERDICT
from .applicators import APPLICATORS
from .assertions import ASSERTIONS
from .conditions import is_of
from .context import INSTANCE, Context
from .nodes import IS_HELD, Assign, Check, Code, Holds, IsType, Literal, Not, leaves, when
from .passes import cheap_first
from .place import Place
from .vocabulary import KEYWORDS, check_vocabulary, general

GUARDED = ("string", "number", "array", "object")
"""The JSON types that some keyword applies to alone."""
RANK = {keyword: rank for rank, keyword in enumerate([*ASSERTIONS, *APPLICATORS])}


def emit(context: Context, schema: Schema, at: Place) -> Code:
    """Return the code for a schema at a place; nothing when it can never fail."""
    if schema is False:
        return context.fail({}, at.keyword, at)
    if schema is True or schema == {}:
        return []
    check_vocabulary(schema)
    if "x-source" in schema:
        at = at._replace(source=Source(**schema["x-source"]))
    kind = schema.get("type")
    if isinstance(kind, list):
        is_kinds = Holds(context.call(values.is_kinds, at.value, Literal(tuple(kind))))
        return [*when(Not(is_kinds), context.fail(schema, "type", at)), *_untyped(context, schema, at)]
    if kind is not None and kind not in (at.kind, general(at.kind)):
        return _typed(context, schema, kind, at)
    return _untyped(context, schema, at) if at.kind is None else _of_kind(context, schema, at)


def _typed(context: Context, schema: Schema, kind: str, at: Place) -> Code:
    """The type, and whatever else applies to a value of that type alone."""
    wrong = context.fail(schema, "type", at)
    if kind not in values.EXACT:
        return _either(Not(is_of(kind, at)), wrong, _of_kind(context, schema, at._replace(kind=kind)))
    leaving = context.mode == VERDICT and leaves(wrong)
    is_own = leaving and at.value != INSTANCE  # then nothing else looks at the variable with a wrong type in it
    exact = str(at.value) if is_own else context.variable()
    known = at._replace(kind=kind, value=exact)
    is_type = IsType(at.value, kind, exact, IS_HELD)
    if context.straight and leaving:
        context.facts.values[at.parent, at.member or ""] = (exact, kind)
    code = _either(Not(is_type), wrong, _of_kind(context, schema, known))
    return code if is_own or not code else [Assign(exact, at.value), *code]


def _either(check: Check, wrong: Code, right: Code) -> Code:
    """Return code that goes one of two ways; flat where the wrong one leaves."""
    return [*when(check, wrong), *right] if leaves(wrong) else when(check, wrong, right)


def _of_kind(context: Context, schema: Schema, at: Place) -> Code:
    """The keywords that apply to a value of the type that is known."""
    return _keywords(context, schema, at, {None, general(at.kind)})


def _untyped(context: Context, schema: Schema, at: Place) -> Code:
    """A value of any type: keywords that apply to one type wait until the value is known to be of it."""
    code = _keywords(context, schema, at, {None})
    kinds = {KEYWORDS[keyword].kind for keyword in schema.keys() & KEYWORDS.keys()}
    for kind in filter(kinds.__contains__, GUARDED):
        exact = context.variable()
        body = _keywords(context, schema, at._replace(value=exact, kind=kind), {kind})
        code += when(IsType(at.value, kind, exact), body)
    return code


def _keywords(context: Context, schema: Schema, at: Place, kinds: set[str | None]) -> Code:
    """The keywords of a schema that apply to one of some types, None being any type."""
    code: Code = []
    for keyword in sorted(schema.keys() & RANK.keys(), key=RANK.__getitem__):
        if KEYWORDS[keyword].kind not in kinds:
            continue
        emitter = APPLICATORS.get(keyword)
        code += emitter(context, schema, at) if emitter else _assertion(context, schema, keyword, at)
    return cheap_first(code, at.value) if at.kind == "object" else code


def _assertion(context: Context, schema: Schema, keyword: str, at: Place) -> Code:
    """The check of a keyword that looks at one value."""
    broken = ASSERTIONS[keyword].broken(context, schema[keyword], at)
    return when(broken, context.fail(schema, keyword, at)) if broken else []
