"""Test the output of `lint` besides findings: the summary, statistics, quiet mode, and the progress line."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from support.linting import BAD, GOOD, NEWER, Project

from lambda_validate import cli
from lambda_validate.cli.arguments import command
from lambda_validate.cli.parsing import _columns
from lambda_validate.lint.session import DELAY, PERIOD, ProgressLine


class TestStatistics:
    def test_rules_are_counted_the_most_frequent_first(self, project: Project):
        project.write({"a.json": f"[{BAD}, {NEWER}, {BAD}]"})
        ran = project.run("--statistics")
        assert ran.out.splitlines() == ["      2 error batch-size.sqs", "      1 warning member.newer"]
        assert ran.code == 1

    def test_statistics_are_available_as_json(self, project: Project):
        project.write({"a.json": BAD})
        assert json.loads(project.json("--statistics").out) == {
            "summary": {"files": 1, "checked": 1, "errors": 1, "warnings": 0},
            "statistics": [{"rule": "batch-size.sqs", "severity": "error", "count": 1}],
        }

    def test_statistics_print_nothing_without_findings(self, project: Project):
        project.write({"a.json": GOOD})
        assert project.run("--statistics").out == ""

    @pytest.mark.parametrize("format", ["github", "sarif", "junit"])
    def test_formats_without_statistics_are_rejected(self, project: Project, format: str):
        ran = project.run("--statistics", "--output-format", format)
        assert (ran.code, ran.out) == (2, "")
        assert "full, concise or json" in ran.err


class TestQuiet:
    def test_only_findings_are_printed(self, project: Project):
        project.write({"a.json": BAD})
        loud, quiet = project.run(), project.run("--quiet")
        assert quiet == (1, loud.out, "")
        assert loud.err == "lambda-validate: 1 error, 0 warnings in 1 checked file\n"

    def test_unreadable_files_are_reported_in_quiet_mode(self, project: Project):
        project.write({"a.json": BAD[:-1]})
        ran = project.run("-q")
        assert ran.code == 2
        assert ran.err.count("\n") == 1
        assert "a.json:1:" in ran.err


class TestProgress:
    def test_progress_is_shown_after_a_delay_updated_and_cleared(self):
        now, written = [0.0], list[str]()
        progress = ProgressLine(written.append, lambda: now[0])
        for moment in (0, DELAY / 2, DELAY, DELAY + PERIOD / 2, DELAY + PERIOD):
            now[0] = moment
            progress.step(1_234, 5)
        progress.clear()
        assert written == ["\r\x1b[K1,234 files looked at, 5 with payloads"] * 2 + ["\r\x1b[K"]

    def test_a_short_run_shows_no_progress(self):
        written: list[str] = []
        progress = ProgressLine(written.append, lambda: 0.0)
        progress.step(1, 1)
        progress.clear()
        assert written == []

    @pytest.mark.parametrize(
        ("terminal", "environment", "live"),
        [
            (True, {}, True),
            (False, {}, False),
            (True, {"CI": "true"}, False),
            (True, {"TERM": "dumb"}, False),
        ],
    )
    def test_progress_is_shown_only_on_a_terminal(
        self, monkeypatch: pytest.MonkeyPatch, terminal: bool, environment: dict[str, str], live: bool
    ):
        monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
        assert (cli._live(sys.stderr, environment) is not None) == live

    def test_the_progress_line_is_cleared_at_the_end(self, project: Project):
        project.write({"a.json": BAD})
        project.monkeypatch.setattr("lambda_validate.lint.session.DELAY", -1)
        project.monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        project.monkeypatch.setenv("TERM", "xterm")
        err = project.run().err
        assert err.startswith("\r\x1b[K1 files looked at, 1 with payloads\r\x1b[Klambda-validate: 1 error")
        assert "\x1b" not in project.run("--quiet").err


def test_reporters_are_imported_lazily(project: Project, tmp_path: Path):
    import subprocess

    project.write({"a.json": BAD})
    call = "main(['lint', '--output-format', 'concise'])"
    code = f"import sys; from lambda_validate.cli import main; {call}; print(*sys.modules)"
    root = Path(cli.__file__).parent.parent
    command = [sys.executable, "-c", code]
    ran = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=60
    )
    loaded = set(ran.stdout.splitlines()[-1].split())
    names = ("sarif", "junit", "github", "baseline", "fix", "fixer", "ignores", "directives", "writing", "progress")
    assert not {f"lambda_validate.lint.{name}" for name in names} & loaded
    assert not {"tomllib", "tempfile", "difflib"} & loaded


class TestFailuresAsJson:
    """The JSON report lists files that could not be read."""

    @pytest.mark.parametrize("options", [(), ("--statistics",)])
    def test_failures_are_listed(self, project: Project, options: tuple[str, ...]):
        project.write({"a.json": BAD, "b.json": BAD[:-1]})
        ran = project.json(*options)
        message = "expected a comma or the closing bracket"
        failure = {"file": "b.json", "line": 1, "column": len(BAD), "message": message}
        assert json.loads(ran.out)["failures"] == [failure]
        assert ran.code == 2

    def test_without_failures_there_is_no_list(self, project: Project):
        project.write({"a.json": BAD})
        assert set(json.loads(project.json().out)) == {"summary", "findings"}


def test_the_fast_parser_agrees_on_paths_alone():
    for paths in ([], ["a", "b.yaml"]):
        assert vars(cli._parsed(["lint", *paths])) == vars(command("lint").read(paths))


def test_help_has_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch):
    for columns in ("60", "200", "0", "wide", ""):
        monkeypatch.setenv("COLUMNS", columns)
        assert _columns(os.environ) == shutil.get_terminal_size().columns
