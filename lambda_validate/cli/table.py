"""The table of commands: the purpose, the function, the arguments and the settings of each."""

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
    """An argument that is not an option. It is required unless it has a default. `is_list` takes all that are left."""

    name: str
    metavar: str
    help: str
    default: str | None = None
    is_list: bool = False


class Command(NamedTuple):
    """A command. `run` and `arguments` are `module:function` of this package, which is imported when it is used.

    With `of_service`, the command also works for another service, by its model. With `of_folders`, it reads the
    settings of folders itself while it runs.
    """

    summary: str
    run: str
    arguments: str | None = None
    settings: Mapping[str, Setting] = MappingProxyType({})
    of_service: bool = False
    operands: tuple[Operand, ...] = ()
    of_folders: bool = False


def unknown_command(name: str) -> UnknownNameError:
    """Return the error for a command that does not exist, with the nearest one or what lists them."""
    return UnknownNameError("command", name, COMMANDS, None if nearest(name, COMMANDS) else f"{NAME} --help lists them")


def load(path: str) -> Any:
    """Return the function of this package that a path names, such as `commands:lint`."""
    module, _, name = path.partition(":")
    return getattr(import_module(f".{module}", __package__), name)


def _taken(*names: str) -> Mapping[str, Setting]:
    """Return settings with the default and the choices that they usually have."""
    return {name: Setting(KEYS[name].default, KEYS[name].choices) for name in names}


PRINTING = {"output-format": Setting("full", FORMATS)}
LISTING = {**PRINTING, "edition": Setting(TODAY, EDITIONS)}
STATING = {**PRINTING, "edition": Setting(TODAY, (BOTH, *EDITIONS))}
CHECKING = {**_taken("select", "ignore", "edition", "output-format", "strict", "unknown-members")}
LINTING = {**CHECKING, **_taken("per-file-ignores", "exclude", "gitignore", "baseline")}
EDITING = {**{name: setting for name, setting in LINTING.items() if name != "gitignore"}, **PRINTING}
# The rules that a repository selects for its files do not apply to a server, unless `--config` names the settings file.
FUZZING = {**LISTING, **{name: Setting((), is_named=True) for name in ("select", "ignore")}}
SERVING = {**FUZZING, **_taken("strict"), "unknown-members": CHECKING["unknown-members"]._replace(is_named=True)}
AUDITING = {"output-format": Setting("full", (*FORMATS, "html")), "edition": Setting(TODAY, EDITIONS)}

OPERATION = Operand("operation", "OPERATION", "its name; lambda-validate operations lists them")
PATHS = Operand("paths", "PATH", "files and folders, or - for standard input (default: this folder)", "", True)
TRAILS = Operand("paths", "PATH", "files and folders of CloudTrail, or exports of Athena or Lake", is_list=True)
FILE = Operand("file", "FILE", "JSON or YAML, or - for standard input (default: -)", "-")
RULE = Operand("rule", "RULE", "the id of a rule, or of a family; lambda-validate rules lists them")
DIRECTION = Operand("direction", "DIRECTION", "request or response (default: request)", "request")
NAMED = Operand("subject", "COMMAND", "its name (default: list the commands)", "")
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
        "Compare the edition current with the installed SDK.",
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
        "Check recorded calls, and compare with AWS's answers.",
        "audit:run", "audit:add_arguments", AUDITING, operands=(TRAILS,),
    ),
    "lsp": Command(
        "Serve an editor: findings as you type, and quick fixes.",
        "lsp:run", "lsp:add_arguments", EDITING, of_folders=True,
    ),
    "docs": Command(
        "Write a reference of operations and rules as HTML.",
        "docs:run", "docs:add_arguments", LISTING,
    ),
    "export": Command(
        "Write OpenAPI, API Gateway models or JSON Schema.",
        "export:run", "export:add_arguments", LISTING, operands=(FORM,),
    ),
    "completion": Command("Print a script that completes in bash, zsh or fish.", "completion:run", operands=(SHELL,)),
    "help": Command("Show how a command is used.", "help:run", operands=(NAMED,)),
}  # fmt: skip
