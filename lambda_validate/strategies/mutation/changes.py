"""`mutants`: make all schemas with one small change, and find out why some accept the same payloads as the original."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from ...base.grouping import grouped
from ...catalog.formats import STATED
from ..cases.deciding import ADVICE
from ..cases.generator import Generator
from ..cases.walk import GONE, Occurrence, changed_at, inlined, occurrences, statement_of
from ..errors import GenerationError
from ..sets.solver import Focus, Solver, Steps
from ..values.samples import plain
from .edits import edits


class Mutant(NamedTuple):
    """A schema with one change.

    `why` is None if some payload gets different verdicts from this schema and from the original. Otherwise it is the
    reason why there is no such payload.

    `strict`: the change is in a warning, so it only has an effect where warnings are errors. `is_plain`: the change
    also has an effect in a validator that supports only the keywords of JSON Schema, and no formats.
    """

    id: str
    description: str
    schema: Any
    why: str | None
    strict: bool
    is_plain: bool

    @property
    def is_equivalent(self) -> bool:
        """Whether it is proved that the mutant accepts the same payloads as the schema."""
        return self.why is not None


class Change(NamedTuple):
    """A mutant before it is tested, with the changed keyword, and each path to the subschema that has the keyword."""

    mutant: Mutant
    keyword: str
    reached: tuple[Occurrence, ...]


@cache
def changes(maker: Generator) -> tuple[Change, ...]:
    """Return every small change of an operation's schema."""
    by_place = grouped((occurrence.place, occurrence) for occurrence in occurrences(maker.schema))
    return tuple(
        Change(_mutant(maker, reached, keyword, what, changed), keyword, tuple(reached))
        for reached in by_place.values()
        for keyword, argument in reached[0].schema.items()
        if not (keyword == "format" and argument in STATED)
        for what, changed in edits(keyword, argument)
    )


def _mutant(maker: Generator, reached: list[Occurrence], keyword: str, what: str, changed: Any) -> Mutant:
    place = reached[0].place
    shown = "" if changed is GONE else f", now {changed!r}"
    return Mutant(
        id=f"{maker.name}#{'/'.join(('', *place, keyword))}:{what}",
        description=f"{keyword} of {'/'.join(place) or 'the payload'}: {what.replace('-', ' ')}{shown[:160]}",
        schema=changed_at(maker.schema, place, keyword, changed),
        why=None,
        strict=not any(_states_error(maker, occurrence, keyword, what) for occurrence in reached),
        is_plain=keyword not in ("format", "x-relation"),
    )


def _states_error(maker: Generator, occurrence: Occurrence, keyword: str, what: str) -> bool:
    """Return whether a keyword, or anything below it, can make a payload invalid, rather than only give a warning."""
    if occurrence.is_warning:
        return False
    focus = occurrence.focus(keyword)
    if keyword == "properties":
        if "additionalProperties" in occurrence.schema:
            return True
        focus = (*focus, what.removeprefix("without-"))
    tops = [(*focus[:-1], branch) for branch in ("then", "else")] if focus[-1] == "if" else [focus]
    below = (leaf for leaf in maker.leaves.values() for top in tops if leaf.path[: len(top)] == top)
    return any(not leaf.is_warning for leaf in below)


