"""Read the few headers that matter: those about the body, those that override the method, and an exception's name.

Headers that hold members of a request (`x-amz-…`) are read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice, product
from typing import Any, Literal

from ..validator import Validator
from ..validator.faults import Fault

# media-type = type "/" subtype *( OWS ";" OWS parameter ) ; RFC 9110, 8.3.1
#
# Of all parameters, only charset=utf-8 passes. JSON has no parameter charset (RFC 8259, 11), but many clients send it,
# and any other encoding than UTF-8 would be wrong.
JSON_TYPE = re.compile(rb'[ \t]*application/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?;?[ \t]*', re.IGNORECASE)

USUAL_TYPE = (b"application/json",)

OVERRIDES = frozenset(
    name % separators
    for name in (b"x%chttp%cmethod%coverride", b"x%chttp%cmethod", b"x%cmethod%coverride")
    for separators in product(b"-_", repeat=name.count(b"%c"))
)
"""Headers that many frameworks use as the method (Rack, Express, Laravel). WSGI and CGI read `_` as `-`."""

WANTED = OVERRIDES | {b"content-type", b"content-encoding", b"content-length", b"x-amzn-errortype"}

MEMBERS = b"x-amz-"
"""The beginning of every header that holds a member of a request."""
BEGINNING = len(MEMBERS)

Headers = Mapping[bytes, tuple[bytes, ...]]
Unusable = Literal["many", "unreadable"]


def wanted(headers: Any, limit: int) -> Headers | Unusable:
    """Return the headers that matter, by lower-case name; `"many"` or `"unreadable"` if they cannot be used.

    `headers` is a mapping, or an iterable of pairs. Names and values are bytes or strings. There are too many if there
    are more than `limit`.
    """
    try:
        pairs = headers if type(headers) is list else [*islice(_pairs(headers), limit + 1)]
        if len(pairs) > limit:
            return "many"
        found: dict[bytes, tuple[bytes, ...]] = {}
        more: dict[bytes, list[bytes]] = {}
        for name, value in pairs:
            key = (name if type(name) is bytes else octets(name)).lower()
            if key in WANTED or key[:BEGINNING] == MEMBERS:
                content = value if type(value) is bytes else octets(value)
                if key not in found:
                    found[key] = (content,)
                else:
                    more.setdefault(key, []).append(content)
    except Exception:  # headers may be any object
        return "unreadable"
    for key, values in more.items():
        found[key] += tuple(values)
    return found


def _pairs(headers: Any) -> Iterable[Any]:
    return headers.items() if isinstance(headers, Mapping) else headers or ()


def octets(value: Any) -> bytes:
    """Return a string in UTF-8, or a value like bytes, as an object of type `bytes`. Raise for any other value."""
    if type(value) is bytes:
        return value
    return str.encode(value, "utf-8", "surrogatepass") if isinstance(value, str) else bytes(memoryview(value))


def unfit(headers: Headers, validator: Validator) -> tuple[Fault, ...]:
    """Return the faults of a request's or response's headers that say the body is not plain, uncompressed JSON.

    A fault of a rule that the user disabled is left out.
    """
    types, codings = headers.get(b"content-type", ()), headers.get(b"content-encoding", ())
    if types == USUAL_TYPE and not codings:
        return ()
    is_json = len(types) == 1 and all(map(JSON_TYPE.fullmatch, types))
    found = []
    if not is_json and validator.severity("content-type.unexpected", "error"):
        found.append(Fault("content-type.unexpected", "The content type must be application/json, once.", "header"))
    if codings and any(coding.strip().lower() not in (b"", b"identity") for coding in codings):
        found.append(Fault("body.compressed", "The body must not be compressed or otherwise encoded.", "header"))
    return tuple(found)


# Content-Length = 1*DIGIT ; RFC 9110, 8.6. The RFC sets no maximum number of digits, so a number may be very long.
LENGTH = re.compile(rb"[ \t]*([0-9]+)[ \t]*")

HUGE = 10**18
"""Used for a length of more digits than this, since converting a number takes time quadratic in its digits."""


def declared_length(headers: Headers) -> int:
    """Return the size of the body in bytes that Content-Length declares; the largest of several, 0 without any."""
    values = headers.get(b"content-length")
    if values is None:
        return 0
    if len(values) == 1 and values[0].isdigit() and len(values[0]) < 19:  # the usual form
        return int(values[0])
    found = map(LENGTH.fullmatch, values)
    lengths = [match[1].lstrip(b"0") or b"0" for match in found if match]
    return max((int(length) if len(length) < 19 else HUGE for length in lengths), default=0)
