"""Read records from files of any size, piece by piece: JSON, JSON Lines, CSV and Parquet, plain or gzipped.

The first bytes of a file show its format. If a file cannot be read further, a `BrokenRecord` with the reason is its
last record.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import chain
from typing import IO, Any

from ..files.regular import opened
from .exports import EXPANDED, RATIO, comma_separated, is_csv, parquet
from .records import BrokenRecord, Read
from .splitting import MAX_HEAD_BYTES, documents, is_lines, lines

PART = 1 << 20
"""Number of bytes that are read at once, and about as many that are decoded at once."""
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
Facts = tuple[int, int]
"""The size of a file in bytes, and the time of its last change in nanoseconds."""


class ChangedError(Exception):
    """Raised if a file changed while it was read."""


class _TornError(Exception):
    """Raised if a gzip stream cannot be read to its end. The message is the reason."""


def records(path: str, facts: Facts | None = None) -> Iterator[list[Read]]:
    """Yield the records of a file, in lists.

    `facts` are the size and the time of change that the file must have. If they differ before or after reading, raise
    `ChangedError`.
    """
    try:
        with _opened(path) as file:
            _unchanged(file, facts)
            yield from _of_file(file)
            _unchanged(file, facts)
    except OSError as error:
        yield [BrokenRecord(f"the file cannot be read: {error.strerror or error}")]


def _opened(path: str) -> AbstractContextManager[IO[bytes]]:
    """Open a file by its path, or by an address such as `s3://bucket/key`."""
    if "://" not in path:
        return opened(path)
    from pyarrow import fs  # type: ignore[import-untyped]  # pyarrow has no types

    system, name = fs.FileSystem.from_uri(path)
    found: AbstractContextManager[IO[bytes]] = system.open_input_file(name)
    return found


def _unchanged(file: IO[bytes], facts: Facts | None) -> None:
    if facts is not None and facts != facts_of(file.fileno()):
        raise ChangedError


def facts_of(file: int | str) -> Facts:
    """Return the size of a file, and the time of its last change in nanoseconds."""
    found = os.stat(file)
    return found.st_size, found.st_mtime_ns


def _of_file(file: IO[bytes]) -> Iterator[list[Read]]:
    head = file.read(PART) or b""
    if head.startswith(PARQUET):
        yield from parquet(file)
        return
    torn: list[BrokenRecord] = []
    parts = _until_torn(_expanded(file, head) if head.startswith(GZIP) else _plain(file, head), torn)
    first = _beginning(parts)
    if not first.strip():
        yield list(torn) or [BrokenRecord("the file is empty")]
        return
    reader = comma_separated if is_csv(first) else lines if is_lines(first) else documents
    for found in reader(first, chain([b""], parts)):
        if torn and found and isinstance(found[-1], BrokenRecord):  # one reason is enough, and this is the first
            found[-1] = torn.pop()
        yield found
    if torn:
        yield list(torn)


def _beginning(parts: Iterator[bytes]) -> bytes:
    """Return the beginning of a file: enough bytes to recognise its format, or the whole file."""
    found = b""
    while len(found) < MAX_HEAD_BYTES and (part := next(parts, b"")):
        found += part
    return found


def _until_torn(parts: Iterator[bytes], torn: list[BrokenRecord]) -> Iterator[bytes]:
    """Yield the pieces of a file until it cannot be read further. Then add the reason to the list `torn`."""
    try:
        yield from parts
    except _TornError as error:
        torn.append(BrokenRecord(str(error)))


def _plain(file: IO[bytes], head: bytes) -> Iterator[bytes]:
    while head:
        yield head
        head = file.read(PART)


def _expanded(file: IO[bytes], head: bytes) -> Iterator[bytes]:
    """Yield the decompressed content of a gzip file, piece by piece. Raise `_TornError` if it is damaged.

    A gzip file may consist of several streams one after the other.
    """
    stream, taken, given, is_begun = zlib.decompressobj(31), 0, 0, False
    while head:
        taken += len(head)
        while head:
            is_begun = True
            part = _inflated(stream, head)
            given += len(part)
            if given > EXPANDED and given > RATIO * taken:
                raise _TornError(f"the gzip stream expands more than {RATIO} times")
            if part:
                yield part
            head = stream.unconsumed_tail
            if stream.eof:
                head = stream.unused_data.lstrip(b"\0")
                if head and not head.startswith(GZIP[: len(head)]):
                    raise _TornError("there is other data after the gzip stream")
                stream, is_begun = zlib.decompressobj(31), False
        head = file.read(PART)
    if is_begun:
        if last := _inflated(stream, b""):
            yield last
        if not stream.eof:
            raise _TornError("the gzip stream ends too early")


def _inflated(stream: Any, data: bytes) -> bytes:
    try:
        return bytes(stream.decompress(data, PART))
    except zlib.error as error:
        raise _TornError(f"the gzip stream is damaged: {error}") from None
