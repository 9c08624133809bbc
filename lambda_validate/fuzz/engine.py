"""A run: the deterministic cases, then Hypothesis's, then every finding made simple. Stops at its budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, NamedTuple

from ..catalog import Operation
from . import drawn
from .corpus import Runner, Stop
from .findings import Findings
from .progress import Progress
from .report import Outcome
from .session import Budget, Session
from .target import Target
from .trials import Existing, Plain, bodied, trials
from .wire import Headers


class Unreachable(Exception):
    """The endpoint does not answer the plainest request; the text is one line that says what it does."""


class Plan(NamedTuple):
    """What to send where. Times are in seconds: `max_time` for the run, `timeout` for one answer."""

    operation: Operation
    target: Target
    cases: Sequence[Any]
    seed: int = 0
    max_examples: int = 200
    max_time: float = 60.0
    timeout: float = 5.0
    headers: Headers = ()
    existing: Existing = MappingProxyType({})
    disabled: frozenset[str] = frozenset()


def explore(plan: Plan, progress: Progress) -> Outcome:
    """Return what a run finds; raise `Unreachable` when it cannot begin."""
    session = Session(plan.operation, plan.target, Budget(plan.max_time), plan.headers, plan.timeout)
    try:
        return _explored(plan, session, progress)
    finally:
        progress.close()
        session.close()


def _explored(plan: Plan, session: Session, progress: Progress) -> Outcome:
    found = trials(session, plan.cases, plan.disabled, plan.existing)
    plain = Plain(session, found, plan.existing)
    failure = session.look(plain.first, counted=False).failure
    if failure is not None:
        raise Unreachable(f"{plan.target.url} {failure}")
    found += bodied(session, plain.first, plan.disabled)
    findings = Findings(session, plain)
    notes = tuple(_sent(plan, findings, Runner(session, findings, plain.first, progress.tick), found, progress))
    progress.phase("findings made simple", len(findings))
    simple = tuple(findings.finished(progress.tick))
    return Outcome(
        operation=plan.operation,
        url=plan.target.url,
        seed=plan.seed,
        requests=session.requests,
        seconds=session.budget.elapsed,
        outcomes=session.outcomes,
        unsendable=session.unsendable,
        findings=simple,
        notes=notes,
        interrupted=INTERRUPTED in notes,
    )


def _sent(plan: Plan, findings: Findings, runner: Runner, found: list[Any], progress: Progress) -> Iterator[str]:
    """Send all that is planned; yield what there is to be said about it."""
    try:
        progress.phase("cases", len(found))
        runner.run(found)
        yield from _drawn(plan, findings, runner, progress)
    except Stop as stop:
        yield f"stopped: {stop}"
    except KeyboardInterrupt:
        runner.session.broken = True
        yield INTERRUPTED


INTERRUPTED = "interrupted"


def _drawn(plan: Plan, findings: Findings, runner: Runner, progress: Progress) -> Iterable[str]:
    if not plan.max_examples:
        return ()
    if find_spec("hypothesis") is None:
        return ("Hypothesis is not installed, so nothing was drawn: pip install 'lambda-validate[fuzz]'",)
    progress.phase("drawn", plan.max_examples)
    session = runner.session
    made = drawn.strategy(session, plan.disabled, plan.existing)
    drawn.run(drawn.Draw(session, findings, runner, progress.tick), made, plan.seed, plan.max_examples)
    return ()
