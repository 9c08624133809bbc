"""Files are replaced whole or not at all, with the mode they had, and through links; what is no file is written to."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from errno import EINVAL

from .reading import NotRegularError

CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


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
    """Make a regular file hold these bytes, or raise `OSError`: for what is no regular file too."""
    target = os.path.realpath(file)
    found = _found(file)
    if found is not None and not stat.S_ISREG(found.st_mode):
        raise NotRegularError(EINVAL, "Not a regular file")
    if found is not None and not os.access(target, os.W_OK):
        raise PermissionError(13, "Permission denied", file)
    _replace(target, data, None if found is None else stat.S_IMODE(found.st_mode))


def _found(file: str) -> os.stat_result | None:
    """What a name leads to, None where there is nothing yet."""
    try:
        return os.stat(file)
    except FileNotFoundError:
        if not file:
            raise
        return None


def _replace(target: str, data: bytes, mode: int | None) -> None:
    """Put a file with these bytes and a mode in the place of what may be there."""
    folder, name = os.path.split(target)
    beside = os.path.join(folder, f".{name[:100]}.{os.getpid()}")
    descriptor = os.open(beside, CREATING, 0o666)
    try:
        with open(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(descriptor)
        if mode is not None:
            os.chmod(beside, mode)
        os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
