"""Test that the summary counts excluded files with payloads. If it finds no payload, it lists the supported formats."""

from __future__ import annotations

import pytest
from support.linting import BAD, GOOD, Project

from lambda_validate.lint.files import left_out
from lambda_validate.lint.formats import FORMATS

CHECKED = "lambda-validate: 0 errors, 0 warnings in 1 checked file"
TEMPLATE = '{"Resources": {"A": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {}}}}'


def test_a_file_that_gitignore_names_is_counted(project: Project):
    project.write({"a.json": GOOD, ".gitignore": "cdk.out/\n", "cdk.out/b.json": TEMPLATE, "cdk.out/c.json": "{}"})
    assert project.run().err == f"{CHECKED}; 1 file left out by .gitignore; name it to lint it\n"


def test_files_in_dot_folders_are_counted_but_for_those_of_tools(project: Project):
    files = [".aws-sam/build/t.json", ".x/t.json", ".x/node_modules/t.json", ".git/t.json", ".mypy_cache/t.json"]
    project.write({"a.json": GOOD, **dict.fromkeys(files, TEMPLATE)})
    expected = "2 files left out in folders whose name begins with a dot; name them to lint them"
    assert project.run().err == f"{CHECKED}; {expected}\n"


def test_files_given_explicitly_are_not_left_out(project: Project):
    project.write({"a.json": GOOD, ".gitignore": "b.json\nc.json\n", "b.json": GOOD, "c.json": "{}"})
    assert "left out" not in project.run(".", "b.json").err


def test_excluded_files_are_not_counted_as_left_out(project: Project):
    project.write({"a.json": GOOD, "b/c.json": TEMPLATE})
    assert "left out" not in project.run("--exclude", "b/").err


@pytest.mark.parametrize(("bound", "value"), [("ENTRIES", 3), ("BYTES", 2 * len(TEMPLATE))])
def test_the_number_of_examined_files_is_limited(
    project: Project, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
):
    monkeypatch.setattr(left_out, bound, value)
    project.write({"a.json": GOOD, ".gitignore": "out/\n", **{f"out/{name}.json": TEMPLATE for name in "abcdef"}})
    assert "at least" in project.run().err


def test_symlinks_are_not_followed(project: Project):
    project.write({"a.json": GOOD, ".gitignore": "out/\nlink\n", "out/a.json": TEMPLATE})
    (project.folder / "out" / "loop").symlink_to(project.folder)
    (project.folder / "link").symlink_to("out")
    assert "; 1 file left out" in project.run().err


def test_without_matches_lint_lists_the_supported_formats(project: Project):
    project.write({"a.json": "{}"})
    error = project.run().err
    assert "nothing to check was found; lint covers " in error
    assert all(each.covers in error for each in FORMATS)
    assert project.run("--quiet").err == ""
    project.write({"b.json": BAD})
    assert "covers" not in project.run().err
