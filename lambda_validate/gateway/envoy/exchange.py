"""One exchange as Envoy's external processing tells it: parts come in, and what becomes of each goes out.

No I/O and no gRPC: `processor` moves the messages. Both bodies must come whole (`BUFFERED`, or `BUFFERED_PARTIAL`,
whose cut bodies are too large); in any other mode they would leave before they are judged. A message that ends with
trailers and has no data has no part for its body: that it is whole, its trailers tell. What Envoy does not show cannot
be judged: it is refused where its direction blocks, else passed and told of.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import cache
from time import perf_counter
from typing import Literal, NamedTuple

from ...http import Answer, Boundary, Head
from ...http.answers import UNFIT, answer
from ...http.events import MODES, Event, Mode, outcome
from ...http.members import wire
from ...report import EMPTY, Report
from .access import Access, OnAccess, tell
from .service import request_id

LOGGER = logging.getLogger("lambda_validate.gateway")

Pairs = Sequence[tuple[bytes, bytes]]
Step = Answer | Literal["continue", "skip"]
"""An answer instead, go on, or go on and send no more of this exchange."""

Direction = Literal["request", "response"]
DIRECTIONS: tuple[Direction, Direction] = ("request", "response")

BUFFERED = ("BUFFERED", "BUFFERED_PARTIAL")

UPSTREAMS = b"x-envoy-upstream-service-time"
"""The header that Envoy's router sets in what comes from upstream, and nothing sets in Envoy's own answers."""

REQUEST_HEADERS = "request_header_mode must be SEND"
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


class Policy(NamedTuple):
    """The settings of a processor."""

    boundary: Boundary
    requests: Mode = "block"
    responses: Mode = "log"
    on_access: OnAccess | None = None

    def mode(self, direction: Direction) -> Mode:
        """Return what is done about one direction."""
        return self.requests if direction == "request" else self.responses


class Exchange:
    """The parts of one exchange in their order. What cannot be judged, and must be, raises `Misconfigured`."""

    def __init__(self, policy: Policy) -> None:
        self._policy, self._boundary = policy, policy.boundary
        self._head: Head | None = None
        self._modes = Modes()
        self._seconds = 0.0
        self._status: bytes | None = None
        self._headers: Pairs = ()
        self._waits: Direction | None = None  # for the rest of a message
        self._is_envoys = False  # the response
        self._told: set[Direction] = set()

    def asked(self) -> Modes:
        """Return how the bodies should be sent: as they are, but not those that nothing can be done with."""
        request, response = (
            "NONE" if self._policy.mode(direction) == "off" or (told and told not in BUFFERED) else told or "BUFFERED"
            for direction, told in zip(DIRECTIONS, self._modes, strict=True)
        )
        return Modes(request, response)

    def request_headers(self, pairs: Pairs, ends: bool, modes: Modes = Modes()) -> Step:  # noqa: B008  # immutable
        """Judge a request's head, and the whole of it where `ends`."""
        started = perf_counter()
        named = dict(pairs)
        fields = [(name, value) for name, value in pairs if not name.startswith(b":")]
        head = self._head = self._boundary.open(named.get(b":method"), named.get(b":path"), fields)
        self._seconds = perf_counter() - started
        self._modes = modes
        if head.check is not None and head.check.answer is None and head.check.report.ok:
            return "skip"  # a route that is none of ours, and may pass
        if self._policy.requests == "off":
            return self._after_request()
        if head.check is not None or ends or self._is_lost(head):
            return self._judge_request(b"")
        if modes.request is not None and modes.request not in BUFFERED:
            self._unjudged("request", BODIES["request"])
            return self._after_request()
        self._waits = "request"
        return "continue"

    def _is_lost(self, head: Head) -> bool:
        """Whether a request is refused whatever comes of it: nothing need be waited for, and nothing can slip past."""
        if self._policy.requests != "block" or head.operation is None or wire(head.operation).body:
            return False
        return self._boundary.close(head, b"").answer is not None

    def request_body(self, body: bytes, ends: bool) -> Step:
        """Judge a request, now that its body is here."""
        if self._head is None:
            self._unjudged("request", REQUEST_HEADERS)
        if self._head is None or self._waits != "request":
            return self._after_request()
        self._waits = None
        if len(body) > self._boundary.limits.body or self._is_cut(ends, self._modes.request):
            self._head = self._boundary.too_large(self._head)
        return self._judge_request(body)

    def request_trailers(self) -> Step:
        """Judge a request that ends here without a body, if it was not judged with one."""
        if self._head is None:
            self._unjudged("request", REQUEST_HEADERS)
        if self._waits != "request":
            return self._after_request()
        self._waits = None
        if self._modes.request not in BUFFERED:
            self._unjudged("request", BODIES["request"])
            return self._after_request()
        return self._judge_request(b"")

    def _is_cut(self, ends: bool, mode: str | None) -> bool:
        """Whether a body is only the first part: one that has trailers does not end the stream, though it is whole."""
        return not ends and mode != "BUFFERED"

    def _judge_request(self, body: bytes) -> Step:
        started = perf_counter()
        head = self._head or Head(None)
        check = self._boundary.close(head, body)
        refused = check.answer if self._policy.requests == "block" else None
        seconds = self._seconds + perf_counter() - started
        self._tell(self._event("request", check.operation, check.report, seconds), refused, len(body))
        return refused or self._after_request()

    def _after_request(self) -> Step:
        wanted = self._policy.responses != "off" and self._head is not None and self._head.operation is not None
        return "continue" if wanted else "skip"

    def response_headers(self, pairs: Pairs, ends: bool) -> Step:
        """Judge a response's head, and the whole of it where `ends`."""
        named = dict(pairs)
        if self._head is None or self._waits == "request":
            self._early(named)
        if self._is_envoys or self._after_request() == "skip":
            return "skip"
        self._status = named.get(b":status", b"")
        self._headers = [(name, value) for name, value in pairs if not name.startswith(b":")]
        if ends:
            return self._judge_response(b"")
        if self._modes.response is not None and self._modes.response not in BUFFERED:
            self._unjudged("response", BODIES["response"])
            return "skip"
        self._waits = "response"
        return "continue"

    def _early(self, named: Mapping[bytes, bytes]) -> None:
        """Take a response to a request that was not shown whole: an error of Envoy's own, or one that slipped past."""
        status, bodies_come = named.get(b":status", b""), self._modes.request in BUFFERED
        is_error = len(status) == 3 and status.isdigit() and status >= b"400"
        if is_error and UPSTREAMS not in named and (self._head is None or bodies_come):
            self._is_envoys = True
        elif self._head is None:
            self._unshown(REQUEST_HEADERS)
        elif bodies_come:  # so it had none
            self._misset("request", REQUEST_TRAILERS)
            self._waits = None
            self._judge_request(b"")
        else:
            self._unjudged("request", BODIES["request"])
            self._waits = None

    def _unshown(self, text: str) -> None:
        """Take a response without what comes before it, by the stricter of the two modes."""
        self._unjudged(max(DIRECTIONS, key=lambda each: MODES.index(self._policy.mode(each))), text)

    def response_body(self, body: bytes, ends: bool) -> Step:
        """Judge a response, now that its body is here."""
        if not self._is_awaited():
            return "skip" if self._is_envoys else self._after_request()
        if self._is_cut(ends, self._modes.response):
            body += b" " * (self._boundary.limits.response + 1 - len(body))  # judged as what it is: too large
        return self._judge_response(body)

    def response_trailers(self) -> Step:
        """Judge a response that ends here without a body, if it was not judged with one."""
        if not self._is_awaited():
            return "skip" if self._is_envoys else self._after_request()
        if self._modes.response not in BUFFERED:
            self._unjudged("response", BODIES["response"])
            return "skip"
        return self._judge_response(b"")

    def _is_awaited(self) -> bool:
        """Whether the rest of a response is to be judged, now that it is here."""
        if self._is_envoys:
            return False
        if self._head is None:
            self._unshown(REQUEST_HEADERS)
        elif self._waits == "request":
            self._unshown(RESPONSE_HEADERS)
        elif self._status is None and self._after_request() != "skip":
            self._unjudged("response", RESPONSE_HEADERS)
        awaited, self._waits = self._waits == "response", None
        return awaited

    def _judge_response(self, body: bytes) -> Step:
        operation = self._head.operation.name if self._head and self._head.operation else ""
        started = perf_counter()
        status = int(self._status) if self._status and self._status.isdigit() else 0
        check = self._boundary.check_response(operation, status, self._headers, body)
        refused = check.answer if self._policy.responses == "block" else None
        self._tell(self._event("response", operation, check.report, perf_counter() - started), refused, len(body))
        return refused or "continue"

    def refuse(self) -> Answer:
        """Return what is answered where nothing can be judged."""
        return answer(UNFIT, Report(), self._boundary.rendering)

    def _misset(self, direction: Direction, text: str) -> None:
        """Raise for a filter that is set wrongly where it matters, and warn where it does not change what passes."""
        mode = self._policy.mode(direction)
        if mode == "block":
            raise Misconfigured(text)
        if mode == "log":
            warn(text)

    def _unjudged(self, direction: Direction, text: str) -> None:
        """Let a message pass that cannot be judged, told of once, where it may; else raise."""
        self._misset(direction, text)
        if self._policy.mode(direction) == "log" and direction not in self._told:
            self._told.add(direction)
            operation = self._head.operation.name if self._head and self._head.operation else None
            self._tell(Event(direction, operation, "flagged", EMPTY, 0.0), None, 0)

    def _event(self, direction: Direction, operation: str | None, report: Report, seconds: float) -> Event:
        found = outcome(report, self._policy.mode(direction) == "block")
        return Event(direction, operation, found, report, seconds)

    def _tell(self, event: Event, refused: Answer | None, size: int) -> None:
        if self._policy.on_access is not None:
            status = refused.status if refused else None
            tell(self._policy.on_access, Access("ext_proc", event, status, size, request_id(refused)))
