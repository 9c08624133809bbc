"""The arguments of the command `lambda-validate`: a parser for each command, and one for what may stand instead."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, BooleanOptionalAction, HelpFormatter, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NoReturn

from ..catalog import TODAY
from ..settings.files import OWN_NAME, SHARED_NAME
from ..settings.keys import BOTH, DEFAULT_EDITIONS, EDITIONS, OUTPUT_FORMATS, UNKNOWN_MEMBERS, split
from .commands import NAME, UsageError

UNKNOWN_MEMBERS_HELP = "what a member that nobody knows is worth, with --strict too"
STRICT_HELP = "make errors of warnings, also of those about differing documents (--edition both)"
SDK_MODEL_HELP = "only warn of what the installed botocore's model has beyond the edition current"
EDITION_HELP: Mapping[tuple[str, bool], str] = MappingProxyType({
    (BOTH, True): "whose rules to go by: both, current or documents (default: both: errors by today's API, warnings "
    "where the documents differ)",
    (TODAY, True): "whose rules to show: current, today's API, documents, the two documents, or both (default: "
    "current)",
    (TODAY, False): "whose rules to go by: current, today's API, or documents, the two documents (default: current)",
})  # fmt: skip
"""By default edition, and whether both may be named, the help of `--edition`."""
OF_SERVICES = ("request", "response", "operations", "rules", "explain", "schema")
"""The commands that can go by the model of another service."""
COLUMNS = 80
"""How wide help is where nothing tells."""


class Formatter(HelpFormatter):
    """Help as wide as argparse makes it. It asks for the width whenever an argument is added, at quite a cost."""

    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, **{"width": _columns(os.environ) - 2, **options})


def _columns(environment: Mapping[str, str]) -> int:
    """Return how wide the terminal is, as `shutil` tells it, without the archives that it imports."""
    wanted = environment.get("COLUMNS", "")
    if wanted.isdecimal() and int(wanted):
        return int(wanted)
    with suppress(AttributeError, ValueError, OSError):  # closed, or no terminal
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or COLUMNS  # type: ignore[union-attr]  # suppressed
    return COLUMNS


class Parser(ArgumentParser):
    """An argument parser whose errors are ours to print."""

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError`."""
        raise UsageError(f"{message}; {self.prog} --help tells more")


