"""Send requests, validate their answers and count. The corpus, Hypothesis and shrinking all use this."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any, NamedTuple

from ..catalog import Operation
from ..validator import Validator
from . import sightings, wire
from .client import Client, NoAnswer, ServerAnswer
from .sightings import EITHER, INVALID, VALID, Expectation, Sighting
from .target import Target
from .wire import SentHeaders, Unsendable

OURS = "lambda-validate"
"""The source of our own rules."""
MISSING = "answer.missing"
VERDICTS = frozenset({"valid.rejected", "invalid.accepted", "response.invalid"})
"""Kinds of sightings about the verdict on a request. All other kinds are about the answer, whatever the request is."""


class FuzzTrial(NamedTuple):
    """A payload, its origin, and the expected outcome. `body` is a body for an operation that has none."""

    id: str
    payload: Any
    expected: Expectation
    source: str | None = None
    body: bytes | None = None


class TrialResult(NamedTuple):
    """The result of a trial: the answer, or why there is none. Both are None if the trial was not sent."""

    answer: ServerAnswer | None = None
    failure: NoAnswer | None = None
    sightings: tuple[Sighting, ...] = ()


NOT_SENT = TrialResult()


class TimeBudget:
    """The time for a run, in seconds. The last fifth of it is reserved for shrinking."""

    def __init__(self, seconds: float) -> None:
        self.start = time.monotonic()
        self._seconds = seconds

    @property
    def elapsed(self) -> float:
        """The seconds since the start."""
        return time.monotonic() - self.start

    def spent(self) -> bool:
        """Return whether the time is over."""
        return self.elapsed >= self._seconds

    @property
    def explored(self) -> bool:
        """Whether the time for new requests is over."""
        return self.elapsed >= 0.8 * self._seconds


class FuzzSession:
    """One run against one endpoint. Threads may share it, since each has its own connection.

    `broken` is set once the server does not answer a request that it answered before. Then no more probes are sent.
    """

    def __init__(
        self, operation: Operation, target: Target, budget: TimeBudget, headers: SentHeaders = (), timeout: float = 5.0
    ) -> None:
        self.operation, self.target, self.budget = operation, target, budget
        self.validator = Validator(operation.edition)
        self.broken = False
        self.requests = 0
        self.outcomes: Counter[str] = Counter()
        self.unsendable: Counter[str] = Counter()
        self._headers, self._timeout = headers, timeout
        self._known: dict[int, TrialResult] = {}
        self._local = threading.local()
        self._clients: list[Client] = []
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients:
            client.close()

    def request(self, payload: Any, body: bytes | None = None) -> wire.Request:
        """Return the HTTP request for a payload. Raise `Unsendable` if HTTP cannot carry the payload."""
        return wire.request(self.operation, payload, self._headers, body)

    def look(self, trial: FuzzTrial, counted: bool = True) -> TrialResult:
        """Send the payload of a trial, and return the answer with its sightings. Probes are not counted."""
        try:
            sent = self.request(trial.payload, trial.body)
        except Unsendable as reason:
            with self._lock:
                self.unsendable[str(reason)] += counted
            return NOT_SENT
        try:
            answer = self._client().send(sent)
        except NoAnswer as failure:
            missing = Sighting(MISSING, None, "", failure.kind)
            return TrialResult(failure=failure, sightings=(missing,))
        found = tuple(sightings.sightings(self.operation, self.validator, trial.expected, answer))
        with self._lock:
            self.requests += 1
            self.outcomes[sightings.outcome(answer)] += counted
        return TrialResult(answer, None, found)

    def _client(self) -> Client:
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            client = self._local.client = Client(self.target, self._timeout)
            with self._lock:
                self._clients.append(client)
        return client

    def shows(self, trial: FuzzTrial, payload: Any, sighting: Sighting) -> bool:
        """Return whether another payload shows the same sighting.

        If the sighting is about the verdict, the other payload must have the same expectation.
        """
        if self.broken or (sighting.kind in VERDICTS and not self.alike(trial, payload)):
            return False
        key = hash((repr(payload), trial.expected, trial.body))  # the text itself may be of many megabytes
        if key not in self._known:
            if self.budget.spent():
                return False
            self._known[key] = self.look(trial._replace(payload=payload), counted=False)
        look = self._known[key]
        if look.failure is not None and sighting.kind != MISSING:
            self.broken = True
        return sighting in look.sightings

    def alike(self, trial: FuzzTrial, payload: Any) -> bool:
        """Return whether another payload has the same expectation: both are valid, or both break the same rules."""
        report = self.validator.validate_request(self.operation.name, payload)
        if trial.expected.verdict == VALID:
            return not report.violations
        known = self.validator.validate_request(self.operation.name, trial.payload)
        rules, same = ({(error.rule, error.pointer) for error in found.errors} for found in (report, known))
        return rules == same

    def expectation(self, case: Any) -> Expectation:
        """Return the expectation for a generated case.

        A payload that only has warnings may be refused. A payload that only breaks limits of our own may be accepted.
        """
        report = self.validator.validate_request(self.operation.name, case.payload)
        ours = bool(report.errors) and all(error.source.document == OURS for error in report.errors)
        if ours or (case.valid and (case.rule is not None or report.warnings)):
            return Expectation(EITHER)
        return Expectation(VALID) if case.valid else Expectation(INVALID, case.rule, case.pointer or "")
