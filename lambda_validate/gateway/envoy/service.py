"""The check service over HTTP: an ASGI application that a gateway calls before it lets a request pass.

    /check…          Envoy's ext_authz, or any gateway that sends the request with `/check` before its path
    /forward-auth    forward authentication: `X-Forwarded-Method` and `X-Forwarded-Uri` describe the request
    /healthz         200 as long as the process runs
    /readyz          200 as long as it accepts requests, 503 while it is shutting down

Status 200 lets the request pass. Any other response is what the gateway should return to the client.

Checked paths are below `/check`, so a path that a client sends can never be `/healthz`. A client that can reach
`/forward-auth` directly chooses the two headers itself. So this path exists only if the headers can be trusted.

A body that is bytes of any kind, such as the payload of Invoke, has no rules but its size. The service sees only the
part that the gateway sends. If Envoy sends only the first part, only the size of that part is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from ...catalog import TODAY, Catalog
from ...http import Answer, Boundary, Head, RequestCheck, boundary
from ...http.events import Event, Mode, mode
from ...http.headers import declared_length, wanted
from ...report import EMPTY
from ..answering import Scope, Send, send_answer
from ..asgi import target
from ..pending import closed
from ..reading import Body, Receive, read_body
from .access import Access, Gateway, OnAccess, report

if TYPE_CHECKING:
    from typing import Unpack

    from ...http.settings import ServiceSettings

CHECK, FORWARD, HEALTH, READY = b"/check", b"/forward-auth", b"/healthz", b"/readyz"

HeaderPairs = Iterable[tuple[bytes, bytes]]

CUT = b"x-envoy-auth-partial-body"
"""Envoy's header that says whether the body is only the first part (`allow_partial_message`)."""


PASS = Answer(200, (("content-length", "0"),), b"")


class ForwardedRequest(NamedTuple):
    """A request to validate, without its body, as a gateway describes it in a request to this service.

    `cut` says that the gateway sends only the first part of the body.
    """

    gateway: Gateway
    method: Any
    target: Any
    headers: HeaderPairs
    cut: bool = False


class Service:
    """The ASGI application that a gateway asks whether a request may pass.

    `requests` is `"block"`, `"log"` (all pass) or `"off"` (all pass without validation). `trust_forwarded` adds the
    path `/forward-auth`. `read_seconds` limits the time to read a body. `on_access` is called for each validated
    request. If `tell_passed` is False, this call may be skipped for requests without a violation.

    Set `ready` to False before the process ends, so that `/readyz` answers 503. `edition` is `"current"` by default; a
    `validator` has its own. `unknown_route` is `"deny"` by default. Other settings are those of
    `lambda_validate.http.boundary`.
    """

    def __init__(
        self,
        *,
        requests: Mode = "block",
        trust_forwarded: bool = False,
        on_access: OnAccess | None = None,
        tell_passed: bool = True,
        read_seconds: float | None = 10.0,
        edition: str | Catalog = TODAY,
        **settings: Unpack[ServiceSettings],
    ) -> None:
        self.requests, self.trust_forwarded = mode("requests", requests), trust_forwarded
        self.on_access, self.read_seconds = on_access, read_seconds
        self.boundary: Boundary = boundary(edition, **settings)
        self._reports_passed = on_access is not None and tell_passed
        self.ready = True

    def warm(self) -> None:
        """Compile the checks of every operation and load all messages, which the first request would wait for."""
        validator = self.boundary.validator
        for name in validator.operations():
            validator.is_valid_request(name, {})
            validator.validate_response(name, {})
            invalid = dict.fromkeys(validator.operation(name).members("request"), "\n")
            assert all(violation.explanation for violation in validator.validate_request(name, invalid).violations)
        self.boundary.check_request("GET", "/", [], b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope: answer an HTTP request of a gateway. Any scope but `http` raises an exception."""
        if scope["type"] != "http":
            raise NotImplementedError(f"scopes of type {scope['type']} are not served")
        whole = target(scope)
        if whole.startswith(CHECK):
            headers = scope["headers"]
            request = ForwardedRequest("ext_authz", scope["method"], whole[len(CHECK) :], headers, is_cut(headers))
            return await self._check(request, scope, receive, send)
        path = whole.partition(b"?")[0]
        if path == FORWARD and self.trust_forwarded:
            return await self._check(forwarded(scope["headers"]), scope, receive, send)
        return await send_answer(send, self._own(path), scope)

    def _own(self, path: bytes) -> Answer:
        if path == HEALTH or (path == READY and self.ready):
            return plain(200, "ok")
        return plain(503, "shutting down") if path == READY else plain(404, "no such path")

    async def _check(self, request: ForwardedRequest, scope: Scope, receive: Receive, send: Send) -> None:
        if self.requests == "off":
            return await send_answer(send, PASS, scope)
        started = perf_counter()
        head = self.boundary.open(request.method, request.target, request.headers)
        if request.cut and not head.streams:
            head = head if head.check else self.boundary.too_large(head)
        waited = perf_counter()
        body = await self._body(head, request.headers, receive)
        resumed = perf_counter()
        if body.end == "left":
            return None
        check = head.check or closed(self.boundary, head, body, warns=self._reports_passed)
        answer = check.answer if self.requests == "block" else None
        seconds = waited - started + perf_counter() - resumed
        self._report(request.gateway, check, answer, body, seconds)
        return await send_answer(send, answer or PASS, scope, early=body.more)

    async def _body(self, head: Head, headers: HeaderPairs, receive: Receive) -> Body:
        """Read the body even if the head is invalid, so that the gateway can use the connection again.

        A body whose Content-Length is too large is not read.
        """
        limit = self.boundary.body_limit(head)
        if head.check is not None:
            known = wanted(headers, self.boundary.limits.headers)
            if not isinstance(known, str) and declared_length(known) > limit:
                return Body(b"", more=True)
        return await read_body(receive, limit, self.read_seconds, holds=not head.streams)

    def _report(self, gateway: Gateway, check: RequestCheck, answer: Answer | None, body: Body, seconds: float) -> None:
        if self.on_access is None or (check.report is EMPTY and not self._reports_passed):
            return
        event = Event.of("request", check.operation, check.report, self.requests == "block", seconds)
        status = answer.status if answer else None
        report(self.on_access, Access(gateway, event, status, body.size, request_id(answer)))


def is_cut(headers: HeaderPairs) -> bool:
    """Return whether Envoy sent only the first part of a body, by its header `x-envoy-auth-partial-body`."""
    return any(name == CUT and value != b"false" for name, value in headers)


def forwarded(headers: HeaderPairs) -> ForwardedRequest:
    """Return the request that `X-Forwarded-Method` and `X-Forwarded-Uri` describe.

    If one of them is missing or occurs twice, the result has no method and no target, and so is invalid.
    """
    headers = list(headers)
    methods = [value for name, value in headers if name == b"x-forwarded-method"]
    targets = [value for name, value in headers if name == b"x-forwarded-uri"]
    if len(methods) != 1 or len(targets) != 1:
        return ForwardedRequest("forward_auth", None, None, headers)  # a method that is no text is refused
    return ForwardedRequest("forward_auth", methods[0], targets[0], headers)


def request_id(answer: Answer | None) -> str | None:
    """Return the value of `x-amzn-requestid` in an answer; None without it."""
    return next((value for name, value in answer.headers if name == "x-amzn-requestid"), None) if answer else None


def plain(status: int, text: str) -> Answer:
    """Return a plain answer about the service itself, such as "ok" or "shutting down"."""
    content = f"{text}\n".encode()
    return Answer(status, (("content-type", "text/plain"), ("content-length", str(len(content)))), content)
