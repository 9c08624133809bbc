"""The files that some paths lead to, in an order that depends on their names only, and in batches."""

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
"""How the names end of files that are read in a folder."""
ATHENA = re.compile(r"[0-9]{8}_[0-9]{6}_[0-9]{5}_[a-z0-9]{5}_[-.\w]+\Z", re.ASCII)
"""How Athena names the files that UNLOAD writes: by date, time and query, mostly without an ending."""
SIGNATURE = "result_sign.json"
"""The signature that CloudTrail Lake writes beside the results of a query."""
DIGESTS = "CloudTrail-Digest"
"""The folder of digests, beside that of the logs. They hold no records."""
MANIFEST, HEAD = "manifest.jsonl", b'{"lambda-validate": '
"""The file that a folder of an earlier result has, and how it begins. No such folder is read in another one."""
GONE: Facts = (0, 0)
"""The facts of a file that is not accessible."""
BATCH_BYTES, BATCH_FILES = 16 << 20, 1_000
"""Maximum size and number of files of a batch. A single file may be larger."""


class InputError(ValueError):
    """A path that cannot be audited, or an argument that cannot be used."""


class Input(NamedTuple):
    """A file, with its size and time of change at the beginning of the run."""

    path: str
    facts: Facts


def checked(paths: Iterable[str]) -> list[str]:
    """Return the paths to read, each once and in order. A path inside another one is left out."""
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
    """Yield the files of checked paths by name, without the folder `leave_out` and folders of earlier results."""
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
    """Return whether a file in a folder is read, by its name."""
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
    """Yield a regular file. A path that the user named is always yielded, so that reading it reports what is wrong."""
    try:
        found = os.stat(path)
    except OSError:  # a link that leads nowhere, or a file that has gone
        yield Input(path, GONE)
        return
    if named or stat.S_ISREG(found.st_mode):
        yield Input(path, (found.st_size, found.st_mtime_ns))


def batches(found: Iterable[Input]) -> Iterator[tuple[Input, ...]]:
    """Yield files in batches, whose limits depend on the sizes of the files only."""
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
