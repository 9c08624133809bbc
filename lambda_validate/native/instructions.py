"""The instructions of a plan, and a program of them: what `compiler/plan.py` makes, and `_engine.pyx` executes.

A program is a list of functions, the first of which validates a payload. Each has registers of its own; a register
holds a borrowed reference to a value, and a number. Register 0 holds the value that the function is called with. The
members of an object are in a row of registers, an empty register for a member that is not there.

    {"type": "object", "required": ["Name"], "properties": {"Name": {"type": "string", "maxLength": 64}},
     "additionalProperties": false}

    0  is-object       a=0          unless: 7    the payload is a dict
    1  open            a=0 b=1 c=2               its members by table 1 of names; register 1 counts the others
    2  has             a=2          unless: 7    Name is there
    3  is-string       a=2          unless: 7
    4  length-above    a=2 64       if: 7
    5  closed          a=1          unless: 7    no other member is there
    6  pass
    7  fail

An instruction is `(operation, a, b, c, jump, sense, number)`. A test jumps where what it finds is `sense`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

OPERATIONS = (
    # statements
    "fail", "pass", "unknown", "jump", "begin", "open", "service", "walk-later", "call-later", "each-item",
    "each-member",
    # tests
    "has", "closed", "is-string", "is-integer", "is-number", "is-boolean", "is-null", "is-array", "is-object",
    "length-below", "length-above", "below", "above", "equals", "listed", "matches", "service-in", "one-of", "meets",
)  # fmt: skip
"""The names of the operations. Their order is that of the enumeration in `_engine.pyx`."""
CODES = {name: code for code, name in enumerate(OPERATIONS)}

Instruction = tuple[int, int, int, int, int, int, float]
Names = tuple[tuple[str, int, bool], ...]
"""Rows of a name, a number, and whether the name is one of those that an object is closed to."""


class Program(NamedTuple):
    """A plan as data: see the top of this module.

    `functions` has the first instruction and the number of registers of each. `names` are the tables of names, of
    members as of choices; `objects` are Python objects: functions to call, strings and scalars to compare with.
    `tables` are those of patterns (`patterns.tables.Table`).
    """

    code: Sequence[Instruction]
    functions: Sequence[tuple[int, int]]
    names: Sequence[Names]
    objects: Sequence[Any]
    tables: Sequence[Any]
