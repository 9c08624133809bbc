"""The command `lambda-validate help`: show the help of a command, or list the commands."""

from __future__ import annotations

from argparse import Namespace
from typing import IO

from .arguments import command, parser
from .commands import CommandResult
from .table import COMMANDS, unknown_command


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Show the help of a command, or list the commands."""
    name = arguments.subject
    if name and name not in COMMANDS:
        raise unknown_command(name)
    return CommandResult([(command(name) if name else parser()).format_help().rstrip("\n")])
