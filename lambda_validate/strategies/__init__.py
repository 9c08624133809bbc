"""Payloads made from the schemas that judge them: valid ones, and ones with one named fault.

Two halves. `boundary_cases`, `pattern_cases`, `corpus`, `coverage` and `mutants` always give the same, and need
nothing but this package. `requests`, `invalid_requests`, `responses` and `invalid_responses` are Hypothesis strategies,
and need the extra `lambda-validate[fuzz]`.

Nothing here shares code with what it tests: a schema becomes descriptions of sets of values (`sets`), in which
conditional rules are flat cells, and patterns automata; a walk of its own (`cases/leaves.py`) says what each payload
breaks before any validator sees it. Valid payloads break nothing, not even a warning's rule.

In all of them, `edition` is `"documents"` by default.

An operation, rule, source, edition or direction that does not exist is an `UnknownNameError`. What cannot be generated
is a `GenerationError` that names it, never a case fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base.spelling import UnknownNameError
from ..catalog import DIRECTIONS
from .cases.case import Case
from .cases.generator import Generator, generator
from .errors import GenerationError, PatternError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypothesis.strategies import SearchStrategy

    from .cases.measure import Coverage
    from .mutation.changes import Mutant

__all__ = [
    "Case", "GenerationError", "PatternError", "boundary_cases", "corpus", "coverage", "invalid_requests",
    "invalid_responses", "mutants", "pattern_cases", "requests", "responses", "rules", "sources",
]  # fmt: skip


def requests(op: str, source: str | None = None, edition: str = "documents") -> SearchStrategy[dict[str, Any]]:
    """Return a strategy of valid requests, each documented source as often as another, or of one source alone.

    `edition` is `"documents"` by default.
    """
    from .cases.drawing import payloads

    maker = generator(op, "request", edition)
    if source is not None and source not in maker.sources:
        raise UnknownNameError("source", source, maker.sources)
    return payloads(maker, source)


def invalid_requests(op: str, rule: str | None = None, edition: str = "documents") -> SearchStrategy[Case]:
    """Return a strategy of cases that each break one rule, and what that implies; or of those that break a given one.

    Without a rule, every case is invalid. The cases of a rule that is a warning are valid.

    `edition` is `"documents"` by default.
    """
    return _faulty(op, "request", rule, edition)


def responses(op: str, edition: str = "documents") -> SearchStrategy[dict[str, Any]]:
    """Return a strategy of valid response bodies. `edition` is `"documents"` by default."""
    from .cases.drawing import payloads

    return payloads(generator(op, "response", edition), None)


def invalid_responses(op: str, rule: str | None = None, edition: str = "documents") -> SearchStrategy[Case]:
    """Return what `invalid_requests` does, for response bodies. `edition` is `"documents"` by default."""
    return _faulty(op, "response", rule, edition)


def _faulty(op: str, direction: str, rule: str | None, edition: str) -> SearchStrategy[Case]:
    from .cases.drawing import faulty

    maker = generator(op, direction, edition)
    if rule is not None:
        maker.breaking(rule)  # an unknown one is an error now, not when something is drawn
    return faulty(maker, rule)


def rules(op: str, direction: str = "request", edition: str = "documents") -> tuple[str, ...]:
    """Return the rules that a payload can break, sorted. `edition` is `"documents"` by default."""
    return _maker(op, direction, edition).rules


def sources(op: str, edition: str = "documents") -> tuple[str, ...]:
    """Return the event sources that valid requests have; none where an operation has no such thing.

    `edition` is `"documents"` by default.
    """
    return tuple(generator(op, "request", edition).sources)


def boundary_cases(op: str, direction: str = "request", edition: str = "documents") -> list[Case]:
    """Return every keyword at its edge: bounds at -1, 0 and +1, each member of an enum and one outside, wrong types,
    missing and unknown members; in each source and form where that can be. `edition` is `"documents"` by default."""
    from .cases import boundaries

    return list(boundaries.cases(_maker(op, direction, edition)))


def pattern_cases(op: str, direction: str = "request", edition: str = "documents") -> list[Case]:
    """Return texts that take every transition of each pattern's automaton, and ones with something before or after.

    `edition` is `"documents"` by default.
    """
    from .cases import transitions

    return list(transitions.cases(_maker(op, direction, edition)))


def corpus(op: str, minimal: bool = True, direction: str = "request", edition: str = "documents") -> list[Case]:
    """Return all deterministic cases; or few of them that kill as many mutants as all do.

    `edition` is `"documents"` by default.
    """
    from .mutation import reduction

    maker = _maker(op, direction, edition)
    return list(reduction.minimal(maker) if minimal else reduction.full(maker))


def coverage(op: str, cases: Iterable[Case], direction: str = "request", edition: str = "documents") -> Coverage:
    """Return for each keyword of a schema how many of some cases pass it, and how many break it alone.

    `edition` is `"documents"` by default.
    """
    from .cases import measure

    return measure.coverage(_maker(op, direction, edition), cases)


def mutants(op: str, direction: str = "request", edition: str = "documents") -> list[Mutant]:
    """Return the schema with one thing changed, for each thing that can be; those that mean the same say why.

    `edition` is `"documents"` by default.
    """
    from .mutation import changes, reduction

    maker = _maker(op, direction, edition)
    trial = reduction.trial(maker)
    return list(changes.mutants(maker, lambda change: next(trial.killers(change), None) is not None))


def _maker(op: str, direction: str, edition: str) -> Generator:
    if direction not in DIRECTIONS:
        raise UnknownNameError("direction", direction, DIRECTIONS)
    return generator(op, direction, edition)
