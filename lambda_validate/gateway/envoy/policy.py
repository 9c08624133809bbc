"""What is done about each direction of an exchange, how Envoy sends it, and how its filter should be set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from ...http import Answer, Boundary
from ...http.answers import UNFIT, answer
from ...http.events import Direction, Mode
from ...report import EMPTY
from ..copying import LOGGER
from .access import OnAccess

Pairs = Sequence[tuple[bytes, bytes]]
Instruction = Answer | Literal["continue", "skip"]
"""An answer instead, go on, or go on and send no more of this exchange."""

DIRECTIONS: tuple[Direction, Direction] = ("request", "response")

BUFFERED = ("BUFFERED", "BUFFERED_PARTIAL")

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
    """What Envoy sends cannot be judged as its filter is set; the text says how it should be."""


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
