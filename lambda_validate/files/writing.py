"""Files are replaced whole or not at all, with the attributes they had, and through links."""

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
"""The modes of new files: what the user's mask leaves of the first, and what nobody else can read."""


def replace(file: str, data: bytes) -> None:
    """Make a file hold these bytes, or raise `OSError` and leave it as it was. A new file has the usual mode.

    A device, a pipe or another thing that is no file stays what it is, and is sent the bytes.
    """
    found = _found(file)
    if found is not None and not (stat.S_ISREG(found.st_mode) and os.path.exists(os.path.realpath(file))):
        with open(file, "wb") as opened:  # by the name that was given: /dev/fd/63 has no other
            opened.write(data)
        return
    replace_file(file, data)


def replace_file(file: str, data: bytes) -> None:
    """Make a regular file hold these bytes, or raise `OSError`: for what is no regular file too.

    Owner, mode and extended attributes stay. A file that has several names, or attributes that this user cannot give
    to another file, is written in place.
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
    """Put a new file with these bytes in the place of what may be there. A link is replaced, and not followed."""
    with _beside(file, USUAL, dir_fd) as opened:
        opened.write(data)


class _UniqueError(Exception):
    """No other file can stand for this one."""


def _found(file: str) -> os.stat_result | None:
    """What a name leads to, None where there is nothing yet."""
    try:
        return os.stat(file)
    except FileNotFoundError:
        if not file:
            raise
        return None


@contextmanager
def _beside(target: str, mode: int, dir_fd: int | None = None) -> Iterator[IO[bytes]]:
    """Open a new file, which takes the place of another once it is written."""
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


def _exchange(target: str, data: bytes, found: os.stat_result) -> None:
    """Put another file with these bytes and the same attributes in the place of one."""
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
    """Give an open file the owner, the extended attributes and the mode of another."""
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
    """Return the extended attributes of a file, access control lists among them; none where there is no such thing."""
    try:
        names = os.listxattr(file)
    except OSError:
        return {}
    return {name: os.getxattr(file, name) for name in names}


def _rewrite(target: str, data: bytes) -> None:
    """Write to a file in place; should that fail, with what it held before."""
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