class Prover:
    """Constructs payloads for which a mutant gives another verdict than the original, or proves that there are none.

    It asks the solver for payloads that match all of the schema except the changed keyword. The value at this keyword
    must match either its old or its new form, but not both. If there are no such payloads, the mutant is equivalent.
    """

    def __init__(self, maker: Generator) -> None:
        self.maker = maker
        self.strict, self.lenient = maker.solver, Solver(_errors(maker.schema))

    def killers(self, change: Change) -> Iterator[Any]:
        """Yield payloads for which a mutant gives another verdict than the original schema.

        If nothing is yielded, call `reason`, which proves that there is no such payload.
        """
        for solver, focus in self.questions(change):
            for cell in islice(solver.solve(focus), 8):
                payload = plain((cell,))
                if self.kills(change.mutant, payload):
                    yield payload

    def kills(self, mutant: Mutant, payload: Any) -> bool:
        """Return whether a mutant's verdict on a payload differs from the verdict of the original schema."""
        level = self.maker.evaluator.decider.level
        return level(mutant.schema, payload) != level(self.maker.schema, payload)

    def questions(self, change: Change) -> Iterator[tuple[Solver, Focus]]:
        """Yield questions to the solver about a change.

        Such a question is: which payloads have a value that exactly one of the old and the new keyword accepts? It
        consists of the solver to ask, and a `Focus` on the changed keyword. Every path to this keyword has its own
        questions. `self.strict` treats warnings as errors, and `self.lenient` ignores them.
        """
        for occurrence in change.reached:
            for strict in (True, False):
                if strict or not (change.mutant.strict or occurrence.is_warning):
                    solver = self.strict if strict else self.lenient
                    path = occurrence.focus(change.keyword)
                    yield from ((solver, Focus(path, demand)) for demand in self._demands(change, occurrence, strict))

    def _demands(self, change: Change, occurrence: Occurrence, strict: bool) -> Iterator[Any]:
        owner, keyword = occurrence.owner(change.reached[0].place), occurrence.owner_keyword(change.keyword)
        before, after = (
            inlined(root, statement_of(root, owner, keyword), strict)
            for root in (self.maker.schema, change.mutant.schema)
        )
        yield {"allOf": [before, {"not": after}]}
        yield {"allOf": [{"not": before}, after]}

    def reason(self, change: Change) -> str:
        """Return why no payload gets different verdicts from the mutant and from the original schema.

        Either the changed keyword accepts the same values, or other rules also reject every payload in question.
        """
        rules: set[str] = set()
        for solver, focus in self.questions(change):
            if solver.solve(focus):
                raise GenerationError(f"{change.mutant.id}: no payload shows what the change does, although one exists")
            if solver.holds(focus.demand):
                rules.add(self._blocking(solver, focus))
        if not rules:
            return "it accepts the same values as the original"
        return f"every payload that the original treats differently also breaks {' or '.join(sorted(rules))}"

    def _blocking(self, solver: Solver, focus: Focus) -> str:
        """Return the rule that hides a change; `"several rules"` if no single rule does.

        Without this rule, some payload would get different verdicts from the mutant and from the original schema.
        """
        for leaf in self._others(focus):
            if solver.solve(focus, frozenset([leaf])):
                return self.maker.leaves[leaf].rule
        return "several rules"

    def _others(self, focus: Focus) -> Iterable[Steps]:
        """Return the paths of the keywords that may hide a change, those nearest to the changed keyword first.

        The `type` of a value that encloses the changed keyword's value is left out.
        """
        below = len(focus.path)
        common = {path: _common(path, focus.path) for path in self.maker.leaves if path[:below] != focus.path}
        enclosing = {path for path, size in common.items() if path[-1] == "type" and size == len(path) - 1 < below - 1}
        return sorted(common.keys() - enclosing, key=lambda path: (-common[path], path))


def _common(one: Steps, other: Steps) -> int:
    return next((index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))


def _errors(schema: Any) -> Any:
    """Return a copy of a schema without the keywords that only state warnings."""
    if isinstance(schema, list):
        return [_errors(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _errors(value) for key, value in schema.items() if key not in ADVICE}


@cache
def prover(maker: Generator) -> Prover:
    """Return the prover for a generator's schema. It is made once."""
    return Prover(maker)


def mutants(maker: Generator, kills: Any) -> Iterator[Mutant]:
    """Yield every mutant. If it gives the original schema's verdict on every payload, its `why` states the reason.

    `kills` returns whether existing test cases show a different verdict. That is cheaper than constructing a payload.
    """
    for change in changes(maker):
        if kills(change) or next(prover(maker).killers(change), GONE) is not GONE:
            yield change.mutant
        else:
            yield change.mutant._replace(why=prover(maker).reason(change))
