"""Validate by plans. Most are built after some calls, and the compiler of plans is imported only then."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar

from ..catalog import Schema
from ..report import Found, Violation
from ..report.policy import Policy

if TYPE_CHECKING:
    from ..compiler.results import Verdict
    from ..native._engine import Plan

CALLS = 64
"""Number of payloads that Python code validates before a plan or a table is built. Short programs never pay for it."""
Result = TypeVar("Result")
NativeReport = Callable[[Any], tuple[tuple[Found, ...], tuple[Violation, ...]] | None]
"""It returns violations as they are recorded, and as users see them."""


def native_verdict(
    plan: type[Plan], schema: Schema, policy: Policy, fallback: Verdict, change: Callable[[Verdict], None]
) -> Verdict:
    """Return the verdict function of a schema, by a plan if there is one.

    `fallback` decides if there is no plan, or if the plan answers "unknown". If a pattern of the schema has no table
    yet, the result is `fallback` at first. After `CALLS` payloads the tables are built, and `change` is called with the
    function that replaces the first one.
    """
    from ..compiler.plan import any_table, compile_plan, has_unknown

    program = compile_plan(schema, policy)
    if program is None:
        return fallback
    if not has_unknown(program):
        return plan(program, fallback).check

    def build() -> None:
        made = compile_plan(schema, policy, any_table)
        change(plan(made, fallback).check if made else fallback)

    return after_calls(fallback, build)


def native_report(
    plan: type[Plan], schema: Schema, policy: Policy, members: Collection[str], change: Callable[[NativeReport], None]
) -> NativeReport:
    """Return a function that makes the report of a payload, or returns None if Python must.

    Its plan is built after `CALLS` payloads. `change` is then called with the function that replaces the returned one.
    """

    def build() -> None:
        from ..compiler.plan import any_table, compile_plan

        made = compile_plan(schema, policy, any_table, members)
        change(plan(made, never).report if made else never)

    return after_calls(never, build)


def never(payload: Any) -> Any:
    """Return the answer that Python must check a payload."""
    return None


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
