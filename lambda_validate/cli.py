"""The command `lambda-validate`: arguments, exit codes, and the only place where anything is printed."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any, NoReturn, TextIO

from . import commands
from .commands import UNUSABLE, Result
from .fuzz import command as fuzz
from .lint.terminal import printable
from .spelling import UnknownNameError, listing

NAME = "lambda-validate"
FORMATS = ("full", "concise", "json")
REPORTS = (*FORMATS, "github", "sarif", "junit")
"""How findings are printed; all else is printed in one of `FORMATS`."""
CHECKING = ("lint", "request", "response")
INTERRUPTED = 130


class UsageError(Exception):
    """Arguments that cannot be understood."""


class Parser(ArgumentParser):
    """An argument parser whose errors are ours to print."""

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError`."""
        raise UsageError(f"{message}; {self.prog} --help tells more")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, or those of the process, and return its exit code."""
    try:
        return _run(sys.argv[1:] if argv is None else list(argv))
    except (UnknownNameError, UsageError) as error:
        _note(str(error))
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return UNUSABLE
    except OSError as error:  # files' own errors are values by now, so it is the output that failed
        _discard_output()
        _note(f"the output cannot be written: {error.strerror or error}")
        return UNUSABLE


def _run(argv: list[str]) -> int:
    if not argv:
        raise UsageError(f"expected a command: {listing(COMMANDS)}")
    name, *rest = argv
    if not name.startswith("-") and name not in COMMANDS:
        raise UnknownNameError("command", name, COMMANDS)
    try:
        if name not in COMMANDS:
            _parser().parse_args(argv)
            raise UsageError(f"expected a command: {listing(COMMANDS)}")
        arguments = _command(name).parse_args(rest)
    except SystemExit:  # help or the version was asked for, and printed
        return 0
    stdin = sys.stdin.buffer if sys.stdin is not None else BytesIO()
    arguments.tell = _live(sys.stderr, os.environ)
    return _show(COMMANDS[name](arguments, stdin, _colour(sys.stdout, os.environ)))


def _show(result: Result) -> int:
    if result.data is not None and sys.stdout is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(result.data)
    _write(sys.stdout, result.output)
    for each in result.notes:
        _note(each)
    return result.code


def _note(message: str) -> None:
    _write(sys.stderr, [f"{NAME}: {printable(message)}"])


def _write(stream: TextIO | None, lines: Iterable[str]) -> None:
    """Write lines; what the stream's encoding lacks is escaped. A closed standard stream is None, and takes nothing."""
    if stream is not None:
        encoding = stream.encoding or "utf-8"
        for line in lines:
            stream.write(f"{line}\n".encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()


def _discard_output() -> None:
    """Make the interpreter's last flush, at exit, meet no broken pipe."""
    with suppress(OSError, ValueError, AttributeError):  # not a stream of the system's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _colour(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether to colour: NO_COLOR forbids, FORCE_COLOR demands, else a terminal decides."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and environment.get("TERM") != "dumb"


def _live(stream: TextIO | None, environment: Mapping[str, str]) -> Callable[[str], None] | None:
    """Return what shows a live line: on a terminal that can, and not where a service of integration keeps a log."""
    if stream is None or not stream.isatty() or environment.get("TERM") == "dumb" or environment.get("CI"):
        return None

    def tell(text: str) -> None:
        stream.write(text)
        stream.flush()

    return tell


def _parser() -> Parser:
    """Return the parser of what may stand instead of a command; its help lists the commands."""
    from argparse import RawDescriptionHelpFormatter

    from . import __version__

    lines = "\n".join(f"  {name:<12}{summary}" for name, (summary, fill) in FILL.items())
    parser = Parser(
        NAME,
        usage="%(prog)s [-h] [--version] COMMAND ...",
        description="Check AWS Lambda API payloads before they are sent.",
        epilog=f"commands:\n{lines}\n\n{NAME} COMMAND --help tells more.",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    return parser


def _command(name: str) -> Parser:
    """Return the parser of one command."""
    summary, fill = FILL[name]
    parser = Parser(f"{NAME} {name}", description=summary, allow_abbrev=False)
    formats = REPORTS if name in CHECKING else FORMATS
    parser.add_argument("--edition", default="documents", help="whose rules to go by (default: documents)")
    parser.add_argument("--output-format", choices=formats, default="full", help="how to print (default: full)")
    parser.set_defaults(command=name)
    fill(parser)
    return parser


def _checking(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--strict", action="store_true", help="make errors of warnings")
    add("--disable", action="append", default=[], metavar="RULE", help="do not judge these rules (a,b or repeated)")
    add("--unknown-members", choices=("error", "warning", "ignore"), help="what a member that nobody knows is worth")
    add("--show-values", action="store_true", help="let messages hold the offending values")


def _lint(parser: ArgumentParser) -> None:
    from .lint.settings import OWN_NAME, SHARED_NAME, UNKNOWN_MEMBERS

    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders, or - (default: this folder)")
    add("--config", metavar="FILE", help=f"settings (default: the nearest {OWN_NAME} or {SHARED_NAME})")
    add("--no-config", action="store_true", help="go by no settings file")
    add("--select", action="append", metavar="RULE", help="report these rules only: batch-size, batch-size.sqs")
    add("--ignore", "--disable", action="append", metavar="RULE", help="do not report these rules (a,b or repeated)")
    add("--strict", action=BooleanOptionalAction, help="make errors of warnings")
    add("--unknown-members", choices=UNKNOWN_MEMBERS, help="what a member that nobody knows is worth")
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
    add("--show-values", action="store_true", help="let messages hold the offending values")
    parser.set_defaults(edition=None)


def _request(parser: ArgumentParser) -> None:
    parser.add_argument("operation", metavar="OPERATION")
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="JSON or YAML, or - (default: -)")
    _checking(parser)


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
    parser.add_argument("--strict", action="store_true", help="state warnings as rules")


FILL: Mapping[str, tuple[str, Callable[[ArgumentParser], None]]] = {
    "lint": ("Check the payloads in files and folders.", _lint),
    "request": ("Check one request.", _request),
    "response": ("Check one response.", _response),
    "operations": ("List the operations.", _nothing),
    "rules": ("List the rules.", _nothing),
    "explain": ("Tell all about one rule.", _explain),
    "schema": ("Show a JSON Schema.", _schema),
    "fuzz": (fuzz.SUMMARY, fuzz.add_arguments),
}
"""By command, its summary and what fills its parser."""

COMMANDS: dict[str, Any] = {**commands.COMMANDS, "fuzz": fuzz.run}
"""By command, what does it."""
