"""Test the README: its output matches the real output, its code runs, and its links resolve."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from support.paths import ROOT
from support.tools import tool

import lambda_validate as lv
from lambda_validate.cli import main

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def readme(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.chdir(ROOT)
    return tool("reference")


def test_the_shown_output_is_the_beginning_of_the_real_output(readme: ModuleType) -> None:
    shown = readme.part(README, "output").splitlines()[1:-1]
    printed = readme.command_output(readme.first_command()).splitlines()
    assert 8 <= len(shown) <= 10
    assert printed[: len(shown)] == shown


def test_the_first_command_of_the_readme_reports_findings(readme: ModuleType) -> None:
    assert len(readme.first_command()) == 5
    assert main(readme.first_command()) == 1


def test_continuous_integration_runs_the_documented_command() -> None:
    assert "tests:begin" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "pytest" in README.partition("<!-- tests:begin -->")[2].partition("<!-- tests:end -->")[0]


def test_the_hook_is_pinned_to_this_version() -> None:
    assert re.findall(r"^ +rev: (.*)$", README, re.MULTILINE) == [f"v{lv.__version__}"]


def test_the_changelog_begins_with_this_version_and_has_each_section_once() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = changelog.split("\n## ")[1:]
    order = ["Security", "Removed", "Changed", "Added", "Fixed"]
    if sections[0].startswith("Unreleased\n"):
        newer = re.findall("^### (.*)$", sections.pop(0), re.MULTILINE)
        assert newer == [each for each in order if each in newer] != []
    first, older, *_ = sections
    assert re.fullmatch(rf"{re.escape(lv.__version__)} - \d{{4}}-\d\d-\d\d", first.splitlines()[0])
    assert re.findall("^### (.*)$", first, re.MULTILINE) == order
    assert older.startswith("0.1.0\n")


def test_files_linked_by_the_readme_exist() -> None:
    linked = set(re.findall(r"\]\(([\w./-]+)\)", README))
    assert "SECURITY.md" in linked
    assert [each for each in linked if not (ROOT / each).exists()] == []
