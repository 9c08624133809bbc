"""Size limits: those that a user sets, those of an operation, and the usual ones."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from ..catalog import Catalog, Operation

Size = Literal["body", "response", "target"]

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Usual(int):
    """A default limit. An operation's own limit replaces it, but not a limit that the user sets."""


class Limits(NamedTuple):
    """Limits of a message: bytes of a request's body, a response's body and the target, levels of JSON, and headers.

    A size that is set holds for every operation. Otherwise the limit of the operation counts (`Operation.limits`), or
    the default.
    """

    body: int = Usual(262_144)
    response: int = Usual(1_048_576)
    depth: int = 32
    headers: int = 200
    target: int = Usual(8_192)

    def most(self, size: Size, operation: Operation | None, values: Mapping[str, Any] = NOTHING) -> int:
        """Return a limit for an operation (or None) and the values of its members outside the body."""
        limit: int = getattr(self, size)
        own = operation.limits.get(size) if operation is not None and type(limit) is Usual else None
        return limit if own is None else own.of(values)

    def widest(self, size: Size, edition: Catalog) -> int:
        """Return the largest limit that any operation of an edition has."""
        limit: int = getattr(self, size)
        return max(limit, _widest(size, edition)) if type(limit) is Usual else limit


@cache
def _widest(size: Size, edition: Catalog) -> int:
    """Return the largest limit that an operation states, 0 if none does."""
    found = (edition.operation(name).limits.get(size) for name in edition.operations)
    return max((limit.bytes for limit in found if limit is not None), default=0)


def is_bulky(body: bytes, most: int) -> bool:
    """Return whether a JSON body has more than `most` bytes outside its strings.

    Operations with a larger limit need it for a few long strings, such as a ZIP file in Base64. Many small values
    instead could take a hundred times the memory of the body.
    """
    plain = body.replace(b"\\\\", b"").replace(b'\\"', b"")  # now every quotation mark begins or ends a string
    outside = end = 0
    while (start := plain.find(b'"', end)) >= 0 and outside <= most:
        outside += start - end + 2
        end = plain.find(b'"', start + 1) + 1 or len(plain)
    return outside + len(plain) - end > most


def known_limits(given: Any) -> Limits:
    """Return the limits that a user set, as `Limits` or as a tuple. Anything else raises `TypeError`."""
    if (
        isinstance(given, tuple)
        and len(given) <= len(Limits._fields)
        and all(type(limit) in LIMIT_TYPES for limit in given)
    ):
        return Limits(*given)
    raise TypeError("limits must be Limits of whole numbers, as in Limits(body=1000)")


LIMIT_TYPES = (int, Usual)
