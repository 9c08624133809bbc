"""What is copied or counted of a body that streams past, and the check of a response that is copied or held."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any, Protocol

from ..http import Answer, Boundary
from ..http.boundary import Coming
from ..http.events import Event, Mode, OnCheck, announce

LOGGER = logging.getLogger("lambda_validate.gateway")


class Cut(OSError):
    """What passes was too large, after a part of it had passed: the server is to close the connection."""


class Copy:
    """A body as it goes past. `report` is called once: with all of it, or with what was too large and True.

    No more than `limit` bytes and a piece are held, and nothing once it was reported. Unless it `holds`, the body is
    only counted: `report` is called with its first byte, which stands for it.
    """

    def __init__(self, limit: int, report: Callable[[bytes, bool], None], holds: bool = True) -> None:
        self._limit, self._report, self._holds = limit, report, holds
        self._content, self.size = bytearray(), 0
        self.has_begun = self.is_large = self._is_done = False

    def add(self, piece: bytes, last: bool) -> None:
        """Take a piece; `last` says that the body ends with it."""
        self.has_begun = True
        if self._is_done:
            return
        self.size += len(piece)
        self._content += piece if self._holds else piece[: 1 - len(self._content)]
        self.is_large = self.size > self._limit
        if self.is_large or last:
            self.end()

    def end(self) -> None:
        """Take what came for the whole, unless it was reported."""
        if not self._is_done:
            content = bytes(self._content)
            self.stop()
            self._report(content, self.is_large)

    def stop(self) -> None:
        """Report nothing: what comes is not all of it."""
        self.has_begun = self._is_done = True
        self._content = bytearray()


class Settings(Protocol):
    """The settings of a middleware by which responses are validated."""

    boundary: Boundary
    responses: Mode
    on_check: OnCheck | None


class ResponseWatch:
    """What an application answers: passed on while it is copied, or held until it is validated."""

    def __init__(self, middleware: Settings, operation: str) -> None:
        self._operation, self._boundary, self._on_check = operation, middleware.boundary, middleware.on_check
        self._blocks = middleware.responses == "block"
        self._status: int | None = None
        self._headers: list[Any] = []
        self._body, self._size = bytearray(), 0
        self._coming = Coming(streams=False, limit=self._boundary.limits.response, is_large=False)

    @property
    def holds(self) -> bool:
        """Whether the answer is held until it is validated."""
        return self._blocks and not self._coming.streams

    @property
    def _is_large(self) -> bool:
        return self._coming.is_large or self._size > self._coming.limit

    def _begin(self, status: int | None, headers: list[Any]) -> None:
        self._status, self._headers = status, headers
        self._coming = self._boundary.coming(self._operation, status, headers)

    def _copy(self, data: bytes) -> None:
        self._size += len(data)
        if not (self._coming.streams or self._is_large):
            self._body += data

    def _check(self) -> Answer | None:
        """Validate the response, and return the answer in its place if it has errors."""
        started = perf_counter()
        if self._is_large:
            check = self._boundary.too_large_response(self._operation, self._coming.limit)
        else:  # without a status, a response would be a success
            content = bytes(self._body)
            check = self._boundary.check_response(self._operation, self._status or 0, self._headers, content)
        event = Event.of("response", self._operation, check.report, self._blocks, perf_counter() - started)
        announce(event, self._on_check, LOGGER)
        return check.answer
