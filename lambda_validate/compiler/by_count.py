"""Replace a function after some calls. What makes plans is imported then: few processes validate so many payloads."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar

from ..catalog import Schema
from ..report import Found, Violation
from ..report.policy import Policy

if TYPE_CHECKING:
    from ..native._engine import Plan

CALLS = 64
"""Number of payloads that Python code validates before a plan or a table is built. Short programs never pay for it."""
Result = TypeVar("Result")
NativeReport = Callable[[Any], tuple[tuple[Found, ...], tuple[Violation, ...]] | None]
"""It returns violations as they are recorded, and as users see them."""


def native_report(
    plan: type[Plan], schema: Schema, policy: Policy, members: Collection[str], change: Callable[[NativeReport], None]
) -> NativeReport:
    """Return a function that makes the report of a payload, or returns None if Python must.

    Its plan is built after `CALLS` payloads. `change` is then called with the function that replaces the returned one.
    """

    def build() -> None:
        from .plan import any_table, compile_plan

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
