"""What whoever carries the messages tells of each check: to a callback, and to the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..base.spelling import UnknownNameError
from ..report import Direction, Report

if TYPE_CHECKING:
    from logging import Logger

INFO, WARNING = 20, 30
"""Those of `logging`, which is loaded by whoever logs."""

Mode = Literal["off", "log", "block"]
Outcome = Literal["passed", "flagged", "blocked"]
MODES: tuple[Mode, ...] = ("off", "log", "block")

LOGGED_VIOLATIONS = 20
"""Violations that a line of the log names."""

LOGGED_POINTER = 200
"""Characters of a pointer in the log: names in it are the sender's."""


class Event(NamedTuple):
    """One check: `seconds` is what it took, without waiting for the body; `report` may hold values."""

    direction: Direction
    operation: str | None
    outcome: Outcome
    report: Report
    seconds: float

    @classmethod
    def of(cls, direction: Direction, operation: str | None, report: Report, blocks: bool, seconds: float) -> Event:
        """Return the event of a check, whose outcome follows from its report and from whether errors block."""
        return cls(direction, operation, outcome(report, blocks), report, seconds)


OnCheck = Callable[[Event], object]


def mode(direction: str, name: Mode) -> Mode:
    """Return a mode. An unknown one raises `UnknownNameError`."""
    if name not in MODES:
        raise UnknownNameError(f"mode of {direction}", name, MODES)
    return name


def outcome(report: Report, blocks: bool) -> Outcome:
    """Return what becomes of a message with this report."""
    if report.ok:
        return "passed"
    return "blocked" if blocks else "flagged"


def announce(event: Event, on_check: OnCheck | None, logger: Logger) -> None:
    """Log what a check found, without any value, and call the callback; neither can break the exchange.

    Errors are logged as a warning. What only warns is for information: real responses grow, so it is met in most.
    """
    if event.report.violations:
        level = INFO if event.report.ok else WARNING
        logger.log(level, "%s %s %s: %s", event.direction, event.operation, event.outcome, summary(event.report))
    if on_check is not None:
        try:
            on_check(event)
        except Exception:  # somebody else's code, and the exchange must go on
            logger.exception("the callback for checks failed")


def summary(report: Report) -> str:
    """Return the places and rules of a report in one line of ASCII."""
    found = report.violations
    named = [
        f"{ascii(each.pointer[:LOGGED_POINTER])[1:-1] or 'message'} {each.rule}" for each in found[:LOGGED_VIOLATIONS]
    ]
    return ", ".join(
        [*named, *([f"and {len(found) - LOGGED_VIOLATIONS} more"] if len(found) > LOGGED_VIOLATIONS else [])]
    )
