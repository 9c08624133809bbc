"""`coverage`: count for each keyword of a schema the cases that match it, and those that break only it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..sets.solver import Focus, Steps
from .case import Case
from .generator import Generator, statement
from .leaves import Leaf

ABSOLUTE = "it admits nothing"


class Cell(NamedTuple):
    """A keyword by its path, with its rule, the number of cases that match it, and the number that break only it.

    `passes_why` and `fails_why` say why there can be no such case; None if there can.
    """

    path: Steps
    rule: str
    passes: int
    fails: int
    passes_why: str | None
    fails_why: str | None

    @property
    def is_empty(self) -> bool:
        """Whether a possible case is missing."""
        return (self.passes == 0 and self.passes_why is None) or (self.fails == 0 and self.fails_why is None)


class Coverage(NamedTuple):
    """The counts of all keywords."""

    cells: tuple[Cell, ...]

    @property
    def empty(self) -> tuple[Cell, ...]:
        """The keywords for which a possible case is missing."""
        return tuple(cell for cell in self.cells if cell.is_empty)

    @property
    def share(self) -> float:
        """The share of possible cases that there are, from 0 to 1."""
        wanted = [count for cell in self.cells for count, why in _halves(cell) if why is None]
        return sum(count > 0 for count in wanted) / len(wanted) if wanted else 1.0


def _halves(cell: Cell) -> tuple[tuple[int, str | None], tuple[int, str | None]]:
    return (cell.passes, cell.passes_why), (cell.fails, cell.fails_why)


def coverage(maker: Generator, cases: Iterable[Case]) -> Coverage:
    """Return the counts of a schema's keywords for some cases."""
    passes = dict.fromkeys(maker.leaves, 0)
    fails = dict.fromkeys(maker.leaves, 0)
    for case in cases:
        held: dict[Steps, bool] = {}
        for event in maker.evaluator.examine(case.payload):
            held[event.path] = held.get(event.path, True) and event.held
        broken = [path for path, is_held in held.items() if not is_held]
        for path in held.keys() & passes.keys() if not broken else ():
            passes[path] += 1
        if len(broken) == 1:
            fails[broken[0]] += 1
    return Coverage(tuple(_cell(maker, leaf, passes[path], fails[path]) for path, leaf in maker.leaves.items()))


def _cell(maker: Generator, leaf: Leaf, passes: int, fails: int) -> Cell:
    passing = None if passes else never_passes(maker, leaf)
    failing = None if fails else never_alone(maker, leaf)
    return Cell(leaf.path, leaf.rule, passes, fails, passing, failing)


def never_passes(maker: Generator, leaf: Leaf) -> str | None:
    """Return the reason why no valid payload can match a keyword; None if one can."""
    if leaf.keyword == "x-relation" or maker.solver.solve(Focus(leaf.path, statement(leaf))):
        return None
    if not maker.solver.holds(statement(leaf)):
        return ABSOLUTE
    return "wherever it is looked at, it or another rule is broken"


def never_alone(maker: Generator, leaf: Leaf) -> str | None:
    """Return the rules that are always broken together with a keyword; None if it can be broken alone."""
    if leaf not in maker.breakable:
        return "no value breaks it"
    implied = maker.plan(leaf).implied
    rules = sorted({maker.leaves[path].rule for path in implied})
    return f"{' and '.join(rules)} is broken with it" if implied else None
