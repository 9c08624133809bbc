"""The command `lambda-validate help`."""

from __future__ import annotations

from argparse import Namespace
from typing import IO

from ..base.spelling import UnknownNameError
from .arguments import command, parser
from .commands import CommandResult
from .table import COMMANDS


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Show the help of a command, or list the commands."""
    name = arguments.subject
    if name and name not in COMMANDS:
        raise UnknownNameError("command", name, COMMANDS)
    return CommandResult([(command(name) if name else parser()).format_help().rstrip("\n")])
