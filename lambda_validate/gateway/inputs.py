"""A request's body in WSGI: read before the application, which reads it again, or overheard while that reads."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from .copying import Copy, Cut

Environ = dict[str, Any]


def declared(environ: Environ) -> int | None:
    """Return how long a body is, None where only its end tells.

    Where neither does, it is none: reading might wait for ever, and the application cannot read it either.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    digits = length.lstrip("0") or length[:1]
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        return int(digits)
    return None if environ.get("wsgi.input_terminated") else 0  # with it, reading ends by itself


def may_follow(environ: Environ, takes_body: bool) -> bool:
    """Return whether there may be a body to read. In HTTP/1 the head tells (RFC 9112, 6.3).

    In other versions only the end does: then there may be one where the operation takes one.
    """
    size = declared(environ)
    if size is not None:
        return size > 0
    is_told = bool(environ.get("HTTP_TRANSFER_ENCODING") or environ.get("CONTENT_LENGTH"))
    return is_told or (takes_body and not str(environ.get("SERVER_PROTOCOL", "HTTP/1")).startswith("HTTP/1"))


def take_body(environ: Environ, limit: int) -> bytes:
    """Return a request's body, one byte more than the limit at most, and let the application read it again."""
    size = declared(environ)
    body = _read(environ["wsgi.input"], limit + 1 if size is None else min(size, limit + 1))
    environ["wsgi.input"] = io.BytesIO(body)
    if size is None:
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def _read(source: Any, size: int) -> bytes:
    """Read until so many bytes or the end; a server may return fewer than it was asked for."""
    body = bytearray()
    while len(body) < size:
        chunk = source.read(min(size - len(body), 65_536))
        if not chunk:
            break
        body += chunk
    return bytes(body)


class Counted(io.RawIOBase):
    """An input of which `size` bytes, or None, all until its end, are given to `copy` as they are read.

    Where that finds them too large, reading raises `Cut`, and nothing more is read.
    """

    def __init__(self, source: Any, size: int | None, copy: Copy, limit: int) -> None:
        self._source, self._left, self._copy, self._room = source, size, copy, limit + 1

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes, none at the end."""
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
    """Return a request's body as a file, which is read from the server only when it is read."""
    return io.BufferedReader(Counted(environ["wsgi.input"], declared(environ), copy, limit))


def begins(source: io.BufferedReader) -> bool:
    """Return whether there is any body; what is read for that is read again."""
    try:
        return bool(source.peek(1))
    except Cut:
        return True


class Overheard:
    """An input as the application reads it: what it is given is copied until `size` bytes, or None, until its end."""

    def __init__(self, source: Any, size: int | None, copy: Copy) -> None:
        self._source, self._left, self._copy = source, size, copy
        self._lines: Iterator[bytes] | None = None

    def read(self, *size: int | None) -> bytes:
        """Read as the source does."""
        data: bytes = self._source.read(*size)
        is_all = not size or size[0] is None or size[0] < 0
        return self._heard(data, ends=is_all or (not data and size != (0,)))

    def readlines(self, *hint: int | None) -> list[bytes]:
        """Read as the source does."""
        lines: list[bytes] = self._source.readlines(*hint)
        self._heard(b"".join(lines), ends=not lines or not hint or not hint[0] or hint[0] < 0)
        return lines

    def __iter__(self) -> Iterator[bytes]:
        """Iterate over the lines."""
        return self

    def __next__(self) -> bytes:
        """Return the next line of the source's iterator."""
        if self._lines is None:
            self._lines = iter(self._source)
        line = next(self._lines, b"")
        self._heard(line, ends=not line)
        if not line:
            raise StopIteration
        return line

    def __getattr__(self, name: str) -> Any:
        """Return any other part of the source. Who uses one that is not known here is overheard no more."""
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
"""What reads by parts: the lines of PEP 3333, and what only some servers' inputs have."""

HARMLESS = frozenset({"close", "closed", "fileno", "flush", "isatty", "mode", "name", "readable", "seekable", "tell",
                      "writable"})  # fmt: skip
"""Parts of a file that read nothing."""
