"""The few headers that say how a body is to be read, and those of an answer that name an exception."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from typing import Any, Literal

from ..validator import Validator
from ..validator.faults import Fault

# media-type = type "/" subtype *( OWS ";" OWS parameter ) ; RFC 9110, 8.3.1
# charset is the one parameter that a JSON body may carry: it has no meaning there (RFC 8259, 11), so only utf-8 passes
JSON_TYPE = re.compile(rb'[ \t]*application/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?;?[ \t]*', re.IGNORECASE)

OVERRIDES = frozenset(
    name % separators
    for name in (b"x%chttp%cmethod%coverride", b"x%chttp%cmethod", b"x%cmethod%coverride")
    for separators in product(b"-_", repeat=name.count(b"%c"))
)
"""Headers whose value many frameworks take for the method (Rack, Express, Laravel). WSGI and CGI read `_` as `-`."""

WANTED = OVERRIDES | {b"content-type", b"content-encoding", b"content-length", b"x-amzn-errortype"}

USUAL_TYPE = (b"application/json",)
"""The content type as it is mostly sent."""

MEMBERS = b"x-amz-"
"""How every header begins in which a member of a request travels."""

Headers = Mapping[bytes, tuple[bytes, ...]]
Unusable = Literal["many", "unreadable"]


def wanted(headers: Any, limit: int) -> Headers | Unusable:
    """Return the headers that matter, by lower-case name, or why they cannot be used.

    `headers` is a mapping, or any iterable of pairs; names and values are bytes or texts.
    """
    try:
        pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
        found: dict[bytes, list[bytes]] = {}
        for count, (name, value) in enumerate(pairs):
            if count >= limit:
                return "many"
            key = (name if type(name) is bytes else octets(name)).lower()
            if key in WANTED or key.startswith(MEMBERS):
                found.setdefault(key, []).append(octets(value))
    except Exception:  # headers may be any object
        return "unreadable"
    return {key: tuple(values) for key, values in found.items()}


def octets(value: Any) -> bytes:
    """Return bytes, or a text as HTTP writes it, as exactly `bytes`; raises for anything else."""
    if type(value) is bytes:
        return value
    return str.encode(value, "utf-8", "surrogatepass") if isinstance(value, str) else bytes(memoryview(value))


def unfit(headers: Headers, validator: Validator) -> tuple[Fault, ...]:
    """Return why a body may not be read as JSON by its headers; a content type that is not validated is no reason."""
    if headers.get(b"content-type") == USUAL_TYPE and b"content-encoding" not in headers:
        return ()
    types, codings = headers.get(b"content-type", ()), headers.get(b"content-encoding", ())
    is_json = len(types) == 1 and JSON_TYPE.fullmatch(types[0])
    found = []
    if not is_json and validator.severity("content-type.unexpected", "error"):
        found.append(Fault("content-type.unexpected", "The content type must be application/json, once.", "header"))
    if any(coding.strip().lower() not in (b"", b"identity") for coding in codings):
        found.append(Fault("body.compressed", "The body must come without a content coding.", "header"))
    return tuple(found)


# Content-Length = 1*DIGIT ; RFC 9110, 8.6, which bounds no number of digits
LENGTH = re.compile(rb"[ \t]*([0-9]+)[ \t]*")

HUGE = 10**18
"""Stands for a length that takes more digits than this has noughts: converting takes quadratic time."""


def declared_length(headers: Headers) -> int:
    """Return how long the body will be at least, as far as the headers tell."""
    found = map(LENGTH.fullmatch, headers.get(b"content-length", ()))
    lengths = [match[1].lstrip(b"0") or b"0" for match in found if match]
    return max((int(length) if len(length) < 19 else HUGE for length in lengths), default=0)
