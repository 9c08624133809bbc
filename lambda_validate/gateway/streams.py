"""A request in ASGI whose body streams: it is counted, and refused or cut off where it is too large."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..http import Answer
from .copying import Copy, Cut
from .reading import Message, Receive

Send = Callable[[Message], Awaitable[None]]

LEFT = {"type": "http.disconnect"}


class Stream:
    """The `receive` and `send` of a request that streams.

    Where the body is larger than `copy` takes, the application is given no more of it. `answer` then sends
    `refusal`, unless the application's own answer has begun: that is cut off.
    """

    def __init__(
        self,
        receive: Receive,
        send: Send,
        copy: Copy,
        refusal: Answer | None,
        answer: Callable[[Answer], Awaitable[None]],
    ) -> None:
        self._receive, self._send, self._copy = receive, send, copy
        self._refusal, self._answer = refusal, answer
        self._has_begun = self._is_whole = self._is_refused = False

    async def receive(self) -> Message:
        """Give the application the next message."""
        if self._copy.is_large:
            return LEFT
        message = await self._receive()
        if message["type"] == "http.request":
            self._copy.add(message.get("body", b""), last=not message.get("more_body", False))
        if self._copy.is_large:
            await self._refuse()
            return LEFT
        return message

    async def _refuse(self) -> None:
        if self._refusal is not None and not self._has_begun:
            self._is_refused = True
            await self._answer(self._refusal)

    async def send(self, message: Message) -> None:
        """Take a message of the application."""
        if self._is_refused:
            return
        self.check()
        self._has_begun = True
        self._is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)

    def check(self) -> None:
        """Raise `Cut` where an answer has begun that must not end."""
        if self._copy.is_large and not (self._is_refused or self._is_whole):
            raise Cut("the body of the request is too large, and an answer to it had begun")
