"""Find the target to validate: the path that an application uses, in the form in which it was sent, and the query.

Applications use a decoded path: `PATH_INFO` in WSGI, and `path` without `root_path` in ASGI. The raw path says more,
such as which slashes were encoded. So the target is the end of the raw path that decodes to the application's path. If
there is no such end, because a server or middleware changed the path, the decoded path is encoded again.

    raw path /api/2015-03-31/functions/a%2Fb, PATH_INFO /2015-03-31/functions/a/b
    → target /2015-03-31/functions/a%2Fb

With a prefix, such as `/api`, applications differ. Some use the path after it, many the whole path. So several targets
are tried. A request is one of the API if any of them is the path of an operation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from ..http.routes import split

# Matches the part of an encoded path that decodes to one byte: an escape such as %2F, or any other byte. A broken
# escape such as %zz counts as three bytes, since decoders leave it as it is. RFC 3986, 2.1: pct-encoded = "%" HEXDIG
# HEXDIG.
OCTET = re.compile(rb"%[0-9A-Fa-f]{2}|.", re.DOTALL)

SAFE = "/:@!$&'()*+,;=~"
"""Characters that a path may contain without encoding (RFC 3986, 3.3), besides letters, digits and `-._`."""


def scope_targets(scope: Mapping[str, Any]) -> list[bytes]:
    """Return the possible targets of a request in ASGI. The first has the path that the ASGI specification defines."""
    raw, query, path = scope.get("raw_path") or b"", scope.get("query_string") or b"", scope["path"]
    if not scope.get("root_path"):
        return [_whole(sent(raw, path), query)]
    return [_whole(sent(raw, path), query) for path in _paths(path, scope["root_path"])]


def _paths(path: str, root: str) -> list[str]:
    """Return a path without its prefix `root` and with it: Starlette uses the first, plain applications the second.

    If the prefix is not at the beginning, the whole path is first. Quart removes a prefix wherever it occurs in the
    path, so the part after it is returned too.
    """
    before, found, rest = path.partition(root)
    if not found:  # a server that leaves the prefix out of the path, as WSGI does
        return [path, root + path]
    below = rest if rest.startswith("/") else f"/{rest}"
    is_prefix = not before and (below is rest or not rest or root.endswith("/"))
    return [below, path] if is_prefix else [path, below]


def sent(raw: bytes, path: str) -> bytes:
    """Return the form in which `path` was sent: `raw` or its end if that decodes to `path`, else `path` encoded."""
    decoded = unquote_to_bytes(raw) if b"%" in raw else raw
    if raw and decoded.decode("utf-8", "replace") == path:
        return raw
    return _end(raw, decoded, path.encode("utf-8", "surrogatepass"))


def environ_targets(environ: Mapping[str, Any]) -> list[bytes]:
    """Return the possible targets of a request in WSGI. The first has the path in `PATH_INFO`."""
    path, prefix = _octets(environ.get("PATH_INFO")), _octets(environ.get("SCRIPT_NAME"))
    raw, _ = split(_octets(environ.get("RAW_URI") or environ.get("REQUEST_URI")))
    query = _octets(environ.get("QUERY_STRING"))
    decoded = unquote_to_bytes(raw)
    if not prefix:
        return [_whole(_end(raw, decoded, path), query)]
    below = path if path.startswith(b"/") else b"/" + path  # which is how most applications read it
    joined = raw if decoded == prefix + path else quoted(prefix + path)
    # The raw path may begin with another prefix than `SCRIPT_NAME`, and an application may use either. So both are
    # targets: the raw path, and `SCRIPT_NAME` joined with `PATH_INFO`.
    return [_whole(target, query) for target in dict.fromkeys((_end(raw, decoded, below), raw or joined, joined))]


def _octets(value: Any) -> bytes:
    """Return the bytes in a WSGI string, which has one Latin-1 character for each byte (PEP 3333)."""
    return value.encode("latin-1", "replace") if isinstance(value, str) else b""


def _end(raw: bytes, decoded: bytes, path: bytes) -> bytes:
    """Return the end of a raw path that decodes to `path`; if there is none, `path` encoded again.

    For example, the end of `/api/a%2Fb` that decodes to `/a/b` is `/a%2Fb`. `decoded` is the raw path, decoded once.
    """
    if decoded == path:
        return raw
    if not path or not decoded.endswith(path):
        return quoted(path)
    start = next(islice(OCTET.finditer(raw), len(decoded) - len(path), None)).start()
    return raw[start:]


def quoted(path: bytes) -> bytes:
    """Return a decoded path percent-encoded, except for the characters that a path may contain as they are."""
    return quote_from_bytes(path, SAFE).encode()


def _whole(path: bytes, query: bytes) -> bytes:
    return b"%s?%s" % (path, query) if query else path
