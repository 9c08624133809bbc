"""Read regular files of a bounded size. Pipes, devices and folders are errors. Imports nothing of ours."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EFBIG, EINVAL, EISDIR
from typing import IO

READING = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY"))
"""How files are opened: opening must not wait for a pipe's writer, and must not take over a terminal."""


class NotRegularError(OSError):
    """What a name leads to is no regular file."""


@contextmanager
def opened(path: str, flags: int = READING, dir_fd: int | None = None, *, pipes: bool = False) -> Iterator[IO[bytes]]:
    """Open a regular file, or raise `OSError`. The check is on what was opened: the name may change meanwhile.

    With `pipes`, a pipe will do as well, and is waited for.
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
    """Wait for a pipe's first writer: until there is one, the pipe would seem to be at its end."""
    from select import select

    select([descriptor], [], [])
    os.set_blocking(descriptor, True)


def size(file: IO[bytes]) -> int:
    """Return the bytes of an open file."""
    return os.fstat(file.fileno()).st_size


def head(file: IO[bytes], limit: int) -> bytes:
    """Return the first bytes of an open file, at most `limit`, even when it grows meanwhile."""
    parts, left = [], limit
    while left and (part := file.read(left)):
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read(path: str, limit: int) -> bytes:
    """Return the bytes of a regular file; one that is larger than `limit` is an `OSError` too."""
    with opened(path) as file:
        data = head(file, limit + 1)
    if len(data) > limit:
        raise OSError(EFBIG, f"Larger than {limit // 1_000_000} MB")
    return data
