"""The generator of payloads and test cases for the requests, or the responses, of one operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import chain, combinations
from typing import Any, NamedTuple

from ... import catalog
from ...base.grouping import firsts
from ...base.spelling import UnknownNameError
from ...catalog import Operation
from ...report import pointer_text
from ..errors import GenerationError
from ..sets.domains import Values
from ..sets.fillings import junk
from ..sets.relating import RELATED
from ..sets.solver import LOOSE, Focus, Solver, Steps
from ..values.samples import plain
from .case import Case
from .deciding import BROKEN, Decision
from .leaves import Leaf, SchemaEvaluator, leaves

SOURCE = "From"
"""The prefix of the types under `$defs` that recognise the payloads of an event source, such as `FromKinesis`."""


class BreakingPlan(NamedTuple):
    """A way to break a keyword, `leaf`.

    `cells` are the sets of payloads that break it. `implied` has the paths of other keywords that these also break.
    """

    leaf: Leaf
    cells: Values
    implied: frozenset[Steps]


class Generator:
    """Makes payloads and test cases for the requests, or the responses, of one operation."""

    def __init__(self, operation: Operation, direction: str) -> None:
        self.schema, self.name = operation.schema(direction), f"{operation.name}/{direction}"
        self.solver, self.evaluator = Solver(self.schema), SchemaEvaluator(self.schema)
        self.leaves = {leaf.path: leaf for leaf in leaves(self.schema)}
        self._plans: dict[Steps, BreakingPlan] = {}

    @cached_property
    def cells(self) -> Values:
        """The valid payloads, as cells: sets of payloads in which every conditional rule has one fixed outcome."""
        cells = self.solver.solve()
        if not cells:
            raise GenerationError(f"{self.name}: no payload is valid")
        return cells

    @cached_property
    def conditions(self) -> dict[str, Any]:
        """A schema for each event source, which matches its payloads, by the source's name in lower case."""
        shared = self.schema.get("$defs", {})
        return {name[len(SOURCE) :].lower(): condition for name, condition in shared.items() if name.startswith(SOURCE)}

    def source(self, payload: Any) -> str | None:
        """Return the event source of a payload in lower case, such as `"sqs"`; None if the payload has none."""
        shared = self.evaluator.decider.shared(self.schema)
        return next((name for name, decide in self._decisions if decide(payload, shared) < BROKEN), None)

    @cached_property
    def _decisions(self) -> list[tuple[str, Decision]]:
        return [(name, self.evaluator.decider.decision(condition)) for name, condition in self.conditions.items()]

    def reads(self, steps: tuple[Any, ...]) -> bool:
        """Return whether the event source of a payload depends on the value at a path."""
        return bool(steps) and steps[0] in self._read

    @cached_property
    def _read(self) -> frozenset[str]:
        """The names of the members on which the event source of a payload depends."""
        return frozenset(name for condition in self.conditions.values() for name in condition.get("properties", ()))

    @cached_property
    def sources(self) -> dict[str, Values]:
        """The event sources of valid payloads, each with its cells (sets of similar payloads)."""
        found: dict[str, Values] = {}
        for cell in self.cells:
            name = self.source(plain((cell,)))
            if name is not None:
                found[name] = (*found.get(name, ()), cell)
        return found

    @cached_property
    def breakable(self) -> tuple[Leaf, ...]:
        """The keywords that some value breaks. `minLength: 0` is not among them, since no string breaks it."""
        return tuple(leaf for leaf in self.leaves.values() if self.solver.holds(fault(leaf)))

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that a payload can break, sorted."""
        return tuple(sorted({leaf.rule for leaf in self.breakable}))

    def breaking(self, rule: str) -> list[Leaf]:
        """Return the keywords that state a rule and can be broken. An unknown rule raises `UnknownNameError`."""
        if all(leaf.rule != rule for leaf in self.leaves.values()):
            raise UnknownNameError("rule", rule, self.rules)
        found = [leaf for leaf in self.breakable if leaf.rule == rule]
        if not found:
            raise GenerationError(f"{self.name}: no value breaks {rule}")
        return found

    # A case should break one rule only. Example: `required: [EventSourceArn]` cannot be broken alone if a conditional
    # rule requires EventSourceArn as well: no payload breaks the first and satisfies the second. So the plan also
    # leaves out one other keyword, then two, until there are payloads. The rules of the keywords that were left out are
    # listed as `implied` in the case.
    def plan(self, leaf: Leaf, demand: Any = None) -> BreakingPlan:
        """Return a plan to break a keyword: alone if possible, else together with as few other keywords as possible.

        The invalid value must also match the schema `demand`, if there is one. If no payload exists, `GenerationError`
        is raised.
        """
        if leaf.path not in self._plans:
            self._plans[leaf.path] = self._planned(leaf, fault(leaf), ())
        known = self._plans[leaf.path]
        return known if demand is None else self._planned(leaf, {"allOf": [fault(leaf), demand]}, (known.implied,))

    def plans(self, leaf: Leaf) -> Iterator[BreakingPlan]:
        """Yield the plans to break a keyword.

        `type` may have a second plan. In the first, a value of a wrong type may also break the keywords beside `type`.
        In the second, it matches these keywords.
        """
        yield self.plan(leaf)
        if leaf.keyword == "type" and (cells := self.solver.solve(Focus(leaf.path, fault(leaf)))):
            yield BreakingPlan(leaf, cells, LOOSE)

    def _planned(self, leaf: Leaf, demand: Any, likely: Iterable[frozenset[Steps]]) -> BreakingPlan:
        alone = isinstance(leaf.schema.get("type"), str) and leaf.keyword == "type"
        focus = Focus(leaf.path, demand, alone)  # a value of a wrong type is validated no further
        for without in chain([LOOSE], likely, self._companions(leaf, focus)):
            if cells := self.solver.solve(focus, without):
                return BreakingPlan(leaf, cells, without)
        raise GenerationError(f"{self.name}: no payload breaks {leaf.rule} at {'/'.join(leaf.path)}")

    def _companions(self, leaf: Leaf, focus: Focus) -> Iterator[frozenset[Steps]]:
        """Yield sets of other keywords to break too, if a keyword cannot be broken alone. The smallest sets come first.

        The order is: one keyword that is a warning, if breaking all warnings would help; one keyword of the same value;
        one keyword of any value; two keywords of the same value.
        """
        others = [other for other in self.leaves.values() if other.path != leaf.path]
        near = [other for other in others if _touches(other, leaf)]
        advice = frozenset(other.path for other in others if other.is_warning)
        if self.solver.solve(focus, advice):
            yield from (frozenset([path]) for path in sorted(advice))
        yield from (frozenset([other.path]) for other in (*near, *others))
        yield from (frozenset(other.path for other in pair) for pair in combinations(near, 2))

    def case(self, payload: Any, what: str, planned: BreakingPlan | None = None) -> Case:
        """Return a case for a payload. It must break the keyword of the plan and no unplanned keyword.

        Without a plan, it must break none. Otherwise `GenerationError` is raised: the solver, which made the payload,
        and the evaluator, which checks it here, disagree. `what` describes the payload in the id of the case.
        """
        broken = [(event.path, event.pointer) for event in self.evaluator.examine(payload) if not event.matches]
        paths = {path for path, _ in broken}
        wanted = {planned.leaf.path, *planned.implied} if planned else set()
        if not (paths <= wanted and (planned is None or planned.leaf.path in paths)):
            rules = sorted({self.leaves[path].rule for path in paths})
            raise GenerationError(f"{self.name}: the payload for {what} breaks {rules or 'nothing'}")
        source = self.source(payload)
        if planned is None:
            return Case(payload, True, None, None, (), source, f"{self.name}/valid/{what}")
        leaf, valid = planned.leaf, all(self.leaves[path].is_warning for path in paths)
        pointer = next(pointer for path, pointer in broken if path == leaf.path)
        found = {(self.leaves[path].rule, place) for path, place in broken} - {(leaf.rule, pointer)}
        implied = tuple(sorted({rule for rule, _ in found}))
        return Case(
            payload, valid, leaf.rule, pointer_text(pointer), implied, source, f"{self.name}/{leaf.rule}/{what}"
        )

    def observed(self, payload: Any, what: str) -> Case:
        """Return a case for a payload that was not made to break a particular keyword.

        Find out what it breaks, if anything.
        """
        broken = [event.path for event in self.evaluator.examine(payload) if not event.matches]
        if not broken:
            return self.case(payload, what)
        first = min(broken, key=lambda path: self.leaves[path].is_warning)
        return self.case(payload, what, BreakingPlan(self.leaves[first], (), frozenset(broken)))


def _touches(one: Leaf, other: Leaf) -> bool:
    shorter = min(len(one.steps), len(other.steps))
    return one.steps[:shorter] == other.steps[:shorter] and shorter > 0


def statement(leaf: Leaf) -> Any:
    """Return a schema with one keyword only, such as `{"maximum": 10}`.

    For `additionalProperties`, it also has the names in `properties`, since these decide which members are additional.
    """
    if leaf.keyword == "required":
        return {"required": [leaf.schema["required"][int(leaf.path[-1])]]}
    if leaf.keyword in ("additionalProperties", "x-unknown-members"):
        return {"properties": dict.fromkeys(leaf.schema.get("properties", {}), True), "additionalProperties": False}
    return {leaf.keyword: leaf.schema[leaf.keyword]} if leaf.keyword in leaf.schema else False


def fault(leaf: Leaf) -> Any:
    """Return a schema that matches the values that break a keyword, such as `{"not": {"maximum": 10}}`."""
    if leaf.keyword == "x-relation":
        return {"anyOf": list(RELATED[leaf.schema["x-relation"]].broken)}
    if leaf.keyword == "format":
        return {"enum": list(junk(leaf.schema["format"]))}
    return {"not": statement(leaf)}


@cache
def of_operation(operation: Operation, direction: str) -> Generator:
    """Return the generator for an operation. `direction` is `"request"` or `"response"`. The generator is made once."""
    return Generator(operation, direction)


def generator(operation: str, direction: str = "request", edition: str = "documents") -> Generator:
    """Return the generator for an operation by its name. `direction` is `"request"` or `"response"`.

    An unknown name raises `UnknownNameError`.
    """
    return of_operation(catalog.operation(operation, edition), direction)


def distinct(cases: Iterable[Case]) -> dict[str, Case]:
    """Return the first case for each distinct payload. The keys are the payloads as strings, made by `repr`."""
    return firsts((repr(case.payload), case) for case in cases)


def numbered(cases: Iterable[Case]) -> list[Case]:
    """Remove cases with a repeated payload, and make the ids of the others unique by suffixes such as `.2`."""
    times: dict[str, int] = {}
    found = []
    for case in distinct(cases).values():
        times[case.id] = times.get(case.id, 0) + 1
        found.append(case._replace(id=f"{case.id}.{times[case.id]}") if times[case.id] > 1 else case)
    return found
