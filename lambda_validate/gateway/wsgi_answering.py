"""What a WSGI application answers, and what we answer in its place."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from http import HTTPStatus
from typing import Any

from ..catalog import Operation
from ..http import Answer
from .copying import Copy, Cut, ResponseWatch, Settings

StartResponse = Callable[..., Callable[[bytes], object]]


class StartWatch(ResponseWatch):
    """What an application answers: passed on while it is copied, or held until it is validated."""

    def __init__(self, middleware: Settings, start_response: StartResponse, operation: Operation) -> None:
        super().__init__(middleware, operation.name)
        self._start_response, self.may_stream = start_response, operation.content_type == "*/*"
        self._begun: tuple[Any, ...] = ("", [])

    def start(self, status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
        """Stand in for `start_response`."""
        self._begun = (status, headers, *error)
        code = status[:3]
        self._begin(int(code) if code.isascii() and code.isdigit() else 0, headers)
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
        answer = self._check()
        if self.holds and answer is None:
            self._start_response(*self._begun)
            yield bytes(self._body)
        elif self.holds and answer:
            yield refused(self._start_response, answer, *self._begun[2:])
        elif self._blocks and answer:
            raise Cut("the body of the response is too large, and a part of it was sent")


class Chunks(Iterator[bytes]):
    """What a server iterates over; it closes what the application gave, even where it never began (PEP 3333)."""

    def __init__(self, watch: StartWatch, chunks: Iterable[bytes]) -> None:
        self._given, self._made = chunks, watch.run(chunks)

    def __next__(self) -> bytes:
        """Return what is to be sent next."""
        return next(self._made)

    def close(self) -> None:
        """Tell the application that its answer was sent, or will not be."""
        getattr(self._given, "close", bool)()


class SizedChunks(Chunks):
    """The same, of which is known how many there are: of one, a server may tell its length (PEP 3333)."""

    def __init__(self, watch: StartWatch, chunks: Iterable[bytes], size: int) -> None:
        super().__init__(watch, chunks)
        self._size = size

    def __len__(self) -> int:
        """Return how many chunks there are."""
        return self._size


def chunks(watch: StartWatch, given: Iterable[bytes]) -> Chunks:
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
        answer, self._refusal = self._refusal, None
        if answer is None:
            raise Cut("the body of the request is too large, and was read again")
        return refused(self._start_response, answer, sys.exc_info())

    def close(self) -> None:
        """Tell the application that its answer was sent, or will not be."""
        self._copy.end()
        getattr(self._given, "close", bool)()


def refused(start_response: StartResponse, answer: Answer, *error: Any) -> bytes:
    """Start an answer of ours, and return its body."""
    status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
    start_response(status, [*answer.headers], *error)
    return answer.body
