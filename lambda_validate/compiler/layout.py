"""Generate the code for one schema in order: the type first, then keywords for any type, then keywords for one type.

A value of a wrong type breaks only the rule about the type; no other keyword is checked. If a schema states no type, a
keyword such as `minLength` is checked only if the value has the type that it applies to.
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
"""The JSON types that have keywords which apply only to them, such as `minLength` for strings."""
RANK = {keyword: rank for rank, keyword in enumerate([*ASSERTIONS, *APPLICATORS])}


def emit(context: Context, schema: Schema, at: Place) -> Code:
    """Return the code that checks the value at a place by a schema; no code if every value is valid."""
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
    """Return the code that checks the type, and then everything that applies to a value of that type."""
    failure = context.fail(schema, "type", at)
    if kind not in values.EXACT:
        return _either(Not(is_of(kind, at)), failure, _of_kind(context, schema, at._replace(kind=kind)))
    leaving = context.mode == VERDICT and leaves(failure)
    is_own = leaving and at.value != INSTANCE  # then nothing else looks at the variable with a wrong type in it
    exact = str(at.value) if is_own else context.variable()
    known = at._replace(kind=kind, value=exact)
    is_type = IsType(at.value, kind, exact, IS_HELD)
    if context.straight and leaving:
        context.facts.values[at.parent, at.member or ""] = (exact, kind)
    code = _either(Not(is_type), failure, _of_kind(context, schema, known))
    return code if is_own or not code else [Assign(exact, at.value), *code]


def _either(check: Check, failure: Code, otherwise: Code) -> Code:
    """Return code that runs `failure` if a check is true, and otherwise `otherwise`.

    There is no `else` if `failure` returns from the function.
    """
    return [*when(check, failure), *otherwise] if leaves(failure) else when(check, failure, otherwise)


def _of_kind(context: Context, schema: Schema, at: Place) -> Code:
    """Return the code of all keywords that apply to the type of the value, which is known."""
    return _keywords(context, schema, at, {None, general(at.kind)})


def _untyped(context: Context, schema: Schema, at: Place) -> Code:
    """Return the code for a value whose type is not known. Keywords for one type are inside a test of that type."""
    code = _keywords(context, schema, at, {None})
    kinds = {KEYWORDS[keyword].kind for keyword in schema.keys() & KEYWORDS.keys()}
    for kind in filter(kinds.__contains__, GUARDED):
        exact = context.variable()
        body = _keywords(context, schema, at._replace(value=exact, kind=kind), {kind})
        code += when(IsType(at.value, kind, exact), body)
    return code


def _keywords(context: Context, schema: Schema, at: Place, kinds: set[str | None]) -> Code:
    """Return the code of the keywords that apply to the given JSON types. None means keywords for any type."""
    code: Code = []
    for keyword in sorted(schema.keys() & RANK.keys(), key=RANK.__getitem__):
        if KEYWORDS[keyword].kind not in kinds:
            continue
        emitter = APPLICATORS.get(keyword)
        code += emitter(context, schema, at) if emitter else _assertion(context, schema, keyword, at)
    return cheap_first(code, at.value) if at.kind == "object" else code


def _assertion(context: Context, schema: Schema, keyword: str, at: Place) -> Code:
    """Return the code of a keyword that checks one value, such as `maximum`; no code if it needs no check."""
    broken = ASSERTIONS[keyword].broken(context, schema[keyword], at)
    return when(broken, context.fail(schema, keyword, at)) if broken else []
