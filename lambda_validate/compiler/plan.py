"""Compile a schema into a plan: the tree of a verdict, printed as instructions instead of Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from ..catalog import Schema
from ..native.instructions import CODES, Program
from ..patterns import PatternError
from ..patterns.tables import Table, shipped, small_table
from ..report.policy import VERDICT, Policy, UnknownMembers
from .assembler import Body
from .context import INSTANCE, Context
from .layout import emit
from .members import strict_functions
from .nodes import Function, Return
from .passes import optimised
from .place import Place
from .program import Assembler, UnplannableError
from .results import Verdict, explain

if TYPE_CHECKING:
    from ..native._engine import Plan


def compile_plan(schema: Schema, policy: Policy, table: Callable[[str], Table | None] = shipped) -> Program | None:
    """Compile a self-contained schema into the plan of its verdict; None where no plan can express it.

    `table` returns the table of a pattern. Where it returns None, the plan does not know whether a string matches.
    """
    context = Context(schema, policy, VERDICT, emit, explain, is_plan=True)
    tree = optimised(context.emit(schema, Place(INSTANCE)))
    main = Function("check", INSTANCE, [*tree, Return("True")])
    functions = [each for each in context.definitions if isinstance(each, Function)]
    strict = strict_functions(main, functions)
    whole = Assembler(context.names, [main, *functions], table)
    try:
        bodies = [Body(whole, each, each.name in strict) for each in (main, *functions)]
    except UnplannableError:
        return None
    return whole.program([(each.start, each.size) for each in bodies])


def has_unknown(program: Program) -> bool:
    """Whether some payload may reach a pattern of which the plan has no table."""
    return any(row[0] == CODES["unknown"] for row in program.code)


@cache
def any_table(pattern: str) -> Table | None:
    """Return the table of a pattern: one that ships, or one that takes little to build."""
    try:
        return shipped(pattern) or small_table(pattern)
    except PatternError:
        return None


CALLS = 64
"""Number of payloads that Python validates before the plan of a report, or the table of a pattern, is built."""


def native_verdict(
    plan: type[Plan], schema: Schema, policy: Policy, fallback: Verdict, change: Callable[[Verdict], None]
) -> Verdict:
    """Return the verdict of a schema by a plan, and by `fallback` where the plan does not know or there is none.

    Where a pattern of the schema has no table yet, this is `fallback` at first. After `CALLS` payloads the tables are
    built, and `change` is called with the verdict that replaces this one.
    """
    program = compile_plan(schema, policy)
    if program is None:
        return fallback
    if not has_unknown(program):
        return plan(program, fallback).check

    def build() -> None:
        made = compile_plan(schema, policy, any_table)
        change(plan(made, fallback).check if made else fallback)

    return after_calls(fallback, build)


def native_emptiness(
    plan: type[Plan], schema: Schema, policy: Policy, change: Callable[[Emptiness], None]
) -> Emptiness:
    """Return what finds that the report of a payload is empty: 1 if it is, another number where Python has to look.

    It is the verdict under which each rule that is not disabled is an error: a report records just what that refuses.
    Its plan is built after `CALLS` payloads, and then replaces what this returns, by a call of `change`.
    """
    members: UnknownMembers | None = "error" if policy.unknown_members == "warning" else policy.unknown_members
    strict = policy._replace(strict=True, unknown_members=members)

    def build() -> None:
        made = compile_plan(schema, strict, any_table)
        change(plan(made, never).run if made else never)

    return after_calls(never, build)


Result = TypeVar("Result")
Emptiness = Callable[[Any], int]


def never(payload: Any) -> bool:
    """Return that a payload has to be looked at by Python."""
    return False


def after_calls(function: Callable[[Any], Result], build: Callable[[], None]) -> Callable[[Any], Result]:
    """Return a function that does the same as another, and calls `build` once, at its call number `CALLS`."""
    left = CALLS

    def counted(payload: Any) -> Result:
        nonlocal left
        left -= 1
        if left == 0:
            build()
        return function(payload)

    return counted
