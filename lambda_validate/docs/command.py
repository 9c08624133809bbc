"""The command `lambda-validate docs`: the reference as files.

lambda-validate docs -o reference --edition current
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from typing import IO

from ..commands import UNUSABLE, Result
from . import needs


def add_arguments(parser: ArgumentParser) -> None:
    """Give a parser the arguments of this command."""
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="the folder to write the pages to")


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> Result:
    """Write the pages of an edition. What else is in the folder stays."""
    try:
        needs.check()
    except ModuleNotFoundError as error:
        return Result((), [str(error)], UNUSABLE)
    from .site import Site

    count = 0
    for path, data in Site(arguments.edition).files():
        try:
            _write(os.path.join(arguments.output, *path.split("/")), data)
        except OSError as error:
            reason = error.strerror or str(error)
            return Result((), [f"{arguments.output}: the pages cannot be written: {reason}"], UNUSABLE)
        count += path.endswith(".html")
    start = os.path.join(arguments.output, "index.html")
    return Result((), [f"{count:,} pages written; {start} is the first"])


def _write(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
