"""Compile a schema into a plan: instructions for the native engine, which validates without Python code."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache

from ..base.values import seen
from ..catalog import Schema
from ..native.instructions import CODES, Program
from ..patterns import PatternError
from ..patterns.tables import Table, shipped, small_table
from ..report import Found, Violation, pointer_text
from ..report.policy import REPORT, VERDICT, Policy
from .assembler import FunctionBody
from .context import INSTANCE, Context
from .faults import faults
from .layout import emit
from .members import strict_functions
from .nodes import Function, Return
from .passes import optimised
from .place import Place
from .program import Assembler, UnplannableError
from .results import explain


def compile_plan(
    schema: Schema,
    policy: Policy,
    table: Callable[[str], Table | None] = shipped,
    members: Collection[str] | None = None,
) -> Program | None:
    """Compile a self-contained schema into a plan that says whether a payload is valid; None if no plan can do that.

    `table` returns the table by which the engine matches a pattern. If it returns None, the plan answers "unknown" for
    a payload with a string for that pattern. `members` are those of the payload, in the order of the document. With
    them, the plan makes reports instead.
    """
    context = Context(schema, policy, VERDICT if members is None else REPORT, emit, explain, is_plan=True)
    tree = optimised(context.emit(schema, Place(INSTANCE)))
    main = Function("check", INSTANCE, [*tree, Return("True")])
    functions = [definition for definition in context.definitions if isinstance(definition, Function)]
    strict = strict_functions(main, functions)
    whole = Assembler(context.names, [main, *functions], table)
    try:
        bodies = [FunctionBody(whole, function, function.name in strict) for function in (main, *functions)]
    except UnplannableError:
        return None
    noted = faults(whole.notes, members or ())
    if noted is None:
        return None
    program = whole.program([(body.start, body.size) for body in bodies])
    return program._replace(faults=noted, makes=(Found, Violation, seen, pointer_text))


def has_unknown(program: Program) -> bool:
    """Return whether a plan contains a pattern without a table, so that it may answer "unknown"."""
    return any(row[0] == CODES["unknown"] for row in program.code)


@cache
def any_table(pattern: str) -> Table | None:
    """Return the table by which a pattern is matched: from the package, or built now if it is small; else None."""
    try:
        return shipped(pattern) or small_table(pattern)
    except PatternError:
        return None
