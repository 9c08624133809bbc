"""The deterministic cases against a server, by several threads, in an order that does not depend on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from .client import REFUSED
from .findings import GONE, Findings, Seen, seen
from .judge import Sighting
from .session import FuzzTrial, Session, TrialResult

THREADS = 4
PATIENCE = 3
"""Requests that may stay without an answer before the rest is not sent."""


class Stop(BaseException):
    """Ends a run before its end; the text says why. No `Exception`, so that nothing between catches it."""


class Runner:
    """Sends trials and adds what they show to the findings."""

    def __init__(self, session: Session, findings: Findings, healthy: FuzzTrial, tick: Callable[[], None]) -> None:
        self.session, self._findings, self._healthy, self._tick = session, findings, healthy, tick
        self._missing = 0

    def run(self, trials: Iterable[FuzzTrial]) -> None:
        """Send every trial; raise `Stop` when the time is over, or the server does not answer any more."""
        pending = list(trials)
        while pending:
            looks = self._round(pending)
            looked = [(trial, look) for trial, look in zip(pending, looks, strict=True) if look is not None]
            self._settle(looked)
            pending = [trial for trial, look in zip(pending, looks, strict=True) if look is None]
            if self.session.budget.explored and pending:
                raise Stop(f"the time is over; {len(pending)} cases were not sent")

    def _round(self, pending: list[FuzzTrial]) -> list[TrialResult | None]:
        """Send trials until all are sent or one has no answer; None stands for what was not sent."""
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
        """Add what a trial shows to the findings."""
        for each in seen(trial, look):
            self._findings.add(each)

    def again(self, trial: FuzzTrial, failed: list[tuple[FuzzTrial, TrialResult]]) -> TrialResult:
        """Send a trial that had no answer once more, unless the server is gone altogether."""
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
        """Raise `Stop` if the plainest request, which the server answered before, has no answer any more."""
        failure = self.session.look(self._healthy, counted=False).failure
        if failure is None:
            return
        self.session.broken = True
        arrived = [(trial, look) for trial, look in failed if look.failure and look.failure.kind != REFUSED] or failed
        trial, look = arrived[0]
        others = f"one of {len(arrived)} at that time" if len(arrived) > 1 else str(look.failure)
        gone = Sighting(GONE, trial.expected.rule, trial.expected.pointer, others)
        self._findings.add(Seen(trial, gone, None))
        raise Stop(f"the server {failure}")
