"""Hypothesis strategies: payloads out of flat cells. The only module of the package that needs Hypothesis.

A value is made from the description of a set (`choices.py`), so none is ever thrown away. Half of the texts look real,
half are any text of the set; bounds are drawn more often than what lies between them. Everything shrinks to what is
plain: the first example, the smallest member, no optional member at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from . import choices
from .case import Case
from .domains import Items, Members, Values, meet
from .generator import Generator, Plan
from .samples import stranger

BRANCH, WAY, INDEX, SEED = (st.integers(0, most) for most in (2**8, choices.WAYS - 1, 2**16, 2**64))
PRESENT = st.integers(0, 2)
"""Whether a member that may be left out is there: more often than not, but without it is simpler."""


def payloads(maker: Generator, source: str | None) -> SearchStrategy[Any]:
    """Return the valid payloads, each source as often as another, and each cell of a source as often as another."""
    sources = {source: maker.sources[source]} if source is not None else maker.sources
    groups = [_cells(cells) for cells in (sources.values() if sources else [maker.cells])]
    return st.integers(0, len(groups) - 1).flatmap(groups.__getitem__)


def _cells(cells: Values) -> SearchStrategy[Any]:
    strategies = [value((cell,)) for cell in cells]
    return st.integers(0, len(strategies) - 1).flatmap(strategies.__getitem__)


def faulty(maker: Generator, rule: str | None) -> SearchStrategy[Case]:
    """Return cases that break a rule, or any rule that makes a payload invalid, each as often as another."""
    if rule is not None:
        return _broken(maker, rule, errors=False)
    rules = sorted({leaf.rule for leaf in maker.leaves.values() if not leaf.is_warning})
    return st.sampled_from(rules).flatmap(lambda name: _broken(maker, name, errors=True))


def _broken(maker: Generator, rule: str, errors: bool) -> SearchStrategy[Case]:
    plans = [plan for leaf in maker.breaking(rule) if not (errors and leaf.is_warning) for plan in maker.plans(leaf)]
    return st.sampled_from(plans).flatmap(lambda plan: _planned(maker, plan))


def _planned(maker: Generator, plan: Plan) -> SearchStrategy[Case]:
    return _cells(plan.cells).map(lambda payload: maker.case(payload, "drawn", plan))


_MADE: dict[int, tuple[Values, SearchStrategy[Any]]] = {}


def value(union: Values) -> SearchStrategy[Any]:
    """Return the values of a union, each domain as often as another. The strategy of each is made once."""
    if id(union) not in _MADE:
        _MADE[id(union)] = union, _value(union)  # kept, so that its id stays its own
    return _MADE[id(union)][1]


def _value(union: Values) -> SearchStrategy[Any]:
    chosen = choices.of_union(union)
    if chosen is not None:
        return st.builds(chosen, BRANCH, WAY, INDEX, SEED)
    return st.one_of([OTHERS[type(each)](each) if type(each) in OTHERS else value((each,)) for each in union])


def _items(items: Items) -> SearchStrategy[list[Any]]:
    least = max(0, items.least - len(items.some))
    most = max(least, min(items.most, items.least + 3) - len(items.some))
    needed = st.tuples(*map(value, items.some))
    more = st.lists(value(items.each), min_size=least, max_size=most) if items.each else st.just([])
    return st.builds(lambda first, others: [*first, *others], needed, more)


def _members(members: Members) -> SearchStrategy[dict[str, Any]]:
    """Members that may be left out are drawn all the same: then each payload takes equally many choices."""
    parts = [(name, slot.required, value(slot.values)) for name, slot in members.slots.items() if slot.values]
    hosts = [(members.hosts(each)[0], each) for each in members.some]
    others = [(name, value(meet(members.slot(name or "").values, each.values))) for name, each in hosts]
    spare = max(0, members.least - sum(required for _, required, _ in parts) - len(others)) if members.others else 0
    others += [(None, value(members.others))] * spare

    room = members.most - sum(required for _, required, _ in parts) - len(others)

    @st.composite
    def drawn(draw: DrawFn) -> dict[str, Any]:
        found, left = {}, room
        for name, required, part in parts:
            present, made = required or draw(PRESENT), draw(part)
            if present and (required or left > 0):
                found[name] = made
                left -= not required
        for known, part in others:
            found[known or stranger(members, found)] = draw(part)
        return found

    return drawn()


OTHERS: dict[type, Callable[[Any], SearchStrategy[Any]]] = {Items: _items, Members: _members}
"""What makes values that hold others."""
