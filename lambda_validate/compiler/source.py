"""Generated source as values: checks, lines and blocks, which are changed as values and printed once, at the end.

A check is an expression in parts. What is its opposite, and whether two of them can hold at once, is read from the
fields. Literals of a schema stay values in them: only the printer makes a string, so nothing searches in one.

    Compare("v1", "!=", Literal("a == b"))            prints    v1 != 'a == b'
    negated(Compare("v1", "!=", Literal("a == b")))   prints    v1 == 'a == b'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple


class Literal(NamedTuple):
    """A string or number of a schema, as an operand."""

    value: str | int | float


Operand = str | Literal
"""What a comparison compares: a literal, or the source of anything else."""


class Expression(NamedTuple):
    """The source of a call or a name, or of anything else in parentheses of its own."""

    source: str


class Compare(NamedTuple):
    """One comparison of two operands."""

    left: Operand
    operator: str
    right: Operand


class Not(NamedTuple):
    """The opposite of a check."""

    check: Check


class All(NamedTuple):
    """Checks that must all hold; of none, this is true."""

    checks: tuple[Check, ...]


class AnyOf(NamedTuple):
    """Checks of which one must hold; of none, this is false."""

    checks: tuple[Check, ...]


Check = Expression | Compare | Not | All | AnyOf
TRUE, FALSE = All(()), AnyOf(())


class Otherwise(NamedTuple):
    """The header of a block that runs if its check holds and no check of the blocks before it does: an `elif`."""

    check: Check


Header = str | Check | Otherwise
"""What stands above a block: a check makes it an `if`, a string is printed as it is."""

Code = list[str | tuple[Header, Any]]
"""Lines of source; a pair is a header and the code below it."""

EFFECTS = ("return", "add(", "shared_", "count_", "kept_", "right_")
"""How a line starts that does more than set a variable, or that sets one which code outside its block looks at."""
PAIRS = (("==", "!="), ("in", "not in"), ("is", "is not"))
OPPOSITES = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}
"""By operator, the one that holds exactly where it does not."""


def leaves(code: Code) -> bool:
    """Whether code always ends by leaving the function."""
    return bool(code) and isinstance(code[-1], str) and code[-1].startswith("return")


def every(checks: Iterable[Check]) -> Check:
    """Return the check that all of some hold."""
    parts = tuple(checks)
    return parts[0] if len(parts) == 1 else All(parts)


def negated(check: Check) -> Check:
    """Return the opposite of a check."""
    if isinstance(check, Not):
        return check.check
    if isinstance(check, Compare) and check.operator in OPPOSITES:
        return check._replace(operator=OPPOSITES[check.operator])
    return Not(check)


def either(check: Check, wrong: Code, right: Code) -> Code:
    """Return code that goes one of two ways; flat where the wrong one leaves."""
    if leaves(wrong):
        return [(check, wrong), *right]
    if wrong:
        return [(check, wrong), ("else:", right)]
    return [(Not(check), right)]


class _Pruned(list[Any]):
    """Code that has been pruned already, down to its innermost block."""


def chained(code: Code) -> Code:
    """Return code that compares one name with no more literals once it has been equal to one.

    Only different literals exclude each other, so that a second block for the same literal begins anew. So does one
    with an `else`, which has to run wherever its own check does not hold.
    """
    made: Code = []
    name, excluded = None, set[Operand]()
    for index, each in enumerate(code):
        has_else = any(following[0] == "else:" for following in code[index + 1 : index + 2])
        check = None if has_else else _equality(each)
        if check is None or check.left != name or check.right in excluded:
            name, excluded = check and check.left, set()
        made.append(each if check is None else (Otherwise(check) if excluded else check, each[1]))
        if check:
            excluded.add(check.right)
    return made


def _equality(block: str | tuple[Header, Any]) -> Compare | None:
    """Return the check of a block that asks whether a name is equal to a literal; None for any other block or line."""
    header = block[0]
    check = header.check if isinstance(header, Otherwise) else header
    if isinstance(check, Compare) and check.operator == "==" and isinstance(check.right, Literal):
        return check if isinstance(check.left, str) and check.left.isidentifier() else None
    return None


def pruned(code: Code) -> Code:
    """Return code without headers that have nothing below them; nothing when what is left has no effect."""
    if isinstance(code, _Pruned):
        return code
    left, is_effective = _Pruned(), False
    for each in code:
        if isinstance(each, str):
            left.append(each)
            is_effective = is_effective or each.startswith(EFFECTS)
        elif body := pruned(each[1]):
            left.append((each[0], body))
            is_effective = True
    return left if is_effective else _Pruned()


def render(code: Code, indent: str = "") -> str:
    """Return code as a string."""
    lines, deeper = [], f"{indent} "
    for each in code:
        line, below = (each, "") if isinstance(each, str) else (_header(each[0]), render(each[1], deeper))
        lines.append(f"{indent}{line}\n{below}")
    return "".join(lines)


def _header(header: Header) -> str:
    if isinstance(header, str):
        return header
    return f"elif {printed(header.check)}:" if isinstance(header, Otherwise) else f"if {printed(header)}:"


def printed(check: Check) -> str:
    """Return a check as a Python expression."""
    return PRINTERS[type(check)](check)


def _joined(check: All | AnyOf) -> str:
    parts, is_all = check.checks, isinstance(check, All)
    return (" and " if is_all else " or ").join(map(_nested, parts)) if parts else str(is_all)


def _nested(check: Check) -> str:
    """Return a check as a part of another: `and` and `or` in parentheses, since no operator binds less."""
    source = printed(check)
    return f"({source})" if isinstance(check, JOINED) and check.checks else source


PRINTERS: Mapping[type, Callable[[Any], str]] = {
    Expression: lambda check: check.source,
    Compare: lambda check: f"{_operand(check.left)} {check.operator} {_operand(check.right)}",
    Not: lambda check: f"not {_nested(check.check)}",
    All: _joined,
    AnyOf: _joined,
}
"""By kind of check, what prints it."""

JOINED = (All, AnyOf)


def _operand(operand: Operand) -> str:
    return operand if isinstance(operand, str) else repr(operand.value)


class SourceLoader:
    """Lets a traceback show generated source, without a file and without an import."""

    def __init__(self, source: str) -> None:
        self.source = source

    def get_source(self, name: str) -> str:
        """Return the source, whatever the module's name."""
        return self.source
