"""Compile a schema into a plan: the tree of a verdict as instructions for the native engine, not as Python source."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from ..catalog import Schema
from ..native.instructions import CODES, Program
from ..patterns import PatternError
from ..patterns.tables import Table, shipped, small_table
from ..report.policy import VERDICT, Policy, UnknownMembers
from .assembler import FunctionBody
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
    """Compile a self-contained schema into the plan of its verdict; None if a plan cannot express it.

    `table` returns the table of a pattern. If it returns None, the plan answers "unknown" for strings that reach the
    pattern.
    """
    context = Context(schema, policy, VERDICT, emit, explain, is_plan=True)
    tree = optimised(context.emit(schema, Place(INSTANCE)))
    main = Function("check", INSTANCE, [*tree, Return("True")])
    functions = [each for each in context.definitions if isinstance(each, Function)]
    strict = strict_functions(main, functions)
    whole = Assembler(context.names, [main, *functions], table)
    try:
        bodies = [FunctionBody(whole, each, each.name in strict) for each in (main, *functions)]
    except UnplannableError:
        return None
    return whole.program([(each.start, each.size) for each in bodies])


def has_unknown(program: Program) -> bool:
    """Return whether the plan contains a pattern without a table, so that it may answer "unknown"."""
    return any(row[0] == CODES["unknown"] for row in program.code)


@cache
def any_table(pattern: str) -> Table | None:
    """Return the table of a pattern: from the package, or built now if the pattern is small."""
    try:
        return shipped(pattern) or small_table(pattern)
    except PatternError:
        return None


CALLS = 64
"""Number of payloads that Python code validates before a plan or a table is built. Short programs never pay for it."""


def native_verdict(
    plan: type[Plan], schema: Schema, policy: Policy, fallback: Verdict, change: Callable[[Verdict], None]
) -> Verdict:
    """Return the verdict function of a schema, by a plan if there is one.

    `fallback` decides if there is no plan, or if the plan answers "unknown". If a pattern of the schema has no table
    yet, the result is `fallback` at first. After `CALLS` payloads the tables are built, and `change` is called with the
    function that replaces the first one.
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
    """Return a function that decides whether the report of a payload is empty.

    It returns 1 if the report is empty, and another number if Python must check. It is a verdict in which every enabled
    rule is an error, so it refuses exactly the payloads with violations. Its plan is built after `CALLS` payloads.
    `change` is then called with the function that replaces the returned one.
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
    """Return the answer that Python must check a payload."""
    return False


def after_calls(function: Callable[[Any], Result], build: Callable[[], None]) -> Callable[[Any], Result]:
    """Return a function that behaves like another, and calls `build` once, at call number `CALLS`."""
    left = CALLS

    def counted(payload: Any) -> Result:
        nonlocal left
        left -= 1
        if left == 0:
            build()
        return function(payload)

    return counted
