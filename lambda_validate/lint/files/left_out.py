"""Count the files with payloads that linting a folder skips, since a user might think that they were linted."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ..documents import LANGUAGES

GITIGNORE, DOTS = "by .gitignore", "in folders whose name begins with a dot"
ENTRIES, BYTES = 2_000, 20_000_000
"""Maximum numbers of skipped files and folders, and of bytes, to look at in one run. Further files are not counted."""
SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})
"""Folders in which no files are linted, besides those whose name begins with a dot."""
TOOLS = frozenset({".git", ".hg", ".svn", ".venv", ".tox", ".nox", ".terraform"})
"""Hidden folders of tools, which contain no files of the user, so that skipped files in them are not counted."""


def is_of_a_tool(name: str) -> bool:
    """Return whether a folder belongs to a tool, such as `.git` or `.mypy_cache`, so its files are not counted."""
    return name in SKIPPED or name in TOOLS or (name.startswith(".") and name.endswith("_cache"))


class Counts(NamedTuple):
    """The numbers of files with payloads that were skipped, by reason. `is_partial` says that there may be more."""

    by_reason: Mapping[str, int]
    is_partial: bool = False


NO_COUNTS = Counts({})


class LeftOut:
    """Collects the files and folders that linting a folder skips. They are only read when `counts` is called."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}
        self.linted: set[str] = set()

    def add(self, path: str, reason: str) -> None:
        """Note that a file or folder is skipped. The reason is `GITIGNORE` or `DOTS`."""
        self.reasons[os.path.normpath(path)] = reason

    def counts(self, has_payload: Callable[[str], bool]) -> Counts:
        """Return how many of the skipped files contain a payload, by reason, up to the limits `ENTRIES` and `BYTES`."""
        entries, size, found = 0, 0, Counter[str]()
        for path, reason in self.reasons.items():
            for file in _files(path):
                entries += 1
                if entries > ENTRIES or size > BYTES:
                    return Counts(found, is_partial=True)
                if os.path.splitext(file)[1].lower() in LANGUAGES and file not in self.linted:
                    size += _size(file)
                    found[reason] += has_payload(file)
        return Counts(found)


def _files(path: str) -> Iterator[str]:
    """Yield the path itself and, for a folder, all files and folders in it at any depth. Links are not followed."""
    yield path
    if os.path.islink(path) or not os.path.isdir(path):
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not is_of_a_tool(name))
        yield from (os.path.join(folder, name) for name in (*folders, *sorted(files)))


def _size(file: str) -> int:
    """Return the size of a regular file; 0 for anything else."""
    try:
        return os.lstat(file).st_size if os.path.isfile(file) else 0
    except OSError:
        return 0
