"""Hypothesis strategies that draw payloads. This is the only module of `strategies` that needs Hypothesis.

Hypothesis draws a string of bytes, and `making.py` makes a payload from it. Any bytes make a payload, so none is ever
rejected. Half of a payload's strings look realistic, and half are any string that the schema allows. Bounds are drawn
more often than the values between them. Everything shrinks to simple values: the first example, the smallest number, no
optional member.

One string of bytes takes a third of the time that a strategy for each part of a payload takes. Also, Hypothesis often
retries an example with some parts copied over others. With many parts, it would draw some event sources and bounds far
too seldom.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from ...base import extras
from ..errors import GenerationError
from ..sets.domains import Values
from ..values.making import Digits, Maker, of_domain
from ..values.samples import plainness
from .case import Case
from .generator import BreakingPlan, Generator

extras.check(["hypothesis"], "fuzz")

from hypothesis import strategies as st  # noqa: E402  # after the check, so that its one line is what a user sees
from hypothesis.strategies import SearchStrategy  # noqa: E402  # as above

CHOICE = 2
"""Number of bytes for one choice, such as the choice of an event source or of a rule."""
MAX_DRAWN_BYTES = 2048
"""Maximum number of bytes to draw for a payload. Parts of a payload that would need more bytes have their simplest
value. Hypothesis allows a few KiB."""


def payloads(of: Generator, source: str | None) -> SearchStrategy[Any]:
    """Return a strategy of valid payloads.

    All event sources, and all cells (sets of payloads) of one, are equally likely. `source` selects one event source.
    """
    sources = [of.sources[source]] if source is not None else [*of.sources.values()] or [of.cells]
    groups = [_makers(cells) for cells in sorted(sources, key=lambda cells: min(map(plainness, cells)))]
    return _digits(of, lambda digits: _made(digits, groups[digits.below(len(groups), CHOICE)]))


def faulty(of: Generator, rule: str | None) -> SearchStrategy[Case]:
    """Return a strategy of cases that break a rule.

    Without `rule`, all rules that are errors are broken equally often.
    """
    strict = rule is None
    rules = sorted({leaf.rule for leaf in of.breakable if not leaf.is_warning}) if rule is None else [rule]
    if not rules:
        raise GenerationError(f"{of.name}: such a payload cannot be invalid, since it has no rules")
    return _digits(of, lambda digits: _case(of, digits, rules[digits.below(len(rules), CHOICE)], strict))


def _digits(of: Generator, make: Callable[[Digits], Any]) -> SearchStrategy[Any]:
    size = min(MAX_DRAWN_BYTES, 3 * CHOICE + max(maker.size for maker in _makers(of.cells)))
    return st.binary(min_size=size, max_size=size).map(lambda data: make(Digits(data)))


def _made(digits: Digits, makers: list[Maker]) -> Any:
    return makers[digits.below(len(makers), CHOICE)].make(digits)


def _makers(cells: Values) -> list[Maker]:
    return [of_domain(cell) for cell in sorted(cells, key=plainness)]


class Breaking(NamedTuple):
    """A plan to break a rule, with a maker of payloads for each cell (set of similar payloads) of the plan."""

    plan: BreakingPlan
    makers: list[Maker]


@cache
def _breaking(of: Generator, rule: str, strict: bool) -> list[Breaking]:
    leaves = [leaf for leaf in of.breaking(rule) if not (strict and leaf.is_warning)]
    return [Breaking(plan, _makers(plan.cells)) for leaf in leaves for plan in of.plans(leaf)]


def _case(of: Generator, digits: Digits, rule: str, strict: bool) -> Case:
    ways = _breaking(of, rule, strict)
    plan, makers = ways[digits.below(len(ways), CHOICE)]
    return of.case(_made(digits, makers), "drawn", plan)
