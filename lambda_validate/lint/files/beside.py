"""Read Terraform files in the folder of a linted file, and in folders of modules. A folder is read once in a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

from ..documents import parse
from ..documents.places import Beside, ParseFailure
from . import Failure, Signs, SourceFile, load

ENDINGS = (".tf", ".tofu", ".tf.json", ".tofu.json")
"""The endings of the names of files to read."""
TERRAFORM_SIGNS = Signs(frozenset({"terraform"}))
"""The format of such files, which their names show, so their bytes are not searched."""
FILES = 1_000
"""Maximum number of entries in a folder. No file is read in a larger folder."""
FOLDERS = 50
"""Maximum number of folders to read for one file."""
MAX_FOLDER_CHARACTERS = 2_000_000
"""Maximum number of characters in all files of a folder."""
MAX_CACHED_CHARACTERS = 8_000_000
"""Maximum number of characters of all files whose results are cached. If there are more, the cache is cleared."""

Make = Callable[[Iterable[tuple[str, Any]]], Any]
Load = Callable[[str], "SourceFile | Failure | None"]
"""A function that reads a Terraform file at a path."""


def from_disk(path: str) -> SourceFile | Failure | None:
    """Read a Terraform file from the disk."""
    return load(path, BytesIO(), lambda data: TERRAFORM_SIGNS)


class Folders:
    """Reads folders and caches the results, since the next linted file of a folder needs the same.

    `load` reads a file. The language server passes a function that returns the text in the editor.
    """

    def __init__(self, load: Load = from_disk) -> None:
        self.load = load
        self.cache: dict[tuple[str, Make], Any] = {}
        self.size = 0

    def of(self, file: str) -> Beside:
        """Return a function that reads the files of a folder. It takes a path relative to `file`; see `Beside`."""
        seen: set[str] = set()

        def beside(folder: str, make: Make) -> Any:
            path = os.path.normpath(os.path.join(os.path.dirname(file), folder))
            seen.add(path)
            return self._made(path, make) if len(seen) <= FOLDERS else None

        return beside

    def _made(self, path: str, make: Make) -> Any:
        if (path, make) not in self.cache:
            if self.size > MAX_CACHED_CHARACTERS:
                self.cache.clear()
                self.size = 0
            self.cache[path, make] = make(self._values(path))
        return self.cache[path, make]

    def _values(self, path: str) -> Iterator[tuple[str, Any]]:
        """Yield the language and the parsed value of each Terraform file in a folder. Invalid files are skipped."""
        left = MAX_FOLDER_CHARACTERS
        for name in _names(path):
            source = self.load(os.path.join(path, name))
            if isinstance(source, SourceFile) and len(source.text) <= left:
                left -= len(source.text)
                self.size += len(source.text)
                documents = parse(source.text, name)
                yield from () if isinstance(documents, ParseFailure) else ((e.language, e.value) for e in documents)


def _names(path: str) -> list[str]:
    """Return the sorted names of the Terraform files in a folder; none if it cannot be read or is too large."""
    names: list[str] = []
    try:
        with os.scandir(path) as entries:
            for count, entry in enumerate(entries):
                if count == FILES:
                    return []
                names += [entry.name] if entry.name.endswith(ENDINGS) else []
    except (OSError, ValueError):
        return []
    return sorted(names)
