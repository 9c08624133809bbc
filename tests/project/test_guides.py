"""Test that the pages for contributors name files that exist, and list every package."""

from __future__ import annotations

import ast
import builtins
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.paths import ROOT

PAGES = ("CONTRIBUTING.md", "SECURITY.md", "docs/explanation/architecture.md", "schemas/README.md")
FOLDERS = "lambda_validate|schemas|tests|tools|benchmarks|examples|docs"


@pytest.mark.parametrize("page", PAGES)
def test_the_files_that_a_page_names_exist(page: str) -> None:
    """Parts in angle brackets, such as `<Operation>`, match any name."""
    named = re.findall(rf"`((?:{FOLDERS})/[\w./<>*-]*)`", (ROOT / page).read_text("utf-8"))
    assert named or page == "SECURITY.md"
    missing = [name for name in named if not any(ROOT.glob(re.sub("<[^>]*>", "*", name.rstrip("/"))))]
    assert missing == []


EXAMPLE = re.compile(r"pollers[.-]order")
"""The id of the example rule, the name of its relation, and the names of its cases."""
INCIDENTAL = {"tests/unit/compiler/test_assembler.py", "tests/project/test_guides.py"}
"""These name the example, and need no change for another rule."""


def test_the_guide_names_every_file_of_its_example_of_a_rule() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Add a rule about members")[2]
    table = guide.partition("\n1. ")[0]
    rows = [re.findall("`([^`]+/[^`]+)`", line.split("|")[1]) for line in table.splitlines() if line.startswith("| `")]
    patterns = [re.compile(re.sub("<[^>]+>", "[^/]+", each.replace(".", r"\."))) for row in rows for each in row]
    files = {
        str(file.relative_to(ROOT))
        for folder in FOLDERS.split("|")
        for ending in ("py", "json", "yaml", "md")
        for file in (ROOT / folder).rglob(f"*.{ending}")
        if file.name == "pollers.order.md" or EXAMPLE.search(file.read_text("utf-8"))
    }
    files -= {"docs/reference/rules/pollers.order.md", *INCIDENTAL}  # the first is a copy for the built site
    assert {file for file in files if not any(each.fullmatch(file) for each in patterns)} == set()
    assert {each.pattern for each in patterns if not any(map(each.fullmatch, files))} == set()


def test_the_architecture_names_every_package() -> None:
    text = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
    packages = {file.parent.name for file in (ROOT / "lambda_validate").glob("*/__init__.py")}
    table = set(re.findall(r"^\| `lambda_validate/(\w+)/` \|", text, re.MULTILINE))
    drawing = text.partition("```mermaid")[2].partition("```")[0]
    nodes = {node: re.findall(r"\w+", names) for node, names in re.findall(r'(\w+)\["(.+?)"\]', drawing)}
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = [re.findall(r"\w+", layer) for layer in settings["tool"]["importlinter"]["contracts"][0]["layers"]]
    height = {name: -index for index, layer in enumerate(layers) for name in layer}
    for above, below in re.findall(r"(\w+) --> (\w+)", drawing):
        assert min(map(height.get, nodes[above])) > max(map(height.get, nodes[below])), (above, below)
    assert packages - {name for names in nodes.values() for name in names} == set()
    assert packages - table == set()


def named(text: str) -> Iterator[str]:
    """Return the Python files that a page names in backticks, alone or with folders."""
    return (name for name in re.findall(r"`([\w/.-]+\.py)`", text) if "<" not in name)


def texts() -> Iterator[tuple[str, str]]:
    """Yield each page, and the docstring of each module."""
    pages = [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("tests/**/README.md"),
        ROOT / "benchmarks/NOTES.md",
    ]
    for page in pages:
        if page.name != "CHANGELOG.md":
            yield str(page.relative_to(ROOT)), page.read_text("utf-8")
    for folder in ("lambda_validate", "benchmarks", "tools"):
        for file in (ROOT / folder).rglob("*.py"):
            yield str(file.relative_to(ROOT)), ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""


def test_every_python_file_that_a_page_or_a_docstring_names_exists() -> None:
    files = {f"/{file.relative_to(ROOT)}" for folder in ROOT.iterdir() if folder.is_dir() and folder.name[0] != "."
             for file in folder.rglob("*.py")}  # fmt: skip
    users = {"handler.py", "app.py", "conftest.py", "test_handler.py"}
    unknown = {
        (place, name)
        for place, text in texts()
        for name in named(text)
        if name not in users and not any(file.endswith(f"/{name}") for file in files)
    }
    assert unknown == set()


def is_type_variable(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "TypeVar"


def defined(tree: ast.Module) -> Iterator[str]:
    """Return the classes and constants that a module defines or imports, and its strings, such as template keys."""
    variables = {node.args[0].value for node in ast.walk(tree) if is_type_variable(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).rpartition(".")[2]
        elif isinstance(node, ast.Assign) and not is_type_variable(node.value):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in variables:
            yield node.value


ELSEWHERE = {
    "BatchSzie": "a misspelt member, as an example",
    "QueueListener": "of the standard library",
    "ServiceModel": "of botocore",
}
"""Names in docstrings of modules that are not defined in this project, and why."""


def test_the_names_in_the_docstrings_of_modules_exist() -> None:
    """A name such as `LintTask` is that of a class, or of a member or operation of the documents."""
    trees = {file: ast.parse(file.read_text("utf-8")) for file in (ROOT / "lambda_validate").rglob("*.py")}
    known = {name for tree in trees.values() for name in defined(tree)} | set(dir(builtins))
    schemas = " ".join(file.read_text("utf-8") for file in (ROOT / "schemas/documents").glob("*.json"))
    known |= set(re.findall(r"\w+", schemas))
    unknown = {
        (str(file.relative_to(ROOT)), name)
        for file, tree in trees.items()
        for name in re.findall(r"`([A-Z][a-z]+[A-Za-z]*)`", ast.get_docstring(tree) or "")
        if name not in known
    }
    assert {name for _, name in unknown} & ELSEWHERE.keys() == ELSEWHERE.keys()
    assert {(file, name) for file, name in unknown if name not in ELSEWHERE} == set()


GUIDES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("editors/*/README.md"))]
BARE = re.compile(
    r"(?:install|inject|modules)[^`|\n@+]*[ '\"]lambda-validate(?:\[[\w,-]+\])?(?! @)(?=['\"`\s]|$)", re.MULTILINE
)
"""An installation by the name that the package will have in an index."""
TAGGED = re.compile(r"lambda-validate@v[0-9]|rev: v[0-9]")
"""A use of the release tag."""
RELEASE = re.compile(r"first\s+release|not\s+published\s+yet")


@pytest.mark.parametrize("page", GUIDES, ids=[str(each.relative_to(ROOT)) for each in GUIDES])
def test_commands_that_need_a_release_are_marked(page: Path) -> None:
    text = page.read_text("utf-8")
    found = [*BARE.findall(text), *TAGGED.findall(text)]
    assert not found or RELEASE.search(text), found


def test_installations_by_name_are_recognised() -> None:
    for command in (
        "pip install lambda-validate",
        "pip install 'lambda-validate[lsp,terraform]'",
        "pipx inject a lambda-validate",
    ):
        assert BARE.search(command)
    assert not BARE.search('pip install "lambda-validate @ git+https://github.com/lambda-validate/lambda-validate"')


def test_every_extra_that_users_need_is_explained() -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    text = (ROOT / "docs/index.md").read_text("utf-8")
    explained = set(re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE))
    assert explained == known.keys() - {"bench", "e2e", "lint", "site", "spark-test", "test"}
