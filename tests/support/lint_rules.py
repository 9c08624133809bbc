"""List the rules that files can break, and the rules that the cases break."""

from __future__ import annotations

import lambda_validate as lv
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.lint.findings.lint_rules import DUPLICATE, MISPLACED, SPELLING
from lambda_validate.report.policy import REPORT
from support.markdown_cases import of_format

READ = "GetFunctionEventInvokeConfig"


GIVEN = ("FunctionArn", "LastModified")
"""Members of the response that files do not contain."""


def reachable() -> set[str]:
    """Return the rules that a mapping or settings can break."""
    parts = (("CreateEventSourceMapping", "request"), *((READ, each) for each in ("request", "response")))
    found = {DUPLICATE, MISPLACED, SPELLING}
    for operation, direction in parts:
        checker = compile_schema(lv.operation(operation).schema(direction), REPORT, operation)
        found |= {each.rule for each in checker.constraints if each.member not in GIVEN}
    return found - {"payload.type"}  # a value that is no object is no resource


def broken(*formats: str) -> set[str]:
    """Return the rules that the cases of some formats break."""
    return {each.rule for case in of_format(*formats) for each in case.expected}
