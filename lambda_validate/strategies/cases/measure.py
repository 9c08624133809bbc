"""`coverage`: count for each keyword the valid cases that it applies to, and the cases that break only this keyword."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..sets.solver import Focus, Steps
from .case import Case
from .generator import Generator, statement
from .leaves import Leaf

ABSOLUTE = "no value matches it"


class Cell(NamedTuple):
    """A keyword of a schema with two counts.

    `passes` counts the valid cases that the keyword applies to, and `fails` the cases that break only this keyword.
    If such a case cannot exist, `passes_why` or `fails_why` is the reason; else they are None.
    """

    path: Steps
    rule: str
    passes: int
    fails: int
    passes_why: str | None
    fails_why: str | None

    @property
    def is_empty(self) -> bool:
        """Whether a possible case is missing: a valid case with this keyword, or one that breaks only this keyword."""
        return (self.passes == 0 and self.passes_why is None) or (self.fails == 0 and self.fails_why is None)


class Coverage(NamedTuple):
    """The counts of all keywords of a schema for a set of cases."""

    cells: tuple[Cell, ...]

    @property
    def empty(self) -> tuple[Cell, ...]:
        """The keywords for which a possible case is missing: a valid case, or one that breaks only this keyword."""
        return tuple(cell for cell in self.cells if cell.is_empty)

    @property
    def share(self) -> float:
        """The share of the wanted kinds of cases that exist, from 0 to 1.

        For each keyword, a valid case and a case that breaks only it are wanted, unless such a case is impossible.
        """
        wanted = [count for cell in self.cells for count, why in _halves(cell) if why is None]
        return sum(count > 0 for count in wanted) / len(wanted) if wanted else 1.0


def _halves(cell: Cell) -> tuple[tuple[int, str | None], tuple[int, str | None]]:
    return (cell.passes, cell.passes_why), (cell.fails, cell.fails_why)


def coverage(maker: Generator, cases: Iterable[Case]) -> Coverage:
    """Count for each keyword of a schema the valid cases that it applies to, and those that break only it."""
    passes = dict.fromkeys(maker.leaves, 0)
    fails = dict.fromkeys(maker.leaves, 0)
    for case in cases:
        matches: dict[Steps, bool] = {}
        for event in maker.evaluator.examine(case.payload):
            matches[event.path] = matches.get(event.path, True) and event.matches
        broken = [path for path, is_match in matches.items() if not is_match]
        for path in matches.keys() & passes.keys() if not broken else ():
            passes[path] += 1
        if len(broken) == 1:
            fails[broken[0]] += 1
    return Coverage(tuple(_cell(maker, leaf, passes[path], fails[path]) for path, leaf in maker.leaves.items()))


def _cell(maker: Generator, leaf: Leaf, passes: int, fails: int) -> Cell:
    passing = None if passes else never_passes(maker, leaf)
    failing = None if fails else never_alone(maker, leaf)
    return Cell(leaf.path, leaf.rule, passes, fails, passing, failing)


def never_passes(maker: Generator, leaf: Leaf) -> str | None:
    """Return the reason why no valid payload has a value that matches a keyword; None if some payload can have one."""
    if leaf.keyword == "x-relation" or maker.solver.solve(Focus(leaf.path, statement(leaf))):
        return None
    if not maker.solver.holds(statement(leaf)):
        return ABSOLUTE
    return "every payload with a value that matches it breaks a rule"


def never_alone(maker: Generator, leaf: Leaf) -> str | None:
    """Return the reason why a keyword cannot be broken alone, such as the rules broken with it; None if it can."""
    if leaf not in maker.breakable:
        return "no value breaks it"
    implied = maker.plan(leaf).implied
    rules = sorted({maker.leaves[path].rule for path in implied})
    return f"{' and '.join(rules)} is broken with it" if implied else None
