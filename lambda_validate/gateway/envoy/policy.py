"""The settings of Envoy's external processing, and messages that say how to configure Envoy's filter.

They are the mode of each direction, such as `"block"`, and the modes in which Envoy sends bodies, such as `BUFFERED`.
"""

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
"""An answer to send instead; or continue; or continue and send no more parts of this exchange."""

DIRECTIONS: tuple[Direction, Direction] = ("request", "response")

BUFFERED = ("BUFFERED", "BUFFERED_PARTIAL")

STREAMED = ("STREAMED", "FULL_DUPLEX_STREAMED")
"""Modes in which Envoy passes on each piece of a body separately."""

FLOWING = ("BUFFERED", *STREAMED)
"""Modes in which Envoy sends a body to its end. In others, the parts after the first may be missing."""

CONTINUE: Instruction = "continue"

UPSTREAMS = b"x-envoy-upstream-service-time"
"""A header that Envoy's router adds to responses from upstream. Envoy's own responses do not have it."""

REQUEST_HEADERS = "request_header_mode must be SEND"
UNKNOWN_PART = "each message must contain headers, a body or trailers; a newer Envoy may send others"
RESPONSE_HEADERS = "response_header_mode must be SEND, or allow_mode_override must be true"
REQUEST_TRAILERS = "request_trailer_mode must be SEND, or allow_mode_override must be true"
BODIES: Mapping[Direction, str] = {
    "request": "request_body_mode must be BUFFERED",
    "response": "response_body_mode must be BUFFERED",
}


class Misconfigured(Exception):
    """A message cannot be validated, since Envoy's filter is configured wrongly. The error says how to correct it."""


@cache
def warn(text: str) -> None:
    """Log, once in a process for each `text`, how to correct Envoy's filter, which leaves messages unvalidated."""
    LOGGER.warning("not all messages are validated, since the filter is configured wrongly: %s", text)


class Modes(NamedTuple):
    """The modes in which Envoy announces that it will send the two bodies, such as `"BUFFERED"`.

    None if Envoy does not announce it, as older versions do not.
    """

    request: str | None = None
    response: str | None = None


class ExchangePolicy(NamedTuple):
    """The settings for validating exchanges of Envoy, such as the mode of each direction and the access log."""

    boundary: Boundary
    requests: Mode = "block"
    responses: Mode = "log"
    on_access: OnAccess | None = None

    def mode(self, direction: Direction) -> Mode:
        """Return the mode of requests or of responses: `"off"`, `"log"` or `"block"`."""
        return self.requests if direction == "request" else self.responses

    def refusal(self) -> Answer:
        """Return the HTTP answer for a message that cannot be validated, since Envoy does not send all of it."""
        return answer(UNFIT, EMPTY, self.boundary.rendering)


def is_own(named: Mapping[bytes, bytes]) -> bool:
    """Return whether Envoy made a response itself: an error without the header that Envoy adds to all others."""
    status = named.get(b":status", b"")
    return len(status) == 3 and status.isdigit() and status >= b"400" and UPSTREAMS not in named


def number(status: bytes | None) -> int:
    """Return an HTTP status in bytes, such as b"200", as a number; 0 if it is not one."""
    return int(status) if status and status.isdigit() else 0


class Flow:
    """One body whose bytes are only counted while Envoy passes it on in pieces.

    `check` is called once, when the body ends or is too large. Its arguments are the first byte, whether the body is
    too large, and the number of bytes.
    """

    def __init__(self, limit: int, check: Callable[[bytes, bool, int], Instruction]) -> None:
        self._copy = Copy(limit, self._report, holds=False)
        self._check, self._step = check, CONTINUE
        self.is_done = False

    def take(self, piece: bytes, ends: bool) -> Instruction:
        """Count a piece of the body. Return the instruction for Envoy: to continue, or an answer to send instead."""
        self._step = CONTINUE
        self._copy.add(piece, ends)
        return self._step

    def end(self) -> None:
        """End the body, since Envoy ended the exchange: call `check`, unless it was called already."""
        self._copy.end()

    def _report(self, content: bytes, is_large: bool) -> None:
        self.is_done = True
        self._step = self._check(content, is_large, self._copy.size)


def is_blob(head: Head | None) -> bool:
    """Return whether a successful response to a request has a body that is bytes of any kind."""
    return head is not None and head.operation is not None and head.operation.content_type == "*/*"


def is_cut(ends: bool, mode: str | None) -> bool:
    """Return whether Envoy sent only the first part of a body. In mode `BUFFERED` it never does.

    `ends` says that the message ends with this body. In mode `BUFFERED` it may be False, since trailers may follow.
    """
    return not ends and mode != "BUFFERED"
