"""JSON of any size becomes records, a part at a time: documents with an array of records, arrays, and JSON Lines.

A part is cut where it seems that a record ends, and decoded at once. That the JSON decoder accepts a part shows that
the cut was right: from the beginning of a record there is only one reading. Where no cut will do, a scanner counts
brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from .records import MANY, ONE, Broken, Read, all_whole, read_one

LARGEST = 16 << 20
"""Bytes of one record that are read."""
TRIES = 6
"""Cuts that are tried before brackets are counted."""
MARK = b"\xef\xbb\xbf"
"""What some programs begin UTF-8 with."""
HEAD = re.compile(rb'[\s\xef\xbb\xbf]*(?:\{\s*"(?:Records|Events)"\s*:\s*)?\[\s*')
"""What is before the first record of a document."""
START = b'},{"eventVersion"'
"""What is between two records as CloudTrail writes them."""
CUT = re.compile(rb"\}\s*,\s*(?=\{)")
TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
SPACE = re.compile(rb"[\s,]*")
FAULTS = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
TOO_LARGE = f"a record is larger than {LARGEST >> 20} MB, and the rest of the file is not read"


def documents(head: bytes, parts: Iterable[bytes]) -> Iterator[list[Read]]:
    """Yield the records of a document, `head` being its beginning; what cannot be read is a `Broken` among them."""
    start = HEAD.match(head)  # without it, objects follow one another, with spaces between them
    buffer = head[start.end() :] if start else head.removeprefix(MARK)
    for part in parts:
        buffer += part
        records, buffer = _complete(buffer)
        if records:
            yield records
        elif len(buffer) > LARGEST:
            yield [Broken(TOO_LARGE)]
            return
    yield _last(buffer, start is not None)


def _complete(buffer: bytes) -> tuple[list[Read], bytes]:
    """Return the records that end in a buffer, and the rest."""
    for cut in _cuts(buffer):
        part = b"[%b]" % buffer[: cut + 1]
        try:
            return all_whole(MANY.decode(part)), buffer[buffer.index(b"{", cut + 1) :]
        except FAULTS:
            continue
    return _scanned(buffer)


def _cuts(buffer: bytes) -> Iterator[int]:
    """Yield the indexes of brackets that may end a record and have another one after them, the last first."""
    tried = 0
    if (likely := buffer.rfind(START)) >= 0:
        yield likely
        tried = 1
    end = len(buffer)
    while tried < TRIES and (end := buffer.rfind(b"}", 0, end)) >= 0:
        if CUT.match(buffer, end):
            yield end
            tried += 1


def _scanned(buffer: bytes) -> tuple[list[Read], bytes]:
    """Return the records that end in a buffer, found by counting brackets, and the rest."""
    records: list[Read] = []
    start = depth = done = 0
    for token in TOKEN.finditer(buffer):
        kind = token[0]
        if kind in (b"{", b"["):
            start = token.start() if depth == 0 else start
            depth += 1
        elif kind in (b"}", b"]"):
            depth -= 1
            if depth < 0:  # the end of the array
                break
            if depth == 0:
                done = token.end()
                records.append(read_one(buffer[start:done]))
        elif kind == b'"':  # a string that has no end yet
            break
    return records, buffer[_after(buffer, done) :]


def _after(buffer: bytes, place: int) -> int:
    found = SPACE.match(buffer, place)
    return found.end() if found else place


def _last(buffer: bytes, is_array: bool) -> list[Read]:
    """Return the records of the end of a document."""
    body = buffer.rstrip()
    for end in (b"]}", b"]"):
        if is_array and body.endswith(end):
            part = b"[%b]" % body.removesuffix(end)
            try:
                return all_whole(MANY.decode(part))
            except FAULTS:
                continue
    records, rest = _scanned(buffer)
    if not rest.lstrip().startswith(b"]") if is_array else rest.strip():
        records.append(Broken("the document ends within a record"))
    return records


def is_lines(head: bytes) -> bool:
    """Return whether a file whose beginning this is holds an object a line, and not a document of records."""
    first, newline, _ = head.partition(b"\n")
    return not HEAD.match(head) and (not newline or first.rstrip().endswith(b"}"))


def lines(head: bytes, parts: Iterable[bytes]) -> Iterator[list[Read]]:
    """Yield the records of JSON Lines; empty lines are none."""
    buffer = head.removeprefix(MARK)
    for part in parts:
        whole, newline, rest = (buffer + part).rpartition(b"\n")
        buffer = rest
        if newline:
            yield _lines(whole)
        elif len(buffer) > LARGEST:
            yield [Broken(TOO_LARGE)]
            return
    yield _lines(buffer)


def _lines(text: bytes) -> list[Read]:
    try:
        found = ONE.decode_lines(text)
    except FAULTS:
        found = None
    if found is not None and all(each.eventName is not None and each.eventSource is not None for each in found):
        return list(found)
    return [read_one(line) for line in text.splitlines() if line.strip()]
