"""Paths become files, and files become text. What cannot be read is a `Failure`; nothing is written, nothing blocks.

A file is read only when it may hold a payload: whoever asks passes the `Markers` to look for. Broken files without them
are nobody's business here.
"""

from __future__ import annotations

import os
import stat
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

from .api import Markers
from .places import Text
from .text import LANGUAGES

LIMIT = 10_000_000
"""Bytes of a file that are read."""
CHUNK = 1 << 20
OVERLAP = 100
"""Bytes of one chunk that are seen again with the next: more than any marker is long."""

SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})
"""Folders that a walk does not enter, besides those whose name begins with a dot."""

READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""How files are opened: a pipe that nobody writes to must not be waited for."""

STDIN, STDIN_NAME = "-", "<stdin>"
BOMS = {BOM_UTF32_LE: "UTF-32", BOM_UTF32_BE: "UTF-32", BOM_UTF16_LE: "UTF-16", BOM_UTF16_BE: "UTF-16"}
"""Marks of other encodings; the longer ones first, for one begins with another."""


class Failure(NamedTuple):
    """A file that cannot be read or parsed: where, and what was expected."""

    file: str
    line: int | None
    column: int | None
    message: str


class Source(NamedTuple):
    """A file's text, and whether a marker tells for sure that it is meant to hold a payload."""

    file: str
    text: str
    certain: bool


def find(paths: Iterable[str]) -> Iterator[str | Failure]:
    """Yield the files that paths name, each once: a folder's by walking it, in the order of names."""
    seen: set[str] = set()
    for path in paths:
        for each in (path,) if path == STDIN else _found(path):
            if isinstance(each, Failure) or each not in seen:
                yield each
                seen.add(each if isinstance(each, str) else "")


def _found(path: str) -> Iterator[str | Failure]:
    try:
        is_folder = os.path.isdir(path)
    except ValueError:  # before Python 3.8 and on some systems, a NUL in the name
        is_folder = False
    if is_folder:
        yield from _walk(os.path.normpath(path))
    else:
        yield os.path.normpath(path) if path else path


def _walk(top: str) -> Iterator[str | Failure]:
    """Walk a folder without following links, so that no loop can be met."""
    stack = [top]
    while stack:
        path = stack.pop()
        if path != top and not os.path.isdir(path):
            yield path
            continue
        try:
            with os.scandir(path) as entries:
                kept = [each.name for each in entries if _is_kept(each)]
        except OSError as error:
            yield Failure(path, None, None, _reason(error, "folder"))
            continue
        stack += [name if path == "." else os.path.join(path, name) for name in sorted(kept, reverse=True)]


def _is_kept(entry: os.DirEntry[str]) -> bool:
    if entry.is_dir(follow_symlinks=False):
        return not entry.name.startswith(".") and entry.name not in SKIPPED
    return os.path.splitext(entry.name)[1].lower() in LANGUAGES and entry.is_file(follow_symlinks=False)


def load(file: str, stdin: IO[bytes], markers: Markers | None) -> Source | Failure | None:
    """Return a file's text; None when it holds no marker. Without markers to look for, every file is read."""
    if file == STDIN:
        data = stdin.read(LIMIT + 1)
        return _judged(STDIN_NAME, data, markers, too_large=len(data) > LIMIT)
    try:
        descriptor = os.open(file, READING)
        try:
            return _loaded(file, descriptor, markers)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        return Failure(file, None, None, _reason(error, "file"))


def _loaded(file: str, descriptor: int, markers: Markers | None) -> Source | Failure | None:
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        return Failure(file, None, None, "expected a regular file; pass anything else on standard input, as -")
    with open(descriptor, "rb", buffering=0, closefd=False) as opened:
        if facts.st_size > LIMIT:
            return _judged(file, b"".join(_marked(opened, markers)), markers, too_large=True)
        return _judged(file, _read(opened), markers)


def _read(opened: IO[bytes]) -> bytes:
    """Read a file whole, up to the limit even when it grows meanwhile."""
    parts, left = [], LIMIT
    while left and (part := opened.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _marked(opened: IO[bytes], markers: Markers | None) -> Iterator[bytes]:
    """Yield the markers of a large file, read piece by piece, until one is certain."""
    rest = b""
    while part := opened.read(CHUNK):
        piece = rest + part
        found = markers and markers.strong.search(piece.lower())
        if found:
            yield found[0]
            return
        rest = piece[-OVERLAP:]


def _judged(file: str, data: bytes, markers: Markers | None, *, too_large: bool = False) -> Source | Failure | None:
    """Return what a file's bytes are worth: text, a failure, or, when it is none of our business, None."""
    encoding = next((BOMS[each] for each in BOMS if data.startswith(each)), None)
    plain = data.replace(b"\0", b"") if encoding else data
    certain = markers is None or markers.strong.search(plain.lower()) is not None
    if markers is not None and not certain and not markers.weak.search(plain.lower()):
        return None
    result = _too_large(file) if too_large else _decoded(file, data, encoding, certain)
    return result if certain or isinstance(result, Source) else None


def _too_large(file: str) -> Failure:
    size = f"{LIMIT // 1_000_000} MB"
    return Failure(file, None, None, f"expected at most {size}, but the file is larger than {size}")


def _decoded(file: str, data: bytes, encoding: str | None, certain: bool) -> Source | Failure:
    if encoding:
        return Failure(file, 1, 1, f"expected UTF-8 text, but the byte order mark is that of {encoding}")
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        place = Text(data[: error.start].decode()).failure(error.start, "")
        message = f"expected UTF-8 text, but byte 0x{data[error.start]:02x} is here"
        return Failure(file, place.line, place.column, message)
    nul = text.find("\0")
    if nul >= 0:
        return Failure(file, *Text(text).point(nul), "expected text, but a NUL character is here: the file is binary")
    return Source(file, text, certain)


def _reason(error: Exception, kind: str) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"expected a readable {kind}: {reason[:1].lower() + reason[1:]}"
