"""Find the files to audit below the given paths, in the order of their names, and group them in batches."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..files.folders import ancestors
from ..files.regular import opened
from .reading import Facts

ENDINGS = (
    ".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".csv", ".csv.gz", ".parquet"
)  # fmt: skip
"""Endings of the names of the files that are read in a folder."""
ATHENA = re.compile(r"[0-9]{8}_[0-9]{6}_[0-9]{5}_[a-z0-9]{5}_[-.\w]+\Z", re.ASCII)
"""Matches the names of the files that Athena's UNLOAD writes: date, time and query, mostly without an ending."""
SIGNATURE = "result_sign.json"
"""The file with a signature that CloudTrail Lake writes beside the results of a query. It has no records."""
DIGESTS = "CloudTrail-Digest"
"""The name of the folder with CloudTrail's digest files, beside the folder of the logs. They have no records."""
MANIFEST, HEAD = "manifest.jsonl", b'{"lambda-validate": '
"""The name of the file that each result folder of this command has, and the file's first bytes. Such a folder is
skipped if it is inside a folder to read."""
GONE: Facts = (0, 0)
"""Size and time of change that represent a file that is not accessible."""
BATCH_BYTES, BATCH_FILES = 16 << 20, 1_000
"""Maximum total size in bytes, and maximum number of files, of a batch. A single file may be larger."""


class InputError(ValueError):
    """Raised for a path that cannot be audited, or an argument that is invalid."""


class Input(NamedTuple):
    """A file to read. `facts` are its size and time of change when the file was found."""

    path: str
    facts: Facts


def checked(paths: Iterable[str]) -> list[str]:
    """Return the paths to read, sorted and without repetitions. A path inside another one is left out.

    Raise `InputError` for an address such as `s3://bucket`, or if a path does not exist.
    """
    found: dict[str, str] = {}
    for path in paths:
        if "://" in path:
            copying = f"with `aws s3 sync {path} DIR`" if path.startswith("s3://") else "to a folder"
            raise InputError(
                f"{path} is not on this machine; copy it {copying}, or use "
                f"lambda_validate.audit.spark on a cluster that can read it"
            )
        if not os.path.exists(path):
            raise InputError(f"{path} does not exist")
        found.setdefault(os.path.realpath(path), os.path.normpath(path))
    within = {real for real in found if any(ancestor in found and ancestor != real for ancestor in ancestors(real))}
    return sorted((path for real, path in found.items() if real not in within), key=_order)


def _order(path: str) -> str:
    return path + "/" if os.path.isdir(path) else path


def files(paths: Iterable[str], leave_out: str | None = None) -> Iterator[Input]:
    """Yield the files to read below the given paths, sorted by name.

    The folder `leave_out` and folders with results of earlier runs are skipped.
    """
    avoided = os.path.realpath(leave_out) if leave_out is not None else None
    for path in paths:
        if os.path.isdir(path):
            yield from _walked(path, avoided)
        else:
            yield from _input(path, named=True)


def _walked(folder: str, avoided: str | None) -> Iterator[Input]:
    if avoided is not None and os.path.realpath(folder) == avoided:
        return
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry.name + "/" * entry.is_dir(follow_symlinks=False), entry.path) for entry in entries)
    except OSError:
        yield Input(folder, GONE)
        return
    if any(name == MANIFEST and _is_of_result(path) for name, path in found):
        return
    for name, path in found:
        if name.endswith("/"):
            if name != f"{DIGESTS}/":
                yield from _walked(path, avoided)
        elif is_log(name):
            yield from _input(path)


def is_log(name: str) -> bool:
    """Return whether a file in a folder is to be read, judging by its name."""
    if name.startswith(".") or name == SIGNATURE:
        return False
    return name.lower().endswith(ENDINGS) or ATHENA.match(name) is not None


def _is_of_result(path: str) -> bool:
    try:
        with opened(path) as file:
            return file.read(len(HEAD)) == HEAD
    except OSError:
        return False


def _input(path: str, named: bool = False) -> Iterator[Input]:
    """Yield an `Input` for a regular file, and nothing for another kind of file, such as a pipe.

    A path that the user named is always yielded, so that reading it reports what is wrong.
    """
    try:
        found = os.stat(path)
    except OSError:  # a link that leads nowhere, or a file that has gone
        yield Input(path, GONE)
        return
    if named or stat.S_ISREG(found.st_mode):
        yield Input(path, (found.st_size, found.st_mtime_ns))


def batches(found: Iterable[Input]) -> Iterator[tuple[Input, ...]]:
    """Group files into batches. Where a batch ends depends only on the sizes and the number of the files."""
    batch: list[Input] = []
    size = 0
    for file in found:
        if batch and (size + file.facts[0] > BATCH_BYTES or len(batch) >= BATCH_FILES):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(file)
        size += file.facts[0]
    if batch:
        yield tuple(batch)
