"""The fast way for what is most of the traffic: requests about which nothing is odd, told at a glance.

Plain is a request to a path without members or query, whose body is one short flat object without escapes, and of whose
headers those that matter are as they should be. It passes where its members are valid. Of any other nothing is said
here; the boundary judges it. Whatever passes here must pass there: a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import Validator
from ..report import EMPTY
from .boundary import Boundary
from .json_body import flat
from .members import wire
from .routes import plain_paths

JUDGED = frozenset({b"content-type", b"content-encoding"})
TYPE = (b"content-type", b"application/json")


class Plain:
    """Tells of requests as an ASGI server gives them: names of headers in lower case, every part bytes.

    `prefix` stands before each path; `fit` are all that the headers in `judged` may be.
    """

    def __init__(
        self, boundary: Boundary, prefix: bytes = b"", judged: frozenset[bytes] = JUDGED,
        fit: Sequence[Sequence[tuple[bytes, bytes]]] = ((TYPE,),),
    ) -> None:  # fmt: skip
        self._headers, self._bytes = boundary.limits.headers, boundary.limits.body
        self._judged, self._fit = judged, [list(each) for each in fit]
        self._is_valid, self._is_clean = boundary.validator.is_valid_request, strictest(boundary.validator)
        paths = plain_paths(boundary.validator.catalog)
        self._operations = {
            (method, prefix + path): operation.name
            for (method, path), operation in paths.items()
            if len(path) <= boundary.limits.target and _is_flat(wire(operation))
        }

    def operation(self, method: str, path: bytes, headers: Sequence[Any]) -> str | None:
        """Return the operation of a request without a query whose head is plain, else None."""
        name = self._operations.get((method, path))
        if name is None or len(headers) > self._headers:
            return None
        judged = self._judged
        return name if [pair for pair in headers if pair[0] in judged] in self._fit else None

    def parameters(self, operation: str, body: bytes) -> Any:
        """Return the members of a body that is plain and whose members are valid, else None; warnings do not matter."""
        value = flat(body) if len(body) <= self._bytes else None
        return value if value is not None and self._is_valid(operation, value) else None

    def clean(self, operation: str, body: bytes) -> Any:
        """Return the members of a body that is plain and breaks no rule, not even one that only warns, else None."""
        value = flat(body) if len(body) <= self._bytes else None
        return value if value is not None and self._is_clean(operation, value) else None


def strictest(validator: Validator) -> Callable[[str, Any], bool]:
    """Return what tells whether a request breaks no rule at all, warnings included."""
    policy = validator._policy
    if policy.unknown_members == "warning":  # which not even a strict validator makes errors
        return lambda operation, payload: validator.validate_request(operation, payload) is EMPTY
    return Validator(
        validator.catalog, unknown_members=policy.unknown_members, disable=policy.disable, strict=True
    ).is_valid_request


def _is_flat(known: Any) -> bool:
    return known.body and known.payload is None and not known.elsewhere
