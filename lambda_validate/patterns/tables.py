"""Store the automaton of a pattern as a table of bytes: matching then takes three machine instructions per character.

    table_of("^(?:[a-c]+)$(?!\\n)")  has
    classes b"\\0…\\1\\1\\1…"            class 1 for a, b and c, class 0 for everything else
    rows 0 0  0 4  0 4                two entries for each state; state 0 is dead, and state 2 is the start
    start 2, accepting 4, sink 6      there is no sink, so its number is larger than all states

A state is the index of the first entry of its row, so `rows[state + classes[character]]` is the next state. States
are sorted: state 0 is dead, since no continuation matches. States from `accepting` on accept a string that ends there.
States from `sink` on accept every continuation. `classes` has an entry for each ASCII character, and one for all
others.

A table gives the same result as the functions of `matching`, with two exceptions. Some patterns distinguish characters
beyond ASCII. And a `$` inside a pattern also matches before a newline at the end. Two flags of a table mark these.

Building a table takes up to 1.7 s. So the package contains the tables for the patterns of both editions (`tables.bin`,
written by `tools/tables.py`). `shipped` finds them. `small_table` builds the table of any other pattern, if it is
small.
"""

from __future__ import annotations

import json
import re
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from os.path import dirname, join
from typing import TYPE_CHECKING, NamedTuple

from . import PatternError

if TYPE_CHECKING:
    from .automata import Automaton
    from .syntax import Node

ASCII = 128
BEYOND_ASCII = chr(ASCII)
MAX_TABLE_ENTRIES = 1 << 16
"""Maximum number of entries of a table, since a state has 16 bits."""
POSITIONS, STATES = 120, 1000
"""Maximum numbers of positions and states of an automaton that is built during validation, which takes up to 30 ms."""
BEYOND = r"\\[xupP]"
"""Escapes that may distinguish characters beyond ASCII."""
FILE = join(dirname(__file__), "tables.bin")


class Table(NamedTuple):
    """An automaton as bytes; see the top of this module.

    If `is_exact_beyond` is False, the table is exact only for ASCII strings. If `is_exact_lines` is False, it is exact
    only for strings without a newline.
    """

    rows: bytes
    classes: bytes
    start: int
    accepting: int
    sink: int
    is_exact_beyond: bool
    is_exact_lines: bool

    def matches(self, string: str) -> bool | None:
        """Return whether a string matches the pattern; None if the table cannot tell for this string."""
        found = self.longest(string)
        return found and found[0] == len(string) and found[1] >= self.accepting

    def is_exact(self, string: str) -> bool:
        """Return whether the table gives the right result for a string, as far as its flags say."""
        return (self.is_exact_beyond or string.isascii()) and (self.is_exact_lines or "\n" not in string)

    def longest(self, string: str) -> tuple[int, int] | None:
        """Return the length of the longest prefix with which some matching string begins, and the state after it.

        That length is the index of the first invalid character. Return None if the table cannot tell for this string.
        """
        if not self.is_exact(string):
            return None
        rows, classes, state = memoryview(self.rows).cast("H"), self.classes, self.start
        for index, code in enumerate(_codes(string)):
            after = rows[state + classes[code]]
            if not after:
                return index, state
            state = after
        return len(string), state

    def following(self, state: int) -> frozenset[str]:
        """Return the characters that the pattern allows next in a state.

        `BEYOND_ASCII` in the result means all characters beyond ASCII.
        """
        rows = memoryview(self.rows).cast("H")
        return frozenset(chr(code) for code, number in enumerate(self.classes) if rows[state + number])


def _codes(string: str) -> Sequence[int]:
    """Return the code of each character of a string, and 128 for every character beyond ASCII.

    For speed, no function is called for each character.
    """
    if string.isascii():
        return string.encode()
    points = memoryview(string.encode(f"utf-32-{sys.byteorder[:1]}e", "surrogatepass")).cast("I")
    return [code if code < ASCII else ASCII for code in points]


