"""Read regular files of a bounded size. A pipe, a device or a folder is an error. Imports no other package of ours."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EFBIG, EINVAL, EISDIR
from typing import IO

READING = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY"))
"""The flags for opening a file: do not wait for the writer of a pipe, and never make it the controlling terminal."""


class NotRegularError(OSError):
    """The path leads to something other than a regular file."""


@contextmanager
def opened(path: str, flags: int = READING, dir_fd: int | None = None, *, pipes: bool = False) -> Iterator[IO[bytes]]:
    """Open a regular file, or raise `OSError`. The check is made on the open file, since the path may change meanwhile.

    With `pipes`, a pipe is accepted too. Opening then waits for its first writer.
    """
    descriptor = os.open(path, flags, dir_fd=dir_fd)
    try:
        mode = os.fstat(descriptor).st_mode
        if pipes and stat.S_ISFIFO(mode):
            _wait(descriptor)
        elif stat.S_ISDIR(mode):
            raise NotRegularError(EISDIR, os.strerror(EISDIR))
        elif not stat.S_ISREG(mode):
            raise NotRegularError(EINVAL, "Not a regular file")
        with open(descriptor, "rb", buffering=0, closefd=False) as file:
            yield file
    finally:
        os.close(descriptor)


def _wait(descriptor: int) -> None:
    """Wait for the first writer of a pipe. Before that, reading would return an empty file."""
    from select import select

    select([descriptor], [], [])
    os.set_blocking(descriptor, True)


def size(file: IO[bytes]) -> int:
    """Return the size of an open file in bytes."""
    return os.fstat(file.fileno()).st_size


def head(file: IO[bytes], limit: int) -> bytes:
    """Return at most `limit` bytes from the beginning of an open file, even if the file grows meanwhile."""
    parts, left = [], limit
    while left and (part := file.read(left)):
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read(path: str, limit: int) -> bytes:
    """Return the content of a regular file. A file larger than `limit` bytes raises `OSError`."""
    with opened(path) as file:
        data = head(file, limit + 1)
    if len(data) > limit:
        raise OSError(EFBIG, f"Larger than {limit // 1_000_000} MB")
    return data
