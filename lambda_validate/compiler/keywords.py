"""The keywords that look at one value: the one place where each is said to be broken.

`TESTS` holds to which JSON type each applies, what its argument must be, and the Python expression that is true when it
is broken. Keywords that look further are in `applicators.py`; `compiler.py` turns both into checkers.

A keyword is added by one row here, and one in `messages.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.values import one_of
from ..catalog import SchemaError
from ..catalog.formats import FORMATS, STATED
from ..patterns.matching import matcher
from ..report import Source
from .arns import services
from .source import Check, Compare, Expression, Literal, Not, printed

if TYPE_CHECKING:
    from ..report import Severity
    from .compile import Compiler


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
    argument; `broken` returns the check that holds when it is broken, None where others state it."""

    kind: str | None
    accepts: Callable[[Any], bool]
    broken: Callable[[Compiler, Any, Place], Check | None]


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


def compare(operator: str) -> Callable[[Compiler, Any, Place], Check]:
    """Return an emitter that compares a value with the argument, a number."""
    return lambda compiler, argument, at: Compare(at.value, operator, Literal(argument))


def compare_length(operator: str) -> Callable[[Compiler, Any, Place], Check]:
    """Return an emitter that compares a value's length with the argument, a number."""
    return lambda compiler, argument, at: Compare(f"len({at.value})", operator, Literal(argument))


def pattern(compiler: Compiler, argument: str, at: Place) -> Check:
    """The pattern must match; `patterns.py` says how. An ARN's match also tells its service, for conditions to use."""
    known = compiler.known.arns.get(at.value)
    broken = known and (of_service(compiler, argument, known.named) or known.wants(argument))
    if broken:
        return broken
    compiler.matches += 1
    kept = compiler.arn(argument, at) if compiler.is_kept(at) and not known else None
    if kept:
        return Compare(f"({kept.met} := {kept.bound}({at.value}))", "is", "None")
    return Not(Expression(f"{compiler.bind('match', matcher(argument))}({at.value})"))


def of_service(compiler: Compiler, argument: str, named: str) -> Check | None:
    """The same for a pattern that asks for no more than the service, which a variable holds; None for any other."""
    wanted = services(argument)
    if wanted is None:
        return None
    if not wanted:
        return Not(Expression(named))
    if len(wanted) == 1:
        return Compare(named, "!=", Literal(wanted[0]))
    return Compare(named, "not in", compiler.bind("services", frozenset(wanted)))


def choices(compiler: Compiler, argument: list[Any], at: Place) -> Check:
    """Texts are looked up in a set; anything else must be compared the JSON way."""
    listed = f"{compiler.bind('one_of', one_of)}({at.value}, {compiler.bind('choices', tuple(argument))})"
    if not all(type(each) is str for each in argument):
        return Not(Expression(listed))
    if len(argument) == 1 and at.kind == "string":
        return Compare(at.value, "!=", Literal(argument[0]))
    found = Compare(at.value, "in", compiler.bind("choices", frozenset(argument)))
    if at.kind == "string":
        return Not(found)
    return Not(Expression(f"({printed(found)} if type({at.value}) is str else {listed})"))


def choice(compiler: Compiler, argument: Any, at: Place) -> Check:
    """`const` is an `enum` of one."""
    return choices(compiler, [argument], at)


def format_function(compiler: Compiler, argument: str, at: Place) -> Check | None:
    """A format is a function; one that the keywords beside it state already needs no test."""
    if argument not in FORMATS:
        raise SchemaError(f"the format {argument!r} is not known")
    if argument in STATED:
        return None
    return Not(Expression(f"{compiler.bind('format', FORMATS[argument])}({at.value})"))


TESTS: dict[str, Test] = {
    "enum": Test(None, is_list, choices),
    "const": Test(None, lambda argument: True, choice),
    "minLength": Test("string", is_count, compare_length("<")),
    "maxLength": Test("string", is_count, compare_length(">")),
    "pattern": Test("string", is_text, pattern),
    "format": Test("string", is_text, format_function),
    "minimum": Test("number", is_number, compare("<")),
    "maximum": Test("number", is_number, compare(">")),
    "minItems": Test("array", is_count, compare_length("<")),
    "maxItems": Test("array", is_count, compare_length(">")),
    "minProperties": Test("object", is_count, compare_length("<")),
    "maxProperties": Test("object", is_count, compare_length(">")),
}
