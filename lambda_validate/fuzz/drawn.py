"""Send examples of Hypothesis to a server. Hypothesis is an extra: `lambda-validate[fuzz]`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .corpus import Runner, Stop
from .findings import Findings, SeenTrial, seen
from .session import FuzzSession, FuzzTrial
from .sightings import Sighting
from .trials import Existing, placed, trial


class Shown(Exception):
    """An example shows something new. Each finding has its own subclass, by which Hypothesis distinguishes failures."""


class Draw:
    """Sends examples.

    A known finding is counted. A new one is raised as an exception, so that Hypothesis shrinks it.
    """

    def __init__(self, session: FuzzSession, findings: Findings, runner: Runner, tick: Callable[[], None]) -> None:
        self._session, self._findings, self._runner, self._tick = session, findings, runner, tick
        self._classes: dict[Sighting, type[Shown]] = {}
        self._simplest: dict[Sighting, SeenTrial] = {}

    def one(self, trial: FuzzTrial) -> None:
        """Send one example."""
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
        """Add the simplest example of each new finding to the findings."""
        for key, simplest in self._simplest.items():
            self._findings.add(simplest, key)


def run(draw: Draw, strategy: Any, seed: int, examples: int) -> None:
    """Draw a number of examples from a strategy of trials. Raise `Stop` if the run must end earlier."""
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
    """Return the strategy of trials for an operation: half of them must be accepted, and half rejected.

    If values are known that exist in the server, every second trial uses them.
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
