"""Test the command `lsp` without a client."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.linting import Project

from lambda_validate.cli import lsp


def test_without_the_extra_the_command_says_what_to_install(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pygls", None)
    ran = project.run(command="lsp")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "lambda-validate: pygls is missing; install lambda-validate[lsp]\n"


def test_with_an_old_pygls_the_command_says_what_to_install(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lsp, "version", lambda name: "1.3.1")
    ran = project.run(command="lsp")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "lambda-validate: the installed pygls 1.3.1 is too old; install lambda-validate[lsp]\n"


def test_broken_settings_do_not_prevent_the_server_from_starting(project: Project, monkeypatch: pytest.MonkeyPatch):
    project.write({".lambda-validate.toml": "nonsense"})
    monkeypatch.setitem(sys.modules, "pygls", None)
    assert "pygls is missing" in project.run(command="lsp").err


def test_an_unknown_option_is_an_error(project: Project):
    ran = project.run("--tcp", command="lsp")
    assert ran.code == 2
    assert ran.err.count("\n") == 1


def test_no_other_command_loads_the_server():
    code = (
        "import sys, lambda_validate, lambda_validate.cli as cli; cli.main(['lint', '--help']); cli.main(['rules']);"
        "sys.exit(any(name.startswith(('lambda_validate.lsp', 'pygls', 'lsprotocol')) for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
