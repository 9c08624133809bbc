"""Test that the default tests read no clock, because a busy machine must not fail them. `steps` counts work instead.

Modules and tests with a marker that the default run excludes may read one, and so may the folder `timing`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.paths import TESTS

FOLDER = TESTS
MODULES = [file for file in sorted(FOLDER.rglob("test_*.py")) if "timing" not in file.relative_to(FOLDER).parts]
CLOCKS = {
    f"{name}{unit}"
    for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time")
    for unit in ("", "_ns")
}
"""Functions of the module `time` that return the time."""
LEFT_OUT = ("e2e", "exhaustive", "timing")
"""Markers that the default run excludes."""


def is_left_out(marker: ast.expr) -> bool:
    """Return whether an expression is a marker that the default run excludes, or a list with one."""
    each = marker.elts if isinstance(marker, ast.List) else [marker]
    return any(ast.unparse(one) in {f"pytest.mark.{name}" for name in LEFT_OUT} for one in each)


def is_marked(node: ast.AST) -> bool:
    """Return whether a module, a class or a test has such a marker."""
    if isinstance(node, ast.Module):
        assigned = [each for each in node.body if isinstance(each, ast.Assign)]
        return any(is_left_out(each.value) for each in assigned if ast.unparse(each.targets[0]) == "pytestmark")
    return any(map(is_left_out, getattr(node, "decorator_list", ())))


def reads(node: ast.AST) -> bool:
    """Return whether a node itself reads or imports a clock."""
    if isinstance(node, ast.Attribute):
        return ast.unparse(node.value) in ("time", "timeit") and (node.attr in CLOCKS or "timeit" in ast.unparse(node))
    if isinstance(node, ast.ImportFrom):
        return node.module == "timeit" or (node.module == "time" and any(each.name in CLOCKS for each in node.names))
    return isinstance(node, ast.Import) and any(
        each.name == "timeit" or each.asname for each in node.names if each.name in ("time", "timeit")
    )


def clocks(node: ast.AST) -> Iterator[int]:
    """Yield the lines on which a clock is read, except in tests that the default run excludes."""
    if is_marked(node):
        return
    if reads(node):
        yield node.lineno  # type: ignore[attr-defined]  # the node is an expression or a statement
    for each in ast.iter_child_nodes(node):
        yield from clocks(each)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_no_default_test_reads_a_clock(file: Path) -> None:
    assert list(clocks(ast.parse(file.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import time\ndef test(): assert time.monotonic()", "from time import perf_counter", "import timeit",
        "import time\nnow = time.time_ns", "import time as t", "from timeit import timeit",
        "@pytest.mark.e2e\ndef test(): pass\ntime.time()",
        "@pytest.mark.parametrize('a', [pytest.param(1, marks=pytest.mark.e2e)])\ndef test(a): time.time()",
        "pytestmark = pytest.mark.skip\ntime.time()", "@pytest.mark.skip\ndef test(): time.process_time()",
    ],
)  # fmt: skip
def test_uses_of_a_clock_are_detected(source: str) -> None:
    assert list(clocks(ast.parse(source))) != []


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.sleep(1)", "pytestmark = [pytest.mark.e2e]\ntime.time()",
        "@pytest.mark.exhaustive\ndef test(): time.time()", "from time import sleep", "event.time.monotonic",
    ],
)  # fmt: skip
def test_other_uses_of_time_are_allowed(source: str) -> None:
    assert list(clocks(ast.parse(source))) == []


def test_the_default_run_leaves_out_each_marker() -> None:
    settings = (FOLDER.parent / "pyproject.toml").read_text("utf-8")
    assert f'"{" and ".join(f"not {name}" for name in LEFT_OUT)}"' in settings
