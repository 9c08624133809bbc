"""Collect the faults (possible violations) that the native engine can report, when a schema is compiled.

The engine executes instructions, a plan. A plan can note a fault whose path is known at compile time, and an unknown
member of the payload itself. At any other fault it stops with the result "unknown", and Python makes the report. Of two
faults, one may only repeat the other. `report.distinct` decides that here, once for each pair.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from ..native.instructions import EXACT, NO_VALUE, SEEN, EngineFault
from ..report import Constraint, Found
from ..report.distinct import needless
from ..report.records import pointer_text, ranking
from .nodes import NONE_LITERAL, Call, Literal, Operand, RecordViolation

UNKNOWN = ("additionalProperties", "x-unknown-members")


class Note(NamedTuple):
    """A fault that a plan can note: the operand with the invalid value, how to store it, the path and the constraint.

    `kind` is `EXACT` to store the value itself, `SEEN` to store only the type of a non-scalar value, or `NO_VALUE`. The
    path is None for an unknown member.
    """

    operand: Operand
    kind: int
    path: tuple[Any, ...] | None
    constraint: Constraint


def note_of(statement: RecordViolation, constraint: Constraint) -> Note | None:
    """Return the fault for a statement that records a violation; None if a plan cannot note such a fault."""
    steps, value = statement.path, statement.value
    is_member = len(steps) == 1 and isinstance(steps[0], Call) and constraint.keyword in UNKNOWN
    if not is_member and not all(isinstance(step, Literal) for step in steps):
        return None
    path = None if is_member else tuple(step.value for step in steps if isinstance(step, Literal))
    if isinstance(value, Call):
        return Note(value.arguments[0], SEEN, path, constraint)
    return Note(value, NO_VALUE if value is NONE_LITERAL else EXACT, path, constraint)


def faults(noted: Sequence[Note], members: Collection[str]) -> list[EngineFault] | None:
    """Return the faults for the native engine, with their sort keys and the indexes of faults that each one repeats.

    `members` are the members of the payload, in the order of the document. Return None if one unknown member may have
    two faults, since a plan cannot report both.
    """
    order = ranking(members)
    named = {note.path[0] for note in noted if note.path} | {*members}
    unknown = [note.constraint for note in noted if note.path is None]
    if len(unknown) > 1 or not named <= set(unknown[0].argument if unknown else named):
        return None
    found = [Found((None,) if note.path is None else note.path, note.constraint) for note in noted]
    covering: list[list[int]] = [[] for _ in found]
    for one, other in combinations(range(len(found)), 2):
        if found[one].path[:1] == found[other].path[:1] or () in (found[one].path, found[other].path):
            for place in needless((found[one], found[other])):
                covering[(one, other)[place]].append((other, one)[place])
            for place in needless([found[index]._replace(value="") for index in (one, other)]):
                covering[(one, other)[place]].append(-(other, one)[place] - 1)
    return [
        EngineFault(note.path, pointer_text(note.path or ()), note.constraint, order(place), tuple(rows))
        for note, place, rows in zip(noted, found, covering, strict=True)
    ]
