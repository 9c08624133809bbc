"""What is done about each direction of an exchange, how Envoy sends it, and how its filter should be set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from ...http import Answer, Boundary, Head
from ...http.answers import UNFIT, answer
from ...http.events import Mode
from ...report import EMPTY, Direction
from ..copying import LOGGER, Copy
from .access import OnAccess

Pairs = Sequence[tuple[bytes, bytes]]
Instruction = Answer | Literal["continue", "skip"]
"""An answer instead, go on, or go on and send no more of this exchange."""

DIRECTIONS: tuple[Direction, Direction] = ("request", "response")

BUFFERED = ("BUFFERED", "BUFFERED_PARTIAL")

STREAMED = ("STREAMED", "FULL_DUPLEX_STREAMED")
"""Modes in which the pieces of a body go on one by one."""

FLOWING = ("BUFFERED", *STREAMED)
"""Modes in which such a body is seen to its end: in another one, what follows the first part may go unseen."""

CONTINUE: Instruction = "continue"

UPSTREAMS = b"x-envoy-upstream-service-time"
"""The header that Envoy's router sets in what comes from upstream, and nothing sets in Envoy's own answers."""

REQUEST_HEADERS = "request_header_mode must be SEND"
UNKNOWN_PART = "each message must hold a part of an exchange that this version knows"
RESPONSE_HEADERS = "response_header_mode must be SEND, or allow_mode_override true"
REQUEST_TRAILERS = "request_trailer_mode must be SEND, or allow_mode_override true"
BODIES: Mapping[Direction, str] = {
    "request": "request_body_mode must be BUFFERED",
    "response": "response_body_mode must be BUFFERED",
}


class Misconfigured(Exception):
    """What Envoy sends cannot be validated as its filter is set; the text says how it should be."""


@cache
def warn(text: str) -> None:
    """Log, once in a process, how a filter should be set that passes messages unjudged."""
    LOGGER.warning("not all is judged, since the filter is set wrongly: %s", text)


class Modes(NamedTuple):
    """How Envoy says that it will send the two bodies; None where it is too old to say."""

    request: str | None = None
    response: str | None = None


class ExchangePolicy(NamedTuple):
    """The settings of a processor."""

    boundary: Boundary
    requests: Mode = "block"
    responses: Mode = "log"
    on_access: OnAccess | None = None

    def mode(self, direction: Direction) -> Mode:
        """Return what is done about one direction."""
        return self.requests if direction == "request" else self.responses

    def refusal(self) -> Answer:
        """Return the answer to an exchange that cannot be validated."""
        return answer(UNFIT, EMPTY, self.boundary.rendering)


def is_own(named: Mapping[bytes, bytes]) -> bool:
    """Return whether an answer, by its headers, is an error of Envoy's own."""
    status = named.get(b":status", b"")
    return len(status) == 3 and status.isdigit() and status >= b"400" and UPSTREAMS not in named


def number(status: bytes | None) -> int:
    """Return a status as a number, 0 for what is none."""
    return int(status) if status and status.isdigit() else 0


class Flow:
    """One body that streams. `check` is called once, with the first byte, whether it is too large, and its size."""

    def __init__(self, limit: int, check: Callable[[bytes, bool, int], Instruction]) -> None:
        self._copy = Copy(limit, self._report, holds=False)
        self._check, self._step = check, CONTINUE
        self.is_done = False

    def take(self, piece: bytes, ends: bool) -> Instruction:
        """Take a piece, and return what becomes of it."""
        self._step = CONTINUE
        self._copy.add(piece, ends)
        return self._step

    def end(self) -> None:
        """Validate what came, if it was not validated: there will be no more."""
        self._copy.end()

    def _report(self, content: bytes, is_large: bool) -> None:
        self.is_done = True
        self._step = self._check(content, is_large, self._copy.size)


def is_blob(head: Head | None) -> bool:
    """Return whether a success of a request's operation has a body that is bytes of any kind."""
    return head is not None and head.operation is not None and head.operation.content_type == "*/*"


def is_cut(ends: bool, mode: str | None) -> bool:
    """Return whether a body is only the first part: one with trailers does not end the stream, though it is whole."""
    return not ends and mode != "BUFFERED"
