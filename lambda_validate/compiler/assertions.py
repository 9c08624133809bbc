"""Define the assertions: keywords that check one value, such as `maximum`. `ASSERTIONS` is the table of all of them.

For each keyword, the table has its JSON type, a test of its argument, a function that makes its check, and its message.
`vocabulary.py`, `layout.py` and `messages.py` read this table, so a new keyword needs one new row. Bounds such as
`minLength` come from `catalog/bounds.py`. `applicators.py` has keywords that apply further schemas.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any, NamedTuple

from ..base.values import one_of
from ..catalog import SchemaError
from ..catalog.bounds import OF_TYPE
from ..catalog.formats import FORMATS, STATED
from .context import Context
from .nodes import All, AnyOf, Call, Check, Compare, Holds, InSet, IsType, Literal, Match, Not
from .place import Place

Emitter = Callable[[Context, Any, Place], Check | None]


class AssertionKeyword(NamedTuple):
    """A keyword that checks one value.

    `kind` is the JSON type that it applies to, None for all types. `accepts` returns whether an argument is valid.
    `broken` returns the check that generated code makes: it is true if the keyword is violated. The result is None if
    the keywords beside it state as much. `sentence` is a template of the message, filled with the member, the argument
    and the ending of a plural. A keyword without a template has a function in `messages.py`.
    """

    kind: str | None
    accepts: Callable[[Any], bool]
    broken: Emitter
    sentence: str = ""


def is_count(argument: Any) -> bool:
    """Return whether the argument of a keyword is a valid number of characters or items: whole and at least 0."""
    return is_number(argument) and argument >= 0 and argument == int(argument)


def is_number(argument: Any) -> bool:
    """Return whether the argument of a keyword is a finite number. A boolean is not."""
    return type(argument) is int or (type(argument) is float and isfinite(argument))


def is_string(argument: Any) -> bool:
    """Return whether the argument of a keyword is a string."""
    return isinstance(argument, str)


def is_list(argument: Any) -> bool:
    """Return whether the argument of a keyword is a list."""
    return isinstance(argument, list)


def compare(operator: str) -> Emitter:
    """Return a function that makes a check such as `v1 < 5`: a value compared with the argument of its keyword."""
    return lambda context, argument, at: Compare(at.value, operator, Literal(argument))


def compare_length(operator: str) -> Emitter:
    """Return a function that makes a check such as `len(v1) < 5`: a length compared with the argument of a keyword."""
    return lambda context, argument, at: Compare(Call("len", (at.value,)), operator, Literal(argument))


def pattern(context: Context, argument: str, at: Place) -> Check:
    """Return a check that is true if a string does not match the pattern `argument`."""
    bound = context.bind("pattern", argument) if context.is_plan else context.match(argument)
    return Not(Match(bound, at.value))


def choices(context: Context, argument: list[Any], at: Place) -> Check:
    """Return a check that is true if a value is not one of the choices in `argument`.

    Strings are looked up in a set; other values are compared as JSON values, so that 1 equals 1.0 but not true.
    """
    listed = Holds(context.call(one_of, at.value, context.bind("choices", tuple(argument))))
    if not all(type(choice) is str for choice in argument):
        return Not(listed)
    if len(argument) == 1 and at.kind == "string":
        return Not(Compare(at.value, "==", Literal(argument[0])))
    found = InSet(at.value, context.bind("choices", frozenset(argument)))
    is_string = IsType(at.value, "string")
    return Not(found if at.kind == "string" else AnyOf((All((is_string, found)), All((Not(is_string), listed)))))


def format_function(context: Context, argument: str, at: Place) -> Check | None:
    """Return a check that is true if a string does not have the format `argument`, such as "filter-pattern".

    Return None for a format that the schema also states by other keywords, such as `pattern`.
    """
    if argument not in FORMATS:
        raise SchemaError(f"the format {argument!r} is not known")
    if argument in STATED:
        return None
    return Not(Holds(Call(context.bind("format", FORMATS[argument]), (at.value,))))


def bounds(kind: str) -> dict[str, AssertionKeyword]:
    """Return the assertions of the two bounds of a JSON type, such as `minLength` and `maxLength` for "string"."""
    _, least, most, noun = OF_TYPE[kind]
    accepts, emitter = (is_count, compare_length) if noun else (is_number, compare)
    sentence = f"{{}} must have BOUND {{}} {noun}{{}}." if noun else "{} must be BOUND {}."
    return {
        least: AssertionKeyword(kind, accepts, emitter("<"), sentence.replace("BOUND", "at least")),
        most: AssertionKeyword(kind, accepts, emitter(">"), sentence.replace("BOUND", "at most")),
    }


ASSERTIONS: dict[str, AssertionKeyword] = {
    "enum": AssertionKeyword(None, is_list, choices),
    "const": AssertionKeyword(
        None, lambda argument: True, lambda context, argument, at: choices(context, [argument], at)
    ),
    **bounds("string"),
    "pattern": AssertionKeyword("string", is_string, pattern),
    "format": AssertionKeyword("string", is_string, format_function),
    **bounds("number"),
    **bounds("array"),
    **bounds("object"),
}
"""The assertion for each keyword, in the order of checking: for each JSON type, the cheap ones come first."""
