"""Do a run: send the deterministic cases, then requests that Hypothesis draws, then shrink the request of each finding.

The time of a run is limited. The last fifth of it is reserved for shrinking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.progress import StepProgress
from ..catalog import Operation
from . import drawn
from .corpus import Runner, Stop
from .findings import Findings
from .report import RunOutcome
from .session import FuzzSession, TimeBudget
from .target import Target
from .trials import Existing, PlainTrials, bodied, trials
from .wire import SentHeaders


class Unreachable(Exception):
    """Raised if the endpoint does not answer the simplest request.

    The message is one line, such as "http://127.0.0.1:9 does not answer within 5 s".
    """


class RunPlan(NamedTuple):
    """The settings of a run. Times are in seconds: `max_time` for the run, `timeout` for one answer."""

    operation: Operation
    target: Target
    cases: Sequence[Any]
    seed: int = 0
    max_examples: int = 200
    max_time: float = 60.0
    timeout: float = 5.0
    headers: SentHeaders = ()
    existing: Existing = MappingProxyType({})
    disabled: frozenset[str] = frozenset()


def explore(plan: RunPlan, progress: StepProgress) -> RunOutcome:
    """Do a run, and return its outcome. Raise `Unreachable` if the endpoint does not answer the first request."""
    session = FuzzSession(plan.operation, plan.target, TimeBudget(plan.max_time), plan.headers, plan.timeout)
    try:
        return _explored(plan, session, progress)
    finally:
        progress.close()
        session.close()


def _explored(plan: RunPlan, session: FuzzSession, progress: StepProgress) -> RunOutcome:
    found = trials(session, plan.cases, plan.disabled, plan.existing)
    plain = PlainTrials(session, found, plan.existing)
    failure = session.look(plain.first, counted=False).failure
    if failure is not None:
        raise Unreachable(f"{plan.target.url} {failure}")
    found += bodied(session, plain.first, plan.disabled)
    findings = Findings(session, plain)
    notes = tuple(_sent(plan, findings, Runner(session, findings, plain.first, progress.tick), found, progress))
    progress.phase("findings made simple", len(findings))
    simple = tuple(findings.finished(progress.tick))
    return RunOutcome(
        operation=plan.operation,
        url=plan.target.url,
        seed=plan.seed,
        requests=session.requests,
        seconds=session.budget.elapsed,
        outcomes=session.outcomes,
        unsendable=session.unsendable,
        findings=simple,
        notes=notes,
        interrupted=INTERRUPTED_NOTE in notes,
    )


def _sent(plan: RunPlan, findings: Findings, runner: Runner, found: list[Any], progress: StepProgress) -> Iterator[str]:
    """Send all planned requests. Yield notes for the user, such as why the run was stopped."""
    try:
        progress.phase("cases", len(found))
        runner.run(found)
        yield from _drawn(plan, findings, runner, progress)
    except Stop as stop:
        yield f"stopped: {stop}"
    except KeyboardInterrupt:
        runner.session.broken = True
        yield INTERRUPTED_NOTE


INTERRUPTED_NOTE = "interrupted"


def _drawn(plan: RunPlan, findings: Findings, runner: Runner, progress: StepProgress) -> Iterable[str]:
    if not plan.max_examples:
        return ()
    if find_spec("hypothesis") is None:
        return ("Hypothesis is not installed, so no random requests were sent: pip install 'lambda-validate[fuzz]'",)
    progress.phase("drawn", plan.max_examples)
    session = runner.session
    made = drawn.strategy(session, plan.disabled, plan.existing)
    drawn.run(drawn.Draw(session, findings, runner, progress.tick), made, plan.seed, plan.max_examples)
    return ()
