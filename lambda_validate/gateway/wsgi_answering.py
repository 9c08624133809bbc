"""Watch or replace the response of a WSGI application."""

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
    """The response of a WSGI application, which is validated when it is complete.

    In mode `"block"` it is held until then. In mode `"log"`, or if its body has no rules but its size, it passes at
    once.
    """

    def __init__(self, middleware: Settings, start_response: StartResponse, operation: Operation) -> None:
        super().__init__(middleware, operation.name)
        self._start_response, self.may_stream = start_response, operation.content_type == "*/*"
        self._begun: tuple[Any, ...] = ("", [])

    def start(self, status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
        """Receive status and headers of the response: the `start_response` that the application is called with."""
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
        """Yield the pieces of the body that the server should send: the application's, or an error response."""
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
    """The body of a response, for the server. Closing it always closes the application's iterable too.

    PEP 3333 requires this.
    """

    def __init__(self, watch: StartWatch, chunks: Iterable[bytes]) -> None:
        self._given, self._made = chunks, watch.run(chunks)

    def __next__(self) -> bytes:
        """Return the next piece of the body that the server should send."""
        return next(self._made)

    def close(self) -> None:
        """Close the application's iterable: its response was sent, or will not be."""
        getattr(self._given, "close", bool)()


class SizedChunks(Chunks):
    """The body of a response in a known number of pieces. If it is 1, a server may add a content length (PEP 3333)."""

    def __init__(self, watch: StartWatch, chunks: Iterable[bytes], size: int) -> None:
        super().__init__(watch, chunks)
        self._size = size

    def __len__(self) -> int:
        """Return the number of pieces."""
        return self._size


def chunks(watch: StartWatch, given: Iterable[bytes]) -> Chunks:
    """Return the iterator for the server, in place of the application's iterable. A response that is held is one piece.

    The number of pieces is unknown as long as the status may still decide whether the response is held.
    """
    if watch.holds and not watch.may_stream:
        return SizedChunks(watch, given, 1)
    return (
        SizedChunks(watch, given, len(given)) if isinstance(given, Sized) and not watch.holds else Chunks(watch, given)
    )


class Guard(Iterator[bytes]):
    """The response to a request whose body is only counted. If that body becomes too large, it is replaced or cut off.

    The replacement is sent by calling `start_response` with an exception. By PEP 3333, this replaces a status that was
    not sent yet, and raises if it was.
    """

    def __init__(self, copy: Copy, start_response: StartResponse, refusal: Answer | None) -> None:
        self._copy, self._start_response, self._refusal = copy, start_response, refusal
        self._given: Iterable[bytes] = ()
        self._chunks: Iterator[bytes] = iter(())

    def run(self, app: Callable[[], Iterable[bytes]]) -> Iterable[bytes]:
        """Call the application, and return the body of its response or, if the request is too large, of the refusal."""
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
        """Return the next piece of the body that the server should send."""
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
        """Stop counting the request's body, and close the application's iterable. The server calls this at the end."""
        self._copy.end()
        getattr(self._given, "close", bool)()


def refused(start_response: StartResponse, answer: Answer, *error: Any) -> bytes:
    """Start an error response made by this middleware, and return its body."""
    status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
    start_response(status, [*answer.headers], *error)
    return answer.body
