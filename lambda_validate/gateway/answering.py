"""Watch or replace the response of an ASGI application, and pass on a request whose body has no rules but its size."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ..http import Answer
from .copying import Copy, Cut, ResponseWatch, Settings
from .reading import Message, Receive

Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

LEFT = {"type": "http.disconnect"}


class SendWatch(ResponseWatch):
    """The `send` that an ASGI application is called with. It validates the response that passes through it.

    In mode `"block"` the response is held until it is validated. Otherwise it is passed on at once, and a copy is
    validated.
    """

    def __init__(self, middleware: Settings, send: Send, operation: str, scope: Scope) -> None:
        super().__init__(middleware, operation)
        self._send, self._scope = send, scope
        self._start: Message = {}
        self._done = self._refused = False

    async def send(self, message: Message) -> None:
        """Receive one ASGI message from the application, and pass it on to the server, hold it or replace it."""
        kind = message["type"]
        if kind == "http.response.start":
            message = self._begun(message)
        elif kind == "http.response.body" and not self._done:
            return await self._take(message)
        if self._refused or (self.holds and not self._done and kind == "http.response.start"):
            return None
        return await self._send(message)

    def _begun(self, message: Message) -> Message:
        headers = self._headers
        if "headers" in message:  # any iterable, which may be read once only, and be added to further out
            headers = [*message["headers"]]
            message = {**message, "headers": [*headers]}
        self._start = message
        self._begin(message.get("status"), headers)
        return message

    async def _take(self, message: Message) -> None:
        self._copy(message.get("body", b""))
        self._done = not message.get("more_body", False) or (self._blocks and self._is_large)
        answer = self._check() if self._done else None
        if not self.holds:
            self._refused = answer is not None and self._blocks
            if self._refused:
                raise Cut("the body of the response is too large, and a part of it was sent")
            await self._send(message)
        elif answer:
            self._refused = True
            await send_answer(self._send, answer, self._scope)
        elif self._done:
            await self._send(self._start)
            await self._send({**message, "body": bytes(self._body)})


class Stream:
    """The `receive` and `send` that an application is called with, if the request's body is only counted.

    Once the body is larger than the limit of `copy`, the application gets no more of it: `receive` returns a
    disconnect. Then the response `refusal` is sent. If the application has begun its own response already, that is cut
    off.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, copy: Copy, refusal: Answer | None) -> None:
        self._scope, self._receive, self._send, self._copy, self._refusal = scope, receive, send, copy, refusal
        self._has_begun = self._is_whole = self._is_refused = False

    async def receive(self) -> Message:
        """Return the next ASGI message of the request to the application; a disconnect once the body is too large."""
        if self._copy.is_large:
            return LEFT
        message = await self._receive()
        if message["type"] == "http.request":
            self._copy.add(message.get("body", b""), last=not message.get("more_body", False))
        if not self._copy.is_large:
            return message
        if self._refusal is not None and not self._has_begun:
            self._is_refused = True
            await send_answer(self._send, self._refusal, self._scope, early=True)
        return LEFT

    async def send(self, message: Message) -> None:
        """Pass an ASGI message of the application on to the server, unless the refusal was sent instead."""
        if self._is_refused:
            return
        self.check()
        self._has_begun = True
        self._is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)

    def check(self) -> None:
        """Raise `Cut` if the request's body is too large and the application's response has begun, but not ended."""
        if self._copy.is_large and not (self._is_refused or self._is_whole):
            raise Cut("the body of the request is too large, and a response to it had begun")


async def send_answer(send: Send, answer: Answer, scope: Scope, early: bool = False) -> None:
    """Send a response made by this middleware.

    If `early`, the request is incomplete: an HTTP/1 connection is closed after the response.
    """
    headers = [(name.encode(), value.encode()) for name, value in answer.headers]
    if early and str(scope.get("http_version", "")).startswith("1"):
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
