"""WSGI middleware: `app = Middleware(app)`.

What is judged is what the application goes by: the path is `PATH_INFO`, below whatever prefix (`SCRIPT_NAME`), and the
query `QUERY_STRING`. WSGI hides some of what was sent. Servers decode the path before the application sees it: how it
was sent is read from `RAW_URI` (gunicorn, werkzeug) or `REQUEST_URI` (uWSGI, mod_wsgi) where that says the same; where
there is neither, the decoded path is encoded again, and an encoded slash or a second decoding cannot be told any more.
Below a prefix, `unknown_route="pass"` passes only what is no operation with the prefix either; a prefix that a router
inside the application strips is not known here.

Headers that stand twice arrive joined by a comma, or as one of the two (`Content-Type` on cheroot and granian); those
with `_` and `-` in their names as one, and trailers not at all. Neither time nor a client that leaves is seen: bound
slow bodies in the server. A body without a length is read only where the server says that it ends by itself
(`wsgi.input_terminated`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sized
from http import HTTPStatus
from time import perf_counter
from typing import Any

from ..http import Answer, Boundary, Head, RequestCheck, boundary
from ..http.events import Event, Mode, OnCheck, announce, mode, outcome
from ..http.members import wire
from .asked import is_other, opened
from .copying import Copy
from .inputs import Environ, Overheard, declared, may_follow, take_body
from .paths import environ_targets

StartResponse = Callable[..., Callable[[bytes], object]]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

LOGGER = logging.getLogger("lambda_validate.gateway")


class Middleware:
    """Checks what passes between a server and `app`; the settings are those of the ASGI middleware, but for time.

    In mode `"log"` a request is judged once the application has read all of its body: to the length that was told, or
    until a read gives nothing more. A response that is held in mode `"block"` is one piece, of which the server may
    tell the length; no header is added.
    """

    def __init__(
        self,
        app: App,
        *,
        requests: Mode = "block",
        responses: Mode = "off",
        on_check: OnCheck | None = None,
        **settings: Any,
    ) -> None:
        self.app = app
        self.requests, self.responses = mode("requests", requests), mode("responses", responses)
        self.on_check = on_check
        self.boundary: Boundary = boundary(**settings)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        if self.requests == self.responses == "off":
            return self.app(environ, start_response)
        started = perf_counter()
        head = opened(self.boundary, environ["REQUEST_METHOD"], environ_targets(environ), headers(environ))
        if self.requests != "off" and not is_other(head):
            answer = self._request(head, environ, perf_counter() - started)
            if answer:
                start_response(_status(answer.status), [*answer.headers])
                return [answer.body]
        if self.responses == "off" or head.operation is None:
            return self.app(environ, start_response)
        watch = Watch(self, start_response, head.operation.name)
        return chunks(watch, self.app(environ, watch.start), self.responses == "block")

    def _request(self, head: Head, environ: Environ, seconds: float) -> Answer | None:
        """The answer that refuses a request, None where it may go on to the application."""
        limit = self.boundary.limits.body
        if head.check:
            return self._tell(head.check, seconds)
        if self.requests == "block":
            return self._close(head, take_body(environ, limit), seconds)
        if not may_follow(environ, head.operation is not None and wire(head.operation).body):
            return self._close(head, b"", seconds)

        def told(content: bytes, is_large: bool) -> None:
            large = self.boundary.too_large(head) if is_large else head
            self._close(large, content, seconds)

        environ["wsgi.input"] = Overheard(environ["wsgi.input"], declared(environ), Copy(limit, told))
        return None

    def _close(self, head: Head, body: bytes, seconds: float) -> Answer | None:
        begun = perf_counter()
        check = self.boundary.close(head, body)
        return self._tell(check, seconds + perf_counter() - begun)

    def _tell(self, check: RequestCheck, seconds: float) -> Answer | None:
        blocks = self.requests == "block"
        event = Event("request", check.operation, outcome(check.report, blocks), check.report, seconds)
        announce(event, self.on_check, LOGGER)
        return check.answer if blocks else None


class Watch:
    """What an application answers: passed on while it is copied, or held until it is judged."""

    def __init__(self, middleware: Middleware, start_response: StartResponse, operation: str) -> None:
        self._start_response, self._operation = start_response, operation
        self._boundary, self._on_check = middleware.boundary, middleware.on_check
        self._blocks = middleware.responses == "block"
        self._begun: tuple[Any, ...] = ("", [])
        self._body = bytearray()

    def start(self, status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
        """Stand in for `start_response`."""
        self._begun = (status, headers, *error)
        if self._blocks:
            return self._copy
        write = self._start_response(*self._begun)

        def copy_and_write(data: bytes) -> None:
            self._copy(data)
            write(data)

        return copy_and_write

    def run(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what the server is to send."""
        for chunk in chunks:
            self._copy(chunk)
            if not self._blocks:
                yield chunk
            elif len(self._body) > self._boundary.limits.response:
                break
        answer = self._judge()
        if self._blocks:
            yield self._released(answer)

    def _copy(self, data: bytes) -> None:
        if len(self._body) <= self._boundary.limits.response:
            self._body += data

    def _released(self, answer: Answer | None) -> bytes:
        if answer is None:
            self._start_response(*self._begun)
            return bytes(self._body)
        self._start_response(_status(answer.status), [*answer.headers])
        return answer.body

    def _judge(self) -> Answer | None:
        started = perf_counter()
        code = self._begun[0][:3]
        status = int(code) if code.isascii() and code.isdigit() else None
        check = self._boundary.check_response(self._operation, status, self._begun[1], bytes(self._body))
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


def chunks(watch: Watch, given: Iterable[bytes], held: bool) -> Chunks:
    """Return what a server iterates over in place of what the application gave; what was held is one chunk."""
    if held or isinstance(given, Sized):
        return SizedChunks(watch, given, 1 if held or not isinstance(given, Sized) else len(given))
    return Chunks(watch, given)


def headers(environ: Environ) -> list[tuple[str, str]]:
    """Return the headers of a request, as far as WSGI keeps them apart."""
    found = [(name[5:].replace("_", "-"), value) for name, value in environ.items() if name.startswith("HTTP_")]
    plain = (("content-type", environ.get("CONTENT_TYPE")), ("content-length", environ.get("CONTENT_LENGTH")))
    return [*found, *((name, value) for name, value in plain if value)]


def _status(code: int) -> str:
    return f"{code} {HTTPStatus(code).phrase}"
