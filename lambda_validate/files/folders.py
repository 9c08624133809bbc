"""Find the folders above a folder, and the top folder of a repository. Imports no other package of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator

REPOSITORY = ".git"
"""The entry that marks the top folder of a repository."""


def ancestors(folder: str) -> Iterator[str]:
    """Yield a folder, then each folder above it."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent
