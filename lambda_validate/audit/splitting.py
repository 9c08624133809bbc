"""Split JSON of any size into records, piece by piece: documents with an array of records, arrays, and JSON Lines.

A piece is cut where a record seems to end, and all its records are decoded in one call. If the decoder accepts them,
the cut was right: a cut inside a record leaves a bracket or a quote open, which the decoder rejects. If no cut is
accepted, a scanner counts brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain

import msgspec

from .records import MANY, NESTED, ONE, VALUE, BrokenRecord, Read, all_whole, read_one

MAX_RECORD_BYTES = 16 << 20
"""Maximum size of one record in bytes."""
TRIES, BRACKETS = 6, 1_000
"""Maximum number of cuts to try before brackets are counted, and maximum number of `}` to look at for these cuts."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""The byte-order mark, with which some programs begin a file in UTF-8."""
STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
SCALAR = rb"(?:%b|[-+.\w]++)" % STRING
NESTING, MEMBERS = 3, 8
"""In a document, maximum nesting of a member before the array of records, and maximum number of such members."""


def _value(depth: int) -> bytes:
    """Return a rough regular expression for a JSON value in which brackets are nested at most `depth` deep.

    Brackets must be in pairs. Commas and colons between values may be anywhere.
    """
    if not depth:
        return SCALAR
    content = rb'(?:[^"{}\[\]\w.+-]++|%b)*+' % _value(depth - 1)
    return rb"(?:%b|\{%b\}|\[%b\])" % (SCALAR, content, content)


RECORDS = rb'"(?:Records|Events)"\s*+:\s*+\[\s*+'
MEMBER = rb"(?!%b)%b\s*+:\s*+%b\s*+,\s*+" % (RECORDS, STRING, _value(NESTING))
ARRAY = rb"\{\s*+(?:%b){0,%d}+%b" % (MEMBER, MEMBERS, RECORDS)
HEAD = re.compile(rb"[\s\xef\xbb\xbf]*+(?:%b|\[\s*+)" % ARRAY, re.DOTALL)
"""Matches the beginning of a document, up to its first record. Other members, such as a token, may be there."""
ARRAYS = b'"Records"', b'"Events"'
NEXT = re.compile(rb"\}(?:\s|\xef\xbb\xbf)*+%b" % ARRAY, re.DOTALL)
"""Matches the end of a document and the beginning of the next one. It cannot match inside a JSON string, where quotes
are escaped."""
MAX_HEAD_BYTES = 8_192
"""Maximum number of bytes of the beginning of a document, up to its first record, that may span two pieces."""
START = b'},{"eventVersion"'
"""The bytes between two records in CloudTrail's own files, by which a likely cut is found quickly."""
CUT = re.compile(rb"\}\s*,\s*(?=\{)")
OPENING, CLOSING = (b"{", b"["), (b"}", b"]")
TOKEN = re.compile(rb'%b|[{}\[\]"]' % STRING, re.DOTALL)
SPACE = re.compile(rb"[\s,]*")
BETWEEN = b" \t\r\n\v\f,"
FAULTS = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
MAX_BRACKET_DEPTH = 10_000
"""Maximum nesting of brackets that is scanned. No decoder reads JSON that nests deeper."""
EARLY, STRAY = "the document ends too early", "there is other data between or after the records"
TOO_DEEP = f"{NESTED}, and the rest of the file is not read"
TOO_LARGE = f"a record is larger than {MAX_RECORD_BYTES >> 20} MB, and the rest of the file is not read"


def documents(head: bytes, parts: Iterable[bytes]) -> Iterator[list[Read]]:
    """Yield the records of a document that begins with `head` and continues with `parts`, in lists.

    A record that cannot be read is a `BrokenRecord`. Other documents may follow, if files were concatenated.
    """
    start = HEAD.match(head)  # without it, objects follow one another, with spaces between them
    closing = (b"]}" if b"{" in start[0] else b"]") if start else b""
    parts = filter(None, parts)
    following = next(parts, b"")
    if start and not following and (alone := _alone(head, start.end(), closing)) is not None:
        yield alone
        return
    buffer, wanted = b"", 0
    for part, is_end in _apart(
        head[start.end() :] if start else head.removeprefix(BYTE_ORDER_MARK), chain([following], parts)
    ):
        buffer += part
        if is_end:
            records, buffer, closing = _last(buffer, closing), b"", b"]}"
        elif len(buffer) < wanted:
            continue
        else:
            records, buffer = _complete(buffer)
        if records:
            yield records
            if isinstance(records[-1], BrokenRecord) and records[-1].reason == TOO_DEEP:
                return
        elif len(buffer) > MAX_RECORD_BYTES:
            yield [BrokenRecord(TOO_LARGE)]
            return
        wanted = 0 if records else 2 * len(buffer)  # what holds no whole record is not looked at for each part


def _alone(data: bytes, start: int, closing: bytes) -> list[Read] | None:
    """Return the records of a file that is one document, decoded at once; None if it must be read piece by piece."""
    body = data.rstrip()
    if not body.endswith(closing):
        return None
    with suppress(*FAULTS):  # other documents after this one make it no JSON
        return all_whole(MANY.decode(b"".join((b"[", memoryview(body)[start : len(body) - len(closing)], b"]"))))
    return None


