"""Handle fixed texts: write them, show a diff or, for standard input, return them."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from itertools import groupby

from ..control import Control
from ..files import LIMIT, STDIN, Failure, SourceFile, reason
from ..findings.finding import FileFindings
from . import Check, fixed

CONTEXT = 3
"""Number of unchanged lines in a diff around a change."""
CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code not in (9, 13)}
"""Control characters for terminals, except tabs and the line breaks of Windows."""


class Fixer:
    """Fixes files one by one. With `is_dry`, nothing is written, and the diffs are collected as lines.

    `text` is the fixed standard input, if it has to be returned.
    """

    def __init__(self, control: Control, is_dry: bool = False) -> None:
        self.control, self.is_dry = control, is_dry
        self.edits = self.files = 0
        self.diff: list[str] = []
        self.text: bytes | None = None

    def treated(self, path: str, source: SourceFile, current: FileFindings, check: Check) -> FileFindings | Failure:
        """Fix a file or standard input. Return the remaining findings."""
        result = fixed(source, current, check, lambda found: self.control.preview(source.file, found))
        if not result.edits:
            return current
        if self.is_dry:
            self.diff += diff(source.file, source.text, result.source.text)
        elif path == STDIN:
            self.text = _mark(self.text or b"") + result.source.text.encode()
        elif failure := _write(path, source.text, result.source.text):
            return failure
        self.edits += result.edits
        self.files += 1
        return current if self.is_dry else result.current


def _mark(data: bytes) -> bytes:
    """Return the byte-order mark at the beginning of a file, if any."""
    return BOM_UTF8 if data.startswith(BOM_UTF8) else b""


def _write(path: str, before: str, after: str) -> Failure | None:
    """Write the new text of a file, unless the file has changed meanwhile."""
    from ...files import regular as regular_files
    from ...files import writing

    try:
        data = regular_files.read(path, LIMIT)
        mark = _mark(data)
        if data != mark + before.encode():
            return Failure(path, None, None, "expected the file to stay as it is while it is fixed; run again")
        writing.replace_file(path, mark + after.encode())
    except OSError as error:
        return Failure(path, None, None, reason(error, "file to write"))
    return None


def diff(file: str, before: str, after: str) -> Iterator[str]:
    """Yield the lines of a unified diff."""
    name = file.replace("\\", "/").translate(CONTROLS)
    old, new = _lines(before), _lines(after)
    for line in (_by_line if len(old) == len(new) else _by_content)(old, new, f"a/{name}", f"b/{name}"):
        yield line.removesuffix("\n").translate(CONTROLS)
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _by_content(old: list[str], new: list[str], was: str, now: str) -> Iterator[str]:
    """Yield a unified diff of two texts. If lines repeat, its time is quadratic."""
    from difflib import unified_diff

    return unified_diff(old, new, was, now, n=CONTEXT)


def _by_line(old: list[str], new: list[str], was: str, now: str) -> Iterator[str]:
    """Yield a unified diff of two texts whose lines correspond one to one, as after nearly all fixes."""
    changed = [index for index, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    yield from (f"--- {was}\n", f"+++ {now}\n") if changed else ()
    for begin, end in _hunks(changed, len(old)):
        counted = f"{begin + 1}" if end - begin == 1 else f"{begin + 1},{end - begin}"
        yield f"@@ -{counted} +{counted} @@\n"
        for same, group in groupby(range(begin, end), lambda index: old[index] == new[index]):
            run = slice((indexes := [*group])[0], indexes[-1] + 1)
            yield from (f" {line}" for line in old[run]) if same else (f"-{line}" for line in old[run])
            yield from () if same else (f"+{line}" for line in new[run])


def _hunks(changed: Iterable[int], count: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of lines to show around changes. Ranges that touch are joined."""
    begin = end = 0
    for index in changed:
        if not end or index - CONTEXT > end:
            if end:
                yield begin, end
            begin = max(0, index - CONTEXT)
        end = min(count, index + 1 + CONTEXT)
    if end:
        yield begin, end


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their line feeds. Nothing else ends a line in a diff."""
    *lines, rest = text.split("\n")
    return [*(f"{line}\n" for line in lines), *([rest] if rest else [])]
