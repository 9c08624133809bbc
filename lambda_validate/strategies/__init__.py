"""Generate payloads from schemas: valid ones, and invalid ones that break one known rule.

`boundary_cases`, `pattern_cases`, `corpus`, `coverage` and `mutants` are deterministic, and need nothing but this
package. `requests`, `invalid_requests`, `responses` and `invalid_responses` are Hypothesis strategies, and need the
extra `lambda-validate[fuzz]`.

    schema → sets (all values that match) → values (one of them) → cases (payload, verdict, rule)
           → mutation (changed schemas, and the cases that detect the changes)

Nothing here shares code with the validator that it tests. A schema becomes a description of the set of its values
(`sets`). Then a separate walk over schema and payload (`cases/leaves.py`) decides which rules a payload breaks, before
any validator sees it. A valid payload breaks no rule at all, not even one that is only a warning.

Terms: a *domain* is a set of values of one JSON type, and a *union* is a tuple of domains. A *cell* is a domain of
objects without conditions: each member has a fixed set of values. A *leaf* is a keyword that a payload can break. A
*mutant* is a schema with one small change. A case *kills* a mutant if its verdict differs from that of the schema.

In all functions, `edition` is `"documents"` by default. An operation, rule, source, edition or direction that does not
exist raises `UnknownNameError`. A case that cannot be generated raises `GenerationError`, and is never left out.
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
    """Return a Hypothesis strategy of valid requests to an operation.

    `source` selects one event source, such as `"sqs"`. Without it, all sources are drawn equally often.

    `edition` is `"documents"` by default.
    """
    from .cases.drawing import payloads

    maker = generator(op, "request", edition)
    if source is not None and source not in maker.sources:
        raise UnknownNameError("source", source, maker.sources)
    return payloads(maker, source)


def invalid_requests(op: str, rule: str | None = None, edition: str = "documents") -> SearchStrategy[Case]:
    """Return a Hypothesis strategy of `Case`s whose requests break one rule, such as `batch-size.maximum`.

    `rule` selects the rule. If it only gives a warning, the cases are valid. Without `rule`, every case is invalid.
    Some rules cannot be broken alone: the others that are broken too are in `Case.implied`.

    `edition` is `"documents"` by default.
    """
    return _faulty(op, "request", rule, edition)


def responses(op: str, edition: str = "documents") -> SearchStrategy[dict[str, Any]]:
    """Return a Hypothesis strategy of valid response bodies of an operation. `edition` is `"documents"` by default."""
    from .cases.drawing import payloads

    return payloads(generator(op, "response", edition), None)


def invalid_responses(op: str, rule: str | None = None, edition: str = "documents") -> SearchStrategy[Case]:
    """Return a Hypothesis strategy of `Case`s whose response bodies break one rule. `rule` selects the rule.

    Otherwise it is like `invalid_requests`. `edition` is `"documents"` by default.
    """
    return _faulty(op, "response", rule, edition)


def _faulty(op: str, direction: str, rule: str | None, edition: str) -> SearchStrategy[Case]:
    from .cases.drawing import faulty

    maker = generator(op, direction, edition)
    if rule is not None:
        maker.breaking(rule)  # an unknown one is an error now, not when something is drawn
    return faulty(maker, rule)


def rules(op: str, direction: str = "request", edition: str = "documents") -> tuple[str, ...]:
    """Return the ids of the rules that a payload of an operation can break, sorted.

    For example `("batch-size.maximum", …)`. `edition` is `"documents"` by default.
    """
    return _maker(op, direction, edition).rules


def sources(op: str, edition: str = "documents") -> tuple[str, ...]:
    """Return the event sources of an operation's valid requests, for example `("kinesis", "sqs", …)`.

    The result is empty for an operation without event sources.

    `edition` is `"documents"` by default.
    """
    return tuple(generator(op, "request", edition).sources)


def boundary_cases(op: str, direction: str = "request", edition: str = "documents") -> list[Case]:
    """Return test cases at the edge of what each keyword of an operation's schema allows.

    Boundary cases are: values one below, at and one above each bound; each choice of an enum and one outside; wrong
    types; and missing and unknown members. They are made for each event source where possible. `edition` is
    `"documents"` by default.
    """
    from .cases import boundaries

    return list(boundaries.cases(_maker(op, direction, edition)))


def pattern_cases(op: str, direction: str = "request", edition: str = "documents") -> list[Case]:
    """Return test cases for the patterns of an operation's schema.

    Their strings take every transition of each pattern's automaton, or contain junk, such as a line break at the end.

    `edition` is `"documents"` by default.
    """
    from .cases import transitions

    return list(transitions.cases(_maker(op, direction, edition)))


def corpus(op: str, minimal: bool = True, direction: str = "request", edition: str = "documents") -> list[Case]:
    """Return the deterministic test cases of an operation: those of `boundary_cases` and of `pattern_cases`.

    With `minimal`, return only a few. They detect as many mutants (schemas with one small change) as all of them.

    `edition` is `"documents"` by default.
    """
    from .mutation import reduction

    maker = _maker(op, direction, edition)
    return list(reduction.minimal(maker) if minimal else reduction.full(maker))


def coverage(op: str, cases: Iterable[Case], direction: str = "request", edition: str = "documents") -> Coverage:
    """Count for each keyword of an operation's schema the valid cases that it applies to, and those that break only it.

    `edition` is `"documents"` by default.
    """
    from .cases import measure

    return measure.coverage(_maker(op, direction, edition), cases)


def mutants(op: str, direction: str = "request", edition: str = "documents") -> list[Mutant]:
    """Return all mutants of an operation's schema: copies with one small change, such as another maximum.

    If a mutant accepts exactly the payloads that the schema accepts, its `why` states the reason.

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
