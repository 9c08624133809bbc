"""Every file below `lint_cases/<format>/` has beside it, in `<file>.expected`, what is to be found in it.

A line there is `line:column severity rule`; a file in which nothing is to be found has an empty one.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import lambda_validate as lv
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.lint.findings.lint_rules import DUPLICATE, MISPLACED, SPELLING
from lambda_validate.lint.runner import lint
from lambda_validate.report.policy import REPORT

CASES = Path(__file__).parent / "lint_cases"
READ = "GetFunctionEventInvokeConfig"
FILES = sorted(each for each in CASES.rglob("*.*") if each.suffix != ".expected")

GIVEN = ("FunctionArn", "LastModified")
"""Members of the answer that nobody writes."""


def reachable() -> set[str]:
    """The rules that a mapping or settings can break."""
    parts = (("CreateEventSourceMapping", "request"), *((READ, each) for each in ("request", "response")))
    found = {DUPLICATE, MISPLACED, SPELLING}
    for operation, direction in parts:
        checker = compile_schema(lv.operation(operation).schema(direction), REPORT, operation)
        found |= {each.rule for each in checker.constraints if each.member not in GIVEN}
    return found - {"payload.type"}  # what is no object is no resource


def found(file: Path) -> list[str]:
    outcome = lint([str(file)], io.BytesIO(), lv.Validator())
    assert not outcome.failures
    assert outcome.checked == 1
    return [f"{each.line}:{each.column} {each.severity} {each.rule}" for each in outcome.findings]


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-2:]))
def test_what_is_expected_is_found_and_nothing_else(file: Path):
    assert found(file) == file.with_name(file.name + ".expected").read_text().splitlines()


def test_every_expectation_has_its_file():
    expected = {each.with_suffix("") for each in CASES.rglob("*.expected")}
    assert expected == set(FILES)


IMPLIED = {each for each in reachable() if each.startswith(("function-name.", "qualifier."))}
"""Rules about members that SAM and serverless fill in themselves."""


@pytest.mark.parametrize(
    ("folder", "missing"),
    [
        ("cloudformation", set()),
        ("sam", IMPLIED | {"arn.guard", "destination.self"}),
        ("serverless", IMPLIED | {"on-failure.type", "on-success.type", "source-access.required"}),
        ("ack", set()),
        ("crossplane", set()),
    ],
)
def test_every_rule_that_can_be_broken_is_broken_in_some_file(folder: str, missing: set[str]):
    texts = [each.read_text() for each in (CASES / folder).glob("*.expected")]
    broken = {line.split()[-1] for text in texts for line in text.splitlines()}
    assert reachable() - broken == missing
