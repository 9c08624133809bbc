"""Find and read the files to lint. Nothing is written, and no read waits for a pipe.

Input: the paths that a user names. Output: for each file a `SourceFile`, or a `Failure` if it cannot be read.

    walk        finds files in folders, without those that are excluded or ignored by `.gitignore` (`gitignore`)
    beside      reads other files of the same folder, for Terraform
    left_out    counts files with payloads that the walk skipped

Only files that may contain a payload are decoded. A function (`Look`) decides that from the bytes of a file, for
example if they contain `AWS::Lambda::EventSourceMapping`. All other files are skipped, even if they are invalid.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

from ...files.regular import NotRegularError, head, opened, size
from ..documents.places import Beside, SourceText

MAX_FILE_BYTES = 10_000_000
"""Maximum size of a file in bytes."""
CHUNK = 1 << 20
OVERLAP = 100
"""Number of bytes at the end of a chunk that are searched again with the next chunk. All searched strings are shorter.
"""

STDIN, STDIN_NAME = "-", "<stdin>"
BOMS = {BOM_UTF32_LE: "UTF-32", BOM_UTF32_BE: "UTF-32", BOM_UTF16_LE: "UTF-16", BOM_UTF16_BE: "UTF-16"}
"""The encodings that are not supported, by byte-order mark. Longer marks come first: that of UTF-16 begins UTF-32's."""


class Failure(NamedTuple):
    """A file that cannot be read or parsed: the position, and what was expected there.

    If `note` is not empty, the file is only skipped, and the note says why that is no error.
    """

    file: str
    line: int | None
    column: int | None
    message: str
    note: str = ""


UNFILLED = "not checked, since a template engine must fill it in first"
"""The note for a file that cannot be parsed before a template engine has filled it in."""
TEMPLATE = r"\{\{(?!resolve:)|\{%"
"""Placeholders of Helm, Jinja and other template engines. A file with them may not be valid YAML or JSON."""


class Signs(NamedTuple):
    """The names of the formats that a file may have, by its bytes, and whether it certainly contains a payload."""

    formats: frozenset[str] = frozenset()
    certain: bool = True


SURE = Signs()


class SourceFile(NamedTuple):
    """The name and the text of a file, and what its bytes show (`signs`). `beside` reads other files of its folder."""

    file: str
    text: str
    signs: Signs = SURE
    beside: Beside | None = None

    def failure(self, line: int | None, column: int | None, message: str, note: str = "") -> Failure | None:
        """Return the failure for a file that cannot be parsed; None if it is not certain that it contains a payload.

        From the first placeholder of a template engine on, a mistake is no error. The failure then has the note
        `UNFILLED`.
        """
        if not self.signs.certain:
            return None
        filled = re.search(TEMPLATE, self.text)
        in_template = filled is not None and (line or 1, column or 1) >= SourceText(self.text).point(filled.start())
        return Failure(self.file, line, column, message, note or (UNFILLED if in_template else ""))


Look = Callable[[bytes], Signs]


def load(file: str, stdin: IO[bytes], look: Look | None = None) -> SourceFile | Failure | None:
    """Return the text of a file, a failure if it cannot be read, or None if it has no known format.

    `look` returns the formats that a file may have, given its bytes. Without it, the file may have any format, and may
    be a pipe; that is for commands that read a single file.
    """
    if file == STDIN:
        return _whole(STDIN_NAME, stdin, look)
    try:
        with opened(file, pipes=look is None) as found:
            if look and size(found) > MAX_FILE_BYTES:
                return _source(file, b"".join(_marked(found, look)), look, too_large=True)
            return _whole(file, found, look)
    except NotRegularError:
        return Failure(file, None, None, "expected a regular file; pipe anything else to standard input, and pass -")
    except (OSError, ValueError) as error:
        return Failure(file, None, None, reason(error, "file"))


def _whole(file: str, found: IO[bytes], look: Look | None) -> SourceFile | Failure | None:
    data = head(found, MAX_FILE_BYTES + 1)
    return _source(file, data, look, too_large=len(data) > MAX_FILE_BYTES)


def _marked(found: IO[bytes], look: Look) -> Iterator[bytes]:
    """Yield the first part of a large file that shows that it contains a payload; nothing if there is none."""
    rest = b""
    while part := found.read(CHUNK):
        piece = rest + part
        if look(piece).certain:
            yield piece
            return
        rest = piece[-OVERLAP:]


def _source(file: str, data: bytes, look: Look | None, *, too_large: bool = False) -> SourceFile | Failure | None:
    """Return the text that the bytes of a file contain, a failure, or None for a file without a payload."""
    encoding = next((name for mark, name in BOMS.items() if data.startswith(mark)), None)
    signs = look(data.replace(b"\0", b"") if encoding else data) if look else SURE
    if look and not signs.formats:
        return None
    most = f"{MAX_FILE_BYTES // 1_000_000} MB"
    message = f"expected at most {most}, but the file is larger than {most}"
    found = Failure(file, None, None, message) if too_large else _decoded(file, data, encoding)
    if isinstance(found, str):
        return SourceFile(file, found, signs)
    return found if signs.certain else None


def _decoded(file: str, data: bytes, encoding: str | None) -> str | Failure:
    if encoding:
        return Failure(file, 1, 1, f"expected UTF-8 text, but the byte order mark is that of {encoding}")
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        message = f"expected UTF-8 text, but byte 0x{data[error.start]:02x} is here"
        return Failure(file, *SourceText(data[: error.start].decode()).failure(error.start, message))
    nul = text.find("\0")
    if nul >= 0:
        return Failure(
            file, *SourceText(text).point(nul), "expected text, but a NUL character is here: the file is binary"
        )
    return text


def reason(error: Exception, kind: str) -> str:
    """Return the message about a file or folder (`kind`) that cannot be used, such as "expected a readable file: …"."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"expected a readable {kind}: {reason[:1].lower() + reason[1:]}"
