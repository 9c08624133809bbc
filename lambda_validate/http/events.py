"""The event emitted after each check of a request or response: to a callback of the user, and to the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..base.spelling import UnknownNameError
from ..report import Direction, Report

if TYPE_CHECKING:
    from logging import Logger

INFO, WARNING = 20, 30
"""The levels of `logging`, which is not imported here: callers that log have imported it."""

Mode = Literal["off", "log", "block"]
Outcome = Literal["passed", "flagged", "blocked"]
MODES: tuple[Mode, ...] = ("off", "log", "block")

LOGGED_VIOLATIONS = 20
"""Maximum number of violations in a line of the log."""

LOGGED_POINTER = 200
"""Maximum length of a pointer in the log: the sender chooses the names in it."""


class Event(NamedTuple):
    """The event of one checked request or response. `report` may contain values of the message.

    `seconds` is the time that the check took, without the time to wait for the body.
    """

    direction: Direction
    operation: str | None
    outcome: Outcome
    report: Report
    seconds: float

    @classmethod
    def of(cls, direction: Direction, operation: str | None, report: Report, blocks: bool, seconds: float) -> Event:
        """Return the event of a check. The outcome is `"passed"` without errors, else `"blocked"` or `"flagged"`.

        `blocks` says whether the gateway blocks messages with errors.
        """
        return cls(direction, operation, outcome(report, blocks), report, seconds)


OnCheck = Callable[[Event], object]


def mode(direction: str, name: Mode) -> Mode:
    """Return the mode `name` of a direction, if it is `"off"`, `"log"` or `"block"`. Else raise `UnknownNameError`."""
    if name not in MODES:
        raise UnknownNameError(f"mode of {direction}", name, MODES)
    return name


def outcome(report: Report, blocks: bool) -> Outcome:
    """Return `"passed"` for a report without errors, else `"blocked"` or, if errors do not block, `"flagged"`."""
    if report.ok:
        return "passed"
    return "blocked" if blocks else "flagged"


def reports_warnings(on_check: OnCheck | None, logger: Logger) -> bool:
    """Return whether warnings are needed: there is a callback, or the logger reports the level INFO."""
    return on_check is not None or logger.isEnabledFor(INFO)


def announce(event: Event, on_check: OnCheck | None, logger: Logger) -> None:
    """Log the violations of a check, without values, and call the callback, whose exceptions are only logged.

    Errors are logged at the level WARNING. Warnings are logged at INFO, since most real responses have some.
    """
    if event.report.violations:
        level = INFO if event.report.ok else WARNING
        if logger.isEnabledFor(level):
            logger.log(level, "%s %s %s: %s", event.direction, event.operation, event.outcome, summary(event.report))
    if on_check is not None:
        try:
            on_check(event)
        except Exception:  # the callback is the user's code, and the exchange must go on
            logger.exception("the callback on_check raised an exception")


def summary(report: Report) -> str:
    """Return the violations of a report in one line of ASCII for the log: pointers and rules, without values.

    For example "/BatchSize batch-size.maximum, /Topics topics.type".
    """
    found = report.violations
    named = [
        f"{ascii(violation.pointer[:LOGGED_POINTER])[1:-1] or 'message'} {violation.rule}"
        for violation in found[:LOGGED_VIOLATIONS]
    ]
    return ", ".join(
        [*named, *([f"and {len(found) - LOGGED_VIOLATIONS} more"] if len(found) > LOGGED_VIOLATIONS else [])]
    )
