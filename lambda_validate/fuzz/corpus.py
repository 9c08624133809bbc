"""Send the deterministic cases to a server, in several threads. The order of the findings does not depend on timing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from .client import REFUSED
from .findings import GONE, Findings, SeenTrial, seen
from .session import FuzzSession, FuzzTrial, TrialResult
from .sightings import Sighting

THREADS = 4
PATIENCE = 3
"""Number of requests without an answer after which the run is stopped."""


class Stop(BaseException):
    """Raised to end a run early.

    The message is the reason. It is not an `Exception`, so that no other handler catches it.
    """


class Runner:
    """Sends trials (payloads with an expected outcome), and adds what is wrong with the answers to the findings."""

    def __init__(self, session: FuzzSession, findings: Findings, healthy: FuzzTrial, tick: Callable[[], None]) -> None:
        self.session, self._findings, self._healthy, self._tick = session, findings, healthy, tick
        self._missing = 0

    def run(self, trials: Iterable[FuzzTrial]) -> None:
        """Send every trial (payload with an expected outcome).

        Raise `Stop` if the time is over, or if the server does not answer any more.
        """
        pending = list(trials)
        while pending:
            looks = self._round(pending)
            looked = [(trial, look) for trial, look in zip(pending, looks, strict=True) if look is not None]
            self._settle(looked)
            pending = [trial for trial, look in zip(pending, looks, strict=True) if look is None]
            if self.session.budget.explored and pending:
                raise Stop(f"the time is over; {len(pending)} cases were not sent")

    def _round(self, pending: list[FuzzTrial]) -> list[TrialResult | None]:
        """Send trials in several threads until all are sent, or until one gets no answer.

        The result has None for each trial that was not sent.
        """
        halt = Event()

        def look(trial: FuzzTrial) -> TrialResult | None:
            if halt.is_set() or self.session.budget.explored:
                return None
            found = self.session.look(trial)
            if found.failure is not None:
                halt.set()
            self._tick()
            return found

        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(look, pending))

    def _settle(self, looked: list[tuple[FuzzTrial, TrialResult]]) -> None:
        failed = [(trial, look) for trial, look in looked if look.failure is not None]
        for trial, look in looked:
            if look.failure is None:
                self.add(trial, look)
        for trial, _ in failed:
            self.add(trial, self.again(trial, failed))

    def add(self, trial: FuzzTrial, look: TrialResult) -> None:
        """Add everything that is wrong with the answer to a trial to the findings."""
        for sighting in seen(trial, look):
            self._findings.add(sighting)

    def again(self, trial: FuzzTrial, failed: list[tuple[FuzzTrial, TrialResult]]) -> TrialResult:
        """Send a trial that got no answer once more, and return the result.

        Raise `Stop` if the server does not answer even the simplest request. Also raise it if this is trial number
        `PATIENCE` without an answer at the second attempt.
        """
        self._probe(failed)
        look = self.session.look(trial)
        if look.failure is None:
            return look
        self._probe([(trial, look)])
        self._missing += 1
        if self._missing >= PATIENCE:
            self.add(trial, look)
            raise Stop(f"the server left {self._missing} requests without an answer")
        return look

    def _probe(self, failed: list[tuple[FuzzTrial, TrialResult]]) -> None:
        """Raise `Stop` if the server does not answer the simplest request any more, which it answered before.

        Add a finding that blames the first of the failed trials.
        """
        failure = self.session.look(self._healthy, counted=False).failure
        if failure is None:
            return
        self.session.broken = True
        arrived = [(trial, look) for trial, look in failed if look.failure and look.failure.kind != REFUSED] or failed
        trial, look = arrived[0]
        others = f"one of {len(arrived)} at that time" if len(arrived) > 1 else str(look.failure)
        gone = Sighting(GONE, trial.expected.rule, trial.expected.pointer, others)
        self._findings.add(SeenTrial(trial, gone, None))
        raise Stop(f"the server {failure}")
