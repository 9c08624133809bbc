"""Describe the outcome of a stream."""

from __future__ import annotations

from lambda_validate.http.events import Event


def outcomes(events: list[Event]) -> list[tuple[str, str | None, str, list[str]]]:
    return [
        (each.direction, each.operation, each.outcome, [one.rule for one in each.report.violations]) for each in events
    ]
