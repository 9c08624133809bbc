"""WSGI middleware: `app = Middleware(app)`.

The path that is validated is the one that the application uses: `PATH_INFO`, below any prefix (`SCRIPT_NAME`). The
query is `QUERY_STRING`. WSGI hides some parts of a request:

- Servers decode the path. Its encoded form is read from `RAW_URI` (gunicorn, werkzeug) or `REQUEST_URI` (uWSGI,
  mod_wsgi), if that decodes to the same path. Without either, the decoded path is encoded again. Encoded slashes and
  double encoding then cannot be detected.
- With a prefix, `unknown_route="pass"` lets a request pass only if no operation has the path together with the prefix
  either. The middleware cannot know a prefix that a router inside the application strips.
- Duplicate headers are joined by a comma, or only one is left (`Content-Type` in cheroot and granian). Names with `_`
  and with `-` are the same. There are no trailers.
- Neither a time limit nor a client that disconnects can be detected: limit slow bodies in the server.
- A body without a length is read only if the server marks its end (`wsgi.input_terminated`).

A body that is bytes of any kind, such as the payload of Invoke, has no rules but its size. Once the head is valid, the
application reads it from the server, and the bytes are counted. If there are too many, reading raises `OSError` and the
response is 413. If a part of another response was sent already, the connection is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING

from ..catalog import TODAY, Catalog
from ..http import Answer, Boundary, Head, RequestCheck, boundary
from ..http.events import Event, Mode, OnCheck, announce, mode, reports_warnings
from ..http.settings import UnknownRoute
from .copying import LOGGER, Copy
from .inputs import Environ, Overheard, begins, counted, declared, may_follow, take_body
from .paths import environ_targets
from .pending import opened
from .wsgi_answering import Guard, StartResponse, StartWatch, chunks, refused

if TYPE_CHECKING:
    from typing import Unpack

    from ..http.settings import BoundarySettings

App = Callable[[Environ, StartResponse], Iterable[bytes]]


class Middleware:
    """Validates requests and responses between a server and `app`. The settings are those of the ASGI middleware.

    Unlike the ASGI middleware, it has no `read_seconds`. `edition` is `"current"` by default; a `validator` has its
    own. `unknown_route` is `"pass"` by default.

    In mode `"log"`, a request is validated once the application has read its whole body: up to the declared length, or
    until a read returns nothing. In mode `"block"`, a response is validated before it is returned, in one piece. So the
    server can add its length. The middleware adds no header.
    """

    def __init__(
        self,
        app: App,
        *,
        requests: Mode = "block",
        responses: Mode = "off",
        on_check: OnCheck | None = None,
        edition: str | Catalog = TODAY,
        unknown_route: UnknownRoute = "pass",
        **settings: Unpack[BoundarySettings],
    ) -> None:
        self.app = app
        self.requests, self.responses = mode("requests", requests), mode("responses", responses)
        self.on_check = on_check
        self.boundary: Boundary = boundary(edition, unknown_route=unknown_route, **settings)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request: validate it, and call the application unless it is refused."""
        if self.requests == self.responses == "off":
            return self.app(environ, start_response)
        started = perf_counter()
        head = opened(self.boundary, environ["REQUEST_METHOD"], environ_targets(environ), headers(environ))
        if self.requests == "block" and head.streams:
            return self._streamed(head, environ, start_response, perf_counter() - started)
        if self.requests != "off" and not head.is_other:
            answer = self._request(head, environ, perf_counter() - started)
            if answer:
                return [refused(start_response, answer)]
        return self._passed(head, environ, start_response)

    def _passed(self, head: Head, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self.responses == "off" or head.operation is None:
            return self.app(environ, start_response)
        watch = StartWatch(self, start_response, head.operation)
        return chunks(watch, self.app(environ, watch.start))

    def _streamed(self, head: Head, environ: Environ, start_response: StartResponse, seconds: float) -> Iterable[bytes]:
        begun = perf_counter()
        large = self.boundary.close(self.boundary.too_large(head), b"")
        check = self.boundary.admit(head)
        empty = self.boundary.admit(head, is_empty=True) if head.needs_body else check
        seconds += perf_counter() - begun

        def report(content: bytes, is_large: bool) -> None:
            self._report(large if is_large else check if content else empty, seconds)

        limit = self.boundary.body_limit(head)
        copy = Copy(limit, report, holds=False)
        source = counted(environ, copy, limit)
        answer = check.answer
        if answer:
            self._report(check, seconds)
        elif head.needs_body and not begins(source):
            answer = empty.answer
        if answer:
            return [refused(start_response, answer)]
        environ["wsgi.input"] = source
        return Guard(copy, start_response, large.answer).run(lambda: self._passed(head, environ, start_response))

    def _request(self, head: Head, environ: Environ, seconds: float) -> Answer | None:
        """Validate a request. Return the answer that refuses it; None if it may pass.

        In mode `"log"`, a request with a body is validated later, while the application reads the body.
        """
        limit = self.boundary.body_limit(head)
        if head.check:
            return self._report(head.check, seconds)
        if self.requests == "block":
            return self._close(head, take_body(environ, limit), seconds)
        if not may_follow(environ, head.takes_body):
            return self._close(head, b"", seconds)

        def report(content: bytes, is_large: bool) -> None:
            self._close(self.boundary.too_large(head) if is_large else head, content, seconds)

        copy = Copy(limit, report, holds=not head.streams)
        environ["wsgi.input"] = Overheard(environ["wsgi.input"], declared(environ), copy)
        return None

    def _close(self, head: Head, body: bytes, seconds: float) -> Answer | None:
        begun = perf_counter()
        check = self.boundary.close(head, body, warns=reports_warnings(self.on_check, LOGGER))
        return self._report(check, seconds + perf_counter() - begun)

    def _report(self, check: RequestCheck, seconds: float) -> Answer | None:
        blocks = self.requests == "block"
        announce(Event.of("request", check.operation, check.report, blocks, seconds), self.on_check, LOGGER)
        return check.answer if blocks else None


def headers(environ: Environ) -> list[tuple[str, str]]:
    """Return the headers of a request from its environment. The server has joined duplicate ones by a comma."""
    found = [(name[5:].replace("_", "-"), value) for name, value in environ.items() if name.startswith("HTTP_")]
    plain = (("content-type", environ.get("CONTENT_TYPE")), ("content-length", environ.get("CONTENT_LENGTH")))
    return [*found, *((name, value) for name, value in plain if value)]
