"""The command `lambda-validate docs`: the reference as files.

lambda-validate docs -o reference --edition current
"""

from __future__ import annotations

import json
import os
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import IO

from ..commands import UNUSABLE, Result
from . import needs

LIST = ".lambda-validate-docs.json"
"""The file that tells which files this command has written to a folder, by their SHA-256."""
PAGE = re.compile(r"(?:operations/|static/)?[\w-][\w.-]*\.(?:html|css|js)")
"""Paths that this command may have written."""


def add_arguments(parser: ArgumentParser) -> None:
    """Give a parser the arguments of this command."""
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="the folder to write the pages to")


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> Result:
    """Write the pages of an edition. Those that an earlier run wrote and this one does not go; all else there stays."""
    try:
        needs.check()
    except ModuleNotFoundError as error:
        return Result((), [str(error)], UNUSABLE)
    from .site import Site

    written: dict[str, str] = {}
    try:
        before = _listed(arguments.output)
        for path, data in Site(arguments.edition).files():
            _write(_inside(arguments.output, path), data)
            written[path] = sha256(data).hexdigest()
        gone = sum(_removed(arguments.output, path, before[path]) for path in before if path not in written)
        _write(_inside(arguments.output, LIST), json.dumps({"files": written}, indent=1).encode())
    except OSError as error:
        reason = error.strerror or str(error)
        return Result((), [f"{arguments.output}: the pages cannot be written: {reason}"], UNUSABLE)
    count = sum(path.endswith(".html") for path in written)
    start = os.path.join(arguments.output, "index.html")
    removed = f"; of an earlier run, {gone:,} removed" if gone else ""
    return Result((), [f"{count:,} pages written; {start} is the first{removed}"])


def _inside(folder: str, path: str) -> str:
    return os.path.join(folder, *path.split("/"))


def _write(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def _listed(folder: str) -> Mapping[str, str]:
    """Return by path the hashes of what an earlier run wrote to a folder; nothing where the list cannot be read."""
    with suppress(OSError, ValueError, RecursionError), open(_inside(folder, LIST), "rb") as file:
        found = json.load(file)
        files = found.get("files") if isinstance(found, dict) else None
        if isinstance(files, dict):
            return {path: each for path, each in files.items() if PAGE.fullmatch(path)}
    return {}


def _removed(folder: str, path: str, known: str) -> bool:
    """Remove a file that is still what was written, and tell whether it was."""
    name = _inside(folder, path)
    if os.path.islink(name) or ("/" in path and os.path.islink(os.path.dirname(name))):
        return False
    try:
        with open(name, "rb") as file:
            is_ours = sha256(file.read()).hexdigest() == known
    except OSError:
        return False
    if is_ours:
        os.remove(name)
    return is_ours
