"""One exchange as Envoy's external processing tells it: parts come in, and what becomes of each goes out.

No I/O and no gRPC: `processor` moves the messages. Both bodies must come whole (`BUFFERED`, or `BUFFERED_PARTIAL`,
whose cut bodies are too large); in any other mode they would leave before they are judged, so all is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Literal, NamedTuple

from ...http import Answer, Boundary, Head
from ...http.answers import UNFIT, answer
from ...http.events import Event, Mode, outcome
from ...report import Report
from .access import Access, OnAccess, tell
from .service import request_id

Pairs = Sequence[tuple[bytes, bytes]]
Step = Answer | Literal["continue", "skip"] | None
"""An answer instead, go on, or go on and send no more of this exchange."""

BUFFERED = ("BUFFERED", "BUFFERED_PARTIAL")


class Misconfigured(Exception):
    """What Envoy sends cannot be judged as its filter is set; the text says how it should be."""


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


class Exchange:
    """The parts of one exchange in their order. What comes out of order, or unasked, raises `Misconfigured`."""

    def __init__(self, policy: Policy) -> None:
        self._policy, self._boundary = policy, policy.boundary
        self._head: Head | None = None
        self._waiting = self._is_envoys = False
        self._modes = Modes()
        self._seconds = 0.0
        self._status: bytes | None = None
        self._headers: Pairs = ()

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
        if head.check is not None or ends:
            return self._judge_request(b"")
        if modes.request is not None and modes.request not in BUFFERED:
            raise Misconfigured("request_body_mode must be BUFFERED")
        self._waiting = True
        return "continue"

    def request_body(self, body: bytes, ends: bool) -> Step:
        """Judge a request, now that its body is here."""
        if self._head is None:
            raise Misconfigured("request_header_mode must be SEND")
        if not self._waiting:
            return self._after_request()
        self._waiting = False
        if len(body) > self._boundary.limits.body or self._is_cut(ends, self._modes.request):
            self._head = self._boundary.too_large(self._head)
        return self._judge_request(body)

    def _is_cut(self, ends: bool, mode: str | None) -> bool:
        """Whether a body is only the first part: one that has trailers does not end the stream, though it is whole."""
        return not ends and mode != "BUFFERED"

    def _judge_request(self, body: bytes) -> Step:
        started = perf_counter()
        head = self._head or Head(None)
        check = self._boundary.close(head, body)
        refused = check.answer if self._policy.requests == "block" else None
        seconds = self._seconds + perf_counter() - started
        self._tell("request", check.operation, check.report, refused, len(body), seconds)
        return refused or self._after_request()

    def _after_request(self) -> Step:
        wanted = self._policy.responses != "off" and self._head is not None and self._head.operation is not None
        return "continue" if wanted else "skip"

    def _is_unjudged(self) -> bool:
        """Whether a response passes; so does Envoy's own, which comes before the request's body was whole."""
        return self._waiting or self._after_request() == "skip"

    def _unasked(self, status: bytes) -> Step:
        """Judge a response to a request that was not shown: it may be a refusal of Envoy's own, but no success."""
        if not (len(status) == 3 and status.isdigit() and status >= b"400"):
            raise Misconfigured("request_header_mode must be SEND")
        self._is_envoys = True
        return "skip"

    def response_headers(self, pairs: Pairs, ends: bool) -> Step:
        """Judge a response's head, and the whole of it where `ends`."""
        if self._head is None:
            return self._unasked(dict(pairs).get(b":status", b""))
        if self._waiting and self._modes.request not in BUFFERED:
            raise Misconfigured("request_body_mode must be BUFFERED")
        if self._is_unjudged():
            return "skip"
        self._status = dict(pairs).get(b":status")
        self._headers = [(name, value) for name, value in pairs if not name.startswith(b":")]
        if ends:
            return self._judge_response(b"")
        if self._modes.response is not None and self._modes.response not in BUFFERED:
            raise Misconfigured("response_body_mode must be BUFFERED")
        return "continue"

    def response_body(self, body: bytes, ends: bool) -> Step:
        """Judge a response, now that its body is here."""
        if self._head is None and not self._is_envoys:
            raise Misconfigured("request_header_mode must be SEND")
        if self._is_unjudged():
            return "skip"
        if self._status is None:
            raise Misconfigured("response_header_mode must be SEND")
        if self._is_cut(ends, self._modes.response):
            body += b" " * (self._boundary.limits.response + 1 - len(body))  # judged as what it is: too large
        return self._judge_response(body)

    def _judge_response(self, body: bytes) -> Step:
        operation = self._head.operation.name if self._head and self._head.operation else ""
        started = perf_counter()
        status = int(self._status) if self._status and self._status.isdigit() else 0
        check = self._boundary.check_response(operation, status, self._headers, body)
        refused = check.answer if self._policy.responses == "block" else None
        self._tell("response", operation, check.report, refused, len(body), perf_counter() - started)
        return refused or "continue"

    def refuse(self) -> Answer:
        """Return what is answered where nothing can be judged."""
        return answer(UNFIT, Report(), self._boundary.rendering)

    def _tell(
        self, direction: Literal["request", "response"], operation: str | None, report: Report,
        refused: Answer | None, size: int, seconds: float,
    ) -> None:  # fmt: skip
        policy = self._policy
        if policy.on_access is not None:
            blocks = (policy.requests if direction == "request" else policy.responses) == "block"
            event = Event(direction, operation, outcome(report, blocks), report, seconds)
            status = refused.status if refused else None
            tell(policy.on_access, Access("ext_proc", event, status, size, request_id(refused)))
