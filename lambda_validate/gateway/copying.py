"""What is copied of a body that streams past, in mode log: nobody waits for it, and nobody reads it but its reader."""

from __future__ import annotations

from collections.abc import Callable

Told = Callable[[bytes, bool], None]


class Copy:
    """A body as it goes past. `told` is called once: with all of it, or with what was too large and True.

    No more than `limit` bytes and a piece are kept, and nothing once it was told of.
    """

    def __init__(self, limit: int, told: Told) -> None:
        self._limit, self._told = limit, told
        self._kept = bytearray()
        self.has_begun = self._is_done = False

    def add(self, piece: bytes, last: bool) -> None:
        """Take a piece; `last` says that the body ends with it."""
        self.has_begun = True
        if self._is_done:
            return
        self._kept += piece
        is_large = len(self._kept) > self._limit
        if is_large or last:
            content = bytes(self._kept)
            self.stop()
            self._told(content, is_large)

    def stop(self) -> None:
        """Tell nothing: what comes is not all of it."""
        self.has_begun = self._is_done = True
        self._kept = bytearray()
