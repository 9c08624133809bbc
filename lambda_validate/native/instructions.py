"""Define the instructions of the native engine. `compiler/plan.py` makes a program of them, `_engine.pyx` executes it.

A program is a list of functions. The first one validates a payload. Each function has its own registers. A register
contains a borrowed reference to a value, and a number. Register 0 contains the argument of the function. The members of
an object are in consecutive registers; the register of a missing member is empty.

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

An instruction is `(operation, a, b, c, jump, sense, number)`. A test jumps if its result equals `sense`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

OPERATIONS = (
    # Operations that do something, and do not compare a value.
    "fail", "pass", "unknown", "jump", "begin", "open", "service", "walk-later", "call-later", "each-item",
    "each-member",
    "note",
    # Operations that test a value, and jump depending on the result.
    "has", "closed", "is-string", "is-integer", "is-number", "is-boolean", "is-null", "is-array", "is-object",
    "length-below", "length-above", "below", "above", "equals", "listed", "matches", "service-in", "one-of", "meets",
)  # fmt: skip
"""The names of the operations. Their order is that of the enumeration in `_engine.pyx`."""
CODES = {name: code for code, name in enumerate(OPERATIONS)}

Instruction = tuple[int, int, int, int, int, int, float]
Names = tuple[tuple[str, int, bool], ...]
"""Rows of a name, a number, and whether the name is one of the only members that a closed object may have."""


class EngineFault(NamedTuple):
    """A violation that a plan can note: see `compiler/faults.py`.

    `path` is None for an unknown member: its path is its name, which only the payload has. `pointer` is the path as a
    string. `rank` is the sort key of the violation. `covering` are the indexes of faults that this one only repeats. An
    index below 0, -1 for fault 0 and so on, applies only if the value is an empty string.
    """

    path: tuple[Any, ...] | None
    pointer: str
    constraint: Any
    rank: int
    covering: tuple[int, ...]


NO_VALUE, EXACT, SEEN = range(3)
"""What a fault stores of the invalid value: nothing; the value itself, which is a scalar; or the result of `seen`."""


class Program(NamedTuple):
    """A plan as data: see the top of this module.

    `functions` contains, for each function, the index of its first instruction and its number of registers. `names` are
    tables of names: members of objects, or the choices of an `enum`. `objects` are Python objects: functions to call,
    strings and scalars to compare with. `tables` are the automata of patterns (`patterns.tables.Table`). `faults` are
    the violations that a report can have. `makes` are the classes `Found` and `Violation`, and the functions `seen` and
    `pointer_text`, by which the engine makes violations.
    """

    code: Sequence[Instruction]
    functions: Sequence[tuple[int, int]]
    names: Sequence[Names]
    objects: Sequence[Any]
    tables: Sequence[Any]
    faults: Sequence[EngineFault] = ()
    makes: tuple[Any, ...] = ()
