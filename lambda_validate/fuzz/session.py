"""Send requests to an endpoint, compare the answers with the expected ones, and count them."""

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
"""The name of the source of rules that AWS does not document, and that this project adds."""
MISSING = "answer.missing"
VERDICTS = frozenset({"valid.rejected", "invalid.accepted", "response.invalid"})
"""Kinds of problems that depend on whether the request is valid. Other kinds are wrong for any request."""


class FuzzTrial(NamedTuple):
    """A payload to send, and the expected outcome.

    `id` names the generated case, and `source` its event source. `body` is an unexpected body, for an operation whose
    requests have none.
    """

    id: str
    payload: Any
    expected: Expectation
    source: str | None = None
    body: bytes | None = None


class TrialResult(NamedTuple):
    """The result of sending a payload: the answer, or the reason why there is none, and what is wrong with the answer.

    `answer` and `failure` are both None if the payload was not sent.
    """

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
        """The number of seconds since the start of the run."""
        return time.monotonic() - self.start

    def spent(self) -> bool:
        """Return whether the time for the whole run is over."""
        return self.elapsed >= self._seconds

    @property
    def explored(self) -> bool:
        """Whether the time for new requests is over, and only the time for shrinking is left."""
        return self.elapsed >= 0.8 * self._seconds


class FuzzSession:
    """One run against one endpoint. Threads may share it, since each thread has its own connection.

    `broken` is set once the server does not answer any more, although it did before. Then nothing is sent to shrink
    findings.
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
        """Close the connections of all threads."""
        for client in self._clients:
            client.close()

    def request(self, payload: Any, body: bytes | None = None) -> wire.Request:
        """Return the HTTP request for a payload. Raise `Unsendable` if HTTP cannot carry the payload."""
        return wire.request(self.operation, payload, self._headers, body)

    def look(self, trial: FuzzTrial, counted: bool = True) -> TrialResult:
        """Send the payload of a trial, and return the answer, with everything that is wrong with it.

        With `counted=False`, as for requests that only shrink a payload, the outcome is not counted.
        """
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
        """Send a variant of a trial's payload, and return whether its answer shows the same problem.

        If the problem depends on whether the request is valid, the variant must break the same rules as the original.
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
        """Return whether a variant of a trial's payload breaks the same rules as the payload, or neither breaks any."""
        report = self.validator.validate_request(self.operation.name, payload)
        if trial.expected.verdict == VALID:
            return not report.violations
        known = self.validator.validate_request(self.operation.name, trial.payload)
        rules, same = ({(error.rule, error.pointer) for error in found.errors} for found in (report, known))
        return rules == same

    def expectation(self, case: Any) -> Expectation:
        """Return what a server must do with a generated case: accept it, reject it, or either.

        It may reject a payload that only has warnings. It may accept a payload that only breaks rules of this project,
        which AWS does not document.
        """
        report = self.validator.validate_request(self.operation.name, case.payload)
        ours = bool(report.errors) and all(error.source.document == OURS for error in report.errors)
        if ours or (case.valid and (case.rule is not None or report.warnings)):
            return Expectation(EITHER)
        return Expectation(VALID) if case.valid else Expectation(INVALID, case.rule, case.pointer or "")
