"""Replace files completely or not at all.

A replaced file keeps its owner, mode and attributes, and links are followed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL
from typing import IO, Any

from .regular import NotRegularError

BINARY = getattr(os, "O_BINARY", 0)
CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY
CHANGING = os.O_RDWR | BINARY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
USUAL, PRIVATE = 0o666, 0o600
"""The modes of new files: one that the umask restricts, and one that only the owner can read."""


def replace(file: str, data: bytes) -> None:
    """Replace the content of a file, or raise `OSError` and leave it unchanged. A new file has the usual mode.

    A device or a pipe is not replaced: the bytes are written to it.
    """
    found = _found(file)
    if found is not None and not (stat.S_ISREG(found.st_mode) and os.path.exists(os.path.realpath(file))):
        with open(file, "wb") as opened:  # by the name that was given: /dev/fd/63 has no other
            opened.write(data)
        return
    replace_file(file, data)


def replace_file(file: str, data: bytes) -> None:
    """Replace the content of a regular file. Raise `OSError` if that fails, or if the path leads to anything else.

    The owner, the mode and the extended attributes stay. A file with several hard links, or with attributes that this
    user cannot copy, is overwritten in place.
    """
    target = os.path.realpath(file)
    found = _found(file)
    if found is None:
        create(target, data)
        return
    if not stat.S_ISREG(found.st_mode):
        raise NotRegularError(EINVAL, "Not a regular file")
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "Permission denied", file)
    try:
        _exchange(target, data, found)
    except _UniqueError:
        _rewrite(target, data)


def create(file: str, data: bytes, dir_fd: int | None = None) -> None:
    """Create a file with these bytes, replacing a file or a link of that name."""
    with _beside(file, USUAL, dir_fd) as opened:
        opened.write(data)


class _UniqueError(Exception):
    """The file cannot be replaced by a new file: it has several hard links, or its attributes cannot be copied."""


def _found(file: str) -> os.stat_result | None:
    """Return the status of the file that a path leads to, None if there is none yet."""
    try:
        return os.stat(file)
    except FileNotFoundError:
        if not file:
            raise
        return None


@contextmanager
def _beside(target: str, mode: int, dir_fd: int | None = None) -> Iterator[IO[bytes]]:
    """Open a new file in the folder of `target`, and rename it to `target` once the caller has written it."""
    beside = os.path.join(os.path.dirname(target), f".lambda-validate-{os.urandom(8).hex()}")
    places: Any = {} if dir_fd is None else {"src_dir_fd": dir_fd, "dst_dir_fd": dir_fd}
    descriptor = os.open(beside, CREATING, mode, dir_fd=dir_fd)
    try:
        with open(descriptor, "wb") as opened:
            yield opened
        os.replace(beside, target, **places)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside, dir_fd=dir_fd)
        raise


# The order of these steps matters. The new file is private until it has the owner and mode of the old one. So no other
# user can read it before. It is synced before it is renamed. So after a crash, either the old or the new content is
# there, never an empty file.
def _exchange(target: str, data: bytes, found: os.stat_result) -> None:
    """Replace a file by a new one that has the same owner, mode and extended attributes."""
    if found.st_nlink > 1:
        raise _UniqueError
    with _beside(target, PRIVATE) as opened:
        opened.write(data)
        opened.flush()
        try:
            _carry(target, found, opened.fileno())
        except OSError as error:
            raise _UniqueError from error
        os.fsync(opened.fileno())


def _carry(target: str, found: os.stat_result, descriptor: int) -> None:
    """Copy the owner, the extended attributes and the mode of a file to an open file."""
    made = os.fstat(descriptor)
    if (made.st_uid, made.st_gid) != (found.st_uid, found.st_gid):
        os.fchown(descriptor, found.st_uid, found.st_gid)
    if hasattr(os, "listxattr"):
        _carry_attributes(target, descriptor)
    if os.chmod in os.supports_fd:
        os.chmod(descriptor, stat.S_IMODE(found.st_mode))  # last: access control lists narrow it, and owners clear it


def _carry_attributes(target: str, descriptor: int) -> None:
    wanted, made = _attributes(target), _attributes(descriptor)
    for name in made.keys() - wanted.keys():  # such as the access that a folder gives to all that is made in it
        os.removexattr(descriptor, name)
    for name, value in wanted.items():
        if made.get(name) != value:
            os.setxattr(descriptor, name, value)


def _attributes(file: str | int) -> dict[str, bytes]:
    """Return the extended attributes of a file, including access control lists; empty where there are none."""
    try:
        names = os.listxattr(file)
    except OSError:
        return {}
    return {name: os.getxattr(file, name) for name in names}


def _rewrite(target: str, data: bytes) -> None:
    """Overwrite a file in place. If writing fails, restore the old content."""
    with open(os.open(target, CHANGING), "r+b") as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise NotRegularError(EINVAL, "Not a regular file")
        before = opened.read()
        try:
            _overwrite(opened, data)
        except OSError:
            _overwrite(opened, before)
            raise


def _overwrite(opened: IO[bytes], data: bytes) -> None:
    opened.seek(0)
    opened.write(data)
    opened.truncate()
    opened.flush()
    os.fsync(opened.fileno())
