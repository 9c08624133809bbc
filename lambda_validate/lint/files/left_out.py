"""Files that a walk leaves out, although they hold payloads: a user may take them for linted."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ..documents import LANGUAGES

GITIGNORE, DOTS = "by .gitignore", "in folders whose name begins with a dot"
ENTRIES, BYTES = 2_000, 20_000_000
"""Entries of folders, and bytes of files, that are looked at in one run; of more, some files are not counted."""
SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})
"""Folders that a walk does not enter, besides those whose name begins with a dot."""
TOOLS = frozenset({".git", ".hg", ".svn", ".venv", ".tox", ".nox", ".terraform"})
"""Dot folders of tools, which hold no files of a user's. Those with a name like `.mypy_cache` do not either."""


def is_of_a_tool(name: str) -> bool:
    """Return whether a folder belongs to a tool, so that its files are not counted."""
    return name in SKIPPED or name in TOOLS or (name.startswith(".") and name.endswith("_cache"))


class Counts(NamedTuple):
    """Files with payloads that were left out, by reason. `is_partial` says that there may be more."""

    by_reason: Mapping[str, int]
    is_partial: bool = False


NONE = Counts({})


class LeftOut:
    """Collects what a walk leaves out. Nothing of it is read before `counts` is called."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}
        self.linted: set[str] = set()

    def add(self, path: str, reason: str) -> None:
        """Note a file or folder."""
        self.reasons[os.path.normpath(path)] = reason

    def counts(self, has_payload: Callable[[str], bool]) -> Counts:
        """Return how many files hold a payload, of those that are looked at within `ENTRIES` and `BYTES`."""
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
    """Yield a file, or those below a folder, and each folder as an entry of its own; links are not followed."""
    yield path
    if os.path.islink(path) or not os.path.isdir(path):
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(each for each in folders if not is_of_a_tool(each))
        yield from (os.path.join(folder, each) for each in (*folders, *sorted(files)))


def _size(file: str) -> int:
    """Return the bytes of a regular file; none of anything else."""
    try:
        return os.lstat(file).st_size if os.path.isfile(file) else 0
    except OSError:
        return 0
