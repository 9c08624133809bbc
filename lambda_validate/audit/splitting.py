"""Split JSON of any size into records, a part at a time: documents with an array of records, arrays, and JSON Lines.

A part is cut where a record seems to end, and decoded in one call. If the decoder accepts the part, the cut was right:
from the beginning of a record, there is only one way to read it. If no cut is accepted, a scanner counts brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain

import msgspec

from .records import MANY, NESTED, ONE, VALUE, BrokenRecord, Read, all_whole, read_one

LARGEST = 16 << 20
"""Maximum size of one record in bytes."""
TRIES, BRACKETS = 6, 1_000
"""Cuts that are tried before brackets are counted, and brackets that are looked at for them."""
MARK = b"\xef\xbb\xbf"
"""The byte-order mark, with which some programs begin a file in UTF-8."""
STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
SCALAR = rb"(?:%b|[-+.\w]++)" % STRING
NESTING, MEMBERS = 3, 8
"""Maximum depth of a member before the array of records, and maximum number of such members."""


def _value(depth: int) -> bytes:
    """Return a rough pattern of a value: it checks the nesting of brackets up to a depth, but not their kinds."""
    if not depth:
        return SCALAR
    held = rb'(?:[^"{}\[\]\w.+-]++|%b)*+' % _value(depth - 1)
    return rb"(?:%b|\{%b\}|\[%b\])" % (SCALAR, held, held)


RECORDS = rb'"(?:Records|Events)"\s*+:\s*+\[\s*+'
MEMBER = rb"(?!%b)%b\s*+:\s*+%b\s*+,\s*+" % (RECORDS, STRING, _value(NESTING))
ARRAY = rb"\{\s*+(?:%b){0,%d}+%b" % (MEMBER, MEMBERS, RECORDS)
HEAD = re.compile(rb"[\s\xef\xbb\xbf]*+(?:%b|\[\s*+)" % ARRAY, re.DOTALL)
"""The beginning of a document, before its first record. Pages of the SDK have a token and other members there."""
ARRAYS = b'"Records"', b'"Events"'
NEXT = re.compile(rb"\}(?:\s|\xef\xbb\xbf)*+%b" % ARRAY, re.DOTALL)
"""The place where a document follows another one. It cannot be inside a string, whose quotes are escaped."""
LONGEST = 8_192
"""Bytes of the head of a document that may be in two parts."""
START = b'},{"eventVersion"'
"""The bytes between two records in CloudTrail's own files."""
CUT = re.compile(rb"\}\s*,\s*(?=\{)")
OPENING, CLOSING = (b"{", b"["), (b"}", b"]")
TOKEN = re.compile(rb'%b|[{}\[\]"]' % STRING, re.DOTALL)
SPACE = re.compile(rb"[\s,]*")
BETWEEN = b" \t\r\n\v\f,"
FAULTS = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
DEEPEST = 10_000
"""Brackets within one another that are counted: no decoder reads that many."""
EARLY, STRAY = "the document ends too early", "there is something that is no record between or after the records"
TOO_DEEP = f"{NESTED}, and the rest of the file is not read"
TOO_LARGE = f"a record is larger than {LARGEST >> 20} MB, and the rest of the file is not read"


def documents(head: bytes, parts: Iterable[bytes]) -> Iterator[list[Read]]:
    """Yield the records of a document that begins with `head`, with a `Broken` for each one that cannot be read.

    Other documents may follow it, if files were concatenated.
    """
    start = HEAD.match(head)  # without it, objects follow one another, with spaces between them
    closing = (b"]}" if b"{" in start[0] else b"]") if start else b""
    parts = filter(None, parts)
    following = next(parts, b"")
    if start and not following and (alone := _alone(head, start.end(), closing)) is not None:
        yield alone
        return
    buffer, wanted = b"", 0
    for part, is_end in _apart(head[start.end() :] if start else head.removeprefix(MARK), chain([following], parts)):
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
        elif len(buffer) > LARGEST:
            yield [BrokenRecord(TOO_LARGE)]
            return
        wanted = 0 if records else 2 * len(buffer)  # what holds no whole record is not looked at for each part


def _alone(data: bytes, start: int, closing: bytes) -> list[Read] | None:
    """Return the records of a document that is all of a file, as most are; None where it must be read in parts."""
    body = data.rstrip()
    if not body.endswith(closing):
        return None
    with suppress(*FAULTS):  # other documents after this one make it no JSON
        return all_whole(MANY.decode(b"".join((b"[", memoryview(body)[start : len(body) - len(closing)], b"]"))))
    return None


def _apart(head: bytes, parts: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield parts that end before the next document, without its head, and whether a document ends with the part."""
    data = head
    for part in parts:
        data += part
        start = 0
        for found in NEXT.finditer(data) if any(name in data for name in ARRAYS) else ():
            yield data[start : found.start() + 1], True
            start = found.end()
        rest = max(start, len(data) - LONGEST)  # it may be where the head of a document begins
        yield data[start:rest], False
        data = data[rest:]
    yield data, True


# A buffer ends somewhere inside a record. Counting brackets byte by byte in Python is slow. So guess: take the last `}`
# that is followed by `,{` or similar, cut there, and decode everything before at once. If the guess was wrong (the `}`
# was inside a string or a nested object), decoding fails, and an earlier cut is tried. After `TRIES` failures,
# `_scanned` counts brackets.
def _complete(buffer: bytes) -> tuple[list[Read], bytes]:
    """Return the records that end in a buffer, and the rest."""
    for cut in _cuts(buffer):
        part = b"".join((b"[", memoryview(buffer)[: cut + 1], b"]"))
        try:
            return all_whole(MANY.decode(part)), buffer[buffer.index(b"{", cut + 1) :]
        except FAULTS:
            continue
    return _scanned(buffer)


def _cuts(buffer: bytes) -> Iterator[int]:
    """Yield the indexes of brackets that may end a record and have another one after them, the last first."""
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
    """Return the records that end in a buffer, found by counting brackets, and the rest."""
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
            if depth > DEEPEST:
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
    """Return a `Broken` for bytes between records, unless they are only spaces and commas."""
    return [BrokenRecord(STRAY)] if between.strip(BETWEEN) else []


def _after(buffer: bytes, place: int) -> int:
    found = SPACE.match(buffer, place)
    return found.end() if found else place


def _last(buffer: bytes, closing: bytes) -> list[Read]:
    """Return the records of the end of a document, whose last brackets are `closing`."""
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
    """Return whether a file with this beginning is JSON Lines, and not a document of records."""
    first, newline, _ = head.removeprefix(MARK).lstrip().partition(b"\n")
    return not HEAD.match(head) and (not newline or first.rstrip().endswith(b"}"))


def lines(head: bytes, parts: Iterable[bytes]) -> Iterator[list[Read]]:
    """Yield the records of JSON Lines. Empty lines are skipped."""
    buffer = head.removeprefix(MARK)
    for part in parts:
        whole, newline, rest = (buffer + part).rpartition(b"\n")
        buffer = rest
        if newline:
            yield _lines(whole)
        elif len(buffer) > LARGEST:
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
