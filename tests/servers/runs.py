"""Run the fuzzer against a server, and return its findings."""

from __future__ import annotations

from functools import cache
from typing import Any

import lambda_validate as lv
from lambda_validate import strategies
from lambda_validate.base.progress import StepProgress
from lambda_validate.fuzz.engine import RunPlan, explore
from lambda_validate.fuzz.report import RunOutcome
from lambda_validate.fuzz.target import target

CREATE, GET = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"


@cache
def boundaries(operation: str) -> tuple[Any, ...]:
    return tuple(strategies.boundary_cases(operation))


@cache
def everything(operation: str) -> tuple[Any, ...]:
    return tuple(strategies.corpus(operation, minimal=False))


def anchors(operation: str) -> tuple[Any, ...]:
    """Return the cases with strings that implementations of pattern anchors often mishandle."""
    return tuple(each for each in everything(operation) if "$" in str(each.payload) or "\\n" in repr(each.payload))


def fuzz(url: str, operation: str, cases: Any = None, **settings: Any) -> RunOutcome:
    facts = lv.operation(operation)
    generous = {"max_examples": 0, "max_time": 900.0, "timeout": 60.0}  # a busy machine must not end a run
    plan = RunPlan(facts, target(url), boundaries(operation) if cases is None else cases, **{**generous, **settings})
    return explore(plan, StepProgress(None))


def found(outcome: RunOutcome) -> set[tuple[str, str | None, str]]:
    return {(each.kind, each.rule, each.pointer) for each in outcome.findings}
