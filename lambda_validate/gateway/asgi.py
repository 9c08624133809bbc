"""ASGI middleware, on the protocol itself: `app = Middleware(app)`.

Nothing unchecked reaches the application in mode `"block"`: a request is read whole, within the limits, before the
application sees it. Paths of other operations are refused, or passed on unread with `unknown_route="pass"`. The path
must be the API's own, so a prefix that a router strips belongs outside. Other scopes than `http` pass through.

A request that was judged and passes brings its parameters along, flat and decoded, as `scope["lambda_validate"]`: an
application that goes by them has no reading of its own that might differ from the one that was checked.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import quote

from ..http import Answer, Boundary, Head, RequestCheck, boundary
from ..http.events import Event, Mode, OnCheck, Outcome, announce, mode, outcome
from ..http.plain import Plain, Seen
from ..report import EMPTY
from .reading import Message, Receive, read_body

Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOGGER = logging.getLogger("lambda_validate.gateway")

KEY = "lambda_validate"
"""The key of a scope under which the application finds the parameters of the request."""

UNSEEN = ("http.response.pathsend", "http.response.zerocopysend")
"""Extensions by which a body would leave without passing the middleware."""


class Middleware:
    """Checks what passes between a server and `app`.

    `requests` and `responses` are `"off"`, `"log"` or `"block"`. In mode `"log"` both stream; in mode `"block"` each is
    held until it is whole. `on_check` is called with an `Event` after each check. `read_seconds` bounds the time that a
    request's body may take (asyncio only). Other settings are those of `lambda_validate.http.boundary`.
    """

    def __init__(
        self,
        app: App,
        *,
        requests: Mode = "block",
        responses: Mode = "off",
        on_check: OnCheck | None = None,
        read_seconds: float | None = None,
        **settings: Any,
    ) -> None:
        self.app = app
        self.requests, self.responses = mode("requests", requests), mode("responses", responses)
        self.on_check, self.read_seconds = on_check, read_seconds
        self.boundary: Boundary = boundary(**settings)
        self._plain = Plain(self.boundary) if self.requests != "off" and read_seconds is None else None
        self._is_off, self._passes_answers = self.requests == self.responses == "off", self.responses == "off"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope."""
        if scope["type"] != "http" or self._is_off:
            return await self.app(scope, receive, send)
        plain, path = self._plain, scope.get("raw_path")
        if plain is None or not path:
            return await self._checked(scope, receive, send)
        begun = perf_counter() if self.on_check else 0.0
        headers = [*scope["headers"]]  # a server may append trailers to its own
        seen = plain.head(scope["method"], path, scope.get("query_string", b""), headers)
        if seen is None or seen.path != scope["path"]:
            return await self._checked(scope, receive, send)
        waited = perf_counter() if self.on_check else 0.0
        message = await receive()
        receive = once(message, receive)
        resumed = perf_counter() if self.on_check else 0.0
        body = None if message.get("more_body") else message.get("body")
        parameters = plain.parameters(seen, body) if type(body) is bytes else None
        if parameters is None:
            return await self._checked(scope, receive, send)
        if self.on_check:
            self._tell(seen, waited - begun + perf_counter() - resumed)
        scope = {**scope, "headers": headers, KEY: parameters}
        if self._passes_answers:
            return await self.app(scope, receive, send)
        return await self._watched(scope, receive, send, seen.operation.name)

    def _tell(self, seen: Seen, seconds: float) -> None:
        event = Event("request", seen.operation.name, "passed", EMPTY, seconds)
        announce(event, self.on_check, LOGGER)

    async def _passed(self, scope: Scope, receive: Receive, send: Send, operation: str | None) -> None:
        if self.responses == "off" or operation is None:
            return await self.app(scope, receive, send)
        return await self._watched(scope, receive, send, operation)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        head = self.boundary.open(scope["method"], target(scope), scope["headers"])
        if self.requests != "off" and not (head.check and head.check.operation is None and head.check.report.ok):
            taken = await self._take(head, receive, started)
            if taken.check is None and self.requests == "block":
                return None  # the client left before its request was whole
            if taken.check and taken.check.answer and self.requests == "block":
                return await send_answer(send, taken.check.answer, scope, early=taken.more)
            receive = replay(taken, receive)
            if taken.check and taken.check.answer is None:
                scope = {**scope, KEY: taken.check.parameters}
        return await self._passed(scope, receive, send, head.operation.name if head.operation else None)

    async def _take(self, head: Head, receive: Receive, started: float) -> Taken:
        taken = (
            Taken(head.check, b"", True) if head.check else await self._read(head, receive, perf_counter() - started)
        )
        check = taken.check
        if check:
            event = Event("request", check.operation, self._outcome(check), check.report, taken.seconds)
            announce(event, self.on_check, LOGGER)
        return taken

    def _outcome(self, check: RequestCheck) -> Outcome:
        return outcome(check.report, self.requests == "block")

    async def _read(self, head: Head, receive: Receive, seconds: float) -> Taken:
        body = await read_body(receive, self.boundary.limits.body, self.read_seconds)
        if body.end == "left":
            return Taken(None, body.content, True, body.left)
        if body.end == "slow":
            return Taken(self.boundary.too_slow(head).check, body.content, True)
        if body.end == "large":
            return Taken(self.boundary.too_large(head).check, body.content, body.more)
        begun = perf_counter()
        check = self.boundary.close(head, body.content)
        return Taken(check, body.content, False, None, seconds + perf_counter() - begun)

    async def _watched(self, scope: Scope, receive: Receive, send: Send, operation: str) -> None:
        extensions = {key: value for key, value in (scope.get("extensions") or {}).items() if key not in UNSEEN}
        watch = Watch(self, send, operation, scope)
        await self.app({**scope, "extensions": extensions}, receive, watch.send)


