"""Read a request's body in WSGI: before the application reads it, or while the application reads it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from .copying import Copy, Cut

Environ = dict[str, Any]


def declared(environ: Environ) -> int | None:
    """Return the declared length of a request's body in bytes; None if only the server knows where it ends.

    Without a length, and if the server does not mark the end, return 0: reading might wait forever. The application
    cannot read such a body either.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    digits = length.lstrip("0") or length[:1]
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        return int(digits)
    return None if environ.get("wsgi.input_terminated") else 0  # with it, reading ends by itself


def may_follow(environ: Environ, takes_body: bool) -> bool:
    """Return whether a request may have a body. In HTTP/1, a length or a transfer encoding says so (RFC 9112, 6.3).

    Later versions need neither of these headers. Without them there may be a body if the operation has one.
    """
    size = declared(environ)
    if size is not None:
        return size > 0
    is_declared = bool(environ.get("HTTP_TRANSFER_ENCODING") or environ.get("CONTENT_LENGTH"))
    return is_declared or (takes_body and not str(environ.get("SERVER_PROTOCOL", "HTTP/1")).startswith("HTTP/1"))


def take_body(environ: Environ, limit: int) -> bytes:
    """Return a request's body, at most one byte more than the limit. The application can read it again."""
    size = declared(environ)
    body = _read(environ["wsgi.input"], limit + 1 if size is None else min(size, limit + 1))
    environ["wsgi.input"] = io.BytesIO(body)
    if size is None:
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def _read(source: Any, size: int) -> bytes:
    """Read up to `size` bytes, or to the end. A server may return fewer bytes in one call than requested."""
    body = bytearray()
    while len(body) < size:
        chunk = source.read(min(size - len(body), 65_536))
        if not chunk:
            break
        body += chunk
    return bytes(body)


class Counted(io.RawIOBase):
    """A `wsgi.input` that counts the bytes while the application reads them.

    `size` is the length of the body, None if unknown. Once there are more than `limit` bytes, reading raises `Cut`, and
    nothing more is read from the server.
    """

    def __init__(self, source: Any, size: int | None, copy: Copy, limit: int) -> None:
        self._source, self._left, self._copy, self._room = source, size, copy, limit + 1

    def readable(self) -> bool:
        """Return True, since the input can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes into a buffer, and return their number; 0 at the end of the body."""
        if self._copy.is_large:
            raise Cut("the body of the request is too large")
        most = min(len(buffer), self._room)
        data = self._source.read(most if self._left is None else min(most, self._left)) if self._left != 0 else b""
        self._room -= len(data)
        if self._left is not None:
            self._left -= len(data)
        self._copy.add(data, last=not data or self._left == 0)
        if self._copy.is_large:
            raise Cut("the body of the request is too large")
        buffer[: len(data)] = data
        return len(data)


def counted(environ: Environ, copy: Copy, limit: int) -> io.BufferedReader:
    """Return a request's body as a file that counts its bytes. Only reading the file reads from the server."""
    return io.BufferedReader(Counted(environ["wsgi.input"], declared(environ), copy, limit))


def begins(source: io.BufferedReader) -> bool:
    """Return whether the body is not empty, without consuming a byte. True also if it is too large."""
    try:
        return bool(source.peek(1))
    except Cut:
        return True


class Overheard:
    """A `wsgi.input` that adds the bytes to `copy` while the application reads them.

    It copies up to `size` bytes or, if `size` is None, to the end.
    """

    def __init__(self, source: Any, size: int | None, copy: Copy) -> None:
        self._source, self._left, self._copy = source, size, copy
        self._lines: Iterator[bytes] | None = None

    def read(self, *size: int | None) -> bytes:
        """Read bytes as the server's input does, and copy them."""
        data: bytes = self._source.read(*size)
        is_all = not size or size[0] is None or size[0] < 0
        return self._heard(data, ends=is_all or (not data and size != (0,)))

    def readlines(self, *hint: int | None) -> list[bytes]:
        """Read lines as the server's input does, and copy them."""
        lines: list[bytes] = self._source.readlines(*hint)
        self._heard(b"".join(lines), ends=not lines or not hint or not hint[0] or hint[0] < 0)
        return lines

    def __iter__(self) -> Iterator[bytes]:
        """Return itself, the iterator over the lines of the body."""
        return self

    def __next__(self) -> bytes:
        """Return the next line of the body, and copy it."""
        if self._lines is None:
            self._lines = iter(self._source)
        line = next(self._lines, b"")
        self._heard(line, ends=not line)
        if not line:
            raise StopIteration
        return line

    def __getattr__(self, name: str) -> Any:
        """Return any other attribute of the server's input, such as `readline`.

        A method that is known to read is wrapped, so that it copies. An unknown attribute may read bytes without being
        noticed, so the copy is dropped.
        """
        part = getattr(self._source, name)
        if name in HARMLESS:
            return part
        if callable(part):
            return partial(OTHERS.get(name, Overheard._unheard), self, part)
        self._copy.stop()
        return part

    def _read_some(self, part: Callable[..., bytes], *size: int) -> bytes:
        data = part(*size)
        return self._heard(data, ends=not data and size != (0,))

    def _readinto(self, part: Callable[..., int], buffer: Any) -> int:
        count = part(buffer)
        self._heard(bytes(memoryview(buffer).cast("B")[:count]), ends=not count and len(buffer) > 0)
        return count

    def _unheard(self, part: Callable[..., Any], *given: Any, **named: Any) -> Any:
        self._copy.stop()
        return part(*given, **named)

    def _heard(self, data: bytes, ends: bool) -> bytes:
        piece = data if self._left is None else data[: self._left]
        if self._left is not None:
            self._left -= len(piece)
        if ends and self._left:
            self._copy.stop()  # the client left
        self._copy.add(piece, last=ends or self._left == 0)
        return data


OTHERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "readline": Overheard._read_some,
        "read1": Overheard._read_some,
        "readinto": Overheard._readinto,
        "readinto1": Overheard._readinto,
    }
)
"""Other methods that read: `readline` of PEP 3333, and those that only some servers have."""

HARMLESS = frozenset({"close", "closed", "fileno", "flush", "isatty", "mode", "name", "readable", "seekable", "tell",
                      "writable"})  # fmt: skip
"""Attributes of a file that do not read."""
