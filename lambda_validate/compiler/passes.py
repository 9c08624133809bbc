"""Optimise generated code: move cheap checks to the front, and remove checks with a known result and unused code.

The code is a tree of nodes here (`nodes.py`), not yet text. Objects do not change while they are checked. So a second
check of whether an object has a member has a known result. On the left is code before, on the right after:

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
"""The checks of whether an object has a member that are known to be true at some line of the code."""
NO_FACTS: Facts = frozenset()


def cheap_first(code: Code, value: Operand) -> Code:
    """Return the code for one object in another order: the checks for missing members come first.

    They are the cheapest checks. And in code after them, `optimised` knows that these members exist.
    """

    def is_dear(statement: Statement) -> bool:
        if type(statement) is not If or type(statement.check) is not Not or not leaves(statement.body):
            return True
        condition = statement.check.check
        return type(condition) is not Has or condition.owner != value

    return sorted(code, key=is_dear)


def optimised(code: Code, facts: Facts = NO_FACTS) -> Code:
    """Return a block of code without checks whose result is known, and without code that has no effect.

    `facts` are the members that are known to exist when the block begins.
    """
    if code is FAILED:
        return code
    made: Code = []
    _rewrite(code, facts, made)
    is_idle = made and type(made[-1]) is Assign and all(type(one) is Assign and not one.outlives for one in made)
    return [] if is_idle else made


def _rewrite(code: Code, facts: Facts, made: Code) -> Facts:
    """Optimise statements and append them to `made`. Return the members that are known to exist after them."""
    for statement in code:
        if type(statement) is If:
            facts = _choose(statement, facts, made)
        elif type(statement) is For:
            made += for_each(statement.variables, statement.elements, optimised(statement.body, facts))
        elif type(statement) is not Add or not _is_counted(statement, made):
            made.append(statement)
    return facts


# Facts are checks that are known to be true at a place of the generated code. Example: after `if 'a' not in v1: return
# False`, the facts contain Has(v1, a), since all code that follows runs only if the member `a` is there. Inside the
# body of `if 'a' in v1: ...` they contain it too, but not after that body.
def _choose(statement: If, facts: Facts, made: Code) -> Facts:
    """Optimise an `If` and append it to `made`. If the result of its check is known, append only the block that runs.

    Return the members that are known to exist after it.
    """
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
    """Replace `n = 0` and a later `n += 1` of the same block by `n = 1`. Return whether that was possible."""
    for index, begun in enumerate(made):
        if type(begun) is Assign and begun.target == statement.name and isinstance(begun.value, Literal):
            made[index] = Assign(begun.target, Literal(begun.value.value + statement.amount), begun.outlives)
            return True
    return False


def _implied(check: Check) -> Facts:
    """Return the members that must exist if a check is true."""
    if type(check) is Has:
        return frozenset((check,))
    return NO_FACTS.union(*map(_implied, check.checks)) if type(check) is All else NO_FACTS


def simplified(check: Check, facts: Facts) -> Check:
    """Return a check with the same result that is simpler, or the check itself. `facts` are members known to exist."""
    simplify = SIMPLIFY.get(type(check))
    return simplify(check, facts) if simplify else check


def _not(check: Not, facts: Facts) -> Check:
    if type(check.check) not in SIMPLIFY:
        return check
    inner = simplified(check.check, facts)
    return FALSE if inner is TRUE else TRUE if inner is FALSE else negated(inner)


def _joined(check: All | AnyOf, facts: Facts) -> Check:
    """Simplify the checks of an `All` or `AnyOf`, which are evaluated in turn.

    A check of an `All` is reached only if those before it are true. For an `AnyOf`, they must be false.
    """
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
"""For each class of checks that can be simplified, the function that does so. Other checks are not changed."""


def append(statement: Statement, made: Code) -> None:
    """Append a statement to a block, as an `elif` of the `if` before it where that is possible.

    `if v2 == 'x'` and `if v2 == 'y'` become `if` and `elif`, since both cannot be true. A second check for the same
    string remains an `if`. So does one with an `else` of its own, which must also run if an earlier check was true.
    """
    block = made
    if type(statement) is If and type(statement.check) is Compare and not statement.otherwise:
        block = _end_of_chain(statement.check, made)
    block.append(statement)


def _end_of_chain(check: Compare, made: Code) -> Code:
    """Return the block to which an `If` with this check must be appended.

    It is the last `else` of the `elif` chain at the end of `made`. If a check of that chain can be true together with
    the new check, it is `made`.
    """
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
