"""The command `lambda-validate lsp`: a language server for editors, on standard input and output.

    lambda-validate lsp --edition current

The settings are those of the folder that the editor has open. Options of the command override them. `edition` is
`"both"` by default.
"""

from __future__ import annotations

import copy
import os
import sys
from argparse import Namespace
from importlib.metadata import version
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from .. import settings
from ..base.extras import missing_message
from .arguments import RULES, SDK_MODEL_HELP, checking
from .commands import CLEAN, UNUSABLE, VIOLATIONS, CommandResult

if TYPE_CHECKING:
    from .parsing import Parser

EXTRA = "lsp"
MIN_PYGLS_VERSION = 2
"""The first version of pygls that has what the server needs."""


def add_arguments(parser: Parser) -> None:
    """Add the options of `lsp` to a parser."""
    checking(parser)
    parser.section(RULES).add_argument("--sdk-model", action="store_true", help=SDK_MODEL_HELP)
    add = parser.section("files").add_argument
    add("--exclude", action="append", metavar="GLOB",
        help="do not check these files; patterns as in .gitignore (default: none)")  # fmt: skip
    add("--baseline", metavar="FILE",
        help="do not report the findings that are listed in this baseline file (default: none)")  # fmt: skip
    add("--stdio", action="store_true", help="use standard input and output, as the server always does (no effect)")
    parser.set_defaults(gitignore=False)  # what is open is meant


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Serve one editor until it ends the session or disconnects. The exit code is 0 only if it ended the session."""
    if problem := _problem():
        return CommandResult((), [problem], UNUSABLE)
    from ..lsp.server import serve
    from .table import EDITING

    def prepare(folder: str) -> Namespace:
        filled = copy.copy(arguments)
        settings.fill(filled, os.environ, EDITING, folder)
        return filled

    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as stdout:  # which pygls closes
        sys.stdout = sys.stderr  # all else that is printed would break the protocol
        is_orderly = serve(prepare, cast(BinaryIO, stdin), stdout)
    return CommandResult((), code=CLEAN if is_orderly else VIOLATIONS)


def _problem() -> str | None:
    """Return the reason why the server cannot run, such as a missing pygls; None if it can."""
    if find_spec("pygls") is None:
        return missing_message(["pygls"], [EXTRA])
    found = version("pygls")
    if int(found.partition(".")[0]) < MIN_PYGLS_VERSION:
        return f"the installed pygls {found} is too old; install lambda-validate[{EXTRA}]"
    return None
