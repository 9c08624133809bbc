"""The folder of a result: files with rows (parts), and a manifest with which an interrupted run can continue."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from ..base.version import VERSION
from ..files.writing import create
from .inputs import MANIFEST, Input, InputError
from .parts import size
from .summary import Summary, restored

PREFIX, TEMPORARY = "part-", ".lambda-validate-"
SUMMARIES: Mapping[str, str] = {"summary.json": "json", "summary.html": "html"}
"""The names of the files with the summary, each with its output format."""
NO_LINE: tuple[int, Any] = (0, None)
Lines: TypeAlias = Generator[tuple[int, Any], None, None]
"""The lines of a manifest, each as its length in bytes and its decoded JSON value."""


class ResultFolder:
    """The folder of a result. Each batch of files has a part, which is a file with its rows.

    The first line of the manifest has the settings of the run. Then it has a line for each part, in order. A folder
    with other files, or with the result of a run with other settings, raises `InputError`.
    """

    def __init__(self, folder: str, format: str, settings: Mapping[str, Any]) -> None:
        self.folder, self.format = folder, format
        self._head = {"lambda-validate": VERSION, "format": format, **settings}
        os.makedirs(folder, exist_ok=True)
        names = os.listdir(folder)
        self._known = self._read(names)
        self._end = next(self._known)[0]
        for name in names:
            if name.startswith(TEMPORARY):  # of a run that was killed
                os.unlink(os.path.join(folder, name))
        self._count = 0
        self._is_continued = True

    def _read(self, names: list[str]) -> Lines:
        """Return an iterator of the lines of the manifest. Create the manifest if the folder is empty.

        Lines are read one at a time, since each names all log files of a batch, and can be long.
        """
        if MANIFEST not in names:
            if any(not name.startswith(TEMPORARY) for name in names):
                raise InputError(f"{self.folder} is not empty, and no audit has written to it; name another folder")
            create(self.path(MANIFEST), _line(self._head))
        with open(self.path(MANIFEST), "rb") as file:
            if _value(file.readline()) != self._head:
                raise InputError(
                    f"{self.folder} contains the result of a run with other settings, or of another version; "
                    f"name another folder"
                )
        return self._lines()

    def _lines(self) -> Lines:
        with open(self.path(MANIFEST), "rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield len(line), _value(line)

    def path(self, name: str) -> str:
        """Return the path of a file in the result folder."""
        return os.path.join(self.folder, name)

    def temporary(self) -> str:
        """Return a new path in the folder for a part that is being written. `add` gives it its final name."""
        return self.path(f"{TEMPORARY}{os.urandom(8).hex()}")

    def _part(self, number: int) -> str:
        return f"{PREFIX}{number:05}.{self.format}"

    # A run can be interrupted at any time. A later run with the same settings reads the batches of files in the same
    # order. Each line of the manifest is about one batch. If the batch still has these files (path, size, time), and
    # its part (the file with its rows) has the recorded size, the batch is not read again. At the first difference,
    # `_cut` removes this part and all later ones, and all further batches are read. A part counts only once its line is
    # in the manifest: `add` first renames the part, then appends the line.
    def known(self, inputs: tuple[Input, ...]) -> tuple[str, Summary] | None:
        """Return the part (file with rows) and the summary of the next batch, if an earlier run read the same files.

        If the files differ, remove this part and all later ones, and return None.
        """
        if not self._is_continued:
            return None
        length, line = next(self._known, NO_LINE)
        part = self._part(self._count)
        with suppress(AttributeError, IndexError, KeyError, TypeError, ValueError):  # a manifest that was edited
            if line["inputs"] == _facts(inputs) and line["size"] == size(self.path(part)):
                summary = restored(line["summary"])
                self._count, self._end = self._count + 1, self._end + length
                return self.path(part), summary
        self._cut()
        return None

    def _cut(self) -> None:
        """Remove all parts after those that were reused, and their lines in the manifest."""
        self._is_continued = False
        self._known.close()
        os.truncate(self.path(MANIFEST), self._end)
        for name in os.listdir(self.folder):
            if name.startswith(PREFIX) and name >= self._part(self._count):
                os.unlink(self.path(name))

    def add(self, temporary: str, inputs: tuple[Input, ...], summary: Summary) -> None:
        """Give the part (file with rows) of the next batch its final name, and append its line to the manifest."""
        part, written = self._part(self._count), size(temporary)
        os.replace(temporary, self.path(part))
        line = {"part": part, "size": written, "inputs": _facts(inputs), "summary": summary.state()}
        with open(self.path(MANIFEST), "ab") as file:
            file.write(_line(line))
        self._count += 1

    def close(self) -> None:
        """Remove the parts of an earlier run that were not reused, since their log files do not exist any more."""
        if self._is_continued:
            self._cut()


def _facts(inputs: tuple[Input, ...]) -> list[list[Any]]:
    return [[os.fsencode(file.path).decode("utf-8", "backslashreplace"), *file.facts] for file in inputs]


def _line(value: Any) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _value(line: bytes) -> Any:
    with suppress(ValueError):
        return json.loads(line)
    return None
