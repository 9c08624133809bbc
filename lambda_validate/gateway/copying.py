"""What is copied or counted of a body that streams past: it is not held back."""

from __future__ import annotations

from collections.abc import Callable

Told = Callable[[bytes, bool], None]


class Cut(OSError):
    """What passes was too large, after a part of it had passed: the server is to close the connection."""


class Copy:
    """A body as it goes past. `told` is called once: with all of it, or with what was too large and True.

    No more than `limit` bytes and a piece are kept, and nothing once it was told of. Unless it `holds`, the body is
    only counted: `told` is called with its first byte, which stands for it.
    """

    def __init__(self, limit: int, told: Told, holds: bool = True) -> None:
        self._limit, self._told, self._holds = limit, told, holds
        self._kept = bytearray()
        self.size = 0
        self.has_begun = self.is_large = self._is_done = False

    def add(self, piece: bytes, last: bool) -> None:
        """Take a piece; `last` says that the body ends with it."""
        self.has_begun = True
        if self._is_done:
            return
        self.size += len(piece)
        self._kept += piece if self._holds else piece[: 1 - len(self._kept)]
        self.is_large = self.size > self._limit
        if self.is_large or last:
            self.end()

    def end(self) -> None:
        """Take what came for the whole, unless it was told of."""
        if not self._is_done:
            content = bytes(self._kept)
            self.stop()
            self._told(content, self.is_large)

    def stop(self) -> None:
        """Tell nothing: what comes is not all of it."""
        self.has_begun = self._is_done = True
        self._kept = bytearray()
