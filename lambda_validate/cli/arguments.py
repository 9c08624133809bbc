"""The arguments of the command `lambda-validate`: a parser for each command, and one for what may stand instead."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ..catalog import TODAY
from ..settings.files import OWN_NAME, SHARED_NAME
from ..settings.keys import BOTH, UNKNOWN_MEMBERS, split
from .commands import NAME
from .parsing import Parser
from .table import COMMANDS, load

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
SERVICE_HELP = "go by the model of another service that botocore ships"


def parser() -> Parser:
    """Return the parser of what may stand instead of a command; its help lists the commands."""
    from ..base.version import VERSION

    lines = "\n".join(f"  {name:<12}{each.summary}" for name, each in COMMANDS.items())
    made = Parser(
        NAME,
        usage="%(prog)s [-h] [--version] COMMAND ...",
        description="Check AWS Lambda API payloads before they are sent.",
        epilog=f"commands:\n{lines}\n\n{NAME} COMMAND --help tells more.",
    )
    made.add_argument("--version", action="version", version=f"{NAME} {VERSION}")
    return made


def command(name: str) -> Parser:
    """Return the parser of one command."""
    row = COMMANDS[name]
    made = Parser(f"{NAME} {name}", row.operands, description=row.summary)
    add = made.add_argument
    if edition := row.settings.get("edition"):
        whose = made.add_mutually_exclusive_group()
        whose.add_argument("--edition", help=EDITION_HELP[edition.default, BOTH in edition.choices])
        if row.of_service:
            whose.add_argument("--service", metavar="NAME", help=SERVICE_HELP)
    add("--output-format", choices=row.settings["output-format"].choices, help="how to print (default: full)")
    add("--config", metavar="FILE", help=f"settings (default: the nearest {OWN_NAME} or {SHARED_NAME})")
    add("--no-config", action="store_true", help="go by no settings file")
    made.set_defaults(command=name)
    if row.arguments is not None:
        load(row.arguments)(made)
    return made


def matching(
    pattern: str, expected: str, convert: Callable[[str], Any], fits: Callable[[Any], bool] = lambda _: True
) -> Callable[[str], Any]:
    """Return the type of an argument: text of a pattern, converted to a value that fits."""

    def read(text: str) -> Any:
        if not re.fullmatch(pattern, text) or not fits(convert(text)):
            raise ArgumentTypeError(f"expected {expected}")
        return convert(text)

    return read


def choosing(parser: ArgumentParser, select: str, ignore: str) -> None:
    """Add the arguments that select rules; `select` and `ignore` say what that means to the command."""
    for options, help in ((("--select",), select), (("--ignore", "--disable"), ignore)):
        parser.add_argument(*options, action="extend", type=split, metavar="RULE", help=help)


def checking(parser: ArgumentParser) -> None:
    """Add the arguments of every command that checks payloads."""
    add = parser.add_argument
    choosing(
        parser,
        "report these rules only: batch-size, batch-size.sqs",
        "do not report these rules (a,b or repeated)",
    )
    add("--strict", action=BooleanOptionalAction, help=STRICT_HELP)
    add("--unknown-members", choices=UNKNOWN_MEMBERS, help=UNKNOWN_MEMBERS_HELP)
    add("--show-values", action="store_true", help="let messages hold the offending values")


def lint(parser: ArgumentParser) -> None:
    """Add the arguments of `lint`."""
    add = parser.add_argument
    checking(parser)
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
    parser.add_argument("--sdk-model", action="store_true", help=SDK_MODEL_HELP)


def request(parser: ArgumentParser) -> None:
    """Add the arguments of `request`."""
    checking(parser)
    parser.add_argument("--sdk-model", action="store_true", help=SDK_MODEL_HELP)


def response(parser: ArgumentParser) -> None:
    """Add the arguments of `response`."""
    request(parser)
    parser.add_argument("--status", type=int, metavar="N", help="the HTTP status (default: that of success)")
    parser.add_argument("--error", metavar="NAME", help="the exception's name")


def schema(parser: ArgumentParser) -> None:
    """Add the arguments of `schema`."""
    parser.add_argument("--compiled", action="store_true", help="show the source that the schema is compiled to")
    parser.add_argument("--strict", action=BooleanOptionalAction, help="state warnings as rules")
