"""The keywords that the compiler knows: the one place where each is said to be broken.

`TESTS` holds the keywords that look at one value: to which JSON type each applies, what its argument must be, and the
Python expression that is true when it is broken. `APPLICATORS` holds those that look further: into members and items,
or into other schemas; each is a function that returns code. `compiler.py` turns both into checkers.

A keyword is added by one row or one function here, and one row in `messages.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from .catalog import Schema, SchemaError
from .formats import FORMATS, STATED
from .patterns import matcher, naming, services
from .relations import RELATIONS
from .report import Source
from .source import Code
from .values import key_name, one_of

if TYPE_CHECKING:
    from .compiler import Compiler
    from .report import Severity


class Place(NamedTuple):
    """Where an emitter stands: the variable that holds the instance, its JSON type if that is known by then, the
    source of the path's steps, the keyword that led here, what messages need to know, and the variable of the object
    whose member the instance is."""

    value: str
    kind: str | None
    path: str
    keyword: str
    member: str | None
    source: Source
    severity: Severity
    parent: str = ""


class Test(NamedTuple):
    """A keyword that looks at one value. `kind` is the JSON type it applies to, None for all; `accepts` judges the
    argument; `broken` returns the expression that is true when it is broken, empty where others say it."""

    kind: str | None
    accepts: Callable[[Any], bool]
    broken: Callable[[Compiler, Any, Place], str]


def is_count(argument: Any) -> bool:
    """A number of characters, items or members."""
    return is_number(argument) and argument >= 0 and argument == int(argument)


def is_number(argument: Any) -> bool:
    """A finite number; a boolean is none."""
    return type(argument) is int or (type(argument) is float and isfinite(argument))


def is_text(argument: Any) -> bool:
    """A string."""
    return isinstance(argument, str)


def is_list(argument: Any) -> bool:
    """A list of anything."""
    return isinstance(argument, list)


def compare(template: str) -> Callable[[Compiler, Any, Place], str]:
    """Return an emitter that fills a template with the value and the argument, a number."""
    return lambda compiler, argument, at: template.format(value=at.value, argument=repr(argument))


def pattern(compiler: Compiler, argument: str, at: Place) -> str:
    """The pattern must match; `patterns.py` says how. An ARN's match also tells its service, for conditions to use."""
    wanted, found = services(argument), compiler.services.get(at.value)
    if wanted is not None and found is not None:
        listed = f"{found} not in {compiler.bind('services', frozenset(wanted))}"
        return f"not {found}" if not wanted else f"{found} != {wanted[0]!r}" if len(wanted) == 1 else listed
    match = naming(argument) if compiler.is_kept(at) else None
    if match is not None:
        met, service = compiler.variable(), compiler.variable()
        compiler.services[at.value] = service
        return f"({met} := {compiler.bind('match', match)}({at.value})) is None or not ({service} := {met}[1])"
    return f"not {compiler.bind('match', matcher(argument))}({at.value})"


def choices(compiler: Compiler, argument: list[Any], at: Place) -> str:
    """Texts are looked up in a set; anything else must be compared the JSON way."""
    listed = f"{compiler.bind('one_of', one_of)}({at.value}, {compiler.bind('choices', tuple(argument))})"
    if not all(type(each) is str for each in argument):
        return f"not {listed}"
    found = f"{at.value} in {compiler.bind('choices', frozenset(argument))}"
    return f"not {found}" if at.kind == "string" else f"not ({found} if type({at.value}) is str else {listed})"


def choice(compiler: Compiler, argument: Any, at: Place) -> str:
    """`const` is an `enum` of one."""
    return choices(compiler, [argument], at)


def format_function(compiler: Compiler, argument: str, at: Place) -> str:
    """A format is a function; one that the keywords beside it state already needs no test."""
    if argument not in FORMATS:
        raise SchemaError(f"the format {argument!r} is not known")
    return "" if argument in STATED else f"not {compiler.bind('format', FORMATS[argument])}({at.value})"


TESTS: dict[str, Test] = {
    "enum": Test(None, is_list, choices),
    "const": Test(None, lambda argument: True, choice),
    "minLength": Test("string", is_count, compare("len({value}) < {argument}")),
    "maxLength": Test("string", is_count, compare("len({value}) > {argument}")),
    "pattern": Test("string", is_text, pattern),
    "format": Test("string", is_text, format_function),
    "minimum": Test("number", is_number, compare("{value} < {argument}")),
    "maximum": Test("number", is_number, compare("{value} > {argument}")),
    "minItems": Test("array", is_count, compare("len({value}) < {argument}")),
    "maxItems": Test("array", is_count, compare("len({value}) > {argument}")),
    "minProperties": Test("object", is_count, compare("len({value}) < {argument}")),
    "maxProperties": Test("object", is_count, compare("len({value}) > {argument}")),
}


def required(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """Each name that is missing, at the place where it would be."""
    code: Code = []
    for name in schema["required"]:
        missing = at._replace(path=f"{at.path}{name!r}, ", member=name, source=_stated(schema, name, at))
        broken = compiler.fail(_naming(schema, name), "required", missing, "None")
        code.append((f"if {name!r} not in {at.value}:", broken))
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
    """Each member that is there, by its own schema."""
    code: Code = []
    for name, subschema in schema["properties"].items():
        below = compiler.member(at, name, "properties")
        lines: Code = []
        if below.kind is None:
            lines, below = [f"{(variable := compiler.variable())} = {below.value}"], below._replace(value=variable)
        body = compiler.emit(subschema, below)
        code.append((f"if {name!r} in {at.value}:", body and [*lines, *body]))
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
    if subschema is False:
        body = compiler.fail(schema, keyword, at._replace(path=path), f"{name}({key})")
    else:
        below = at._replace(value=variable, kind=None, path=path, keyword=keyword, parent="")
        body = compiler.emit(subschema, below)
        body = body and [f"{variable} = {at.value}[{key}]", *body]
    loop = (f"for {key} in {at.value}:", body and [(f"if {key} not in {known}:", body)])
    return [(f"if not {known}.issuperset({at.value}):", body and [loop])]


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
    return [line for subschema in subschemas for line in compiler.emit(subschema, at)]


def conditional(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """`then` or `else`, as the value meets the `if` or not."""
    met = compiler.branch(schema.get("then", True), at._replace(keyword="then"))
    unmet = compiler.branch(schema.get("else", True), at._replace(keyword="else"))
    if not met and not unmet:
        return []
    test = compiler.condition(schema["if"], at._replace(keyword="if"))
    return [(f"if {test}:", met), ("else:", unmet)] if met else [(f"if not ({test}):", unmet)]


def negation(compiler: Compiler, schema: Schema, at: Place) -> Code:
    """The value must not meet a schema."""
    failure = compiler.fail(schema, "not", at)
    return failure and [(f"if {compiler.condition(schema['not'], at._replace(keyword='not'))}:", failure)]


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
