"""Which target is validated: the path that an application goes by, as it was sent, and the query.

What an application goes by is a decoded path: `PATH_INFO` in WSGI, in ASGI `path` without `root_path`. How it was sent
tells more: which slashes were encoded, what was encoded twice. So what is judged is the end of the raw path that says,
decoded once, just what the application goes by; where there is none, because somebody in between has changed the path,
the decoded one is encoded again.

Applications differ about what a prefix leaves: many go by the whole path, as it was sent or as prefix and path joined.
So below a prefix there are further targets: only a request of which none is an operation's is not one of the API.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from ..http.routes import split

# One byte of a decoded path: pct-encoded = "%" HEXDIG HEXDIG ; RFC 3986, 2.1, which decoders leave as it is if broken
OCTET = re.compile(rb"%[0-9A-Fa-f]{2}|.", re.DOTALL)

SAFE = "/:@!$&'()*+,;=~"
"""What may stand in a path as it is (RFC 3986, 3.3), besides letters, digits and `-._`."""


def scope_targets(scope: Mapping[str, Any]) -> list[bytes]:
    """Return the targets of an ASGI scope, that of the specification first."""
    raw, query, path = scope.get("raw_path") or b"", scope.get("query_string") or b"", scope["path"]
    if not scope.get("root_path"):
        return [_whole(_sent(raw, path), query)]
    return [_whole(_sent(raw, path), query) for path in _paths(path, scope["root_path"])]


def _paths(path: str, root: str) -> list[str]:
    """A path without its prefix, if it has it, and with it; Starlette reads the one, plain applications the other.

    Quart cuts off a prefix wherever that stands, so what follows it is no less to be reckoned with.
    """
    before, found, rest = path.partition(root)
    if not found:  # a server that leaves the prefix out of the path, as WSGI does
        return [path, root + path]
    below = rest if rest.startswith("/") else f"/{rest}"
    is_prefix = not before and (below is rest or not rest or root.endswith("/"))
    return [below, path] if is_prefix else [path, below]


def _sent(raw: bytes, path: str) -> bytes:
    decoded = unquote_to_bytes(raw)
    if raw and decoded.decode("utf-8", "replace") == path:
        return raw
    return _end(raw, decoded, path.encode("utf-8", "surrogatepass"))


def environ_targets(environ: Mapping[str, Any]) -> list[bytes]:
    """Return the targets of a WSGI environment, that of `PATH_INFO` first."""
    path, prefix = _octets(environ.get("PATH_INFO")), _octets(environ.get("SCRIPT_NAME"))
    raw, _ = split(_octets(environ.get("RAW_URI") or environ.get("REQUEST_URI")))
    query = _octets(environ.get("QUERY_STRING"))
    decoded = unquote_to_bytes(raw)
    if not prefix:
        return [_whole(_end(raw, decoded, path), query)]
    below = path if path.startswith(b"/") else b"/" + path  # which is how most applications read it
    joined = raw if decoded == prefix + path else quoted(prefix + path)
    # A raw path may have another prefix than the one named, so that it is a reading of its own.
    return [_whole(each, query) for each in dict.fromkeys((_end(raw, decoded, below), raw or joined, joined))]


def _octets(value: Any) -> bytes:
    """The bytes that a text of WSGI stands for (PEP 3333)."""
    return value.encode("latin-1", "replace") if isinstance(value, str) else b""


def _end(raw: bytes, decoded: bytes, path: bytes) -> bytes:
    """The end of a raw path that says this path, or the path encoded again. `decoded` is the raw path decoded once."""
    if decoded == path:
        return raw
    if not path or not decoded.endswith(path):
        return quoted(path)
    start = next(islice(OCTET.finditer(raw), len(decoded) - len(path), None)).start()
    return raw[start:]


def quoted(path: bytes) -> bytes:
    """Return a decoded path as it would be sent."""
    return quote_from_bytes(path, SAFE).encode()


def _whole(path: bytes, query: bytes) -> bytes:
    return b"%s?%s" % (path, query) if query else path
