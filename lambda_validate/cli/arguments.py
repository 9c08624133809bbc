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
    "the severity of a member that the edition does not define, even with --strict "
    "(default: error in a request, warning in a response)"
)
STRICT_HELP = "report warnings as errors, also where the documents differ from today's API (default: no)"
SDK_MODEL_HELP = "report as warnings, not errors, what only the installed botocore allows, such as new members"
EXCLUDE_HELP = "skip these files, even if they are named on the command line; patterns as in .gitignore (default: none)"
EDITION_HELP: Mapping[tuple[str, bool], str] = MappingProxyType({
    (BOTH, True): "whose rules to check: current (today's API), documents (two pages of the API reference), or both "
    "(default: both: errors by today's API, warnings where the documents differ)",
    (TODAY, True): "whose rules: current (today's API), documents (two pages of the API reference), or both "
    "(default: current)",
    (TODAY, False): "whose rules: current (today's API) or documents (two pages of the API reference) "
    "(default: current)",
})  # fmt: skip
"""By default edition, and whether both may be named, the help of `--edition`."""
SERVICE_HELP = "another AWS service, such as sqs, by its model in botocore (default: lambda)"
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
    add("-V", "--version", action="version", version=f"{NAME} {VERSION}\nengine: {engine()}",
        help="show the version and exit")  # fmt: skip
    return made


def command(name: str) -> Parser:
    """Return the parser of the arguments of one command, such as `lint`."""
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
        made.section(OUTPUT).add_argument(
            "--output-format", choices=formats, help="the format of the output (default: full)"
        )
        add = made.section(SETTINGS).add_argument
        add("--config", metavar="FILE", help=f"the settings file (default: the nearest {OWN_NAME} or {SHARED_NAME})")
        add("--no-config", action="store_true", help="read no settings file")
    made.section(SETTINGS).add_argument("-h", "--help", action="help", help=HELP_HELP)
    return made


def matching(
    pattern: str, expected: str, convert: Callable[[str], Any], fits: Callable[[Any], bool] = lambda _: True
) -> Callable[[str], Any]:
    """Return a function that converts the string of an argument, for example `"8"` to 8.

    If the string does not match the pattern, or `fits` is false for the converted value, it raises an error. The error
    names what is `expected`.
    """

    def read(text: str) -> Any:
        if not re.fullmatch(pattern, text) or not fits(convert(text)):
            raise ArgumentTypeError(f"expected {expected}")
        return convert(text)

    return read


STATUS = matching("[1-9][0-9]{2}", "an HTTP status of three digits", int)


def choosing(parser: Parser, select: str, ignore: str) -> None:
    """Add the options `--select` and `--ignore`, which choose rules. The arguments of the same name are their help."""
    add = parser.section(RULES).add_argument
    for options, help in ((("--select",), select), (("--ignore", "--disable"), ignore)):
        add(*options, action="extend", type=split, metavar="RULE", help=help)


def checking(parser: Parser) -> None:
    """Add the options that all commands which check payloads have, such as `--strict`, to a parser."""
    choosing(
        parser,
        "report only these rules or families, such as batch-size.sqs or batch-size (default: all)",
        "do not report these rules; separate several with commas, or repeat (default: none)",
    )
    add = parser.section(RULES).add_argument
    add("--strict", action=BooleanOptionalAction, help=STRICT_HELP)
    add("--unknown-members", choices=UNKNOWN_MEMBERS, help=UNKNOWN_MEMBERS_HELP)
    parser.section(OUTPUT).add_argument(
        "--show-values", action="store_true", help="show the invalid values in messages"
    )


def lint(parser: Parser) -> None:
    """Add the options of `lint` to a parser."""
    checking(parser)
    parser.section(RULES).add_argument("--sdk-model", action="store_true", help=SDK_MODEL_HELP)
    add = parser.section("files").add_argument
    add("--exclude", action="append", metavar="GLOB", help=EXCLUDE_HELP)
    add("--gitignore", action=BooleanOptionalAction, help="skip the files that .gitignore excludes (default: yes)")
    add("--stdin-filename", metavar="NAME",
        help="the name to report for a file read from standard input (default: none)")  # fmt: skip
    change = parser.section("changes").add_mutually_exclusive_group()
    change.add_argument(
        "--fix", action="store_true", help="correct the findings that can safely be corrected, in the files"
    )
    change.add_argument("--diff", action="store_true", help="print what --fix would change, and change nothing")
    add = parser.section("baseline").add_argument
    add("--baseline", metavar="FILE",
        help="do not report the findings that are listed in this baseline file (default: none)")  # fmt: skip
    add("--write-baseline", metavar="FILE", help="write all findings to this baseline file, and report none")
    add = parser.section(OUTPUT).add_argument
    add("--statistics", action="store_true", help="print how often each rule is broken, instead of the findings")
    add("-q", "--quiet", action="store_true", help="print findings and unreadable files, and nothing else")


def request(parser: Parser) -> None:
    """Add the options of `request` to a parser."""
    checking(parser)
    parser.section(RULES).add_argument("--sdk-model", action="store_true", help=SDK_MODEL_HELP)


def response(parser: Parser) -> None:
    """Add the options of `response` to a parser."""
    add = parser.section("answer").add_argument
    add("--status", type=STATUS, metavar="N", help="the HTTP status of the response (default: that of a success)")
    add("--error", metavar="NAME", help="the name of the exception in the response (default: none)")
    request(parser)


def schema(parser: Parser) -> None:
    """Add the options of `schema` to a parser."""
    add = parser.section(OUTPUT).add_argument
    add("--settings", action="store_true", help="show the schema of the settings file, for editors")
    add("--compiled", action="store_true", help="show the Python source that the schema is compiled to")
    add("--strict", action=BooleanOptionalAction, help="include the rules that are only warnings (default: no)")
