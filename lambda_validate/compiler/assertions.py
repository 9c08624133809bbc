"""The assertions: keywords that check one value. `ASSERTIONS` is the table of all of them.

A row holds the JSON type that the keyword applies to, the test of its argument, the emitter of its check, and its
message. The vocabulary, the layout and the messages all read this table, so a new keyword needs one new row. The
keywords of bounds are listed in `catalog/bounds.py`. Keywords that apply further schemas are in `applicators.py`.
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


class Assertion(NamedTuple):
    """A keyword that checks one value.

    `kind` is the JSON type that it applies to, None for all types. `accepts` returns whether an argument is valid.
    `broken` returns a check that is true if the keyword is violated; None if the keywords beside it imply it.
    `sentence` is a template of the message, filled with the member, the argument and the ending of a plural. A keyword
    without a template has a function in `messages.py`.
    """

    kind: str | None
    accepts: Callable[[Any], bool]
    broken: Emitter
    sentence: str = ""


def is_count(argument: Any) -> bool:
    """Return whether an argument is a number of characters, items or members."""
    return is_number(argument) and argument >= 0 and argument == int(argument)


def is_number(argument: Any) -> bool:
    """Return whether an argument is a finite number. A boolean is not."""
    return type(argument) is int or (type(argument) is float and isfinite(argument))


def is_string(argument: Any) -> bool:
    """Return whether an argument is a string."""
    return isinstance(argument, str)


def is_list(argument: Any) -> bool:
    """Return whether an argument is a list."""
    return isinstance(argument, list)


def compare(operator: str) -> Emitter:
    """Return an emitter that compares a value with the argument."""
    return lambda context, argument, at: Compare(at.value, operator, Literal(argument))


def compare_length(operator: str) -> Emitter:
    """Return an emitter that compares the length of a value with the argument."""
    return lambda context, argument, at: Compare(Call("len", (at.value,)), operator, Literal(argument))


def pattern(context: Context, argument: str, at: Place) -> Check:
    """Return the check for a string that does not match."""
    bound = context.bind("pattern", argument) if context.is_plan else context.match(argument)
    return Not(Match(bound, at.value))


def choices(context: Context, argument: list[Any], at: Place) -> Check:
    """Return the check for a value that is not listed.

    Strings are looked up in a set; other values are compared as JSON.
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
    """Return the check by the function of a format; None if the keywords beside it imply the format."""
    if argument not in FORMATS:
        raise SchemaError(f"the format {argument!r} is not known")
    if argument in STATED:
        return None
    return Not(Holds(Call(context.bind("format", FORMATS[argument]), (at.value,))))


def bounds(kind: str) -> dict[str, Assertion]:
    """Return the rows for the two bounds of a JSON type."""
    _, least, most, noun = OF_TYPE[kind]
    accepts, emitter = (is_count, compare_length) if noun else (is_number, compare)
    sentence = f"{{}} must have {{}} {{{{}}}} {noun}{{{{}}}}." if noun else "{} must be {} {{}}."
    return {
        least: Assertion(kind, accepts, emitter("<"), sentence.format("{}", "at least")),
        most: Assertion(kind, accepts, emitter(">"), sentence.format("{}", "at most")),
    }


ASSERTIONS: dict[str, Assertion] = {
    "enum": Assertion(None, is_list, choices),
    "const": Assertion(None, lambda argument: True, lambda context, argument, at: choices(context, [argument], at)),
    **bounds("string"),
    "pattern": Assertion("string", is_string, pattern),
    "format": Assertion("string", is_string, format_function),
    **bounds("number"),
    **bounds("array"),
    **bounds("object"),
}
"""The assertion for each keyword, in the order of checking: for each JSON type, the cheap ones come first."""
