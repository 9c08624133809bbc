"""Send random requests, which Hypothesis draws, to a server. Hypothesis is in the extra `lambda-validate[fuzz]`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .corpus import Runner, Stop
from .findings import Findings, SeenTrial, seen
from .session import FuzzSession, FuzzTrial
from .sightings import Sighting
from .trials import Existing, placed, trial


class Shown(Exception):
    """Raised if the answer to a drawn request shows a new problem.

    Each problem has its own subclass, since Hypothesis distinguishes failures by their class.
    """


class Draw:
    """Sends the requests that Hypothesis draws.

    If an answer shows a known finding, the finding is counted. If it shows a new one, `Shown` is raised, so that
    Hypothesis shrinks the request.
    """

    def __init__(self, session: FuzzSession, findings: Findings, runner: Runner, tick: Callable[[], None]) -> None:
        self._session, self._findings, self._runner, self._tick = session, findings, runner, tick
        self._classes: dict[Sighting, type[Shown]] = {}
        self._simplest: dict[Sighting, SeenTrial] = {}

    def one(self, trial: FuzzTrial) -> None:
        """Send one drawn request. Raise `Shown` if its answer shows a new finding, and `Stop` if the run must end."""
        if self._session.budget.explored:
            raise Stop("the time is over")
        look = self._session.look(trial)
        if look.failure is not None:
            look = self._runner.again(trial, [(trial, look)])
        self._tick()
        for sighting in seen(trial, look):
            self._meet(sighting, self._findings.key(sighting))

    def _meet(self, found: SeenTrial, key: Sighting) -> None:
        if key in self._findings:
            self._findings.add(found, key)
            return
        known = self._simplest.get(key)
        if known is None or found.size <= known.size:
            self._simplest[key] = found
        shown = self._classes.setdefault(key, type("Shown", (Shown,), {}))
        raise shown(key)

    def finish(self) -> None:
        """Add each new finding, with the simplest drawn request that shows it."""
        for key, simplest in self._simplest.items():
            self._findings.add(simplest, key)


def run(draw: Draw, strategy: Any, seed: int, examples: int) -> None:
    """Draw up to `examples` requests from a strategy, and send each. Raise `Stop` if the run must end earlier."""
    import hypothesis
    from hypothesis import HealthCheck, Verbosity
    from hypothesis.errors import Flaky

    settings = hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=[HealthCheck.too_slow],  # it is the server that takes the time
    )

    @hypothesis.seed(seed)
    @settings
    @hypothesis.given(strategy)
    def test(trial: FuzzTrial) -> None:
        draw.one(trial)

    try:
        test()
    except* (Shown, Flaky):  # a server that answers differently each time makes Hypothesis call it flaky
        pass
    finally:
        draw.finish()


def strategy(session: FuzzSession, disabled: frozenset[str], existing: Existing) -> Any:
    """Return a Hypothesis strategy of trials (payloads with an expected outcome) for an operation.

    Half of them must be accepted by the server, and half rejected. If `existing` names values that exist on the server,
    such as a function, about half of the trials use them. Rules in `disabled` are not broken.
    """
    from hypothesis import strategies as st

    from .. import strategies

    name, edition = session.operation.name, session.operation.edition
    valid = strategies.requests(name, edition=edition)
    invalid: Any = strategies.invalid_requests(name, edition=edition)
    enabled = invalid.filter(lambda case: case.rule not in disabled) if disabled else invalid

    @st.composite
    def drawn(draw: Any) -> FuzzTrial:
        breaks, known = draw(st.booleans()), bool(existing) and draw(st.booleans())
        case = draw(enabled) if breaks else strategies.Case(draw(valid), True, None, None, (), None, "drawn")
        made = trial(session, case)
        return placed(session, made, existing) if known else made

    return drawn()
