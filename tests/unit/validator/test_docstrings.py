"""Run the examples in docstrings. Every public function has one."""

from __future__ import annotations

import doctest
import inspect
from importlib import import_module

import pytest
from support.paths import ROOT

import lambda_validate as lv

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "lambda_validate").rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)
FUNCTIONS = [name for name in lv.__all__ if inspect.isfunction(getattr(lv, name))]


def test_the_package_has_examples() -> None:
    assert {"lambda_validate", "lambda_validate.http", "lambda_validate.report"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    lines: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    tests = [each for each in doctest.DocTestFinder().find(import_module(name)) if each.examples]
    for each in tests:
        runner.run(each, out=lines.append)
    assert "".join(lines) == ""
    assert tests


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_has_an_example(name: str) -> None:
    assert ">>> " in (inspect.getdoc(getattr(lv, name)) or "")
