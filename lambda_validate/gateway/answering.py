"""What an ASGI application answers, and what we answer in its place."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any

from ..http import Answer
from ..http.events import Event, announce, outcome
from ..http.streams import Coming, coming
from .copying import Cut
from .reading import Message
from .settings import Settings

LOGGER = logging.getLogger("lambda_validate.gateway")

Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


class Watch:
    """The application's `send`: lets a response pass while it is copied, or holds it until it is judged."""

    def __init__(self, middleware: Settings, send: Send, operation: str, scope: Scope) -> None:
        self._send, self._operation, self._scope = send, operation, scope
        self._boundary, self._on_check = middleware.boundary, middleware.on_check
        self._blocks = middleware.responses == "block"
        self._coming = Coming(streams=False, limit=self._boundary.limits.response, is_large=False)
        self._start: Message = {}
        self._headers: list[Any] = []
        self._body, self._size = bytearray(), 0
        self._done = self._refused = False

    async def send(self, message: Message) -> None:
        """Take one message of the application."""
        kind = message["type"]
        if kind == "http.response.start":
            message = self._begin(message)
        elif kind == "http.response.body" and not self._done:
            return await self._take(message)
        if self._refused or (self._holds and not self._done and kind == "http.response.start"):
            return None
        return await self._send(message)

    @property
    def _holds(self) -> bool:
        return self._blocks and not self._coming.streams

    def _begin(self, message: Message) -> Message:
        if "headers" in message:  # any iterable, which may be read once only, and be added to further out
            message = {**message, "headers": [*message["headers"]]}
            self._headers = [*message["headers"]]
        self._start = message
        self._coming = coming(self._boundary, self._operation, message.get("status"), self._headers)
        return message

    async def _take(self, message: Message) -> None:
        piece = message.get("body", b"")
        self._size += len(piece)
        is_large = self._coming.is_large or self._size > self._coming.limit
        if not self._coming.streams and not is_large:
            self._body += piece
        more = message.get("more_body", False)
        self._done = not more or (self._blocks and is_large)
        answer = self._judge(is_large) if self._done else None
        if not self._holds:
            self._refused = answer is not None and self._blocks
            return await self._go_on(message)
        if answer:
            self._refused = True
            await send_answer(self._send, answer, self._scope)
        elif self._done:
            await self._send(self._start)
            await self._send({**message, "body": bytes(self._body)})
        return None

    async def _go_on(self, message: Message) -> None:
        if self._refused:
            raise Cut("the body of the response is too large, and a part of it was sent")
        await self._send(message)

    def _judge(self, is_large: bool) -> Answer | None:
        started = perf_counter()
        if is_large:
            check = self._boundary.too_large_response(self._operation, self._coming.limit)
        else:
            status, content = self._start.get("status") or 0, bytes(self._body)  # None would be a success
            check = self._boundary.check_response(self._operation, status, self._headers, content)
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
