"""The command `lambda-validate completion`: a script that completes commands, options and their values in a shell.

    lambda-validate completion bash > ~/.local/share/bash-completion/completions/lambda-validate

shtab (extra `completion`) writes the script from a parser of all commands. The script contains the names of the rules
and operations that the installed version has. No other command imports this module.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import IO, Any

from .. import catalog
from ..base.extras import missing_message
from ..base.spelling import UnknownNameError
from ..lint.control import selection
from . import arguments as of_commands
from .commands import NAME, UNUSABLE, CommandResult
from .table import COMMANDS, Command, Operand

SHELLS = ("bash", "zsh", "fish")
FILES = frozenset({"--config", "--baseline", "--write-baseline", "--output", "--report-file", "--report"})
"""Options whose value is a file."""
RULE_OPTIONS = frozenset({"--select", "--ignore", "--disable"})
WORDS: Mapping[str, Mapping[str, str]] = {
    "bash": {"value": "_{name}", "preamble": '_{name}() {{ compgen -W "{words}" -- "$1"; }}'},
    "zsh": {"value": "_{name}", "preamble": "_{name}() {{ local -a words=({words}); compadd -a words; }}"},
    "fish": {"value": "(_{name})", "preamble": "function _{name}; string split ' ' '{words}'; end"},
}
"""For each shell, how an option refers to a list of words, and the function that prints the list."""


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Print the completion script for a shell: bash, zsh or fish."""
    if arguments.shell not in SHELLS:
        raise UnknownNameError("completion for the shell", arguments.shell, SHELLS)
    if find_spec("shtab") is None:
        return CommandResult((), [missing_message(["shtab"], ["completion"])], UNUSABLE)
    import shtab  # type: ignore[import-not-found,unused-ignore]  # which only this command needs

    return CommandResult(shtab.complete(_parser(), arguments.shell).rstrip("\n").split("\n"))


def _parser() -> ArgumentParser:
    """Return one argparse parser with all commands, options and operands, from which shtab writes the script."""
    lists = {
        "operation": _words("lambda_validate_operations", catalog.operations(catalog.TODAY)),
        "rule": _words("lambda_validate_rules", selection.names()),
    }
    whole = ArgumentParser(NAME, parents=[of_commands.parser()], add_help=False)
    commands = whole.add_subparsers()
    for name, row in COMMANDS.items():
        own = of_commands.command(name)
        made = commands.add_parser(name, help=row.summary, parents=[own], add_help=False)
        for action in made._actions:
            _complete_option(action, row, lists["rule"])
        for operand in row.operands:
            _add_operand(made, operand, lists)
    return whole


def _words(name: str, words: Iterable[str]) -> dict[str, Any]:
    """Return a list of words as shtab needs it: for each shell, a function that prints them, and how to call it."""
    text = " ".join(sorted(words))
    made: dict[str, Any] = {shell: row["value"].format(name=name) for shell, row in WORDS.items()}
    made["preamble"] = {shell: row["preamble"].format(name=name, words=text) for shell, row in WORDS.items()}
    return made


def _complete_option(action: Action, row: Command, rules: Any) -> None:
    """Set how a shell completes the value of an option: with rules, editions or files."""
    import shtab

    names = set(action.option_strings)
    if "--edition" in names:
        action.choices = row.settings["edition"].choices
    elif names & RULE_OPTIONS:
        action.complete = rules  # type: ignore[attr-defined]  # which shtab reads
    elif names & FILES and action.choices is None:
        action.complete = shtab.FILE  # type: ignore[attr-defined]  # as above


def _add_operand(parser: ArgumentParser, operand: Operand, lists: Mapping[str, Any]) -> None:
    """Add an operand to a parser, with the values that a shell completes for it."""
    import shtab

    choices = {"direction": catalog.DIRECTIONS, "form": FORMS, "shell": SHELLS, "subject": tuple(COMMANDS)}
    count = "*" if operand.is_list else None if operand.default is None else "?"
    action = parser.add_argument(operand.name, nargs=count, help=operand.help, choices=choices.get(operand.name))
    if operand.name not in choices:
        action.complete = lists.get(operand.name, shtab.FILE)  # type: ignore[attr-defined]  # as above


FORMS = ("openapi", "api-gateway", "json-schema")
