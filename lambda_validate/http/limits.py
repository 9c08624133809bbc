"""Size limits of messages: those that the user sets, those that an operation has itself, and the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from ..catalog import Catalog, Operation

Size = Literal["body", "response", "target"]

NO_MEMBERS: Mapping[str, Any] = MappingProxyType({})


class Usual(int):
    """A limit that the user did not set. An operation's own limit replaces it, but never a limit that the user set."""


class Limits(NamedTuple):
    """The maximum sizes of a message. `body`, `response` and `target` are in bytes.

    They limit a request's body, a response's body, and path with query. `depth` is the number of nested levels of JSON,
    and `headers` the number of headers. A size that the user sets holds for every operation. Otherwise an operation's
    own limit (`Operation.limits`) counts or, if it has none, the default.
    """

    body: int = Usual(262_144)
    response: int = Usual(1_048_576)
    depth: int = 32
    headers: int = 200
    target: int = Usual(8_192)

    def most(self, size: Size, operation: Operation | None, values: Mapping[str, Any] = NO_MEMBERS) -> int:
        """Return the maximum size in bytes of a part of a message. If the operation is None, it is the general limit.

        `values` are the members of the request outside its body, since an operation's limit may depend on one of them.
        """
        limit: int = getattr(self, size)
        own = operation.limits.get(size) if operation is not None and type(limit) is Usual else None
        return limit if own is None else own.of(values)

    def widest(self, size: Size, edition: Catalog) -> int:
        """Return the largest limit in bytes that any operation of an edition has for a part of a message."""
        limit: int = getattr(self, size)
        return max(limit, _widest(size, edition)) if type(limit) is Usual else limit


@cache
def _widest(size: Size, edition: Catalog) -> int:
    """Return the largest limit in bytes that an operation's own description states; 0 if none of them states one."""
    found = (edition.operation(name).limits.get(size) for name in edition.operations)
    return max((limit.bytes for limit in found if limit is not None), default=0)


def is_bulky(body: bytes, most: int) -> bool:
    """Return whether a JSON body has more than `most` bytes outside its strings.

    Operations with a larger limit need it for a few long strings, such as a ZIP file in Base64. A body of the same size
    with many small values could take a hundred times its size in memory, so it is refused.
    """
    plain = body.replace(b"\\\\", b"").replace(b'\\"', b"")  # now every quotation mark begins or ends a string
    outside = end = 0
    while (start := plain.find(b'"', end)) >= 0 and outside <= most:
        outside += start - end + 2
        end = plain.find(b'"', start + 1) + 1 or len(plain)
    return outside + len(plain) - end > most


def known_limits(given: Any) -> Limits:
    """Convert the limits that a user set, `Limits` or a tuple, to `Limits`. Anything else raises `TypeError`."""
    if (
        isinstance(given, tuple)
        and len(given) <= len(Limits._fields)
        and all(type(limit) in LIMIT_TYPES for limit in given)
    ):
        return Limits(*given)
    raise TypeError("limits must be Limits of whole numbers, for example Limits(body=1000)")


LIMIT_TYPES = (int, Usual)
