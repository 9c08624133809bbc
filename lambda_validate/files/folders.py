"""Folders above a folder, and the top of a repository. Imports nothing of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator

REPOSITORY = ".git"
"""What the top folder of a repository has."""


def ancestors(folder: str) -> Iterator[str]:
    """Yield a folder, and all folders above it."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent
