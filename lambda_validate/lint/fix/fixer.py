"""Fix files with `--fix` or `--diff`: write the fixed file, show a diff, or return the fixed standard input."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from itertools import groupby

from ..control import Control
from ..files import MAX_FILE_BYTES, STDIN, Failure, SourceFile, reason
from ..findings.finding import FileFindings
from . import Check, fixed

CONTEXT = 3
"""Number of unchanged lines in a diff around a change."""
CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code not in (9, 13)}
"""Escapes for control characters, which terminals would interpret. Tabs and carriage returns are not escaped."""


class Fixer:
    """Fixes files one by one. With `is_dry`, nothing is written, and the lines of the diffs are collected in `diff`.

    `edits` and `files` count the edits and the fixed files. `text` is standard input, fixed if it is linted.
    """

    def __init__(self, control: Control, is_dry: bool = False) -> None:
        self.control, self.is_dry = control, is_dry
        self.edits = self.files = 0
        self.diff: list[str] = []
        self.text: bytes | None = None

    def treated(self, path: str, source: SourceFile, current: FileFindings, check: Check) -> FileFindings | Failure:
        """Fix a file or standard input. Return the findings that remain, or a failure if it cannot be written.

        With `is_dry`, return all findings, since the file is unchanged.
        """
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
    """Return the byte-order mark of UTF-8 if a file begins with it, or else an empty string."""
    return BOM_UTF8 if data.startswith(BOM_UTF8) else b""


def _write(path: str, before: str, after: str) -> Failure | None:
    """Write the text `after` to a file. Return a failure if it cannot be written, or no longer contains `before`."""
    from ...files import regular as regular_files
    from ...files import writing

    try:
        data = regular_files.read(path, MAX_FILE_BYTES)
        mark = _mark(data)
        if data != mark + before.encode():
            return Failure(path, None, None, "expected the file not to change while it is fixed; run again")
        writing.replace_file(path, mark + after.encode())
    except OSError as error:
        return Failure(path, None, None, reason(error, "file to write"))
    return None


def diff(file: str, before: str, after: str) -> Iterator[str]:
    """Yield the lines of a unified diff of two texts, without line breaks. Control characters are escaped."""
    name = file.replace("\\", "/").translate(CONTROLS)
    old, new = _lines(before), _lines(after)
    for line in (_by_line if len(old) == len(new) else _by_content)(old, new, f"a/{name}", f"b/{name}"):
        yield line.removesuffix("\n").translate(CONTROLS)
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _by_content(old: list[str], new: list[str], was: str, now: str) -> Iterator[str]:
    """Yield a unified diff of two texts. It can take quadratic time if many lines are equal."""
    from difflib import unified_diff

    return unified_diff(old, new, was, now, n=CONTEXT)


def _by_line(old: list[str], new: list[str], was: str, now: str) -> Iterator[str]:
    """Yield a unified diff of two texts with the same number of lines, by comparing lines with the same number."""
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
    """Yield the ranges of lines to show: changed lines with `CONTEXT` lines around. Adjacent ranges are joined.

    `count` is the number of lines of the text.
    """
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
    """Return the lines of a text with their line feeds. Other line breaks, such as carriage returns, end no line."""
    *lines, rest = text.split("\n")
    return [*(f"{line}\n" for line in lines), *([rest] if rest else [])]
