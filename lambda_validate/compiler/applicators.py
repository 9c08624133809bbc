"""Generate the code of applicators: keywords that apply further schemas, such as `properties`, `items` and `allOf`.

Each emitter is a function that returns the code for one keyword. `vocabulary.py` has the JSON type and the valid
arguments of each keyword. `assertions.py` has the keywords that check one value only, such as `maximum`.
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
    NONE_LITERAL,
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
    """Return code that checks that each required member exists. A violation has the path of the missing member."""
    code: Code = []
    for name in schema["required"]:
        stated, place = missing(schema, name, at)
        code += when(Not(Has(at.value, name)), context.fail(stated, "required", place, NONE_LITERAL))
    return code


def missing(schema: Schema, name: str, at: Place) -> tuple[Schema, Place]:
    """Return the schema and the place that a violation for a missing member is made of.

    If the member's own schema has a rule for `required`, or a source, it replaces that of the object.
    """
    member = schema.get("properties", {}).get(name)
    own = member if isinstance(member, dict) else {}
    source = Source(**own["x-source"]) if "x-source" in own else at.source
    rules = dict(schema.get("x-rules", {}))
    if "required" in own.get("x-rules", {}):
        rules["required"] = own["x-rules"]["required"]
    return {**schema, "x-rules": rules}, at._replace(path=(*at.path, Literal(name)), member=name, source=source)


def properties(context: Context, schema: Schema, at: Place) -> Code:
    """Return code that checks each member that exists by its own schema.

    If no other member is allowed, the code also counts these members, so that unknown members are found cheaply.
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


# In generated code, an object without additional members is recognised by counting. Each known member that the object
# has adds one to a count, which is compared with `len(v1)`. If they are equal, the object has no other members. If not,
# the names are compared, since members whose schema accepts all values are not counted. Counting is cheap, because the
# code visits the other known members anyway.
def _count(context: Context, schema: Schema, at: Place) -> str:
    """Return the variable in which the code counts the members of an object; an empty string if no count is needed."""
    closed = context.mode == VERDICT and schema.get("additionalProperties") is False and "properties" in schema
    return f"count_{at.value}" if closed and context.fail(schema, "additionalProperties", at) else ""


def additional_properties(context: Context, schema: Schema, at: Place) -> Code:
    """Return code that checks each member that `properties` does not name, by the schema in `additionalProperties`."""
    return _others(context, schema, at, "additionalProperties", schema["additionalProperties"])


def unknown_members(context: Context, schema: Schema, at: Place) -> Code:
    """Return code that warns about each member that `properties` does not name."""
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
    """Return code that checks the name of each member by a schema."""
    key = context.variable()
    path: tuple[Operand, ...] = (*at.path, context.call(key_name, key))
    below = at._replace(value=key, kind=None, path=path, keyword="propertyNames", parent="")
    return for_each(key, at.value, context.emit(schema["propertyNames"], below))


def items(context: Context, schema: Schema, at: Place) -> Code:
    """Return code that checks each item of an array by a schema."""
    index, variable = context.variable(), context.variable()
    below = at._replace(value=variable, kind=None, path=(*at.path, index), keyword="items", parent="")
    return for_each(f"{index}, {variable}", Call("enumerate", (at.value,)), context.emit(schema["items"], below))


def relation(context: Context, schema: Schema, at: Place) -> Code:
    """Return code that calls the function named in `x-relation`, which compares members of an object.

    The function returns the paths of the invalid members. The code records a violation for each of them.
    """
    name = schema["x-relation"]
    if name not in RELATIONS:
        raise SchemaError(f"the relation {name!r} is not known")
    variable = context.variable()
    failure = context.fail(schema, "x-relation", at._replace(path=(*at.path, Spread(variable))), NONE_LITERAL)
    return for_each(variable, Call(context.bind("relation", RELATIONS[name]), (at.value,)), failure)


def all_of(context: Context, schema: Schema, at: Place) -> Code:
    """Return code that checks the same value by each schema in `allOf`."""
    return _all(context, schema["allOf"], at._replace(keyword="allOf"))


def warnings(context: Context, schema: Schema, at: Place) -> Code:
    """Return code that checks the same value by each schema in `x-warnings`, whose violations are warnings.

    Return no code if warnings make no difference, as for a verdict that is not strict.
    """
    is_seen = context.mode == REPORT or (context.mode == VERDICT and context.policy.strict)
    return _all(context, schema["x-warnings"], at._replace(severity="warning")) if is_seen else []


def _all(context: Context, subschemas: Iterable[Schema], at: Place) -> Code:
    return [statement for subschema in subschemas for statement in context.emit(subschema, at)]


def conditional(context: Context, schema: Schema, at: Place) -> Code:
    """Return code that checks the value by the schema `then` if it matches the schema `if`, otherwise by `else`."""
    met = context.branch(schema.get("then", True), at._replace(keyword="then"))
    unmet = context.branch(schema.get("else", True), at._replace(keyword="else"))
    if not met and not unmet:
        return []
    statements, check = tested(context, schema["if"], at._replace(keyword="if"))
    return [*statements, *when(check, met, unmet)]


def negation(context: Context, schema: Schema, at: Place) -> Code:
    """Return code that checks that the value does not match the schema in `not`."""
    failure = context.fail(schema, "not", at)
    statements, check = tested(context, schema["not"], at._replace(keyword="not"))
    return failure and [*statements, *when(check, failure)]


def reference(context: Context, schema: Schema, at: Place) -> Code:
    """Return code that checks the same value by the schema that a `$ref` points to."""
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
