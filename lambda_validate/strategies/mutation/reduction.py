"""Find a few of an operation's deterministic cases that kill as many mutants as all of them.

A mutant is a schema with one small change. A case kills it if its verdict on the payload differs from the original's.
Testing every mutant on every case would take minutes. A case can only kill a mutant if the changed keyword gives
another verdict on the value that it applies to. So that is tested first, once for each distinct value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from ..cases import boundaries, transitions
from ..cases.case import Case
from ..cases.deciding import ADVICE, BROKEN, FINE, WARNED, Decider, Shared
from ..cases.generator import Generator, distinct
from ..cases.leaves import pointer_of
from ..cases.walk import Occurrence, inlined, statement_of
from ..sets.solver import Steps
from .changes import Change, changes


@cache
def full(maker: Generator) -> tuple[Case, ...]:
    """Return all deterministic cases: boundary cases and pattern cases, without repeated payloads."""
    return tuple(distinct([*boundaries.cases(maker), *transitions.cases(maker)]).values())


REPEATS = 4
"""Maximum number of cases to test among those with the same value at the changed keyword, event source and rule."""
NO_SHARED_TYPES: Shared = {}
"""No shared types, since the schemas here have no references."""


class Trial:
    """Finds the cases that kill a mutant: its verdict on the payload differs from the verdict of the original schema.

    A mutant with a changed pattern is tested on the boundary cases and the pattern cases. Any other mutant is tested on
    the boundary cases only.
    """

    def __init__(self, maker: Generator, cases: Iterable[Case], texts: Iterable[Case]) -> None:
        self.maker = maker
        self.cases = {False: tuple(cases), True: (*cases, *texts)}
        self._groups: dict[Any, list[tuple[Any, list[Case]]]] = {}
        self._before: dict[Any, list[int]] = {}

    def killers(self, change: Change) -> Iterator[Case]:
        """Yield the cases for which a mutant gives another verdict than the original schema."""
        tried: set[str] = set()
        for case in (case for occurrence in change.reached for case in self._suspects(change, occurrence)):
            if case.id not in tried:
                tried.add(case.id)
                if self.maker.evaluator.decider.level(change.mutant.schema, case.payload) != level(case):
                    yield case

    def _suspects(self, change: Change, occurrence: Occurrence) -> Iterator[Case]:
        """Yield the cases with a value on which the changed keyword and the unchanged one give different verdicts."""
        place, keyword = change.reached[0].place, change.keyword
        statements = [statement_of(root, place, keyword) for root in (self.maker.schema, change.mutant.schema)]
        stated, path = self._stated(occurrence.focus(keyword)), (*occurrence.path, keyword)
        for strict in (True, False):
            before, after = (
                inlined(root, statement, strict)
                for root, statement in zip((self.maker.schema, change.mutant.schema), statements, strict=True)
            )
            values, decide = self._values(path, before), Decider().decision(after)
            for (value, cases), known in zip(values, self._levels(place, path, strict, before), strict=True):
                if decide(value, NO_SHARED_TYPES) != known:
                    yield from likely(cases, stated)
            if not advises(statements):
                return

    def _stated(self, path: Steps) -> set[str]:
        """Return the rules of the subschema that has the keyword at a path, and of all schemas inside that one."""
        return {leaf.rule for leaf in self.maker.leaves.values() if leaf.path[: len(path) - 1] == path[:-1]}

    def _levels(self, place: Steps, path: Steps, strict: bool, before: Any) -> list[int]:
        """Return the unchanged keyword's verdict on each distinct value at a path: FINE, WARNED or BROKEN.

        Results are cached.
        """
        key = place, path, strict
        if key not in self._before:
            decide = Decider().decision(before)
            self._before[key] = [decide(value, NO_SHARED_TYPES) for value, _ in self._values(path, before)]
        return self._before[key]

    def _values(self, path: Steps, statement: Any) -> list[tuple[Any, list[Case]]]:
        """Return the distinct values at a path, each with the cases whose payloads have it.

        Objects are reduced to the members that the schema `statement` tests.
        """
        steps = pointer_of(path)
        names = None if reads_all(statement) else tuple(sorted(members_of(statement)))
        texts = path[-1] == "pattern"
        if (steps, names, texts) not in self._groups:
            groups: dict[str, tuple[Any, list[Case]]] = {}
            for case in self.cases[texts]:
                for value in values_at(case.payload, steps):
                    seen = _projected(value, names)
                    groups.setdefault(repr(seen), (seen, []))[1].append(case)
            self._groups[steps, names, texts] = list(groups.values())
        return self._groups[steps, names, texts]


def level(case: Case) -> int:
    """Return FINE, WARNED or BROKEN for the payload of a case."""
    return BROKEN if not case.valid else FINE if case.rule is None else WARNED


def likely(cases: list[Case], stated: set[str]) -> Iterator[Case]:
    """Yield the cases whose verdict a change can affect: they are valid, or break a rule in `stated`.

    `stated` has the rules of the changed part of the schema.
    """
    times = Counter[tuple[str | None, str | None]]()
    for case in cases:
        if case.valid or case.rule in stated:
            times[case.source, case.rule] += 1
            if times[case.source, case.rule] <= REPEATS:
                yield case


def values_at(value: Any, steps: tuple[Any, ...]) -> Iterator[Any]:
    """Yield the values at a path of a payload, with `*` for any item or member."""
    if not steps:
        yield value
    elif steps[0] == "*":
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from values_at(inner, steps[1:])
    elif isinstance(value, dict) and steps[0] in value:
        yield from values_at(value[steps[0]], steps[1:])


def _projected(value: Any, names: tuple[str, ...] | None) -> Any:
    if names is None or not isinstance(value, dict):
        return value
    return {name: value[name] for name in names if name in value}


def advises(statement: Any) -> bool:
    """Return whether a schema may contain warnings. Then it is tested with and without them."""
    if isinstance(statement, list):
        return any(map(advises, statement))
    return isinstance(statement, dict) and any(
        key in (*ADVICE, "$ref") or advises(argument) for key, argument in statement.items()
    )


def reads_all(statement: Any) -> bool:
    """Return whether a schema depends on members of an object that it does not name, as `maxProperties` does."""
    if isinstance(statement, list):
        return any(map(reads_all, statement))
    if not isinstance(statement, dict):
        return False
    wide = {"additionalProperties", "minProperties", "maxProperties", "enum", "const", "x-relation"}
    return bool(wide & statement.keys() and "pattern" not in statement) or any(
        reads_all(argument) for key, argument in statement.items() if key in ("allOf", "if", "then", "else", "not")
    )


def members_of(statement: Any) -> set[str]:
    """Return the names of the members that a schema tests, in `required` and `properties`."""
    if isinstance(statement, list):
        return {name for part in statement for name in members_of(part)}
    if not isinstance(statement, dict):
        return set()
    found = {*statement.get("required", ()), *statement.get("properties", ())}
    return found.union(*(members_of(statement.get(key)) for key in ("allOf", "if", "then", "else", "not")))


@cache
def trial(maker: Generator) -> Trial:
    """Return a `Trial` with all deterministic cases of a generator. It is made once."""
    first = len(boundaries.cases(maker))
    return Trial(maker, full(maker)[:first], full(maker)[first:])


@cache
def minimal(maker: Generator) -> tuple[Case, ...]:
    """Return a few cases, at least one, that together kill every mutant that any deterministic case kills.

    First up to `POOLED` cases are collected for each mutant. Then a small set of these is chosen.
    """
    pool = {case.id: case for change in changes(maker) for case in islice(trial(maker).killers(change), POOLED)}
    few = Trial(maker, pool.values(), ())
    kills = {index: {case.id for case in few.killers(change)} for index, change in enumerate(changes(maker))}
    chosen = fewest({index: cases for index, cases in kills.items() if cases})
    found = tuple(case for case in pool.values() if case.id in chosen)
    return found or full(maker)[:1]  # without mutants no case is needed, but the corpus must not be empty


POOLED = 3
"""Maximum number of cases to collect for each mutant that kill it."""


def fewest(needs: dict[int, set[str]]) -> set[str]:
    """Return a small set of names that contains at least one name of each set in `needs`.

    It repeatedly chooses the name that is in most of the remaining sets.
    """
    chosen: set[str] = set()
    unmet = needs
    while unmet:
        times = Counter(sorted(name for names in unmet.values() for name in names))
        alone = [next(iter(names)) for names in unmet.values() if len(names) == 1]
        chosen.add(alone[0] if alone else times.most_common(1)[0][0])
        unmet = {need: names for need, names in unmet.items() if not names & chosen}
    for name in sorted(chosen):
        if all(names & (chosen - {name}) for names in needs.values()):
            chosen.remove(name)
    return chosen
