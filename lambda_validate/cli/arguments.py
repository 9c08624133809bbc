"""The arguments of the command `lambda-validate`: a parser for each command, and one for calls without a command."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError, BooleanOptionalAction
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ..catalog import TODAY
from ..settings.files import OWN_NAME, SHARED_NAME
from ..settings.keys import BOTH, UNKNOWN_MEMBERS, split
from .commands import NAME
from .parsing import Parser
from .table import COMMANDS, load

UNKNOWN_MEMBERS_HELP = (
    "the severity of a member that no edition defines, with --strict too "
    "(default: error in a request, warning in a response)"
)
STRICT_HELP = "treat warnings as errors, also those about the documents (--edition both) (default: no)"
SDK_MODEL_HELP = "warn, rather than fail, about members that only the installed botocore knows"
EXCLUDE_HELP = "skip these files, even if they are named on the command line; patterns as in .gitignore (default: none)"
EDITION_HELP: Mapping[tuple[str, bool], str] = MappingProxyType({
    (BOTH, True): "current (today's API), documents (the two documents) or both (default: both: errors by today's API, "
    "warnings where the documents differ)",
    (TODAY, True): "current (today's API), documents (the two documents) or both (default: current)",
    (TODAY, False): "current (today's API) or documents (the two documents) (default: current)",
})  # fmt: skip
"""By default edition, and whether both may be named, the help of `--edition`."""
SERVICE_HELP = "another service, whose model botocore ships (default: lambda)"
HELP_HELP = "show this help and exit"
RULES, OUTPUT, SETTINGS = "rules", "output", "settings and help"
"""Titles of sections that several commands have in their help."""


def parser() -> Parser:
    """Return the parser for calls without a command, such as `--help`. Its help lists the commands."""
    from ..base.version import VERSION
    from ..native import engine

    made = Parser()
    add = made.add_argument
    add("-h", "--help", action="help", help=HELP_HELP)
    add(
        "-V",
        "--version",
        action="version",
        version=f"{NAME} {VERSION}\nengine: {engine()}",
        help="show the version and exit",
    )
    return made


def command(name: str) -> Parser:
    """Return the parser of one command."""
    row = COMMANDS[name]
    made = Parser(name, row.operands)
    made.set_defaults(command=name)
    if edition := row.settings.get("edition"):
        whose = made.section(RULES).add_mutually_exclusive_group()
        whose.add_argument("--edition", help=EDITION_HELP[edition.default, BOTH in edition.choices])
        if row.of_service:
            whose.add_argument("--service", metavar="NAME", help=SERVICE_HELP)
    if row.arguments is not None:
        load(row.arguments)(made)
    if row.settings:
        formats = row.settings["output-format"].choices
        made.section(OUTPUT).add_argument("--output-format", choices=formats, help="how to print (default: full)")
        add = made.section(SETTINGS).add_argument
        add("--config", metavar="FILE", help=f"the file (default: the nearest {OWN_NAME} or {SHARED_NAME})")
        add("--no-config", action="store_true", help="read no settings file")
    made.section(SETTINGS).add_argument("-h", "--help", action="help", help=HELP_HELP)
    return made


def matching(
    pattern: str, expected: str, convert: Callable[[str], Any], fits: Callable[[Any], bool] = lambda _: True
) -> Callable[[str], Any]:
    """Return the type of an argument: a string that matches a pattern, converted to a value that satisfies `fits`."""

    def read(text: str) -> Any:
        if not re.fullmatch(pattern, text) or not fits(convert(text)):
            raise ArgumentTypeError(f"expected {expected}")
        return convert(text)

    return read


STATUS = matching("[1-9][0-9]{2}", "an HTTP status of three digits", int)


def choosing(parser: Parser, select: str, ignore: str) -> None:
    """Add the arguments that select rules. `select` and `ignore` are their help."""
    add = parser.section(RULES).add_argument
    for options, help in ((("--select",), select), (("--ignore", "--disable"), ignore)):
        add(*options, action="extend", type=split, metavar="RULE", help=help)


def checking(parser: Parser) -> None:
    """Add the arguments of every command that checks payloads."""
    choosing(
        parser,
        "report only these rules: batch-size, batch-size.sqs (default: all)",
        "do not report these rules; a,b or repeated (default: none)",
    )
    add = parser.section(RULES).add_argument
    add("--strict", action=BooleanOptionalAction, help=STRICT_HELP)
    add("--unknown-members", choices=UNKNOWN_MEMBERS, help=UNKNOWN_MEMBERS_HELP)
    parser.section(OUTPUT).add_argument("--show-values", action="store_true", help="let messages hold invalid values")


def lint(parser: Parser) -> None:
    """Add the arguments of `lint`."""
    checking(parser)
    parser.section(RULES).add_argument("--sdk-model", action="store_true", help=SDK_MODEL_HELP)
    add = parser.section("files").add_argument
    add("--exclude", action="append", metavar="GLOB", help=EXCLUDE_HELP)
    add("--gitignore", action=BooleanOptionalAction, help="skip what .gitignore files name (default: yes)")
    add("--stdin-filename", metavar="NAME", help="the name of the file in standard input (default: none)")
    change = parser.section("changes").add_mutually_exclusive_group()
    change.add_argument("--fix", action="store_true", help="correct what can safely be corrected")
    change.add_argument("--diff", action="store_true", help="print what --fix would change, and change nothing")
    add = parser.section("baseline").add_argument
    add("--baseline", metavar="FILE", help="do not report the findings in this file (default: none)")
    add("--write-baseline", metavar="FILE", help="write all findings to this file, and report none")
    add = parser.section(OUTPUT).add_argument
    add("--statistics", action="store_true", help="print how often each rule is broken, not each finding")
    add("-q", "--quiet", action="store_true", help="print findings and unreadable files, and nothing else")


def request(parser: Parser) -> None:
    """Add the arguments of `request`."""
    checking(parser)
    parser.section(RULES).add_argument("--sdk-model", action="store_true", help=SDK_MODEL_HELP)


def response(parser: Parser) -> None:
    """Add the arguments of `response`."""
    add = parser.section("answer").add_argument
    add("--status", type=STATUS, metavar="N", help="the HTTP status (default: that of success)")
    add("--error", metavar="NAME", help="the name of the exception (default: none)")
    request(parser)


def schema(parser: Parser) -> None:
    """Add the arguments of `schema`."""
    add = parser.section(OUTPUT).add_argument
    add("--settings", action="store_true", help="show the schema of the settings file, for editors")
    add("--compiled", action="store_true", help="show the source that the schema is compiled to")
    add("--strict", action=BooleanOptionalAction, help="state warnings as rules (default: no)")