def _apart(head: bytes, parts: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Split concatenated documents. Yield pieces of records, and for each piece whether a document ends after it.

    The beginnings of documents, up to the first record, are left out.
    """
    data = head
    for part in parts:
        data += part
        start = 0
        for found in NEXT.finditer(data) if any(name in data for name in ARRAYS) else ():
            yield data[start : found.start() + 1], True
            start = found.end()
        rest = max(start, len(data) - MAX_HEAD_BYTES)  # it may be where the head of a document begins
        yield data[start:rest], False
        data = data[rest:]
    yield data, True


# A buffer, a part of a file of JSON records, ends somewhere inside a record. To count brackets byte by byte in Python
# is slow. So guess: take the last `}` that is followed by `,{` or similar, cut there, and decode everything before at
# once. If the guess was wrong (the `}` was inside a string or a nested object), decoding fails, and an earlier cut is
# tried. After `TRIES` failures, `_scanned` counts brackets.
def _complete(buffer: bytes) -> tuple[list[Read], bytes]:
    """Return the records that are complete in a buffer, and the remaining bytes, which begin the next record."""
    for cut in _cuts(buffer):
        part = b"".join((b"[", memoryview(buffer)[: cut + 1], b"]"))
        try:
            return all_whole(MANY.decode(part)), buffer[buffer.index(b"{", cut + 1) :]
        except FAULTS:
            continue
    return _scanned(buffer)


def _cuts(buffer: bytes) -> Iterator[int]:
    """Yield the indexes of brackets `}` that may end a record and are followed by another record, the last first."""
    if (likely := buffer.rfind(START)) >= 0:
        yield likely
    end, tried = len(buffer), 0
    for _ in range(BRACKETS):
        end = buffer.rfind(b"}", 0, end)
        if end < 0 or tried >= TRIES:
            return
        if CUT.match(buffer, end):
            yield end
            tried += 1


def _scanned(buffer: bytes) -> tuple[list[Read], bytes]:
    """Return the records that are complete in a buffer, found by counting brackets, and the remaining bytes."""
    records: list[Read] = []
    start = depth = done = 0
    for token in TOKEN.finditer(buffer):
        kind = token[0]
        if kind in OPENING:
            if depth == 0:
                start = token.start()
                records += _stray(buffer[done:start])
                done = start
            depth += 1
            if depth > MAX_BRACKET_DEPTH:
                return [*records, BrokenRecord(TOO_DEEP)], b""
        elif kind in CLOSING:
            depth -= 1
            if depth < 0:  # the end of the array
                records += _stray(buffer[done : token.start()])
                done = token.start()
                break
            if depth == 0:
                done = token.end()
                records.append(read_one(buffer[start:done]))
        elif kind == b'"':  # a string that has no end yet
            break
    return records, buffer[_after(buffer, done) :]


def _stray(between: bytes) -> list[Read]:
    """Return a `BrokenRecord` for bytes between records, unless they are only white space and commas."""
    return [BrokenRecord(STRAY)] if between.strip(BETWEEN) else []


def _after(buffer: bytes, place: int) -> int:
    found = SPACE.match(buffer, place)
    return found.end() if found else place


def _last(buffer: bytes, closing: bytes) -> list[Read]:
    """Return the records in the last bytes of a document. `closing` are the brackets that must end it, such as `]}`."""
    body = buffer.rstrip()
    if closing and body.endswith(closing):
        with suppress(*FAULTS):
            return all_whole(MANY.decode(b"[%b]" % body.removesuffix(closing)))
    records, rest = _scanned(buffer)
    rest = rest.strip()
    if records and isinstance(records[-1], BrokenRecord) and records[-1].reason == TOO_DEEP:
        return records
    if not closing or closing.startswith(rest) or not rest.startswith(closing[:1]):
        return [*records, BrokenRecord(EARLY)] if rest != closing else records
    try:
        VALUE.decode(b"%b%b" % (b'{"Records":[' if closing == b"]}" else b"[", rest))
    except FAULTS as error:
        records.append(BrokenRecord(EARLY if "truncated" in str(error) else STRAY))
    return records


def is_lines(head: bytes) -> bool:
    """Return whether a file that begins with `head` is JSON Lines, and not one document with an array of records."""
    first, newline, _ = head.removeprefix(BYTE_ORDER_MARK).lstrip().partition(b"\n")
    return not HEAD.match(head) and (not newline or first.rstrip().endswith(b"}"))


def lines(head: bytes, parts: Iterable[bytes]) -> Iterator[list[Read]]:
    """Yield the records of a file of JSON Lines, in lists. Empty lines are skipped."""
    buffer = head.removeprefix(BYTE_ORDER_MARK)
    for part in parts:
        whole, newline, rest = (buffer + part).rpartition(b"\n")
        buffer = rest
        if newline:
            yield _lines(whole)
        elif len(buffer) > MAX_RECORD_BYTES:
            yield [BrokenRecord(TOO_LARGE)]
            return
    yield _lines(buffer)


def _lines(text: bytes) -> list[Read]:
    try:
        found = ONE.decode_lines(text)
    except FAULTS:
        found = None
    if found is not None and all(record.eventName is not None and record.eventSource is not None for record in found):
        return list(found)
    return [read_one(line) for line in text.splitlines() if line.strip()]
