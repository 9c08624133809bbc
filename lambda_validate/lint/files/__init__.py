"""Files become text. What cannot be read is a `Failure`; nothing is written, nothing blocks.

A file is read only when it may hold a payload: whoever asks passes the `Look` that tells. Broken files that cannot are
nobody's business here.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

from ...files.regular import NotRegularError, head, opened, size
from ..documents.places import Text

LIMIT = 10_000_000
"""Bytes of a file that are read."""
CHUNK = 1 << 20
OVERLAP = 100
"""Bytes of one chunk that are seen again with the next: more than any marker is long."""

STDIN, STDIN_NAME = "-", "<stdin>"
BOMS = {BOM_UTF32_LE: "UTF-32", BOM_UTF32_BE: "UTF-32", BOM_UTF16_LE: "UTF-16", BOM_UTF16_BE: "UTF-16"}
"""Marks of other encodings; the longer ones first, for one begins with another."""


class Failure(NamedTuple):
    """A file that cannot be read or parsed: where, and what was expected.

    One `in_template` is worth no more than a note: what could not be parsed is still to be filled in.
    """

    file: str
    line: int | None
    column: int | None
    message: str
    in_template: bool = False


TEMPLATE = r"\{\{(?!resolve:)|\{%"
"""Where Helm, Jinja and their like fill something in; before they do, a file need not be what its name says."""


class Signs(NamedTuple):
    """What bytes tell before they are parsed: the formats that they may be in, and whether they are surely meant to
    hold a payload."""

    formats: frozenset[str] = frozenset()
    certain: bool = True


SURE = Signs()


class Source(NamedTuple):
    """A file's text, and what there is to know of it before it is parsed."""

    file: str
    text: str
    signs: Signs = SURE

    def failure(self, line: int | None, column: int | None, message: str) -> Failure | None:
        """Return why the text cannot be parsed, if that is anybody's business."""
        if not self.signs.certain:
            return None
        filled = re.search(TEMPLATE, self.text)
        in_template = filled is not None and (line or 1, column or 1) >= Text(self.text).point(filled.start())
        return Failure(self.file, line, column, message, in_template)


Look = Callable[[bytes], Signs]


def load(file: str, stdin: IO[bytes], look: Look) -> Source | Failure | None:
    """Return a file's text; None when it is in no format."""
    if file == STDIN:
        return _whole(STDIN_NAME, stdin, look)
    try:
        with opened(file) as found:
            if size(found) > LIMIT:
                return _judged(file, b"".join(_marked(found, look)), look, too_large=True)
            return _whole(file, found, look)
    except (OSError, ValueError) as error:
        return _unreadable(file, error)


def load_one(file: str, stdin: IO[bytes]) -> Source | Failure | None:
    """Return the text of the one file that a command is about. A pipe is read as standard input is."""
    if file == STDIN:
        return _whole(STDIN_NAME, stdin, None)
    try:
        with opened(file, pipes=True) as found:
            return _whole(file, found, None)
    except (OSError, ValueError) as error:
        return _unreadable(file, error)


def _unreadable(file: str, error: Exception) -> Failure:
    if isinstance(error, NotRegularError):
        return Failure(file, None, None, "expected a regular file; pass anything else on standard input, as -")
    return Failure(file, None, None, reason(error, "file"))


def _whole(file: str, found: IO[bytes], look: Look | None) -> Source | Failure | None:
    data = head(found, LIMIT + 1)
    return _judged(file, data, look, too_large=len(data) > LIMIT)


def _marked(found: IO[bytes], look: Look) -> Iterator[bytes]:
    """Yield the piece of a large file that is certain to hold a payload, if there is one."""
    rest = b""
    while part := found.read(CHUNK):
        piece = rest + part
        if look(piece).certain:
            yield piece
            return
        rest = piece[-OVERLAP:]


def _judged(file: str, data: bytes, look: Look | None, *, too_large: bool = False) -> Source | Failure | None:
    """Return what a file's bytes are worth: text, a failure, or, when it is none of our business, None."""
    encoding = next((BOMS[each] for each in BOMS if data.startswith(each)), None)
    plain = data.replace(b"\0", b"") if encoding else data
    signs = look(plain) if look else SURE
    if look and not signs.formats:
        return None
    result = _too_large(file) if too_large else _decoded(file, data, encoding)
    if isinstance(result, str):
        return Source(file, result, signs)
    return result if signs.certain else None


def _too_large(file: str) -> Failure:
    most = f"{LIMIT // 1_000_000} MB"
    return Failure(file, None, None, f"expected at most {most}, but the file is larger than {most}")


def _decoded(file: str, data: bytes, encoding: str | None) -> str | Failure:
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
    return text


def reason(error: Exception, kind: str) -> str:
    """Return why a file or folder cannot be used, as the end of a sentence."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"expected a readable {kind}: {reason[:1].lower() + reason[1:]}"