def table_of(pattern: str) -> Table:
    """Build the table of a pattern. A pattern whose automaton cannot be built or is too large raises `PatternError`."""
    from .building import of_pattern  # with what they import, these take longer to load than to use
    from .syntax import parse

    return _table(of_pattern(pattern), *_exactness(pattern, parse(pattern)))


def small_table(pattern: str) -> Table:
    """Build the table of a pattern, if it is small. A larger pattern raises `PatternError`."""
    from .products import of_plain
    from .syntax import parse, positions

    tree = parse(pattern)
    if positions(tree) > POSITIONS:
        raise PatternError(f"the pattern {pattern[:80]!r} is too large")
    return _table(of_plain(tree, STATES), *_exactness(pattern, tree))


def _exactness(pattern: str, tree: Node) -> tuple[bool, bool]:
    """Return the flags `is_exact_beyond` and `is_exact_lines` of a pattern's table.

    The first says that the pattern treats all characters beyond ASCII alike. The second says that it has no `$` that
    also matches before a newline.
    """
    from .syntax import Assertion, nodes

    is_bare = pattern.endswith("$") and not pattern.endswith("\\$")
    has_end = any(isinstance(node, Assertion) and node.where == "end" for node in nodes(tree))
    return pattern.isascii() and not re.search(BEYOND, pattern), not (is_bare or has_end)


def _table(found: Automaton, is_exact_beyond: bool, is_exact_lines: bool) -> Table:
    """Return the table of an automaton. Its states are numbered in the order dead, other, accepting, sink."""
    rows, width = found.table, len(found.classes)
    sinks = {state for state in found.accepting if set(rows[state]) == {state}}
    order = sorted(found.alive, key=lambda state: (state in sinks, state in found.accepting, state))
    if (len(order) + 1) * width > MAX_TABLE_ENTRIES:
        raise PatternError("its automaton has too many states")
    numbers = {state: (place + 1) * width for place, state in enumerate(order)}
    entries = array("H", [0] * width)
    for state in order:
        entries.extend(numbers.get(after, 0) for after in rows[state])
    end = len(entries)
    accepting, sink = (min((numbers[state] for state in some), default=end) for some in (found.accepting, sinks))
    beyond = {number for number, mask in enumerate(found.classes) if mask >> ASCII}
    is_exact_beyond = is_exact_beyond and len(beyond) == 1
    classes = bytes([*(found.number(1 << code) for code in range(ASCII)), min(beyond)])
    return Table(entries.tobytes(), classes, numbers.get(0, 0), accepting, sink, is_exact_beyond, is_exact_lines)


def written(patterns: Iterable[str]) -> bytes:
    """Return the content of the file `tables.bin` for some patterns. Patterns without a table are left out."""
    index: dict[str, list[int]] = {}
    parts: list[bytes] = []
    at = 0
    for pattern in sorted(patterns):
        try:
            table = table_of(pattern)
        except PatternError:
            continue
        rows = array("H", table.rows)
        if array("H", b"\1\0")[0] != 1:
            rows.byteswap()
        index[pattern] = [at, len(table.rows), *map(int, table[2:])]
        parts += [table.classes, rows.tobytes()]
        at += len(table.classes) + len(table.rows)
    head = json.dumps(index, separators=(",", ":")).encode("ascii")
    return b"".join([len(head).to_bytes(4, "little"), head, *parts])


@cache
def _shipped() -> tuple[Mapping[str, list[int]], bytes]:
    try:
        with open(FILE, "rb") as file:
            data = file.read()
    except OSError:
        return {}, b""
    end = 4 + int.from_bytes(data[:4], "little")
    return json.loads(data[4:end]), data[end:]


@cache
def shipped(pattern: str) -> Table | None:
    """Return the table of a pattern from the file in the package; None if it is not there."""
    index, data = _shipped()
    row = index.get(pattern)
    if row is None:
        return None
    at, size, start, accepting, sink, *exact = row
    begin = at + ASCII + 1
    rows = array("H", data[begin : begin + size])
    if array("H", b"\1\0")[0] != 1:  # the file is little-endian
        rows.byteswap()
    return Table(rows.tobytes(), data[at:begin], start, accepting, sink, *map(bool, exact))
