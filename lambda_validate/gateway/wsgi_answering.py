"""What a WSGI application answers, and what we answer in its place."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from http import HTTPStatus
from time import perf_counter
from typing import Any

from ..catalog import Operation
from ..http import Answer
from ..http.events import Event, announce, outcome
from ..http.streams import Coming, coming
from .copying import Copy, Cut
from .settings import Settings

LOGGER = logging.getLogger("lambda_validate.gateway")

StartResponse = Callable[..., Callable[[bytes], object]]


class Watch:
    """What an application answers: passed on while it is copied, or held until it is judged."""

    def __init__(self, middleware: Settings, start_response: StartResponse, operation: Operation) -> None:
        self._start_response, self._operation = start_response, operation.name
        self.may_stream = operation.content_type == "*/*"
        self._boundary, self._on_check = middleware.boundary, middleware.on_check
        self._blocks = middleware.responses == "block"
        self._begun: tuple[Any, ...] = ("", [])
        self._body, self._size = bytearray(), 0
        self._coming = Coming(streams=False, limit=self._boundary.limits.response, is_large=False)

    @property
    def holds(self) -> bool:
        """Whether the answer is held until it is judged."""
        return self._blocks and not self._coming.streams

    @property
    def _is_large(self) -> bool:
        return self._coming.is_large or self._size > self._coming.limit

    def start(self, status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
        """Stand in for `start_response`."""
        self._begun = (status, headers, *error)
        self._coming = coming(self._boundary, self._operation, self._status(), headers)
        if self.holds:
            return self._copy
        write = self._start_response(*self._begun)

        def copy_and_write(data: bytes) -> None:
            self._copy(data)
            if not (self._blocks and self._is_large):
                write(data)

        return copy_and_write

    def run(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what the server is to send."""
        for chunk in chunks:
            self._copy(chunk)
            if self._blocks and self._is_large:
                break
            if not self.holds:
                yield chunk
        answer = self._judge()
        if self.holds:
            yield self._released(answer)
        elif self._blocks and answer:
            raise Cut("the body of the response is too large, and a part of it was sent")

    def _copy(self, data: bytes) -> None:
        self._size += len(data)
        if not (self._coming.streams or self._is_large):
            self._body += data

    def _released(self, answer: Answer | None) -> bytes:
        if answer is None:
            self._start_response(*self._begun)
            return bytes(self._body)
        self._start_response(status_line(answer.status), [*answer.headers], *self._begun[2:])
        return answer.body

    def _status(self) -> int:
        """Return the status, 0 for what is none: without a status, a response is taken for a success."""
        code = self._begun[0][:3]
        return int(code) if code.isascii() and code.isdigit() else 0

    def _judge(self) -> Answer | None:
        started = perf_counter()
        if self._is_large:
            check = self._boundary.too_large_response(self._operation, self._coming.limit)
        else:
            content = bytes(self._body)
            check = self._boundary.check_response(self._operation, self._status(), self._begun[1], content)
        report, seconds = check.report, perf_counter() - started
        event = Event("response", self._operation, outcome(report, self._blocks), report, seconds)
        announce(event, self._on_check, LOGGER)
        return check.answer


class Chunks(Iterator[bytes]):
    """What a server iterates over; it closes what the application gave, even where it never began (PEP 3333)."""

    def __init__(self, watch: Watch, chunks: Iterable[bytes]) -> None:
        self._given, self._made = chunks, watch.run(chunks)

    def __next__(self) -> bytes:
        """Return what is to be sent next."""
        return next(self._made)

    def close(self) -> None:
        """Tell the application that its answer was sent, or will not be."""
        getattr(self._given, "close", bool)()


class SizedChunks(Chunks):
    """The same, of which is known how many there are: of one, a server may tell its length (PEP 3333)."""

    def __init__(self, watch: Watch, chunks: Iterable[bytes], size: int) -> None:
        super().__init__(watch, chunks)
        self._size = size

    def __len__(self) -> int:
        """Return how many chunks there are."""
        return self._size


def chunks(watch: Watch, given: Iterable[bytes]) -> Chunks:
    """Return what a server iterates over in place of what the application gave; what is held is one chunk.

    How many there are is not known where the application may yet say by its status whether it is held.
    """
    if watch.holds and not watch.may_stream:
        return SizedChunks(watch, given, 1)
    return (
        SizedChunks(watch, given, len(given)) if isinstance(given, Sized) and not watch.holds else Chunks(watch, given)
    )


class Guard(Iterator[bytes]):
    """The answer to a request whose body streams: refused where that turns out too large, or cut off if it has begun.

    PEP 3333: `start_response` with an exception takes back a status that was not sent, and raises after it was.
    """

    def __init__(self, copy: Copy, start_response: StartResponse, refusal: Answer | None) -> None:
        self._copy, self._start_response, self._refusal = copy, start_response, refusal
        self._given: Iterable[bytes] = ()
        self._chunks: Iterator[bytes] = iter(())

    def run(self, app: Callable[[], Iterable[bytes]]) -> Iterable[bytes]:
        """Return what the server iterates over in place of what the application gives."""
        try:
            self._given = app()
            self._check()
        except Cut:
            return [self._refuse()]
        if type(self._given) in (list, tuple):
            self._copy.end()
            return self._given
        self._chunks = iter(self._given)
        return self

    def __next__(self) -> bytes:
        """Return what is to be sent next."""
        try:
            chunk = next(self._chunks, None)
            self._check()  # whatever the application made of it
        except Cut:
            self._chunks = iter(())
            return self._refuse()
        if chunk is None:
            raise StopIteration
        return chunk

    def _check(self) -> None:
        if self._copy.is_large and self._refusal is not None:
            raise Cut("the body of the request is too large")

    def _refuse(self) -> bytes:
        refused, self._refusal = self._refusal, None
        if refused is None:
            raise Cut("the body of the request is too large, and was read again")
        self._start_response(status_line(refused.status), [*refused.headers], sys.exc_info())
        return refused.body

    def close(self) -> None:
        """Tell the application that its answer was sent, or will not be."""
        self._copy.end()
        getattr(self._given, "close", bool)()


def status_line(code: int) -> str:
    """Return a status as WSGI writes it."""
    return f"{code} {HTTPStatus(code).phrase}"