def parser() -> Parser:
    """Return the parser of what may stand instead of a command; its help lists the commands."""
    from ..base.version import VERSION

    lines = "\n".join(f"  {name:<12}{summary}" for name, (summary, fill) in FILL.items())
    found = Parser(
        NAME,
        usage="%(prog)s [-h] [--version] COMMAND ...",
        description="Check AWS Lambda API payloads before they are sent.",
        epilog=f"commands:\n{lines}\n\n{NAME} COMMAND --help tells more.",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    found.add_argument("--version", action="version", version=f"{NAME} {VERSION}")
    return found


def command(name: str) -> Parser:
    """Return the parser of one command."""
    summary, fill = FILL[name]
    found = Parser(f"{NAME} {name}", description=summary, formatter_class=Formatter, allow_abbrev=False)
    add = found.add_argument
    if name in DEFAULT_EDITIONS:
        whose = found.add_mutually_exclusive_group()
        whose.add_argument("--edition", help=EDITION_HELP[DEFAULT_EDITIONS[name], BOTH in EDITIONS[name]])
    if name in OF_SERVICES:
        whose.add_argument("--service", metavar="NAME", help="go by the model of another service that botocore ships")
    add("--output-format", choices=OUTPUT_FORMATS[name], help="how to print (default: full)")
    add("--config", metavar="FILE", help=f"settings (default: the nearest {OWN_NAME} or {SHARED_NAME})")
    add("--no-config", action="store_true", help="go by no settings file")
    found.set_defaults(command=name)
    fill(found)
    return found


def _choosing(parser: ArgumentParser, select: str, ignore: str) -> None:
    """Let rules be selected; `select` and `ignore` say what that means to the command."""
    for options, help in ((("--select",), select), (("--ignore", "--disable"), ignore)):
        parser.add_argument(*options, action="extend", type=split, metavar="RULE", help=help)


def _checking(parser: ArgumentParser) -> None:
    add = parser.add_argument
    _choosing(
        parser,
        "report these rules only: batch-size, batch-size.sqs",
        "do not report these rules (a,b or repeated)",
    )
    add("--strict", action=BooleanOptionalAction, help=STRICT_HELP)
    add("--unknown-members", choices=UNKNOWN_MEMBERS, help=UNKNOWN_MEMBERS_HELP)
    add("--show-values", action="store_true", help="let messages hold the offending values")


def _sdk_model(parser: ArgumentParser) -> None:
    parser.add_argument("--sdk-model", action="store_true", help=SDK_MODEL_HELP)


def _lint(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders, or - (default: this folder)")
    _checking(parser)
    add("--exclude", action="append", metavar="GLOB", help="leave these files out, named or not; as in .gitignore")
    add("--gitignore", action=BooleanOptionalAction, help="leave out what .gitignore files name (default: yes)")
    add("--baseline", metavar="FILE", help="do not report what is written there")
    add("--write-baseline", metavar="FILE", help="write all that is found there, and report nothing")
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--fix", action="store_true", help="correct what can safely be corrected")
    change.add_argument("--diff", action="store_true", help="print what --fix would change, and change nothing")
    add("--stdin-filename", metavar="NAME", help="the name of what - holds")
    add("--statistics", action="store_true", help="print how often each rule is broken, not each finding")
    add("-q", "--quiet", action="store_true", help="print findings, and what cannot be read, but nothing else")
    _sdk_model(parser)


def _request(parser: ArgumentParser) -> None:
    parser.add_argument("operation", metavar="OPERATION")
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="JSON or YAML, or - (default: -)")
    _checking(parser)
    _sdk_model(parser)


def _response(parser: ArgumentParser) -> None:
    _request(parser)
    parser.add_argument("--status", type=int, metavar="N", help="the HTTP status (default: that of success)")
    parser.add_argument("--error", metavar="NAME", help="the exception's name")


def _nothing(parser: ArgumentParser) -> None:
    """Take no more arguments."""


def _explain(parser: ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE")


def _schema(parser: ArgumentParser) -> None:
    parser.add_argument("operation", metavar="OPERATION")
    parser.add_argument("direction", nargs="?", default="request", metavar="DIRECTION", help="request or response")
    parser.add_argument("--compiled", action="store_true", help="show the source that the schema is compiled to")
    parser.add_argument("--strict", action=BooleanOptionalAction, help="state warnings as rules")


def _fuzz(parser: ArgumentParser) -> None:
    from . import fuzz as command

    command.add_arguments(parser)
    _choosing(parser, "break these rules only (a,b or repeated)", "send nothing that breaks these rules")


def _serve(parser: ArgumentParser) -> None:
    from . import serve as command

    command.add_arguments(parser)
    _checking(parser)


def _export(parser: ArgumentParser) -> None:
    from . import export as command

    command.add_arguments(parser)


def _docs(parser: ArgumentParser) -> None:
    from . import docs as command

    command.add_arguments(parser)


FILL: Mapping[str, tuple[str, Callable[[ArgumentParser], None]]] = {
    "lint": ("Check the payloads in files and folders.", _lint),
    "request": ("Check one request.", _request),
    "response": ("Check one response.", _response),
    "operations": ("List the operations.", _nothing),
    "rules": ("List the rules.", _nothing),
    "explain": ("Tell all about one rule.", _explain),
    "schema": ("Show a JSON Schema.", _schema),
    "drift": ("Show what the installed SDK knows of the API that the edition current does not.", _nothing),
    "fuzz": ("Send generated requests to an endpoint of your own and judge its answers, or print the cases.", _fuzz),
    "serve": ("Serve checks to a gateway: Envoy's ext_authz and ext_proc, or a forward authentication.", _serve),
    "docs": ("Write a reference of the operations and rules, as pages to look at.", _docs),
    "export": ("Write the schemas as OpenAPI, as models for AWS API Gateway, or as JSON Schema of a draft.", _export),
}
"""By command, its summary and what fills its parser."""
