"""Hypothesis strategies: payloads out of flat cells. The only module of the package that needs Hypothesis.

A payload is made of bytes (`making.py`), so none is ever thrown away. Half of the texts look real, half are any text of
the set; bounds are drawn more often than what lies between them. Everything shrinks to what is plain: the first
example, the smallest member, no optional member at all.

Why one string of bytes, and not a strategy for each part: it takes a third of the time; and Hypothesis, which likes to
try an example again with some parts copied over others, would then draw a few sources and bounds far too seldom.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..errors import GenerationError
from ..sets.domains import Values
from ..values.making import Digits, Maker, of_domain
from ..values.samples import plainness
from .case import Case
from .generator import Generator, Plan

CHOICE = 2
"""Bytes for a choice among sources, rules, plans or cells."""
MOST = 2048
"""Bytes of a payload, beyond which all is as plain as it can be. Hypothesis itself takes a few KiB at most."""


def payloads(of: Generator, source: str | None) -> SearchStrategy[Any]:
    """Return the valid payloads, each source as often as another, and each cell of a source as often as another."""
    sources = [of.sources[source]] if source is not None else [*of.sources.values()] or [of.cells]
    groups = [_makers(cells) for cells in sorted(sources, key=lambda cells: min(map(plainness, cells)))]
    return _digits(of, lambda digits: _made(digits, groups[digits.below(len(groups), CHOICE)]))


def faulty(of: Generator, rule: str | None) -> SearchStrategy[Case]:
    """Return cases that break a rule, or any rule that makes a payload invalid, each as often as another."""
    strict = rule is None
    rules = sorted({leaf.rule for leaf in of.breakable if not leaf.is_warning}) if rule is None else [rule]
    if not rules:
        raise GenerationError(f"{of.name}: nothing can be wrong with such a payload, since nothing is stated of it")
    return _digits(of, lambda digits: _case(of, digits, rules[digits.below(len(rules), CHOICE)], strict))


def _digits(of: Generator, make: Callable[[Digits], Any]) -> SearchStrategy[Any]:
    size = min(MOST, 3 * CHOICE + max(each.size for each in _makers(of.cells)))
    return st.binary(min_size=size, max_size=size).map(lambda data: make(Digits(data)))


def _made(digits: Digits, makers: list[Maker]) -> Any:
    return makers[digits.below(len(makers), CHOICE)].make(digits)


def _makers(cells: Values) -> list[Maker]:
    return [of_domain(cell) for cell in sorted(cells, key=plainness)]


class Breaking(NamedTuple):
    """A way to break a rule, and what makes payloads of each of its cells."""

    plan: Plan
    makers: list[Maker]


@cache
def _breaking(of: Generator, rule: str, strict: bool) -> list[Breaking]:
    leaves = [leaf for leaf in of.breaking(rule) if not (strict and leaf.is_warning)]
    return [Breaking(plan, _makers(plan.cells)) for leaf in leaves for plan in of.plans(leaf)]


def _case(of: Generator, digits: Digits, rule: str, strict: bool) -> Case:
    ways = _breaking(of, rule, strict)
    plan, makers = ways[digits.below(len(ways), CHOICE)]
    return of.case(_made(digits, makers), "drawn", plan)
