"""Test `completion`: the script of each shell contains all commands, options and values."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

import lambda_validate as lv
from lambda_validate.cli import completion, export, main
from lambda_validate.cli.table import COMMANDS

pytest.importorskip("shtab", reason="the library does not need shtab")


@pytest.fixture(scope="module")
def parser() -> completion.ArgumentParser:
    return completion._parser()


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_the_script_contains_commands_operations_and_rules(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    words = ("batch-size.sqs", "batch-size", "CreateEventSourceMapping", "unknown-members", "sarif", "documents")
    assert [word for word in (*COMMANDS, *words) if word not in out] == []
    assert out.count("batch-size.window") == 1


def test_every_operand_has_completions(parser: completion.ArgumentParser) -> None:
    (commands,) = (each for each in parser._actions if each.dest == "==SUPPRESS==" and each.choices)
    assert set(commands.choices or ()) == set(COMMANDS)
    for name, made in dict(commands.choices).items():  # type: ignore[arg-type]  # a mapping, of a subparsers action
        operands = [each for each in made._actions if not each.option_strings]
        assert [each.dest for each in operands] == [each.name for each in COMMANDS[name].operands]
        assert all(each.choices or hasattr(each, "complete") for each in operands)


def test_values_are_those_of_the_commands() -> None:
    assert tuple(export.FORMS) == completion.FORMS
    lists = completion._words("x", lv.operations("current"))
    assert lists["bash"] == "_x"
    assert set(lists["preamble"]["fish"].split("'")[3].split()) == set(lv.operations("current"))


@pytest.mark.parametrize(
    ("shell", "hint"),
    [("bsh", "did you mean 'bash'?"), ("powershell", "choose from bash"), ("", "choose")],
)
def test_another_shell_is_a_usage_error(shell: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert hint in err


def test_a_missing_shtab_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(completion, "find_spec", lambda name: None)
    assert main(["completion", "bash"]) == 2
    assert capsys.readouterr().err == "lambda-validate: shtab is missing; install lambda-validate[completion]\n"


def test_other_commands_do_not_import_shtab() -> None:
    code = "import sys; from lambda_validate.cli import main; main(['help']); assert 'shtab' not in sys.modules"
    assert importlib.util.find_spec("shtab") is not None
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60).returncode == 0
