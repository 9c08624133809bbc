"""A request whose head has been read: validate the head, and then the whole request once its body is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import Any

from ..http import Boundary, Head, RequestCheck
from ..http.fast_path import FastHead, FastPath
from ..http.headers import declared_length
from .paths import scope_targets
from .reading import Body


def opened(boundary: Boundary, method: Any, targets: Iterable[bytes], headers: Any) -> Head:
    """Return the head for the first target that is one of the API; for the last target if none is."""
    head = Head(None)
    for target in targets:
        head = boundary.open(method, target, headers)
        if not head.is_other:
            break
    return head


def closed(boundary: Boundary, head: Head, body: Body) -> RequestCheck:
    """Return the result for a request with a body that was read completely, took too long or is too large."""
    if body.end == "slow":
        head = boundary.too_slow(head)
    elif body.end == "large":
        head = boundary.too_large(head)
    return boundary.close(head, body.content)


class PendingRequest:
    """A request in ASGI. `headers` are the validated headers, `seconds` is the time that validation has taken so far.

    With `fast_path`, well-formed requests are validated by that, and all others by the boundary. The head of a
    well-formed request only holds the operation.
    """

    __slots__ = ("_boundary", "_fast_path", "_scope", "_seen", "head", "headers", "seconds")

    def __init__(self, boundary: Boundary, fast_path: FastPath | None, scope: Mapping[str, Any]) -> None:
        started = perf_counter()
        self._boundary, self._fast_path, self._scope = boundary, fast_path, scope
        self.headers = [*scope["headers"]]  # a server may append trailers to its own
        self._seen = self._well_formed(fast_path) if fast_path else None
        self.head = Head(None, self._seen.operation) if self._seen else self._opened()
        self.seconds = perf_counter() - started

    @property
    def has_body(self) -> bool | None:
        """Whether there is a body. In HTTP/1 the headers say so (RFC 9112, 6.3); in other versions it may be None."""
        lengths = self._lengths()
        if lengths or any(pair[0] == b"transfer-encoding" for pair in self.headers):
            return lengths != (b"0",)
        return False if str(self._scope.get("http_version", "")).startswith("1") else None

    def close(self, body: Body) -> RequestCheck:
        """Return the result for the request, whose body was read completely, took too long or is too large."""
        started = perf_counter()
        check = self._closed(body)
        self.seconds += perf_counter() - started
        return check

    def admit(self, body: Body) -> RequestCheck:
        """Return the result for a request whose body streams, given its first piece."""
        if body.end == "slow":
            return self.close(body)
        started = perf_counter()
        is_empty = body.end == "whole" and not body.content
        check = self._boundary.admit(self.head, is_empty)
        self.seconds += perf_counter() - started
        return check

    def _lengths(self) -> tuple[bytes, ...]:
        return tuple([pair[1] for pair in self.headers if pair[0] == b"content-length"])

    def _well_formed(self, fast_path: FastPath) -> FastHead | None:
        scope = self._scope
        path = scope.get("raw_path")
        if not path or scope.get("root_path"):
            return None
        if declared_length({b"content-length": self._lengths()}) > self._boundary.limits.body:
            return None
        seen = fast_path.head(scope["method"], path, scope.get("query_string", b""), self.headers)
        return seen if seen and seen.path == scope["path"] else None

    def _opened(self) -> Head:
        return opened(self._boundary, self._scope["method"], scope_targets(self._scope), self.headers)

    def _closed(self, body: Body) -> RequestCheck:
        if self._fast_path and self._seen and body.end == "whole":
            parameters = self._fast_path.parameters(self._seen, body.content)
            if parameters is not None:
                return RequestCheck(self._seen.operation.name, parameters)
        return closed(self._boundary, self._opened() if self._seen else self.head, body)
