"""Bodies that are bytes of any kind, as Envoy shows them: piece by piece, counted, and judged once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from ...http import Head
from ..copying import Copy

STREAMED = ("STREAMED", "FULL_DUPLEX_STREAMED")
"""Modes in which the pieces of a body go on one by one."""

FLOWING = ("BUFFERED", *STREAMED)
"""Modes in which such a body is seen to its end: in another one, what follows the first part may go unseen."""

Instruction = TypeVar("Instruction")


class Flow(Generic[Instruction]):
    """One body that streams. `judge` is called once, with the first byte, whether it is too large, and its size."""

    def __init__(self, limit: int, judge: Callable[[bytes, bool, int], Instruction], go_on: Instruction) -> None:
        self._copy = Copy(limit, self._report, holds=False)
        self._judge, self._go_on, self._step = judge, go_on, go_on
        self.is_done = False

    def take(self, piece: bytes, ends: bool) -> Instruction:
        """Take a piece, and return what becomes of it."""
        self._step = self._go_on
        self._copy.add(piece, ends)
        return self._step

    def end(self) -> None:
        """Judge what came, if it was not judged: there will be no more."""
        self._copy.end()

    def _report(self, content: bytes, is_large: bool) -> None:
        self.is_done = True
        self._step = self._judge(content, is_large, self._copy.size)


def is_blob(head: Head | None) -> bool:
    """Return whether a success of a request's operation has a body that is bytes of any kind."""
    return head is not None and head.operation is not None and head.operation.content_type == "*/*"


def is_cut(ends: bool, mode: str | None) -> bool:
    """Return whether a body is only the first part: one with trailers does not end the stream, though it is whole."""
    return not ends and mode != "BUFFERED"
