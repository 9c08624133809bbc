"""Test workflow commands of GitHub Actions: one line each, escaped as GitHub expects."""

from __future__ import annotations

import pytest
from support.linting import BAD, GOOD, NEWER, Project

from lambda_validate.lint.files import Failure
from lambda_validate.lint.findings.finding import LintFinding, LintOutcome
from lambda_validate.lint.reporters.github import report

FINDING = LintFinding("a.json", 1, 2, 1, 5, "x.y", "error", "O", "request", "", "Wrong.", "somewhere", None)


def command(**changes: object) -> str:
    (line,) = report(LintOutcome((FINDING._replace(**changes),)), False)
    return line


def unescaped(text: str) -> str:
    for escaped, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(escaped, character)
    return text


def test_findings_and_failures_are_commands(project: Project):
    project.write({"a.json": BAD, "b.json": NEWER, "c.json": GOOD[:-1]})
    ran = project.run("--output-format", "github")
    lines = ran.out.splitlines()
    assert [each.split(" ")[0] for each in lines] == ["::error", "::warning", "::error"]
    assert lines[0].startswith(
        "::error file=a.json,line=1,col=99,endLine=1,endColumn=101,title=lambda-validate batch-size.sqs::"
    )
    assert lines[2].startswith(f"::error file=c.json,line=1,col={len(GOOD)},title=lambda-validate::expected ")
    assert ran.code == 2


def test_the_help_is_a_line_of_its_own():
    assert command(help="Write it.").endswith("::Wrong.%0AWrite it.")


def test_multi_line_findings_have_no_columns():
    assert "endColumn" not in command(end_line=3)
    assert "endLine=3" in command(end_line=3)


def test_an_unknown_position_is_omitted():
    line = command(line=None, column=None, end_line=None, end_column=None)
    assert line == "::error file=a.json,title=lambda-validate x.y::Wrong."


@pytest.mark.parametrize("text", ["100%", "a:b,c", "%0A", "::error::", "%25"])
def test_escaping_can_be_undone(text: str):
    _, properties, message = command(file=text, message=text).split("::", 2)
    assert unescaped(message) == text
    assert unescaped(dict(each.split("=", 1) for each in properties.split(" ", 1)[1].split(","))["file"]) == text


def test_no_line_break_ends_a_command_early():
    (failure,) = report(LintOutcome(failures=(Failure("a\n::error::b\r", None, None, "x\r\n::error::y"),)), False)
    assert "\n" not in failure
    assert "\r" not in failure
    assert "\n" not in command(message="x\n::stop-commands::z")
