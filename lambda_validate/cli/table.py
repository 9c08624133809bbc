"""The table of commands: for each one its purpose, function, operands and settings."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.spelling import UnknownNameError, nearest
from ..catalog import TODAY
from ..settings.keys import BOTH, EDITIONS, FORMATS, KEYS, Setting
from .commands import NAME


class Operand(NamedTuple):
    """An argument of a command that is not an option, such as `FILE`. It is required unless it has a default.

    With `is_list`, it takes all the arguments that are left.
    """

    name: str
    metavar: str
    help: str
    default: str | None = None
    is_list: bool = False


class Command(NamedTuple):
    """A command. `run` and `arguments` are functions, as `module:function` of this package.

    Their module is imported when the command is used. With `of_service`, the command also works for another AWS
    service, by its model in botocore. With `of_folders`, it reads the settings of folders itself while it runs.
    """

    summary: str
    run: str
    arguments: str | None = None
    settings: Mapping[str, Setting] = MappingProxyType({})
    of_service: bool = False
    operands: tuple[Operand, ...] = ()
    of_folders: bool = False


def unknown_command(name: str) -> UnknownNameError:
    """Return the error for a command that does not exist, with the nearest one or a reference to the help."""
    return UnknownNameError("command", name, COMMANDS, None if nearest(name, COMMANDS) else f"{NAME} --help lists them")


def load(path: str) -> Any:
    """Return a function of this package by its path, such as `commands:lint`. Its module is imported."""
    module, _, name = path.partition(":")
    return getattr(import_module(f".{module}", __package__), name)


def _taken(*names: str) -> Mapping[str, Setting]:
    """Return the settings with these names, by name, with their usual defaults and choices."""
    return {name: Setting(KEYS[name].default, KEYS[name].choices) for name in names}


PRINTING = {"output-format": Setting("full", FORMATS)}
LISTING = {**PRINTING, "edition": Setting(TODAY, EDITIONS)}
STATING = {**PRINTING, "edition": Setting(TODAY, (BOTH, *EDITIONS))}
CHECKING = {**_taken("select", "ignore", "edition", "output-format", "strict", "unknown-members")}
LINTING = {**CHECKING, **_taken("per-file-ignores", "exclude", "gitignore", "baseline")}
EDITING = {**{name: setting for name, setting in LINTING.items() if name != "gitignore"}, **PRINTING}
# `fuzz` and `serve` are about a server, not about a repository's files. So they use `select` and `ignore` from a
# settings file only if `--config` names it.
FUZZING = {**LISTING, **{name: Setting((), is_named=True) for name in ("select", "ignore")}}
SERVING = {**FUZZING, **_taken("strict"), "unknown-members": CHECKING["unknown-members"]._replace(is_named=True)}
AUDITING = {"output-format": Setting("full", (*FORMATS, "html")), "edition": Setting(TODAY, EDITIONS)}

OPERATION = Operand("operation", "OPERATION", "the name of an operation; lambda-validate operations lists them")
PATHS = Operand("paths", "PATH", "files and folders to check, or - for standard input (default: this folder)", "", True)
TRAILS = Operand(
    "paths", "PATH", "files and folders of CloudTrail logs, or exports of Athena or CloudTrail Lake", is_list=True
)
FILE = Operand("file", "FILE", "a file with the payload in JSON or YAML, or - for standard input (default: -)", "-")
RULE = Operand("rule", "RULE", "the id of a rule, or of a family; lambda-validate rules lists them")
DIRECTION = Operand("direction", "DIRECTION", "request or response (default: request)", "request")
COMMAND_OPERAND = Operand("subject", "COMMAND", "the name of a command (default: list the commands)", "")
SHELL = Operand("shell", "SHELL", "bash, zsh or fish")
FORM = Operand("form", "FORM", "openapi, api-gateway or json-schema")

COMMANDS: Mapping[str, Command] = {
    "lint": Command("Check the payloads in files and folders.", "commands:lint", "arguments:lint", LINTING,
                    operands=(PATHS,)),
    "request": Command("Check one request.", "commands:payload", "arguments:request", CHECKING, True,
                      (OPERATION, FILE)),
    "response": Command("Check one response.", "commands:payload", "arguments:response", CHECKING, True,
                       (OPERATION, FILE)),
    "operations": Command("List the operations.", "commands:operations", None, LISTING, True),
    "rules": Command("List the rules.", "commands:rules", None, STATING, True),
    "explain": Command("Explain a rule, or a family of rules.", "commands:explain", None, STATING, True, (RULE,)),
    "schema": Command(
        "Show a JSON Schema: of an operation, or of the settings file.",
        "commands:schema", "arguments:schema", {**LISTING, **_taken("strict")}, True,
        (OPERATION._replace(default=""), DIRECTION),
    ),
    "drift": Command(
        "Compare the edition 'current' with the installed SDK.",
        "commands:drift", None, PRINTING,
    ),
    "fuzz": Command(
        "Send generated requests to your endpoint, or print them.",
        "fuzz:run", "fuzz:add_arguments", FUZZING, operands=(OPERATION,),
    ),
    "serve": Command(
        "Serve checks to a gateway, such as Envoy or Traefik.",
        "serve:run", "serve:add_arguments", SERVING,
    ),
    "audit": Command(
        "Check calls in CloudTrail logs, and compare with AWS's answers.",
        "audit:run", "audit:add_arguments", AUDITING, operands=(TRAILS,),
    ),
    "lsp": Command(
        "Run a language server for editors, with findings and quick fixes.",
        "lsp:run", "lsp:add_arguments", EDITING, of_folders=True,
    ),
    "docs": Command(
        "Write a reference of operations and rules as HTML pages.",
        "docs:run", "docs:add_arguments", LISTING,
    ),
    "export": Command(
        "Write the schemas as OpenAPI, API Gateway models or JSON Schema.",
        "export:run", "export:add_arguments", LISTING, operands=(FORM,),
    ),
    "completion": Command("Print a completion script for bash, zsh or fish.", "completion:run", operands=(SHELL,)),
    "help": Command("Show how a command is used.", "help:run", operands=(COMMAND_OPERAND,)),
}  # fmt: skip
