"""The command `lambda-validate docs`: write the reference of operations and rules as HTML files.

    lambda-validate docs -o reference

`edition` is `"current"` by default.
"""

from __future__ import annotations

import json
import os.path
import re
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import IO, TYPE_CHECKING

from ..base import extras as needs
from ..files.output_folder import Folder
from .arguments import OUTPUT
from .commands import UNUSABLE, CommandResult

if TYPE_CHECKING:
    from .parsing import Parser

LIST = ".lambda-validate-docs.json"
"""The file that lists the files which this command has written to a folder, with their SHA-256."""
PAGE_BYTES = 10_000_000
"""Maximum number of bytes to read of a file. All pages are smaller."""
PAGE = re.compile(r"(?:operations/|static/)?[\w-][\w.-]*\.(?:html|css|js)")
"""Paths that this command may have written."""


def add_arguments(parser: Parser) -> None:
    """Add the options of `docs` to a parser."""
    add = parser.section(OUTPUT).add_argument
    add("-o", "--output", required=True, metavar="DIR", help="the folder for the pages (required)")


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Write the reference pages of an edition to a folder.

    Remove the pages that an earlier run wrote and that are no longer part of the reference. Leave all other files.
    """
    try:
        needs.check()
    except ModuleNotFoundError as error:
        return CommandResult((), [str(error)], UNUSABLE)
    from ..docs.site import Site

    written: dict[str, str] = {}
    folder = Folder(arguments.output)
    try:
        before = _listed(folder)
        for path, data in Site(arguments.edition).files():
            folder.write(path, data)
            written[path] = sha256(data).hexdigest()
        gone = sum(_removed(folder, path, before[path]) for path in before if path not in written)
        folder.write(LIST, json.dumps({"files": written}, indent=1).encode())
    except OSError as error:
        reason = error.strerror or str(error)
        return CommandResult((), [f"{arguments.output}: the pages cannot be written: {reason}"], UNUSABLE)
    count = sum(path.endswith(".html") for path in written)
    start = os.path.join(arguments.output, "index.html")
    removed = f"; pages of an earlier run removed: {gone:,}" if gone else ""
    return CommandResult((), [f"{count:,} pages written; {start} is the first{removed}"])


def _listed(folder: Folder) -> Mapping[str, str]:
    """Return the SHA-256 of each file that an earlier run wrote, by path; empty if the list of them cannot be read."""
    with suppress(OSError, ValueError, RecursionError):
        found = json.loads(folder.read(LIST, PAGE_BYTES))
        files = found.get("files") if isinstance(found, dict) else None
        if isinstance(files, dict):
            return {path: digest for path, digest in files.items() if PAGE.fullmatch(path)}
    return {}


def _removed(folder: Folder, path: str, known: str) -> bool:
    """Remove a file if it still has the SHA-256 `known`. Return whether it was removed."""
    try:
        is_ours = sha256(folder.read(path, PAGE_BYTES)).hexdigest() == known
    except OSError:
        return False
    if is_ours:
        folder.remove(path)
    return is_ours
