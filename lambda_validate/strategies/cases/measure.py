"""`coverage`: for each keyword of a schema, how many cases pass it, and how many break it alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..sets.solver import Focus, Steps
from .case import Case
from .generator import Generator, statement
from .leaves import Leaf

ABSOLUTE = "it admits nothing"


class Cell(NamedTuple):
    """A keyword of a schema by its path, its rule, and how many cases pass it, and how many break it alone.

    `passes_why` and `fails_why` are None, or say why there can be no such case.
    """

    path: Steps
    rule: str
    passes: int
    fails: int
    passes_why: str | None
    fails_why: str | None

    @property
    def is_empty(self) -> bool:
        """Whether a case is missing that there could be."""
        return (self.passes == 0 and self.passes_why is None) or (self.fails == 0 and self.fails_why is None)


class Coverage(NamedTuple):
    """The matrix of all keywords."""

    cells: tuple[Cell, ...]

    @property
    def empty(self) -> tuple[Cell, ...]:
        """The keywords that lack a case."""
        return tuple(each for each in self.cells if each.is_empty)

    @property
    def share(self) -> float:
        """How much of what there can be is there, from 0 to 1."""
        wanted = [count for each in self.cells for count, why in _halves(each) if why is None]
        return sum(count > 0 for count in wanted) / len(wanted) if wanted else 1.0


def _halves(cell: Cell) -> tuple[tuple[int, str | None], tuple[int, str | None]]:
    return (cell.passes, cell.passes_why), (cell.fails, cell.fails_why)


def coverage(maker: Generator, cases: Iterable[Case]) -> Coverage:
    """Return the matrix of a schema's keywords for some cases."""
    passes = dict.fromkeys(maker.leaves, 0)
    fails = dict.fromkeys(maker.leaves, 0)
    for case in cases:
        held: dict[Steps, bool] = {}
        for event in maker.judge.examine(case.payload):
            held[event.path] = held.get(event.path, True) and event.held
        broken = [path for path, each in held.items() if not each]
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
    """Return why no valid payload is validated by a keyword, and meets it; None where one is."""
    if leaf.keyword == "x-relation" or maker.solver.solve(Focus(leaf.path, statement(leaf))):
        return None
    if not maker.solver.holds(statement(leaf)):
        return ABSOLUTE
    return "wherever it is looked at, it or another rule is broken"


def never_alone(maker: Generator, leaf: Leaf) -> str | None:
    """Return which rules are broken with a keyword, always; None where it can be broken alone."""
    if leaf not in maker.breakable:
        return "no value breaks it"
    implied = maker.plan(leaf).implied
    rules = sorted({maker.leaves[path].rule for path in implied})
    return f"{' and '.join(rules)} is broken with it" if implied else None
