"""The command `lambda-validate lsp`: a language server on standard input and output.

    lambda-validate lsp --edition current

Settings are those of the folder that the client has open. What is given here counts before them. `edition` is `"both"`
by default.
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
NEEDED = 2
"""The first version of pygls that has what the server needs."""


def add_arguments(parser: Parser) -> None:
    """Give a parser the arguments of this command."""
    checking(parser)
    parser.section(RULES).add_argument("--sdk-model", action="store_true", help=SDK_MODEL_HELP)
    add = parser.section("files").add_argument
    add("--exclude", action="append", metavar="GLOB", help="leave these files out; as in .gitignore (default: none)")
    add("--baseline", metavar="FILE", help="do not report what is written there (default: none)")
    add("--stdio", action="store_true", help="speak on standard input and output, which is the only way (no effect)")
    parser.set_defaults(gitignore=False)  # what is open is meant


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Serve one client until it ends the session, or goes away."""
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
    """Return the reason why the server cannot run, None if it can."""
    if find_spec("pygls") is None:
        return missing_message(["pygls"], [EXTRA])
    found = version("pygls")
    if int(found.partition(".")[0]) < NEEDED:
        return f"pygls {found} is too old; install lambda-validate[{EXTRA}]"
    return None
