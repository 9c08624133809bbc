"""Imports go one way, starting up loads little, and the code stays in small pieces."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "lambda_validate"
FILES = sorted(PACKAGE.rglob("*.py"))

LAYERS = [
    {"report", "spelling", "values", "source", "bundle", "folders", "regular_files"},
    {"defaults", "model", "policy", "sizes"},
    {"catalog"},
    {"patterns", "formats", "references"},
    {"relations", "arns"},
    {"memo", "known"},
    {"messages", "keywords", "reference"},
    {"applicators"},
    {"vocabulary", "constraints", "outcome"},
    {"conditions"},
    {"compiler"},
    {"rules"},
    {"core"},
    {"__init__"},
    {"settings"},
    {"strategies"},
    {"services"},
    {"newer"},
    {"http", "lint", "boto_values"},
    {"gateway", "boto_checks", "fuzz", "pytest_plugin"},
    {"boto"},
    {"docs"},
    {"serve", "export"},
    {"commands"},
    {"fuzz.command", "serve.command", "export.command", "docs.command"},
    {"arguments"},
    {"cli"},
    {"__main__"},
]
"""The modules and packages from the bottom up: each imports from layers below it alone. A package is one place here."""

RANKS = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}

COMPILER = {
    "compiler",
    "keywords",
    "arns",
    "memo",
    "vocabulary",
    "constraints",
    "conditions",
    "source",
    "references",
    "messages",
}
"""What turns schemas into checkers and violations into words."""


def module_of(file: Path) -> str:
    """The place of a file in the layers: its module, or the package that it is in unless it has a place of its own."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    whole = ".".join(parts)
    return whole if whole in RANKS else parts[0]


def runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only type checkers see."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from (each for child in node.orelse for each in (child, *runtime_nodes(child)))
        else:
            yield node
            yield from runtime_nodes(node)


def imported(node: ast.AST, file: Path) -> Iterator[str]:
    """The dotted names below our package that a statement imports."""
    if isinstance(node, ast.Import):
        names = [each.name for each in node.names]
    elif isinstance(node, ast.ImportFrom):
        parents = ["lambda_validate", *file.relative_to(PACKAGE).parent.parts]
        base = parents[: len(parents) - node.level + 1] if node.level else []
        module = ".".join([*base, *filter(None, [node.module])])
        names = [f"{module}.{each.name}" for each in node.names]
    else:
        return
    for name in names:
        if name == "lambda_validate" or name.startswith("lambda_validate."):
            yield name.removeprefix("lambda_validate").removeprefix(".")


@cache
def imports(file: Path) -> frozenset[str]:
    """The places that a file imports from while it runs, function by function too."""
    nodes = runtime_nodes(ast.parse(file.read_text("utf-8")))
    names = {name.split(".")[0] for node in nodes for name in imported(node, file)}
    return frozenset(name if name in RANKS else "__init__" for name in names) - {module_of(file)}


def reached(start: str) -> set[str]:
    """Everything that a module may cause to be imported."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        place = waiting.pop()
        new = {each for file in FILES if module_of(file) == place for each in imports(file)} - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_module_imports_from_layers_below_it_alone(file: Path) -> None:
    assert module_of(file) in RANKS, "a new module needs its place in LAYERS"
    too_high = {each for each in imports(file) if RANKS[each] >= RANKS[module_of(file)]}
    assert too_high == set()


@pytest.mark.parametrize("bottom", sorted(LAYERS[0]))
def test_the_lowest_layer_imports_nothing_of_ours(bottom: str) -> None:
    assert imports(PACKAGE / f"{bottom}.py") == frozenset()


@pytest.mark.parametrize("independent", ["reference", "strategies"])
def test_oracle_and_generator_share_no_code_with_what_they_test(independent: str) -> None:
    assert reached(independent) & COMPILER == set()


def test_formats_are_no_part_of_the_compiler_either() -> None:
    assert reached("formats") & COMPILER == set()


def loaded_by(statement: str) -> set[str]:
    """The modules that a statement loads, over a bare interpreter."""
    program = f"import sys; before = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - before))"
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})\n{program}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


COSTLY = {
    "argparse", "asyncio", "dataclasses", "difflib", "email", "http", "hypothesis", "importlib.resources", "inspect",
    "jsonschema", "logging", "regex", "socket", "subprocess", "tempfile", "urllib.request", "yaml", "zipfile",
}  # fmt: skip
USE = "import lambda_validate as lv; lv.is_valid_request('GetFunctionEventInvokeConfig', {'FunctionName': 'orders'})"
WRONG = "import lambda_validate as lv; r = lv.validate_request('GetFunctionEventInvokeConfig', {'FunctionName': '!'})"


def test_importing_the_library_loads_nothing_costly_and_no_compiler() -> None:
    loaded = loaded_by("import lambda_validate")
    assert loaded & COSTLY == set()
    ours = {name.removeprefix("lambda_validate.") for name in loaded if name.startswith("lambda_validate.")}
    assert ours <= {"bundle", "catalog", "core", "policy", "report", "sizes", "spelling", "values"}


def test_a_verdict_loads_the_compiler_but_no_words() -> None:
    loaded = loaded_by(USE)
    assert "lambda_validate.compiler" in loaded
    assert loaded & (COSTLY | {"lambda_validate.messages", "lambda_validate.outcome"}) == set()


def test_a_report_loads_no_words_before_one_is_read() -> None:
    assert loaded_by(WRONG) & {"regex", "lambda_validate.messages"} == set()
    assert loaded_by(f"{WRONG}; r.violations[0].message") >= {"regex", "lambda_validate.messages"}


def test_jsonschema_is_loaded_when_it_is_asked_for() -> None:
    assert "jsonschema" in loaded_by("import lambda_validate as lv; lv.format_checker()")
    assert "jsonschema" not in loaded_by(
        "import lambda_validate as lv; lv.formats; lv.schema(lv.operations()[0], 'request')"
    )


def lengths(file: Path) -> dict[str, int]:
    """How many lines each function of a file has."""
    tree = ast.parse(file.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node.end_lineno - node.lineno + 1 for node in ast.walk(tree) if isinstance(node, kinds)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_files_and_functions_are_short(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) < 300
    assert {name: length for name, length in lengths(file).items() if length > 40} == {}


def test_most_functions_are_shorter_than_ten_lines() -> None:
    assert statistics.median(length for file in FILES for length in lengths(file).values()) < 10


def test_every_package_is_installed() -> None:
    text = (PACKAGE.parent / "pyproject.toml").read_text("utf-8")
    listed = text.partition("\npackages = [\n")[2].partition("\n]")[0].replace('"', "").replace(",", "").split()
    folders = {file.parent.relative_to(PACKAGE.parent) for file in FILES}
    assert listed == sorted({"lambda_validate.schemas", *(".".join(folder.parts) for folder in folders)})
