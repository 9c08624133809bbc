"""Validate payloads with the native engine, which executes plans: lists of instructions compiled from a schema.

Most plans are built only after 64 payloads, so that short programs do not pay for them.
"""

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
"""Number of payloads that Python code validates before a plan or the table of a pattern is built."""
Result = TypeVar("Result")
NativeReport = Callable[[Any], tuple[tuple[Found, ...], tuple[Violation, ...]] | None]
"""A function that takes a payload, and returns its violations twice: as recorded, and as users see them.

It returns None if the Python code must validate the payload.
"""


def native_verdict(
    plan: type[Plan], schema: Schema, policy: Policy, fallback: Verdict, change: Callable[[Verdict], None]
) -> Verdict:
    """Return a function that says whether a payload is valid, by a plan of the native engine if there is one.

    `fallback` is the same function in Python. It decides if there is no plan, or if the plan answers "unknown". If a
    pattern of the schema has no table yet, `fallback` is returned at first. After 64 payloads the tables are built, and
    `change` is called with a new function, which the caller must use from then on.
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
    """Return a function that makes the report of a payload, or returns None if the Python code must make it.

    At first it always returns None. After 64 payloads a plan is built. Then `change` is called with a new function,
    which the caller must use from then on.
    """

    def build() -> None:
        from ..compiler.plan import any_table, compile_plan

        made = compile_plan(schema, policy, any_table, members)
        change(plan(made, never).report if made else never)

    return after_calls(never, build)


def never(payload: Any) -> Any:
    """Return None for every payload, which means that the Python code must validate it."""
    return None


def after_calls(function: Callable[[Any], Result], build: Callable[[], None]) -> Callable[[Any], Result]:
    """Return a function that behaves like `function`, and also calls `build` once: at its call number 64 (`CALLS`)."""
    left = CALLS

    def counted(payload: Any) -> Result:
        nonlocal left
        left -= 1
        if left == 0:
            build()
        return function(payload)

    return counted
