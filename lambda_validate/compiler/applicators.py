"""The keywords that look further: into members and items, or into other schemas.

Each is a function that returns code; `APPLICATORS` holds to which JSON type each applies and what its argument must be.
Keywords that look at one value are in `keywords.py`; `compiler.py` turns both into checkers.

A keyword is added by one function and one row here, and one row in `messages.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.values import key_name
from ..catalog import Schema, SchemaError
from ..catalog.relations import RELATIONS
from ..report import Source
from .keywords import Place, is_text
from .source import Code, Compare, Expression, Literal, Not, chained, every, leaves

if TYPE_CHECKING:
    from .compile import Compiler


def required(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """Each name that is missing, at the place where it would be."""
    code: Code = []
    for name in schema["required"]:
        if (at.value, name) in compiler.known.present:
            continue
        missing = at._replace(path=f"{at.path}{name!r}, ", member=name, source=_stated(schema, name, at))
        broken = compiler.fail(_naming(schema, name), "required", missing, "None")
        code.append((Compare(Literal(name), "not in", at.value), broken))
        if compiler.straight and leaves(broken):
            compiler.known.present.add((at.value, name))
    return code


def _naming(schema: Schema, name: str) -> Schema:
    """A schema with what a member's own says of being required."""
    member = schema.get("properties", {}).get(name)
    rule = member.get("x-rules", {}).get("required") if isinstance(member, dict) else None
    return schema if rule is None else {**schema, "x-rules": {**schema.get("x-rules", {}), "required": rule}}


def _stated(schema: Schema, name: str, at: Place) -> Source:
    """Where a member's own statement stands, which says that it is required; else where the object's does."""
    member = schema.get("properties", {}).get(name)
    return Source(**member["x-source"]) if isinstance(member, dict) and "x-source" in member else at.source


