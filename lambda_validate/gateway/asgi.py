"""ASGI middleware: `app = Middleware(app)`.

In mode `"block"`, only valid requests reach the application. A request is read completely, within the limits, before
the application is called. The exception is a body that is bytes of any kind, such as the payload of Invoke. It has no
rules but its size, so it streams once the head is valid. If it becomes too large, the response is 413. If the
application has begun its own response already, the connection is closed. Scopes other than `http` pass through.

The path that is validated is the one that the application uses: `scope["path"]`, without `root_path` if it begins with
that. Its encoded form is read from `raw_path`, if that decodes to the same path. A path that no operation has is
refused. With `unknown_route="pass"` the request passes without validation, unless an operation has the path together
with its prefix. So a router that strips a prefix, and sets `root_path`, belongs outside of this middleware. The
middleware cannot know about a router inside the application.

The headers that are validated are those present when validation begins. Headers that a server adds later do not reach
the application. Some servers add trailers to the headers (uvicorn with httptools, if all came in one packet). These
cannot be distinguished, so they are validated as headers.

A valid request has its decoded parameters in `scope["lambda_validate"]`, a read-only mapping (use `dict(…)` to
serialise it). An application that uses them cannot read the request differently from the check. A body that streams is
not among the parameters. In mode `"log"`, only a request without a body is validated before the application runs, so
only such a request has them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ..catalog import TODAY, Catalog, Operation
from ..http import Boundary, RequestCheck, boundary
from ..http.events import Event, Mode, OnCheck, announce, mode, reports_warnings
from ..http.fast_path import FastHead, FastPath
from ..http.settings import UnknownRoute
from ..report import EMPTY
from .answering import Scope, Send, SendWatch, Stream, send_answer
from .copying import LOGGER, Copy
from .paths import quoted, sent
from .pending import PendingRequest
from .reading import Body, Message, Receive, read_body

if TYPE_CHECKING:
    from typing import Unpack

    from ..http.settings import BoundarySettings

App = Callable[[Scope, Receive, Send], Awaitable[None]]

KEY = "lambda_validate"
"""The key of the scope that holds the parameters of the request, for the application."""

NOT_READ = Body(b"", more=True)

UNSEEN = ("http.response.pathsend", "http.response.zerocopysend")
"""Extensions of ASGI that send a body without passing it through the middleware."""


class Middleware:
    """Validates the requests and responses between a server and `app`.

    `requests` and `responses` are `"off"`, `"log"` or `"block"`. In mode `"block"`, a message is not passed on until it
    is complete and valid. The exception is a body that is bytes of any kind, which streams. A response with such a body
    is cut off if it is too large.

    In mode `"log"`, messages are passed on at once, and a copy is validated. A request is validated once the
    application has received all of it. If the application responds without reading the body, nothing is reported,
    unless the head is invalid.

    `on_check` is called with an `Event` after each check. In mode `"block"`, `read_seconds` limits the time to read a
    request's body (asyncio only). `edition` is `"current"` by default; a `validator` has its own. `unknown_route` is
    `"pass"` by default, since an application has routes of its own. Other settings are those of
    `lambda_validate.http.boundary`.
    """

    def __init__(
        self,
        app: App,
        *,
        requests: Mode = "block",
        responses: Mode = "off",
        on_check: OnCheck | None = None,
        read_seconds: float | None = None,
        edition: str | Catalog = TODAY,
        unknown_route: UnknownRoute = "pass",
        **settings: Unpack[BoundarySettings],
    ) -> None:
        self.app = app
        self.requests, self.responses = mode("requests", requests), mode("responses", responses)
        self.on_check, self.read_seconds = on_check, read_seconds
        self.boundary: Boundary = boundary(edition, unknown_route=unknown_route, **settings)
        at_once = self.requests == "block" and read_seconds is None
        self._fast_path = FastPath(self.boundary) if at_once else None
        self._is_off, self._passes_answers = self.requests == self.responses == "off", self.responses == "off"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope: validate it if it is of type `http`, and pass any other to the application."""
        if self._fast_path is None or scope["type"] != "http":
            return await self._checked(scope, receive, send)
        begun = perf_counter()
        headers = [*scope["headers"]]  # to its own a server may append trailers
        seen = self._seen(self._fast_path, scope, headers)
        if seen is None:
            return await self._checked(scope, receive, send)
        waited = perf_counter()
        message = await receive()
        receive, resumed = once(message, receive), perf_counter()
        body = None if message.get("more_body") else message.get("body")
        warns = reports_warnings(self.on_check, LOGGER)
        parameters = self._fast_path.parameters(seen, body, warns=warns) if type(body) is bytes else None
        if parameters is None:
            return await self._checked(scope, receive, send)
        if self.on_check:
            seconds = waited - begun + perf_counter() - resumed
            announce(Event("request", seen.operation.name, "passed", EMPTY, seconds), self.on_check, LOGGER)
        return await self._passed({**scope, "headers": headers, KEY: parameters}, receive, send, seen.operation)

    def _seen(self, fast_path: FastPath, scope: Scope, headers: list[Any]) -> FastHead | None:
        """Return the head of a well-formed request; None for any other, or if the application may use another path.

        The application uses another path if a server or router changed it, or set a `root_path`.
        """
        raw = scope.get("raw_path")
        if not raw or scope.get("root_path") or sent(raw, scope["path"]) is not raw:
            return None
        return fast_path.head(scope["method"], raw, scope.get("query_string", b""), headers)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_off:
            return await self.app(scope, receive, send)
        pending = PendingRequest(self.boundary, scope, warns=reports_warnings(self.on_check, LOGGER))
        scope = {**scope, "headers": [*pending.headers]}
        if self.requests == "off" or pending.head.is_other:
            return await self._passed(scope, receive, send, pending.head.operation)
        go_on = self._held if self.requests == "block" else self._overheard
        return await go_on(pending, scope, receive, send)

    async def _held(self, pending: PendingRequest, scope: Scope, receive: Receive, send: Send) -> None:
        check, body = pending.head.check, NOT_READ
        if check is None and pending.head.streams:
            return await self._streamed(pending, scope, receive, send)
        if check is None:
            body = await read_body(receive, self.boundary.body_limit(pending.head), self.read_seconds)
            if body.end == "left":
                return None  # nothing unchecked goes on
            check = pending.close(body)
        self._report(pending, check)
        if check.answer:
            return await send_answer(send, check.answer, scope, early=body.more)
        scope[KEY] = check.parameters
        return await self._passed(scope, read_again(body, receive), send, pending.head.operation)

    async def _streamed(self, pending: PendingRequest, scope: Scope, receive: Receive, send: Send) -> None:
        body = NOT_READ
        if pending.head.needs_body:
            body = await read_body(receive, 0, self.read_seconds)  # no more than says whether there is any
            if body.end == "left":
                return None
            receive = read_again(body, receive)
        check = pending.admit(body)
        if check.answer:
            self._report(pending, check)
            return await send_answer(send, check.answer, scope, early=body.more)
        scope[KEY] = check.parameters
        large = pending.close(Body(b"", "large"))

        def report(_: bytes, is_large: bool) -> None:
            self._report(pending, large if is_large else check)

        copy = Copy(self.boundary.body_limit(pending.head), report, holds=False)
        stream = Stream(scope, receive, send, copy, large.answer)
        try:
            await self._passed(scope, stream.receive, stream.send, pending.head.operation)
        finally:
            copy.end()
        return stream.check()

    async def _overheard(self, pending: PendingRequest, scope: Scope, receive: Receive, send: Send) -> None:
        check, has_body = pending.head.check, pending.has_body
        if check is None and has_body is False:
            check = pending.close(Body(b""))
            if check.answer is None:
                scope[KEY] = check.parameters
        if check:
            self._report(pending, check)
            return await self._passed(scope, receive, send, pending.head.operation)

        def report(content: bytes, is_large: bool) -> None:
            self._report(pending, pending.close(Body(content, "large" if is_large else "whole")))

        copy = Copy(self.boundary.body_limit(pending.head), report, holds=not pending.head.streams)
        try:
            await self._passed(scope, heard(copy, receive), send, pending.head.operation)
        finally:
            if has_body is None and not copy.has_begun and not pending.head.takes_body:
                copy.add(b"", last=True)

    def _report(self, pending: PendingRequest, check: RequestCheck) -> None:
        if check.report is EMPTY and self.on_check is None:
            return  # no one would hear of it
        event = Event.of("request", check.operation, check.report, self.requests == "block", pending.seconds)
        announce(event, self.on_check, LOGGER)

    async def _passed(self, scope: Scope, receive: Receive, send: Send, operation: Operation | None) -> None:
        if self._passes_answers or operation is None:
            return await self.app(scope, receive, send)
        return await self._watched(scope, receive, send, operation.name)

    async def _watched(self, scope: Scope, receive: Receive, send: Send, operation: str) -> None:
        extensions = {key: value for key, value in (scope.get("extensions") or {}).items() if key not in UNSEEN}
        watch = SendWatch(self, send, operation, scope)
        await self.app({**scope, "extensions": extensions}, receive, watch.send)


def once(message: Message, receive: Receive) -> Receive:
    """Return a `receive` that first returns `message`, which was received already, and then what the server sends."""
    waiting: Message | None = message

    async def again() -> Message:
        nonlocal waiting
        if waiting is None:
            return await receive()
        given, waiting = waiting, None
        return given

    return again


def read_again(body: Body, receive: Receive) -> Receive:
    """Return a `receive` that first returns the part of the body that was read already, then what the server sends."""
    return once({"type": "http.request", "body": body.content, "more_body": body.more}, receive)


def heard(copy: Copy, receive: Receive) -> Receive:
    """Return a `receive` that adds each piece of the body to `copy` while the application reads it."""

    async def copied() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            copy.add(message.get("body", b""), last=not message.get("more_body", False))
        else:
            copy.stop()
        return message

    return copied


def target(scope: Mapping[str, Any]) -> bytes:
    """Return path and query as the client sent them. If the server has only the decoded path, it is encoded again."""
    path = scope.get("raw_path")
    if path is None:
        path = quoted(scope["path"].encode("utf-8", "surrogatepass"))
    query = scope.get("query_string", b"")
    return b"%s?%s" % (path, query) if query else bytes(path)
