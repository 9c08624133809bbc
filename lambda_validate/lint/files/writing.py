"""Files are replaced whole or not at all, with the mode they had, and through links."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def replace(file: str, data: bytes) -> None:
    """Make a file hold these bytes, or raise `OSError` and leave it as it was. A new file has the usual mode."""
    target = os.path.realpath(file)
    mode = None
    if os.path.lexists(target):
        mode = stat.S_IMODE(os.stat(target).st_mode)
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "Permission denied", file)
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
