"""The README tells the truth: its code runs, its output is what is printed, its tables are what the code says."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
from types import ModuleType

import pytest
from support.paths import ROOT

import lambda_validate as lv

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def readme(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("NO_COLOR", "1")
    spec = importlib.util.spec_from_file_location("readme", ROOT / "tools" / "readme.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("code", PYTHON)
def test_each_python_example_prints_what_its_comments_say(code: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(ValueError):
        exec(code, {})
    expected = re.findall(r"^# (.*)$", code, re.MULTILINE)
    assert expected
    assert printed.getvalue().splitlines() == expected


@pytest.mark.parametrize("name", ["output", "mapping", "invoke", "rules"])
def test_a_generated_part_is_what_the_code_makes(readme: ModuleType, name: str) -> None:
    assert readme.part(README, name) == readme.PARTS[name]()


def test_filling_the_readme_anew_changes_nothing(readme: ModuleType) -> None:
    assert readme.filled(README) == README


def test_a_part_that_is_out_of_date_is_seen(readme: ModuleType) -> None:
    stale = README.replace("batch-size.sqs` | error", "batch-size.sqs` | warning")
    assert stale != README
    assert readme.filled(stale) == README


def test_the_first_command_finds_what_the_readme_says(readme: ModuleType) -> None:
    assert len(readme.first_command()) == 5
    assert readme.main(readme.first_command()) == 1


def test_continuous_integration_runs_the_line_that_users_are_told_to_run() -> None:
    assert "tests:begin" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "pytest" in README.partition("<!-- tests:begin -->")[2].partition("<!-- tests:end -->")[0]


def test_the_hook_is_pinned_to_this_version() -> None:
    assert re.findall(r"^  rev: (.*)$", README, re.MULTILINE) == [f"v{lv.__version__}"]


def test_the_changelog_begins_with_this_version_and_has_each_section_once() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, older, *_ = changelog.split("\n## ")[1:]
    assert re.fullmatch(rf"{re.escape(lv.__version__)} - \d{{4}}-\d\d-\d\d", first.splitlines()[0])
    assert re.findall("^### (.*)$", first, re.MULTILINE) == ["Security", "Removed", "Changed", "Added", "Fixed"]
    assert older.startswith("0.1.0\n")


def test_files_that_the_readme_links_to_are_there() -> None:
    linked = set(re.findall(r"\]\(([\w./-]+)\)", README))
    assert "SECURITY.md" in linked
    assert [each for each in linked if not (ROOT / each).exists()] == []
