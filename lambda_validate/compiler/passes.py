"""Passes over the tree: what is cheap comes first, what is known is not asked again, and what does nothing goes.

Each takes nodes and returns nodes. Which member an object has is the one fact that passes follow: nothing changes an
object while it is checked, so the fact holds for all code that runs only if it does.

    if 'a' not in v1: return False                 if 'a' not in v1: return False
    if 'a' in v1 and v2 == 'x':            →       if v2 == 'x':
      if 'b' not in v1: return False                 if 'b' not in v1: return False
    if v2 == 'y':                                  elif v2 == 'y':
      if 'a' not in v1: return False
      if 'c' not in v1: return False                 if 'c' not in v1: return False
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .nodes import (
    FAILED,
    FALSE,
    TRUE,
    Add,
    All,
    AnyOf,
    Assign,
    Check,
    Code,
    Compare,
    For,
    Has,
    If,
    Literal,
    Not,
    Operand,
    Statement,
    for_each,
    leaves,
    negated,
    when,
)

Facts = frozenset[Has]
"""The members that objects have for certain at a point of the code."""
NOTHING: Facts = frozenset()


def cheap_first(code: Code, value: Operand) -> Code:
    """Return the code of one object, starting with what leaves because the object lacks a member.

    That is the cheapest check, and once it has passed the member is known to be there.
    """

    def is_dear(statement: Statement) -> bool:
        if type(statement) is not If or type(statement.check) is not Not or not leaves(statement.body):
            return True
        asked = statement.check.check
        return type(asked) is not Has or asked.owner != value

    return sorted(code, key=is_dear)


def optimised(code: Code, facts: Facts = NOTHING) -> Code:
    """Return a block without what is known, or does nothing; `facts` hold when it begins."""
    if code is FAILED:
        return code
    made: Code = []
    _rewrite(code, facts, made)
    is_idle = made and type(made[-1]) is Assign and all(type(one) is Assign and not one.outlives for one in made)
    return [] if is_idle else made


def _rewrite(code: Code, facts: Facts, made: Code) -> Facts:
    """Append code to a block, without what is known; return what holds after it."""
    for statement in code:
        if type(statement) is If:
            facts = _choose(statement, facts, made)
        elif type(statement) is For:
            made += for_each(statement.variables, statement.elements, optimised(statement.body, facts))
        elif type(statement) is not Add or not _is_counted(statement, made):
            made.append(statement)
    return facts


def _choose(statement: If, facts: Facts, made: Code) -> Facts:
    """Append the one block of a statement that can run, or both below the check that decides."""
    simplify = SIMPLIFY.get(type(statement.check))
    check = simplify(statement.check, facts) if simplify else statement.check
    if check is TRUE or check is FALSE:
        return _rewrite(statement.body if check is TRUE else statement.otherwise, facts, made)
    body = optimised(statement.body, facts | _implied(check) if simplify else facts)
    otherwise = optimised(statement.otherwise, facts) if statement.otherwise else []
    for decided in when(check, body, otherwise):
        append(decided, made)
    return facts | _implied(check.check) if type(check) is Not and leaves(body) else facts


def _is_counted(statement: Add, made: Code) -> bool:
    """Whether a count that begins in the same block could be made to begin with what a statement adds."""
    for index, begun in enumerate(made):
        if type(begun) is Assign and begun.target == statement.name and isinstance(begun.value, Literal):
            made[index] = Assign(begun.target, Literal(begun.value.value + statement.amount), begun.outlives)
            return True
    return False


def _implied(check: Check) -> Facts:
    """Return the members that are there where a check holds."""
    if type(check) is Has:
        return frozenset((check,))
    return NOTHING.union(*map(_implied, check.checks)) if type(check) is All else NOTHING


def simplified(check: Check, facts: Facts) -> Check:
    """Return a check that holds where another does, given that some members are there."""
    simplify = SIMPLIFY.get(type(check))
    return simplify(check, facts) if simplify else check


def _not(check: Not, facts: Facts) -> Check:
    if type(check.check) not in SIMPLIFY:
        return check
    inner = simplified(check.check, facts)
    return FALSE if inner is TRUE else TRUE if inner is FALSE else negated(inner)


def _joined(check: All | AnyOf, facts: Facts) -> Check:
    """Simplify checks that are tried in turn: each may rely on those before it, or on their opposites."""
    is_all, parts = type(check) is All, []
    decisive, idle = (FALSE, TRUE) if is_all else (TRUE, FALSE)
    for part in check.checks:
        made = simplified(part, facts)
        if made is decisive:
            return decisive
        if made is not idle:
            parts.append(made)
            facts |= _implied(made if is_all else negated(made))
    return type(check)(tuple(parts)) if len(parts) > 1 else parts[0] if parts else idle


SIMPLIFY: Mapping[type, Callable[[Any, Facts], Check]] = {
    Has: lambda check, facts: TRUE if check in facts else check,
    Not: _not,
    All: _joined,
    AnyOf: _joined,
}
"""By kind of check, how it is simplified; the other kinds cannot be."""


def append(statement: Statement, made: Code) -> None:
    """Append a statement to a block, below the `else` of the one before where that excludes it.

    Only different literals exclude each other, so that a second statement for the same literal begins anew. So does
    one with an `else` of its own, which has to run wherever its check does not hold.
    """
    block = made
    if type(statement) is If and type(statement.check) is Compare and not statement.otherwise:
        block = _end_of_chain(statement.check, made)
    block.append(statement)


def _end_of_chain(check: Compare, made: Code) -> Code:
    """Return the last `else` of the chain that ends a block, if all of it excludes a check; the block if not."""
    last = made[-1] if made and _is_equality(check) else None
    while type(last) is If and type(last.check) is Compare and _is_equality(last.check):
        if last.check.left != check.left or last.check.right == check.right:
            break
        if len(last.otherwise) != 1:
            return last.otherwise
        [last] = last.otherwise
    return made


def _is_equality(check: Compare) -> bool:
    return check.operator == "==" and isinstance(check.left, str) and isinstance(check.right, Literal)
