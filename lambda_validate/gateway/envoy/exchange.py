"""The logic of Envoy's external processing for one request and its response, called an exchange. No I/O and no gRPC.

Input: the parts of the exchange in the order in which Envoy sends them, which `processor` receives. Output: for each
part an instruction: continue, skip the rest of the exchange, or an answer to send instead.

    request headers → request body → request trailers → response headers → response body → response trailers

Envoy must buffer both bodies (`BUFFERED`, or `BUFFERED_PARTIAL`, in which a cut body is too large). In any other mode
they would pass before they are validated. There is one exception: a body that is bytes of any kind is only counted, so
its route may be `STREAMED` once the head is valid. If such a route responds with an error instead, Envoy is asked to
buffer that.

Envoy sends no body part for a message that has trailers and an empty body. Then the part with the trailers shows that
the message is complete.

Parts that Envoy is not configured to send cannot be validated. If the mode of the direction is `"block"`, the message
is refused; else it passes, and a warning is logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter

from ...http import Answer, Head
from ...http.boundary import Coming
from ...http.events import MODES, Event
from ...report import EMPTY, Direction, Report
from .access import Access, report
from .policy import (
    BODIES,
    BUFFERED,
    DIRECTIONS,
    FLOWING,
    REQUEST_HEADERS,
    REQUEST_TRAILERS,
    RESPONSE_HEADERS,
    UNKNOWN_PART,
    ExchangePolicy,
    Flow,
    Instruction,
    Misconfigured,
    Modes,
    Pairs,
    is_blob,
    is_cut,
    is_own,
    number,
    warn,
)
from .service import request_id

__all__ = [
    "BODIES",
    "BUFFERED",
    "DIRECTIONS",
    "Exchange",
    "ExchangePolicy",
    "Instruction",
    "Misconfigured",
    "Modes",
    "Pairs",
    "warn",
]


class Exchange:
    """The state of one exchange: a request and its response. Call the method of each part that Envoy sends.

    A method raises `Misconfigured` if Envoy does not send a part that is necessary. `_waits` is the direction whose
    body is expected next, None if none is. `_flows` are the bodies that are only counted. `_is_envoys` is True for a
    response that Envoy made itself, which is not validated.
    """

    def __init__(self, policy: ExchangePolicy) -> None:
        self._policy, self._boundary = policy, policy.boundary
        self._head: Head | None = None
        self._modes = Modes()
        self._seconds = 0.0
        self._status: bytes | None = None
        self._headers: Pairs = ()
        self._waits: Direction | None = None  # for the rest of a message
        self._is_envoys = False  # the response
        self._reported: set[Direction] = set()
        self._flows: dict[Direction, Flow] = {}
        self.rebuffers = False  # an error that comes in the mode of the bytes in whose place it stands

    def wanted_modes(self) -> Modes:
        """Return the modes in which Envoy should send the two bodies; `NONE` for a body that is not validated."""
        return Modes(*map(self._wanted, DIRECTIONS, self._modes))

    def _wanted(self, direction: Direction, sent: str | None) -> str:
        if self._policy.mode(direction) == "off":
            return "NONE"
        if direction == "response" and self.rebuffers:
            return "BUFFERED"
        may_flow = direction in self._flows or (direction == "response" and is_blob(self._head))
        unfit = sent is not None and sent not in (FLOWING if may_flow else BUFFERED)
        return "NONE" if unfit else sent or "BUFFERED"

    def request_headers(self, pairs: Pairs, ends: bool, modes: Modes = Modes()) -> Instruction:  # noqa: B008  # immutable
        """Validate the headers of a request; the whole request if it has no body (`ends`)."""
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
            return self._validate_request(b"")
        if modes.request in FLOWING and head.streams and not head.needs_body:
            return self._begin_flow(head)
        if modes.request is not None and modes.request not in BUFFERED:
            self._unchecked("request", BODIES["request"])
            return self._after_request()
        self._waits = "request"
        return "continue"

    def _begin_flow(self, head: Head) -> Instruction:
        if self._policy.requests == "block" and self._boundary.close(head, b"").answer is not None:
            return self._validate_request(b"")
        self._flows["request"] = Flow(self._boundary.body_limit(head), self._flowed)
        return "continue"

    def _flowed(self, content: bytes, is_large: bool, size: int) -> Instruction:
        if is_large and self._head is not None:
            self._head = self._boundary.too_large(self._head)
        return self._validate_request(content, size)

    def _is_lost(self, head: Head) -> bool:
        """Return whether a request is refused with any body: its operation has no body, and its head is invalid."""
        if self._policy.requests != "block" or head.operation is None or head.takes_body:
            return False
        return self._boundary.close(head, b"").answer is not None

    def request_body(self, body: bytes, ends: bool) -> Instruction:
        """Validate a request whose body Envoy has sent. `ends` says that no trailers follow."""
        if self._head is None:
            self._unchecked("request", REQUEST_HEADERS)
        if "request" in self._flows:
            return self._flows["request"].take(body, ends)
        if self._head is None or self._waits != "request":
            return self._after_request()
        self._waits = None
        if len(body) > self._boundary.body_limit(self._head) or is_cut(ends, self._modes.request):
            self._head = self._boundary.too_large(self._head)
        return self._validate_request(body)

    def request_trailers(self) -> Instruction:
        """Handle the trailers of a request: if no body came before them, validate the request without a body."""
        if self._head is None:
            self._unchecked("request", REQUEST_HEADERS)
        if "request" in self._flows:
            return self._flows["request"].take(b"", True)
        if self._waits != "request":
            return self._after_request()
        self._waits = None
        if self._modes.request not in BUFFERED:
            self._unchecked("request", BODIES["request"])
            return self._after_request()
        return self._validate_request(b"")

    def _validate_request(self, body: bytes, size: int | None = None) -> Instruction:
        started = perf_counter()
        head = self._head or Head(None)
        check = self._boundary.close(head, body)
        refused = check.answer if self._policy.requests == "block" else None
        event = self._event("request", check.operation, check.report, self._seconds + perf_counter() - started)
        self._report(event, refused, len(body) if size is None else size)
        return refused or self._after_request()

    def _after_request(self) -> Instruction:
        wanted = self._policy.responses != "off" and self._head is not None and self._head.operation is not None
        return "continue" if wanted else "skip"

    def response_headers(self, pairs: Pairs, ends: bool) -> Instruction:
        """Validate the headers of a response; the whole response if it has no body (`ends`)."""
        named = dict(pairs)
        if self._head is None or self._waits == "request":
            self._early(named)
        elif "request" in self._flows and not self._flows["request"].is_done:
            self._is_envoys = is_own(named)
        if self._is_envoys or self._after_request() == "skip":
            return "skip"
        self._status = named.get(b":status", b"")
        self._headers = [(name, value) for name, value in pairs if not name.startswith(b":")]
        if ends:
            return self._validate_response(b"")
        if self._modes.response in FLOWING and (step := self._begin_response_flow()):
            return step
        self.rebuffers = self._modes.response == "STREAMED" and is_blob(self._head)
        if not self.rebuffers and self._modes.response is not None and self._modes.response not in BUFFERED:
            self._unchecked("response", BODIES["response"])
            return "skip"
        self._waits = "response"
        return "continue"

    def _begin_response_flow(self) -> Instruction | None:
        """Begin to count a response's body that is bytes of any kind. Refuse it if its Content-Length is too large."""
        found = self._coming()
        if found.streams:
            self._flows["response"] = Flow(found.limit, self._validate_flow)
        if found.is_large:
            return self._validate_response(b"", found.limit)
        return "continue" if found.streams else None

    def _validate_flow(self, content: bytes, is_large: bool, size: int) -> Instruction:
        return self._validate_response(content, self._coming().limit if is_large else None, size)

    def _coming(self) -> Coming:
        return self._boundary.coming(self._operation(), number(self._status), self._headers)

    def end(self) -> None:
        """Report the bodies that are only counted and were not complete when Envoy ended the exchange."""
        for flow in self._flows.values():
            flow.end()

    def _early(self, named: Mapping[bytes, bytes]) -> None:
        """Handle a response that comes before the request is complete.

        Either Envoy made it itself, as an error, or Envoy is not configured to send a part of the request.
        """
        bodies_come = self._modes.request in BUFFERED
        if is_own(named) and (self._head is None or bodies_come):
            self._is_envoys = True
        elif self._head is None:
            self._unshown(REQUEST_HEADERS)
        elif bodies_come:  # so it had none
            self._misset("request", REQUEST_TRAILERS)
            self._waits = None
            self._validate_request(b"")
        else:
            self._unchecked("request", BODIES["request"])
            self._waits = None

    def _unshown(self, text: str) -> None:
        """Handle a missing part that both directions need, such as request headers, by the stricter of their modes."""
        self._unchecked(max(DIRECTIONS, key=lambda direction: MODES.index(self._policy.mode(direction))), text)

    def response_body(self, body: bytes, ends: bool) -> Instruction:
        """Validate a response whose body Envoy has sent. `ends` says that no trailers follow."""
        if "response" in self._flows:
            return self._flows["response"].take(body, ends)
        if not self._is_awaited():
            return "skip" if self._is_envoys else self._after_request()
        if self.rebuffers and not ends:
            self._unchecked("response", BODIES["response"])
            return "skip"
        if is_cut(ends, self._modes.response):
            return self._validate_response(body, self._coming().limit)
        return self._validate_response(body)

    def response_trailers(self) -> Instruction:
        """Handle the trailers of a response: if no body came before them, validate the response without a body."""
        if "response" in self._flows:
            return self._flows["response"].take(b"", True)
        if not self._is_awaited():
            return "skip" if self._is_envoys else self._after_request()
        if self._modes.response not in BUFFERED and not self.rebuffers:
            self._unchecked("response", BODIES["response"])
            return "skip"
        return self._validate_response(b"")

    def unknown_part(self) -> Instruction:
        """Handle a message from Envoy that has no part known here, such as one of a newer Envoy."""
        self._unshown(UNKNOWN_PART)
        return "continue"

    def _is_awaited(self) -> bool:
        """Return whether a response is to be validated when its body, or the trailers in place of a body, arrive."""
        if self._is_envoys:
            return False
        if self._head is None:
            self._unshown(REQUEST_HEADERS)
        elif self._waits == "request":
            self._unshown(RESPONSE_HEADERS)
        elif self._status is None and self._after_request() != "skip":
            self._unchecked("response", RESPONSE_HEADERS)
        awaited, self._waits = self._waits == "response", None
        return awaited

    def _operation(self) -> str:
        return self._head.operation.name if self._head and self._head.operation else ""

    def _validate_response(self, body: bytes, limit: int | None = None, size: int | None = None) -> Instruction:
        """Validate a response, and report it. If `limit` is given, refuse it, since its body is larger than that."""
        operation, started = self._operation(), perf_counter()
        if limit is None:
            check = self._boundary.check_response(operation, number(self._status), self._headers, body)
        else:
            check = self._boundary.too_large_response(operation, limit)
        refused = check.answer if self._policy.responses == "block" else None
        event = self._event("response", operation, check.report, perf_counter() - started)
        self._report(event, refused, len(body) if size is None else size)
        return refused or "continue"

    def refuse(self) -> Answer:
        """Return the HTTP answer for a message that cannot be validated, since Envoy does not send all of it."""
        return self._policy.refusal()

    def _misset(self, direction: Direction, text: str) -> None:
        """Handle a wrong setting of Envoy's filter: raise `Misconfigured` in mode `"block"`, warn in mode `"log"`.

        `text` says how to correct the setting.
        """
        mode = self._policy.mode(direction)
        if mode == "block":
            raise Misconfigured(text)
        if mode == "log":
            warn(text)

    def _unchecked(self, direction: Direction, text: str) -> None:
        """Handle a message that cannot be validated: raise in mode `"block"`, else report it once as flagged."""
        self._misset(direction, text)
        if self._policy.mode(direction) == "log" and direction not in self._reported:
            self._reported.add(direction)
            self._report(Event(direction, self._operation() or None, "flagged", EMPTY, 0.0), None, 0)

    def _event(self, direction: Direction, operation: str | None, found: Report, seconds: float) -> Event:
        return Event.of(direction, operation, found, self._policy.mode(direction) == "block", seconds)

    def _report(self, event: Event, refused: Answer | None, size: int) -> None:
        if self._policy.on_access is not None:
            status = refused.status if refused else None
            report(self._policy.on_access, Access("ext_proc", event, status, size, request_id(refused)))
