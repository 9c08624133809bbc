"""WSGI middleware: `app = Middleware(app)`.

WSGI hides some of what was sent. Servers decode the path before the application sees it: the raw target is read from
`RAW_URI` (gunicorn, werkzeug) or `REQUEST_URI` (uWSGI, mod_wsgi); where there is neither, the decoded path is encoded
again, and an encoded slash or a second decoding cannot be told any more. Headers that stand twice arrive joined by a
comma, those with `_` and `-` in their names as one, and trailers not at all. Neither time nor a client that leaves is
seen: bound slow bodies in the server. A body without a length is read only where the server says that it ends by itself
(`wsgi.input_terminated`). A prefix that a router strips (`SCRIPT_NAME`) belongs outside.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from time import perf_counter
from typing import Any
from urllib.parse import quote_from_bytes

from ..http import Answer, Boundary, Head, boundary
from ..http.events import Event, Mode, OnCheck, announce, mode, outcome

Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

LOGGER = logging.getLogger("lambda_validate.gateway")


class Middleware:
    """Checks what passes between a server and `app`; the settings are those of the ASGI middleware, but for time."""

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
        head = self.boundary.open(environ["REQUEST_METHOD"], target(environ), headers(environ))
        if self.requests != "off" and not (head.check and head.check.operation is None and head.check.report.ok):
            answer = self._request(head, environ, perf_counter() - started)
            if answer:
                start_response(_status(answer.status), [*answer.headers])
                return [answer.body]
        if self.responses == "off" or head.operation is None:
            return self.app(environ, start_response)
        watch = Watch(self, start_response, head.operation.name)
        return Chunks(watch, self.app(environ, watch.start))

    def _request(self, head: Head, environ: Environ, seconds: float) -> Answer | None:
        """The answer that refuses a request, None where it may go on to the application."""
        check = head.check
        if check is None:
            body = take_body(environ, self.boundary.limits.body)
            begun = perf_counter()
            check = self.boundary.close(head, body)
            seconds += perf_counter() - begun
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


def target(environ: Environ) -> str | bytes:
    """Return path and query as they were sent, as far as the server tells."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if isinstance(raw, str):
        return raw.encode("latin-1", "replace")
    path = quote_from_bytes(environ.get("PATH_INFO", "").encode("latin-1", "replace"), safe="/:@!$&'()*+,;=~")
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def headers(environ: Environ) -> list[tuple[str, str]]:
    """Return the headers of a request, as far as WSGI keeps them apart."""
    found = [(name[5:].replace("_", "-"), value) for name, value in environ.items() if name.startswith("HTTP_")]
    plain = (("content-type", environ.get("CONTENT_TYPE")), ("content-length", environ.get("CONTENT_LENGTH")))
    return [*found, *((name, value) for name, value in plain if value)]


def take_body(environ: Environ, limit: int) -> bytes:
    """Return a request's body, one byte more than the limit at most, and let the application read it again."""
    source, length = environ["wsgi.input"], environ.get("CONTENT_LENGTH") or ""
    digits = length.lstrip("0") or length[:1]
    declared = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    if declared is None and not environ.get("wsgi.input_terminated"):
        declared = 0  # reading might wait for ever, and the application cannot read it either
    body = _read(source, limit + 1 if declared is None else min(declared, limit + 1))
    rest = Again(body, source) if len(body) > limit else io.BytesIO(body)
    environ["wsgi.input"] = rest if isinstance(rest, io.BytesIO) else io.BufferedReader(rest)
    if declared is None and len(body) <= limit:
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def _read(source: Any, size: int) -> bytes:
    """Read until so many bytes or the end; a server may return fewer than it was asked for."""
    body = bytearray()
    while len(body) < size:
        chunk = source.read(min(size - len(body), 65_536))
        if not chunk:
            break
        body += chunk
    return bytes(body)


class Again(io.RawIOBase):
    """What was read already, and then the rest of its source."""

    def __init__(self, read: bytes, source: Any) -> None:
        self._read, self._source = io.BytesIO(read), source

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as one read goes."""
        data = self._read.read(len(buffer)) or self._source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _status(code: int) -> str:
    return f"{code} {HTTPStatus(code).phrase}"
