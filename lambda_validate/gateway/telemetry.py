"""Metrics for OpenTelemetry, with the extra `otel`: `Middleware(app, on_check=telemetry.recorder())`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..base import extras
from ..http.events import Event, OnCheck

extras.check(["opentelemetry"], "otel")

from opentelemetry import metrics  # noqa: E402  # after the check, so that its one line is what a user sees


def recorder(meter: Any = None) -> OnCheck:
    """Return a callback for `on_check` that counts and times checks by direction, operation and outcome.

    It also counts the violations of each rule. Attributes contain neither values nor names that the sender of a request
    chose.
    """
    used = meter or metrics.get_meter("lambda_validate")
    checks = used.create_counter("lambda_validate.checks", "{check}", "Requests and responses that were checked")
    found = used.create_counter("lambda_validate.violations", "{violation}", "Rules that were broken")
    duration = used.create_histogram(
        "lambda_validate.check.duration", "s", "Time that the check of a request or response took"
    )

    def record(event: Event) -> None:
        about = {"direction": event.direction, "operation": event.operation or "", "outcome": event.outcome}
        checks.add(1, about)
        duration.record(event.seconds, about)
        for (rule, severity), count in Counter(
            (violation.rule, violation.severity) for violation in event.report.violations
        ).items():
            found.add(count, {"rule": rule, "severity": severity})

    return record
