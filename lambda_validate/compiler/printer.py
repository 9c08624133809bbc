"""Print a tree of nodes as the source of a Python module. No other module makes or changes code as text.

A value from a schema gets into the source only as the `repr` of a string or number. Any other value is referred to by a
name. So no string in a schema can become code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .nodes import (
    Add,
    All,
    AnyOf,
    Assign,
    Call,
    Check,
    Code,
    Compare,
    For,
    Function,
    Has,
    Holds,
    If,
    InSet,
    IsType,
    Item,
    Literal,
    Match,
    Not,
    Operand,
    RecordViolation,
    Return,
    Spread,
)

EXACT_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "int",
    "boolean": "bool",
    "array": "list",
    "object": "dict",
}
"""The Python type of each JSON type. For a value of any other Python type, the functions of `base.values` decide."""


def render(code: Code, indent: str = "") -> str:
    """Return statements as lines of Python."""
    return "".join([STATEMENTS[type(statement)](statement, indent) for statement in code])


def printed(check: Check) -> str:
    """Return a check as a Python expression."""
    return CHECKS[type(check)](check)


def _operand(operand: Operand) -> str:
    return OPERANDS[type(operand)](operand)


OPERANDS: Mapping[type, Callable[[Any], str]] = {
    str: str,
    Literal: lambda operand: repr(operand.value),
    Item: lambda operand: f"{_operand(operand.container)}[{_operand(operand.key)}]",
    Call: lambda operand: f"{operand.function}({', '.join(map(_operand, operand.arguments))})",
    Spread: lambda operand: f"*{operand.path}",
    tuple: lambda operand: f"({', '.join(map(_operand, operand))}{',' * (len(operand) == 1)})",
}


def _joined(check: All | AnyOf) -> str:
    """Print checks joined by `and` or `or`. Only these two operators need parentheses inside another check."""
    is_all = type(check) is All
    return (" and " if is_all else " or ").join(map(_nested, check.checks)) if check.checks else str(is_all)


def _nested(check: Check) -> str:
    return f"({printed(check)})" if isinstance(check, (All, AnyOf)) and check.checks else printed(check)


def _not(check: Not) -> str:
    """Print the opposite of a check: `'a' not in v1` if Python has such an operator, otherwise `not` and the check."""
    opposite = OPPOSITES.get(type(check.check))
    return (opposite and opposite(check.check)) or f"not {_nested(check.check)}"


def _compared(check: Compare, operator: str) -> str:
    return f"{_operand(check.left)} {operator} {_operand(check.right)}"


def _of_type(check: IsType, is_: str, joint: str) -> str:
    """Print a test of a type, a conversion, or both: `(type(v1) is not dict and (v1 := as_object(v1)) is None)`."""
    tested = f"type({check.exact or _operand(check.value)}) {is_} {EXACT_TYPES[check.kind]}"
    if not check.exact:
        return tested
    converted = f"({check.exact} := as_{check.kind}({_operand(check.value)})) {OPERATORS[is_]} None"
    return f"({tested} {joint} {converted})" if check.is_held else converted


CHECKS: Mapping[type, Callable[[Any], str]] = {
    Holds: lambda check: _operand(check.operand),
    Compare: lambda check: _compared(check, check.operator),
    Has: lambda check: f"{check.name!r} in {_operand(check.owner)}",
    InSet: lambda check: f"{_operand(check.value)} in {check.choices}",
    Match: lambda check: f"{check.pattern}({_operand(check.value)})",
    IsType: lambda check: _of_type(check, "is", "or"),
    Not: _not,
    All: _joined,
    AnyOf: _joined,
}
"""For each class of checks, the function that prints a check."""

OPERATORS = {"==": "!=", "is": "is not", "is not": "is"}
"""The opposite of each operator. `<` and `>` have none: `not v1 < 5` is true for NaN, but `v1 >= 5` is false."""

OPPOSITES: Mapping[type, Callable[[Any], str]] = {
    Compare: lambda check: _compared(check, OPERATORS[check.operator]) if check.operator in OPERATORS else "",
    Has: lambda check: f"{check.name!r} not in {_operand(check.owner)}",
    InSet: lambda check: f"{_operand(check.value)} not in {check.choices}",
    IsType: lambda check: _of_type(check, "is not", "and"),
}
"""For each class of checks, the function that prints the opposite of a check; "" if it must be printed with `not`."""


def _if(statement: If, indent: str, word: str = "if") -> str:
    block = f"{indent}{word} {printed(statement.check)}:\n{render(statement.body, indent + ' ')}"
    if not statement.otherwise:
        return block
    first = statement.otherwise[0]
    if type(first) is If and len(statement.otherwise) == 1:
        return block + _if(first, indent, "elif")
    return f"{block}{indent}else:\n{render(statement.otherwise, indent + ' ')}"


def _for(statement: For, indent: str) -> str:
    head = f"{indent}for {statement.variables} in {_operand(statement.elements)}:\n"
    return head + render(statement.body, indent + " ")


STATEMENTS: Mapping[type, Callable[[Any, str], str]] = {
    Assign: lambda statement, indent: f"{indent}{statement.target} = {_operand(statement.value)}\n",
    Add: lambda statement, indent: f"{indent}{statement.name} += {statement.amount}\n",
    Call: lambda statement, indent: f"{indent}{_operand(statement)}\n",
    RecordViolation: lambda statement, indent: f"{indent}add(new(Found, {_operand(tuple(statement))}))\n",
    Return: lambda statement, indent: f"{indent}return {statement.name}\n",
    If: _if,
    For: _for,
    Function: lambda statement, indent: (
        f"{indent}def {statement.name}({statement.parameters}):\n{render(statement.body, indent + ' ')}"
    ),
}
"""For each class of statements, the function that prints a statement."""
