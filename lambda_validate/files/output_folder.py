"""Write files below a folder without following symbolic links: nothing outside the folder is read or changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import ELOOP

from .regular import READING, head, opened
from .writing import create

NOT_FOLLOWING = getattr(os, "O_NOFOLLOW", 0)
FOLDER = os.O_RDONLY | NOT_FOLLOWING | getattr(os, "O_DIRECTORY", 0)
HAS_DESCRIPTORS = {os.open, os.mkdir, os.rename, os.unlink} <= os.supports_dir_fd
"""Whether the system opens files relative to an open folder. If not, paths are checked for links before each use."""


class Folder:
    """A folder to write to. The folder itself may be a link. Paths inside it use slashes, and none contains `..`."""

    def __init__(self, path: str) -> None:
        self.path = path

    def write(self, path: str, data: bytes) -> None:
        """Write a file, and create the folders above it.

        A symbolic link with the same name is replaced, not followed.
        """
        os.makedirs(self.path, exist_ok=True)
        with self._parent(path, make=True) as (name, place):
            create(name, data, place)

    def read(self, path: str, limit: int) -> bytes:
        """Return the first bytes of a regular file, at most `limit`."""
        with self._parent(path) as (name, place):
            if not NOT_FOLLOWING and os.path.islink(name):
                raise _link(path)
            with opened(name, READING | NOT_FOLLOWING, place) as file:
                return head(file, limit)

    def remove(self, path: str) -> None:
        """Remove a file."""
        with self._parent(path) as (name, place):
            os.unlink(name, dir_fd=place)

    @contextmanager
    def _parent(self, path: str, make: bool = False) -> Iterator[tuple[str, int | None]]:
        """Open the folder that contains a path. Yield the last part of the path, and the descriptor of that folder."""
        *folders, name = path.split("/")
        if not HAS_DESCRIPTORS:
            yield os.path.join(self._checked(folders, make), name), None
            return
        place = os.open(self.path, FOLDER & ~NOT_FOLLOWING)
        try:
            for folder in folders:
                inner = _entered(folder, place, make)
                os.close(place)
                place = inner
            yield name, place
        finally:
            os.close(place)

    def _checked(self, folders: list[str], make: bool) -> str:
        """Return the path of a folder, after checking that no part of it is a link."""
        found = self.path
        for folder in folders:
            found = os.path.join(found, folder)
            if os.path.islink(found):
                raise _link(folder)
            if make:
                os.makedirs(found, exist_ok=True)
        return found


def _entered(name: str, place: int, make: bool) -> int:
    """Open the folder `name` inside the open folder `place`, and return its descriptor. A symbolic link is an error."""
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=place)
    try:
        return os.open(name, FOLDER, dir_fd=place)
    except OSError as error:
        if stat.S_ISLNK(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode):
            raise _link(name) from error
        raise


def _link(name: str) -> OSError:
    return OSError(ELOOP, f"{name} is a symbolic link, which is not followed")
