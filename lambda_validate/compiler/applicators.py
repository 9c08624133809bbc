"""The applicators: keywords that apply further schemas, to members, to items or to the same value.

Each emitter is a function that returns code. `vocabulary.py` holds the JSON type and the valid arguments of each
keyword. Keywords that check one value only are in `assertions.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..base.values import key_name
from ..catalog import Schema, SchemaError
from ..catalog.relations import RELATIONS
from ..report import Source
from ..report.policy import REPORT, VERDICT
from .conditions import tested
from .context import Context
from .nodes import (
    NONE,
    OUTLIVES,
    Add,
    Assign,
    Call,
    Code,
    Compare,
    Has,
    Holds,
    InSet,
    Item,
    Literal,
    Not,
    Operand,
    Spread,
    every,
    for_each,
    when,
)
from .place import Place


def required(context: Context, schema: Schema, at: Place) -> Code:
    """Check that each required member is there. A violation is at the place where the member would be."""
    code: Code = []
    for name in schema["required"]:
        stated, place = missing(schema, name, at)
        code += when(Not(Has(at.value, name)), context.fail(stated, "required", place, NONE))
    return code


def missing(schema: Schema, name: str, at: Place) -> tuple[Schema, Place]:
    """Return the schema and the place for the violation of a missing member.

    The member's own schema may name rule and source.
    """
    member = schema.get("properties", {}).get(name)
    own = member if isinstance(member, dict) else {}
    source = Source(**own["x-source"]) if "x-source" in own else at.source
    rules = dict(schema.get("x-rules", {}))
    if "required" in own.get("x-rules", {}):
        rules["required"] = own["x-rules"]["required"]
    return {**schema, "x-rules": rules}, at._replace(path=(*at.path, Literal(name)), member=name, source=source)


def properties(context: Context, schema: Schema, at: Place) -> Code:
    """Check each member that is there by its own schema.

    If no other member is allowed, count the members on the way.
    """
    count = _count(context, schema, at)
    code: Code = [Assign(count, Literal(0), OUTLIVES)] if count else []
    for name, subschema in schema["properties"].items():
        below = context.member(at, name)
        loaded: Code = []
        if below.kind is None:
            variable = context.variable()
            loaded, below = [Assign(variable, below.value)], below._replace(value=variable)
        body = context.apart(subschema, below)
        body = [*loaded, *body] if body else []
        code += when(Has(at.value, name), [Add(count, 1), *body] if count and body else body)
    return code


# An object without additional members is recognised by counting: each known member that is there adds one to the count,
# and the count is compared with `len(v1)`. Only if they differ are the names themselves compared: a member whose schema
# accepts all values is not counted. Counting is cheap, because the code visits the other members anyway.
def _count(context: Context, schema: Schema, at: Place) -> str:
    """Return the variable that counts the members of an object; an empty string if no count is needed."""
    closed = context.mode == VERDICT and schema.get("additionalProperties") is False and "properties" in schema
    return f"count_{at.value}" if closed and context.fail(schema, "additionalProperties", at) else ""


def additional_properties(context: Context, schema: Schema, at: Place) -> Code:
    """Check each member that `properties` does not name."""
    return _others(context, schema, at, "additionalProperties", schema["additionalProperties"])


def unknown_members(context: Context, schema: Schema, at: Place) -> Code:
    """Check each member that `properties` does not name, if an unknown member is only a warning."""
    warned = at._replace(severity=schema["x-unknown-members"])
    return _others(context, schema, warned, "x-unknown-members", False)


def _others(context: Context, schema: Schema, at: Place, keyword: str, subschema: Schema) -> Code:
    named = context.bind("named", frozenset(schema.get("properties", ())))
    key, variable = context.variable(), context.variable()
    step = context.call(key_name, key)
    path = (*at.path, step)
    has_others = Not(Holds(Call(f"{named}.issuperset", (at.value,))))
    count = _count(context, schema, at) if subschema is False else ""
    if count:
        is_other_count = Not(Compare(count, "==", Call("len", (at.value,))))
        return when(every([is_other_count, has_others]), context.fail(schema, keyword, at))
    if subschema is False:
        body = context.fail(schema, keyword, at._replace(path=path), step)
    else:
        below = at._replace(value=variable, kind=None, path=path, keyword=keyword, parent="")
        body = context.emit(subschema, below)
        body = [Assign(variable, Item(at.value, key)), *body] if body else []
    return when(has_others, for_each(key, at.value, when(Not(InSet(key, named)), body)))


def property_names(context: Context, schema: Schema, at: Place) -> Code:
    """Check the name of each member by a schema."""
    key = context.variable()
    path: tuple[Operand, ...] = (*at.path, context.call(key_name, key))
    below = at._replace(value=key, kind=None, path=path, keyword="propertyNames", parent="")
    return for_each(key, at.value, context.emit(schema["propertyNames"], below))


def items(context: Context, schema: Schema, at: Place) -> Code:
    """Check each item of an array by a schema."""
    index, variable = context.variable(), context.variable()
    below = at._replace(value=variable, kind=None, path=(*at.path, index), keyword="items", parent="")
    return for_each(f"{index}, {variable}", Call("enumerate", (at.value,)), context.emit(schema["items"], below))


def relation(context: Context, schema: Schema, at: Place) -> Code:
    """Call a named function that compares members of an object, and returns the paths of the invalid ones."""
    name = schema["x-relation"]
    if name not in RELATIONS:
        raise SchemaError(f"the relation {name!r} is not known")
    variable = context.variable()
    failure = context.fail(schema, "x-relation", at._replace(path=(*at.path, Spread(variable))), NONE)
    return for_each(variable, Call(context.bind("relation", RELATIONS[name]), (at.value,)), failure)


def all_of(context: Context, schema: Schema, at: Place) -> Code:
    """Check the same value by further schemas."""
    return _all(context, schema["allOf"], at._replace(keyword="allOf"))


def warnings(context: Context, schema: Schema, at: Place) -> Code:
    """Check the same value by schemas whose violations are warnings."""
    is_seen = context.mode == REPORT or (context.mode == VERDICT and context.policy.strict)
    return _all(context, schema["x-warnings"], at._replace(severity="warning")) if is_seen else []


def _all(context: Context, subschemas: Iterable[Schema], at: Place) -> Code:
    return [statement for subschema in subschemas for statement in context.emit(subschema, at)]


def conditional(context: Context, schema: Schema, at: Place) -> Code:
    """Check the value by `then` or by `else`, depending on `if`."""
    met = context.branch(schema.get("then", True), at._replace(keyword="then"))
    unmet = context.branch(schema.get("else", True), at._replace(keyword="else"))
    if not met and not unmet:
        return []
    statements, check = tested(context, schema["if"], at._replace(keyword="if"))
    return [*statements, *when(check, met, unmet)]


def negation(context: Context, schema: Schema, at: Place) -> Code:
    """Check that the value does not match a schema."""
    failure = context.fail(schema, "not", at)
    statements, check = tested(context, schema["not"], at._replace(keyword="not"))
    return failure and [*statements, *when(check, failure)]


def reference(context: Context, schema: Schema, at: Place) -> Code:
    """Check the same value by the schema that a `$ref` points to."""
    return context.refer(schema["$ref"], at)


APPLICATORS: dict[str, Callable[[Context, Schema, Place], Code]] = {
    "$ref": reference,
    "properties": properties,
    "required": required,
    "additionalProperties": additional_properties,
    "x-unknown-members": unknown_members,
    "propertyNames": property_names,
    "items": items,
    "allOf": all_of,
    "not": negation,
    "if": conditional,
    "x-warnings": warnings,
    "x-relation": relation,
}
"""The emitter of each keyword, in the order in which a report lists violations."""
