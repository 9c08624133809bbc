"""Validate a request in two steps: first its head, and then the whole request once its body was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import Any

from ..http import Boundary, Head, RequestCheck
from .paths import scope_targets
from .reading import Body


def opened(boundary: Boundary, method: Any, targets: Iterable[bytes], headers: Any) -> Head:
    """Return the validated head for the first of several possible targets that is one of the API, else for the last."""
    head = Head(None)
    for target in targets:
        head = boundary.open(method, target, headers)
        if not head.is_other:
            break
    return head


def closed(boundary: Boundary, head: Head, body: Body, *, warns: bool) -> RequestCheck:
    """Return the result for a request after its body was read, or took too long, or was too large."""
    if body.end == "slow":
        head = boundary.too_slow(head)
    elif body.end == "large":
        head = boundary.too_large(head)
    return boundary.close(head, body.content, warns=warns)


class PendingRequest:
    """An ASGI request that is being validated. Its head is validated when it is created.

    `headers` are the validated headers. `seconds` is the time that validation has taken so far. Without `warns`, the
    report of a valid request may lack its warnings.
    """

    __slots__ = ("_boundary", "_scope", "_warns", "head", "headers", "seconds")

    def __init__(self, boundary: Boundary, scope: Mapping[str, Any], *, warns: bool) -> None:
        started = perf_counter()
        self._boundary, self._scope, self._warns = boundary, scope, warns
        self.headers = [*scope["headers"]]  # a server may append trailers to its own
        self.head = opened(boundary, scope["method"], scope_targets(scope), self.headers)
        self.seconds = perf_counter() - started

    @property
    def has_body(self) -> bool | None:
        """Whether the request has a body; None if that is unknown.

        In HTTP/1 the headers say so (RFC 9112, 6.3). In later versions they need not.
        """
        lengths = tuple([pair[1] for pair in self.headers if pair[0] == b"content-length"])
        if lengths or any(pair[0] == b"transfer-encoding" for pair in self.headers):
            return lengths != (b"0",)
        return False if str(self._scope.get("http_version", "")).startswith("1") else None

    def close(self, body: Body) -> RequestCheck:
        """Return the result for the request after its body was read, or took too long, or was too large."""
        started = perf_counter()
        check = closed(self._boundary, self.head, body, warns=self._warns)
        self.seconds += perf_counter() - started
        return check

    def admit(self, body: Body) -> RequestCheck:
        """Return the result for a request whose body streams. Of its first piece, only whether it is empty matters."""
        if body.end == "slow":
            return self.close(body)
        started = perf_counter()
        is_empty = body.end == "whole" and not body.content
        check = self._boundary.admit(self.head, is_empty)
        self.seconds += perf_counter() - started
        return check
