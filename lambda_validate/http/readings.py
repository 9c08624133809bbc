"""List every path that a server, proxy or router may make of the path that was sent: the *readings* of the path.

A gateway that lets other routes pass must be sure that a path is not an operation's, whichever program reads it next.
Programs differ. One decodes the path before it splits it, another removes `..` after that, a third drops everything
after a semicolon. So each change that some program makes is a row of `READING_STEPS`. `readings` applies them in every
order, until they give nothing new:

    /a%2Fb/..;x  ->  /a%2fb/..;x   /a%2fb/..   /   /a/b/..;x   /a/b/..   /a/

Some changes affect only a segment that holds a value, such as a function's name. They need no row, since a path is an
operation's with any value there, even an empty one. Letters are compared without case, so every reading is in lower
case. Fixed segments, such as `functions`, may also be written as `functions;v=1` or `functions.json`: see `literal`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

MOST_READINGS = 64
"""Maximum number of readings of one path. Ordinary paths have fewer than 20."""

READINGS_BYTES = 65_536
"""Maximum number of bytes in all readings of one path, so that a long path costs little more than a short one."""

# Most paths look like /health: they have only these characters, and every program reads them in the same way.
ONE_READING = re.compile(rb"(?:/[A-Za-z0-9_-]+)+/?")

# Blanks and control characters, which some programs remove from a path. NUL is not among them: it ends the path for
# some programs, so it has two rows of its own in READING_STEPS.
BLANK = bytes(range(1, 33)) + b"\x7f"

SCHEME = re.compile(rb"\A/?[a-z][a-z0-9+.-]*:(?=/)")  # scheme ":" hier-part ; RFC 3986, 3
HOST = re.compile(rb"\A//+[^/]+")  # network-path reference = "//" authority path-abempty ; RFC 3986, 4.2
PARAMETERS = re.compile(rb";[^/]*")
SLASHES = re.compile(rb"//+")
BEFORE_END = re.compile(rb"[^?#\0]*")
UNICODE_ESCAPE = re.compile(rb"%u00([0-9a-f]{2})")
# Matches an ASCII character that is encoded in two to four bytes of UTF-8, such as C0 AE for a dot. RFC 3629, 3,
# forbids this, but some decoders accept it.
OVERLONG = re.compile(rb"(?:[\xc0\xc1]|\xe0[\x80\x81]|\xf0\x80[\x80\x81])[\x80-\xbf]")

# Matches a fixed segment of a path without what some programs allow after it: /functions;v=1 (Tomcat), /functions.json
# (Rails), /functions. (Windows).
BEFORE_LITERAL_END = re.compile(rb"[^;.?#\0]*")
ODD = re.compile(rb"[%;.?#\0]")

HEXDIG = b"0123456789abcdefABCDEF"
ESCAPES = {b"%%%c%c" % (high, low): int(bytes((high, low)), 16) for high in HEXDIG for low in HEXDIG}
"""The byte that each escape stands for."""


class ReadingStep(NamedTuple):
    """A change that some programs make to a path before they look at it; `by` names these programs.

    `apply` makes the change. It has no effect on a path without the bytes `needs`.
    """

    needs: bytes
    apply: Callable[[bytes], bytes]
    by: str


def _without_dots(path: bytes) -> bytes:
    """Return a path without segments `.` and `..`, as RFC 3986, 5.2.4, removes them: `/a/./b/../c` becomes `/a/c`."""
    left: list[bytes] = []
    segments = path.split(b"/")
    for segment in segments:
        if segment == b"..":
            del left[max(len(left) - 1, 1) :]
        elif segment != b".":
            left.append(segment)
    if segments[-1] in (b".", b".."):
        left.append(b"")
    return b"/".join(left)


def _short(found: re.Match[bytes]) -> bytes:
    *_, high, low = found[0]
    return bytes([(high & 0x01) << 6 | low & 0x3F])


def _cut(path: bytes) -> bytes:
    return BEFORE_END.match(path).group()  # type: ignore[union-attr]  # matches anything


READING_STEPS = (
    ReadingStep(
        b"%",
        unquote_to_bytes,
        "servers of WSGI and ASGI, nginx, Apache, Envoy: they decode a path before they split it",
    ),
    ReadingStep(
        b"%u", lambda path: UNICODE_ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), path), "IIS, ASP.NET"
    ),
    ReadingStep(b"", lambda path: OVERLONG.sub(_short, path), "decoders that accept overlong UTF-8: C0 AE is a dot"),
    ReadingStep(
        b"\\",
        lambda path: path.replace(b"\\", b"/"),
        "IIS, browsers, Envoy with normalize_path: they read a backslash as a slash",
    ),
    ReadingStep(
        b";", lambda path: PARAMETERS.sub(b"", path), "Tomcat, Jetty, Spring: they remove ;v=1 from /functions;v=1"
    ),
    ReadingStep(b"/.", _without_dots, "nginx, Apache, Envoy, Traefik, Go's path.Clean: they remove /./ and /../"),
    ReadingStep(b"//", lambda path: SLASHES.sub(b"/", path), "nginx, Apache, Envoy, Werkzeug: they read // as /"),
    ReadingStep(
        b"//",
        lambda path: HOST.sub(b"", path),
        "parsers of URLs, such as Python's urlsplit: they remove //host from //host/path",
    ),
    ReadingStep(
        b":/",
        lambda path: SCHEME.sub(b"", path),
        "parsers of URLs: they remove http: from http://host/path, even after decoding",
    ),
    ReadingStep(b"?", _cut, "proxies that split off the query only after they have decoded %3F"),
    ReadingStep(b"#", _cut, "proxies that split off a fragment after they have decoded %23"),
    ReadingStep(b"\0", _cut, "programs in C: a NUL ends the path"),
    ReadingStep(b"\0", lambda path: path.replace(b"\0", b""), "filters that remove control characters such as NUL"),
    ReadingStep(
        b"",
        lambda path: path.translate(None, BLANK),
        "browsers and others that remove blanks from a path (WHATWG URL, 4.4)",
    ),
    ReadingStep(
        b"",
        lambda path: path if path.startswith(b"/") else b"/" + path,
        "Werkzeug and others: they put a slash before a path without one",
    ),
)
"""The changes that programs between a client and an application make."""


def readings(path: bytes) -> frozenset[bytes] | None:
    """Return every path that some program may make of a path, itself included, in lower case; None if too many."""
    first = path.lower()
    if ONE_READING.fullmatch(path):
        return frozenset((first,))
    found, waiting, size = {first}, [first], len(first)
    while waiting:
        reading = waiting.pop()
        applied = dict.fromkeys(step.apply(reading).lower() for step in READING_STEPS if step.needs in reading)
        # The new paths are in a list, not in a set: the order of a set depends on hashes, and so would the work of the
        # loop.
        others = [other for other in applied if other not in found]
        size += sum(map(len, others))
        if len(found) + len(others) > MOST_READINGS or size > READINGS_BYTES:
            return None
        found.update(others)
        waiting += others
    return frozenset(found)


def literal(segment: bytes) -> bytes:
    """Return what some program may read in a fixed segment of a path: `functions` for `functions;v=1`.

    The segment is decoded, and parameters or an extension after it are removed.
    """
    if not ODD.search(segment):
        return segment
    plain = seen_through(segment).translate(None, BLANK).lower()
    return BEFORE_LITERAL_END.match(plain).group()  # type: ignore[union-attr]  # matches anything


def seen_through(path: bytes) -> bytes:
    """Return a path decoded until it has no percent escape left, with one pass over its bytes.

    A decoded byte may complete an escape that began before it: `%%341` is `%41`, which is `A`. So each byte is appended
    to what is decoded so far, and an escape is replaced as soon as it is complete.
    """
    start = path.find(b"%")
    if start < 0:
        return path
    seen = bytearray(path[:start])
    for byte in path[start:]:
        seen.append(byte)
        while seen[-1] in HEXDIG and (one := ESCAPES.get(bytes(seen[-3:]))) is not None:
            seen[-3:] = (one,)
    return bytes(seen)
