"""Test that imports at start-up are few, and that files and functions are short. `lint-imports` checks the layers."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.paths import ROOT

PACKAGE = ROOT / "lambda_validate"
FILES = sorted(PACKAGE.rglob("*.py"))


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a statement loads, compared with a bare interpreter."""
    program = f"import sys; before = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - before))"
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})\n{program}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


COSTLY = {
    "argparse", "asyncio", "dataclasses", "difflib", "email", "http", "hypothesis", "importlib.resources", "inspect",
    "jsonschema", "logging", "regex", "socket", "subprocess", "tempfile", "urllib.request", "yaml", "zipfile",
}  # fmt: skip
USE = "import lambda_validate as lv; lv.is_valid_request('GetFunctionEventInvokeConfig', {'FunctionName': 'orders'})"
INVALID = "import lambda_validate as lv; r = lv.validate_request('GetFunctionEventInvokeConfig', {'FunctionName': '!'})"


def test_importing_the_library_loads_no_costly_modules() -> None:
    loaded = loaded_by("import lambda_validate")
    assert loaded & COSTLY == set()
    ours = {name.removeprefix("lambda_validate.") for name in loaded if name.startswith("lambda_validate.")}
    assert ours <= {
        "base", "base.spelling", "base.values", "base.version", "catalog", "catalog.bundle", "catalog.schema_files",
        "report", "report.policy", "report.records", "validator",
    }  # fmt: skip


def test_a_verdict_imports_the_compiler_but_no_messages() -> None:
    loaded = loaded_by(USE)
    assert "lambda_validate.compiler.layout" in loaded
    assert loaded & (COSTLY | {"lambda_validate.compiler.messages", "lambda_validate.validator.message_rules"}) == set()


TODAY = [
    ("GetFunctionEventInvokeConfig", {"FunctionName": "orders"}),
    ("CreateEventSourceMapping", {"FunctionName": "f", "EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:q"}),
    ("CreateFunction", {"FunctionName": "!"}),
]


@pytest.mark.parametrize(("operation", "payload"), TODAY)
def test_the_current_edition_imports_no_more(operation: str, payload: Any) -> None:
    """Only patterns of tags need `regex`, so other code does not load it."""
    call = f"({operation!r}, {payload!r}, 'current')"
    use = f"import lambda_validate as lv; lv.is_valid_request{call}; lv.validate_request{call}"
    assert loaded_by(use) & COSTLY == set()
    tagged = f"{use}; assert lv.is_valid_request('TagResource', {TAGGED}, 'current')"
    assert "regex" in loaded_by(tagged)


TAGGED = {"Resource": "arn:aws:lambda:us-west-2:123456789012:function:f", "Tags": {"\u00e9t\u00e9": "1"}}


def test_a_report_imports_messages_lazily() -> None:
    words = {"lambda_validate.compiler.messages", "lambda_validate.compiler.characters"}
    assert loaded_by(INVALID) & {"regex", *words} == set()
    loaded = loaded_by(f"{INVALID}; r.violations[0].message")
    assert loaded >= words
    assert "regex" not in loaded  # the pattern has a table


def test_jsonschema_is_imported_lazily() -> None:
    assert "jsonschema" in loaded_by("import lambda_validate as lv; lv.format_checker()")
    assert "jsonschema" not in loaded_by(
        "import lambda_validate as lv; lv.formats; lv.schema(lv.operations()[0], 'request')"
    )


def lengths(file: Path) -> dict[str, int]:
    """Return the number of lines of each function in a file."""
    tree = ast.parse(file.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node.end_lineno - node.lineno + 1 for node in ast.walk(tree) if isinstance(node, kinds)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_files_and_functions_are_short(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) < 400
    assert {name: length for name, length in lengths(file).items() if length > 40} == {}


def test_most_functions_are_shorter_than_ten_lines() -> None:
    assert statistics.median(length for file in FILES for length in lengths(file).values()) < 10


def test_every_package_is_installed() -> None:
    text = (PACKAGE.parent / "pyproject.toml").read_text("utf-8")
    listed = text.partition("\npackages = [\n")[2].partition("\n]")[0].replace('"', "").replace(",", "").split()
    folders = {file.parent.relative_to(PACKAGE.parent) for file in FILES}
    assert listed == sorted({"lambda_validate.schemas", *(".".join(folder.parts) for folder in folders)})


def test_rule_pages_are_loaded_only_if_shown() -> None:
    for command in (["rules"], ["explain", "batch-size.sqs", "--output-format", "concise"]):
        loaded = loaded_by(f"from lambda_validate.cli import main; main({command})")
        assert "lambda_validate.cli.commands" in loaded
        assert "lambda_validate.validator.rule_pages" not in loaded