def properties(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """Each member that is there, by its own schema; where no other may be, those that are looked at are counted."""
    code: Code = []
    count = compiler.counted(schema, at)
    if count:
        code.append(f"{count} = {sum((at.value, name) in compiler.known.present for name in schema['properties'])}")
    for name, subschema in schema["properties"].items():
        below = compiler.member(at, name, "properties")
        lines: Code = []
        if below.kind is None:
            lines, below = [f"{(variable := compiler.variable())} = {below.value}"], below._replace(value=variable)
        body = compiler.emit(subschema, below)
        body = body and [*lines, *body]
        if (at.value, name) in compiler.known.present:
            code += body
        else:
            there = Compare(Literal(name), "in", at.value)
            code.append((there, [f"{count} += 1", *body] if count and body else body))
    return code


def additional_properties(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """Each member that `properties` does not name."""
    return _others(compiler, schema, at, "additionalProperties", schema["additionalProperties"])


def unknown_members(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """The same, where a member that nobody knows is worth a warning and no more."""
    warned = at._replace(severity=schema["x-unknown-members"])
    return _others(compiler, schema, warned, "x-unknown-members", False)


def _others(compiler: Compiler, schema: Schema, at: Place, keyword: str, subschema: Schema) -> Code:
    known = compiler.bind("known", frozenset(schema.get("properties", ())))
    key, variable = compiler.variable(), compiler.variable()
    name = compiler.bind("key_name", key_name)
    path = f"{at.path}{name}({key}), "
    count = compiler.counted(schema, at) if subschema is False else ""
    has_others = Not(Expression(f"{known}.issuperset({at.value})"))
    if count:
        uncounted = every([Compare(count, "!=", f"len({at.value})"), has_others])
        return [(uncounted, compiler.fail(schema, keyword, at))]
    if subschema is False:
        body = compiler.fail(schema, keyword, at._replace(path=path), f"{name}({key})")
    else:
        below = at._replace(value=variable, kind=None, path=path, keyword=keyword, parent="")
        body = compiler.emit(subschema, below)
        body = body and [f"{variable} = {at.value}[{key}]", *body]
    loop = (f"for {key} in {at.value}:", body and [(Compare(key, "not in", known), body)])
    return [(has_others, body and [loop])]


def property_names(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """Each member's name, as a value."""
    key = compiler.variable()
    name = compiler.bind("key_name", key_name)
    below = at._replace(value=key, kind=None, path=f"{at.path}{name}({key}), ", keyword="propertyNames", parent="")
    return [(f"for {key} in {at.value}:", compiler.emit(schema["propertyNames"], below))]


def items(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """Each item of an array."""
    index, variable = compiler.variable(), compiler.variable()
    below = at._replace(value=variable, kind=None, path=f"{at.path}{index}, ", keyword="items", parent="")
    return [(f"for {index}, {variable} in enumerate({at.value}):", compiler.emit(schema["items"], below))]


def relation(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """A named check that compares members of an object, and tells the path of each that is to blame."""
    name = schema["x-relation"]
    if name not in RELATIONS:
        raise SchemaError(f"the relation {name!r} is not known")
    variable = compiler.variable()
    blamed = at._replace(path=f"{at.path}*{variable}, ")
    failure = compiler.fail(schema, "x-relation", blamed, "None")
    return failure and [(f"for {variable} in {compiler.bind('relation', RELATIONS[name])}({at.value}):", failure)]


def all_of(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """The same value, by further schemas."""
    return _each(compiler, schema["allOf"], at._replace(keyword="allOf"))


def warnings(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """The same value, by schemas that it should meet but need not."""
    return _each(compiler, schema["x-warnings"], at._replace(severity="warning")) if compiler.warns else []


def _each(compiler: Compiler, subschemas: Iterable[Schema], at: Place) -> Code:
    return chained([line for subschema in subschemas for line in compiler.emit(subschema, at)])


def conditional(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """`then` or `else`, as the value meets the `if` or not."""
    met = compiler.branch(schema.get("then", True), at._replace(keyword="then"))
    unmet = compiler.branch(schema.get("else", True), at._replace(keyword="else"))
    if not met and not unmet:
        return []
    lines, test = compiler.tested(schema["if"], at._replace(keyword="if"))
    ways: Code = [(test, met), ("else:", unmet)] if met else [(Not(test), unmet)]
    return [*lines, *ways]


def negation(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """The value must not meet a schema."""
    failure = compiler.fail(schema, "not", at)
    lines, test = compiler.tested(schema["not"], at._replace(keyword="not"))
    return failure and [*lines, (test, failure)]


def reference(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """The same value, by a schema that stands elsewhere."""
    return compiler.refer(schema["$ref"], at)


class Applicator(NamedTuple):
    """A keyword that looks further. `kind` and `accepts` as for `Test`."""

    kind: str | None
    accepts: Callable[[Any], bool]
    emit: Callable[[Compiler, Schema, Place], Code]


def is_schema(argument: Any) -> bool:
    """A schema: an object or a boolean."""
    return isinstance(argument, (dict, bool))


def is_schemas(argument: Any) -> bool:
    """One schema or more."""
    return isinstance(argument, list) and bool(argument) and all(map(is_schema, argument))


def is_members(argument: Any) -> bool:
    """A schema for each name."""
    return isinstance(argument, dict) and all(map(is_schema, argument.values()))


def is_names(argument: Any) -> bool:
    """A list of names."""
    return isinstance(argument, list) and all(map(is_text, argument))


APPLICATORS: dict[str, Applicator] = {
    "$ref": Applicator(None, is_text, reference),
    "properties": Applicator("object", is_members, properties),
    "required": Applicator("object", is_names, required),
    "additionalProperties": Applicator("object", is_schema, additional_properties),
    "x-unknown-members": Applicator("object", lambda argument: argument == "warning", unknown_members),
    "propertyNames": Applicator("object", is_schema, property_names),
    "items": Applicator("array", is_schema, items),
    "allOf": Applicator(None, is_schemas, all_of),
    "not": Applicator(None, is_schema, negation),
    "if": Applicator(None, is_schema, conditional),
    "x-warnings": Applicator(None, is_schemas, warnings),
    "x-relation": Applicator("object", is_text, relation),
}
