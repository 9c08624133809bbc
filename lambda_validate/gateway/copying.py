"""Copy or count a body while it passes, and validate a response at its end."""

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
    """A body is too large, but a part of it was passed on already. A server that catches this closes the connection."""


class Copy:
    """A copy of a body that is passed on at once, for its validation afterwards.

    When the body is complete or larger than `limit` bytes, `report` is called once: with the body, and whether it is
    too large. At most `limit` bytes and one piece are stored, and nothing after the report. If `holds` is False, the
    bytes are only counted. `report` is then called with the first byte in place of the body.
    """

    def __init__(self, limit: int, report: Callable[[bytes, bool], None], holds: bool = True) -> None:
        self._limit, self._report, self._holds = limit, report, holds
        self._content, self.size = bytearray(), 0
        self.has_begun = self.is_large = self._is_done = False

    def add(self, piece: bytes, last: bool) -> None:
        """Add a piece of the body. `last` says whether it is the last one."""
        self.has_begun = True
        if self._is_done:
            return
        self.size += len(piece)
        self._content += piece if self._holds else piece[: 1 - len(self._content)]
        self.is_large = self.size > self._limit
        if self.is_large or last:
            self.end()

    def end(self) -> None:
        """Report the body as if it consisted of the pieces added until now, unless it was reported already."""
        if not self._is_done:
            content = bytes(self._content)
            self.stop()
            self._report(content, self.is_large)

    def stop(self) -> None:
        """Drop the copy and never report it, since the body will not be complete."""
        self.has_begun = self._is_done = True
        self._content = bytearray()


class Settings(Protocol):
    """The settings of the ASGI or WSGI middleware that are needed to validate responses."""

    boundary: Boundary
    responses: Mode
    on_check: OnCheck | None


class ResponseWatch:
    """The response of an application, which is validated when it is complete.

    In mode `"block"` it is held until then. In mode `"log"`, or if its body has no rules but its size, it passes at
    once.
    """

    def __init__(self, middleware: Settings, operation: str) -> None:
        self._operation, self._boundary, self._on_check = operation, middleware.boundary, middleware.on_check
        self._blocks = middleware.responses == "block"
        self._status: int | None = None
        self._headers: list[Any] = []
        self._body, self._size = bytearray(), 0
        self._coming = Coming(streams=False, limit=self._boundary.limits.response, is_large=False)

    @property
    def holds(self) -> bool:
        """Whether no part of the response is passed on before it is validated."""
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
        """Validate the response, and emit its event. Return the answer to send instead, None if it has no errors."""
        started = perf_counter()
        if self._is_large:
            check = self._boundary.too_large_response(self._operation, self._coming.limit)
        else:  # without a status, a response would be a success
            content = bytes(self._body)
            check = self._boundary.check_response(self._operation, self._status or 0, self._headers, content)
        event = Event.of("response", self._operation, check.report, self._blocks, perf_counter() - started)
        announce(event, self._on_check, LOGGER)
        return check.answer