def once(message: Message, receive: Receive) -> Receive:
    """Return a `receive` that first gives a message which was received already."""
    waiting: Message | None = message

    async def again() -> Message:
        nonlocal waiting
        if waiting is None:
            return await receive()
        given, waiting = waiting, None
        return given

    return again


class Taken(NamedTuple):
    """What was read of a request: the verdict, the bytes so far, whether more will come, and the message of leaving."""

    check: RequestCheck | None
    body: bytes
    more: bool
    left: Message | None = None
    seconds: float = 0.0


def replay(taken: Taken, receive: Receive) -> Receive:
    """Return a `receive` that first gives what was read already."""
    waiting: list[Message] = [taken.left] if taken.left else []
    if taken.body or not taken.more:
        waiting.append({"type": "http.request", "body": taken.body, "more_body": taken.more})

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


class Watch:
    """The application's `send`: lets a response pass while it is copied, or holds it until it is judged."""

    def __init__(self, middleware: Middleware, send: Send, operation: str, scope: Scope) -> None:
        self._send, self._operation, self._scope = send, operation, scope
        self._boundary, self._on_check = middleware.boundary, middleware.on_check
        self._blocks = middleware.responses == "block"
        self._start: Message = {}
        self._body = bytearray()
        self._done = self._refused = False

    async def send(self, message: Message) -> None:
        """Take one message of the application."""
        kind = message["type"]
        if kind == "http.response.start":
            if "headers" in message:  # any iterable, which may be read once only
                message = {**message, "headers": [*message["headers"]]}
            self._start = message
        elif kind == "http.response.body" and not self._done:
            return await self._take(message)
        if self._refused or (self._blocks and not self._done and kind == "http.response.start"):
            return None
        return await self._send(message)

    async def _take(self, message: Message) -> None:
        limit = self._boundary.limits.response
        if len(self._body) <= limit:
            self._body += message.get("body", b"")
        more = message.get("more_body", False)
        self._done = not more or (self._blocks and len(self._body) > limit)
        answer = self._judge() if self._done else None
        if not self._blocks:
            await self._send(message)
        elif answer:
            self._refused = True
            await send_answer(self._send, answer, self._scope)
        elif self._done:
            await self._send(self._start)
            await self._send({**message, "body": bytes(self._body)})

    def _judge(self) -> Answer | None:
        started = perf_counter()
        start = self._start
        content = bytes(self._body)
        check = self._boundary.check_response(self._operation, start.get("status"), start.get("headers", ()), content)
        report, seconds = check.report, perf_counter() - started
        event = Event("response", self._operation, outcome(report, self._blocks), report, seconds)
        announce(event, self._on_check, LOGGER)
        return check.answer


async def send_answer(send: Send, answer: Answer, scope: Scope, early: bool = False) -> None:
    """Send an answer of ours; one that comes before the request is whole closes the connection, in HTTP/1."""
    headers = [(name.encode(), value.encode()) for name, value in answer.headers]
    if early and str(scope.get("http_version", "")).startswith("1"):
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def target(scope: Mapping[str, Any]) -> bytes:
    """Return path and query as they were sent; where a server tells only the decoded path, it is encoded again."""
    path = scope.get("raw_path")
    if path is None:
        path = quote(scope["path"], safe="/:@!$&'()*+,;=~").encode()
    query = scope.get("query_string", b"")
    return b"%s?%s" % (path, query) if query else bytes(path)
