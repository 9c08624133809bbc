"""Test the help: the sections, defaults and examples of each command, and the list of commands."""

from __future__ import annotations

import re
import shlex

import pytest

import lambda_validate as lv
from lambda_validate.cli import arguments, main
from lambda_validate.cli.help_words import EXAMPLES, GROUPS
from lambda_validate.cli.table import COMMANDS

LINES = 40
"""The number of terminal lines that the command list fits in."""


@pytest.fixture(autouse=True)
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def shown(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(argv) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_the_list_of_commands_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "--help").splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= 80
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(COMMANDS)
    assert sum(line.startswith("  $ ") for line in lines) == 2


@pytest.mark.parametrize("argv", [("help",), ("-h",), ("help", "--")])
def test_help_without_a_command_lists_the_commands(capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]) -> None:
    assert shown(capsys, *argv) == shown(capsys, "--help")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_is_its_help(capsys: pytest.CaptureFixture[str], name: str) -> None:
    text = shown(capsys, "help", name)
    assert text == shown(capsys, name, "--help") == shown(capsys, name, "-h")
    assert text.startswith(f"usage: lambda-validate {name} [OPTIONS]")
    assert COMMANDS[name].summary in text
    assert all(f"  {each.metavar} " in text for each in COMMANDS[name].operands)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_with_a_value_states_its_default(name: str) -> None:
    actions = [each for each in arguments.command(name)._actions if each.nargs != 0]
    without = [each.option_strings for each in actions if "default: " not in str(each.help) and not each.required]
    assert [each for each in without if each not in (["--url"], ["--write-baseline"])] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_default_that_help_states_is_the_default(name: str) -> None:
    for action in arguments.command(name)._actions:
        stated = str(action.help).rpartition("(default: ")[2].split(")")[0].split(",")[0]
        if action.default not in (None, False, []) and action.nargs != 0:
            default = f"{action.default:g}" if isinstance(action.default, float) else str(action.default)
            assert stated == default
    for key, setting in COMMANDS[name].settings.items():
        of_key = [each for each in arguments.command(name)._actions if f"--{key}" in each.option_strings]
        if of_key and isinstance(setting.default, str | bool):
            default = {True: "yes", False: "no"}.get(setting.default, setting.default)
            assert re.search(rf"\(default: {default}\b", str(of_key[0].help))


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_two_examples_that_can_be_read(name: str) -> None:
    assert len(EXAMPLES[name]) == 2
    for line in EXAMPLES[name]:
        command, *rest = shlex.split(line.partition(" > ")[0])
        assert command == name
        assert arguments.command(command).read(rest).command == name


@pytest.mark.parametrize("name", COMMANDS)
def test_options_are_grouped_in_titled_sections(capsys: pytest.CaptureFixture[str], name: str) -> None:
    lines = shown(capsys, name, "-h").splitlines()
    assert "options:" not in lines
    assert {"settings and help:", "examples:", "exit status:"} <= set(lines)


def test_help_of_an_unknown_command_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "lnt"]) == 2
    assert capsys.readouterr().err == "lambda-validate: there is no command 'lnt'; did you mean 'lint'?\n"


def test_a_short_option_shows_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "-V") == shown(capsys, "--version")
    assert shown(capsys, "-V").splitlines()[0] == f"lambda-validate {lv.__version__}"


def test_the_exit_status_of_audit_is_described_by_what_it_finds(capsys: pytest.CaptureFixture[str]) -> None:
    """A caught exception is a finding and an error of its payload, but does not cause exit status 1."""
    expected = "  0 the rules agree with the answers of AWS, 1 they differ for a call, "
    assert expected in shown(capsys, "audit", "--help")
    assert "1 errors found" not in shown(capsys, "audit", "--help")
    assert "  0 no errors, 1 errors found, " in shown(capsys, "lint", "--help")
