"""Decide which branches of `Fn::If` can occur together, from the conditions of a template.

For example, the first branches of `!If [IsProd, …]` and `!If [IsTest, …]` cannot, if the conditions compare one
parameter with different values. A condition consists of `Fn::And`, `Fn::Or`, `Fn::Not`, references to conditions, and
*facts*. A fact is the value of a parameter, or an expression that is not evaluated, so it may be true or false. All
combinations of the facts that matter are tried. If there are too many, all branches count as possible.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from ...findings.resource import Picks, Resource
from ...unresolved.parts import MAX_VALUE_DEPTH, PARTS
from .intrinsics import Template, function

COMBINATIONS = 4096
"""Maximum number of combinations of facts (values of parameters, and unknown expressions) to try."""
TABLES = 64
"""Maximum number of tables in the cache. If there are more, all are dropped."""
OTHER = object()
"""Represents every value of a parameter that the template does not mention."""

Facts = dict[Hashable, Any]
Test = Callable[[Facts], bool]


class _Table:
    """All combinations of the values of some facts, such as parameters (`domains` has the values of each).

    `fitting` is a cache: for a choice such as "IsProd is true", a number with one bit for each combination. The bit is
    set if the choice agrees with the combination.
    """

    def __init__(self, domains: Mapping[Hashable, list[Any]]) -> None:
        self.domains = domains
        self.fitting: dict[tuple[Hashable, int], int] = {}

    @cached_property
    def every(self) -> list[Facts]:
        """All combinations, each a dict with one value for each fact."""
        return [dict(zip(self.domains, combination, strict=True)) for combination in product(*self.domains.values())]


class Conditions:
    """The section `Conditions` of a template. A condition is read when it is first needed."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.domains: dict[Hashable, set[Any]] = {}
        self.tests: dict[str, Test] = {}
        self.facts: dict[str, set[Hashable]] = {}
        self.tables: dict[tuple[frozenset[Hashable], int], _Table] = {}
        self.budget = PARTS

    def _read(self, name: str) -> tuple[Test, set[Hashable]]:
        """Return a function that tests whether a named condition is true, and the facts that it depends on.

        Facts are values of parameters, and expressions that are not evaluated.
        """
        if name not in self.tests:
            used: set[Hashable] = set()
            self.facts[name] = used
            self.tests[name] = lambda facts: False  # used if the condition refers to itself
            self.tests[name] = self._test(self.template.conditions[name], used, 0)
        return self.tests[name], self.facts[name]

    def _test(self, value: Any, used: set[Hashable], depth: int) -> Test:
        """Return a function that tests whether an expression such as `!Not [...]` is true.

        Add the facts that it depends on (parameters, and expressions that are not evaluated) to `used`.
        """
        found = function(value, ())
        self.budget -= 1
        if found is None or self.budget < 0 or depth > MAX_VALUE_DEPTH:
            return self._fact(id(value), used)
        name, argument, _ = found
        items = argument if isinstance(argument, list) else [argument]
        if name in GATES and items:
            return _gate(name, [self._test(item, used, depth + 1) for item in items])
        if name == "Condition" and isinstance(argument, str) and argument in self.template.conditions:
            test, below = self._read(argument)
            used |= below
            return lambda facts: _remembered(facts, argument, test)
        if name == "Fn::Equals" and len(items) == 2:
            return self._equals(items[0], items[1], used)
        return self._fact(repr(_frozen(value)), used)

    def _equals(self, left: Any, right: Any, used: set[Hashable]) -> Test:
        """Return the test for `Fn::Equals` of a parameter and a constant, or of two constants.

        Any other comparison is not evaluated: it may be true or false.
        """
        sides = (_literal(left), _literal(right))
        if None not in sides:
            return lambda facts: sides[0] == sides[1]
        name, value = (_parameter(left), sides[1]) if sides[1] is not None else (_parameter(right), sides[0])
        if name is None or value is None or name not in self.template.parameters:
            return self._fact(repr(sorted(map(repr, (_frozen(left), _frozen(right))))), used)
        key = ("parameter", name)
        self.domains.setdefault(key, set()).add(value)
        used.add(key)
        return lambda facts: bool(facts[key] == value)

    def _fact(self, key: Hashable, used: set[Hashable]) -> Test:
        self.domains.setdefault(key, set()).update((True, False))
        used.add(key)
        return lambda facts: facts[key] is True

    def _values(self, key: Hashable) -> list[Any]:
        """Return the values that a fact may have: for an expression that is not evaluated, true and false.

        For a parameter, return its allowed values; or else those that the template mentions, and `OTHER`.
        """
        named = self.domains.get(key, set())
        if not isinstance(key, tuple):
            return [True, False]
        parameter = self.template.parameters[key[1]]
        allowed = parameter.get("AllowedValues") if isinstance(parameter, dict) else None
        if isinstance(allowed, list) and len(allowed) <= COMBINATIONS:
            return sorted({literal for literal in map(_literal, allowed) if literal is not None})
        options = self.template.options.get(key[1], ())
        return [
            *sorted({*named, *(literal for literal in (_literal(option.value) for option in options) if literal)}),
            OTHER,
        ]

    def possible(self, needed: Any) -> Callable[[Picks], bool]:
        """Return a function that tests whether branches of `Fn::If` can occur together.

        It receives the index of the branch for each condition, and of the value for each parameter. The condition
        `needed` must be true too, unless it is None.
        """
        known: dict[frozenset[Any], bool] = {}

        def possible(picks: Picks) -> bool:
            all_of: dict[Hashable, int] = dict(picks)
            if isinstance(needed, str) and all_of.setdefault(("condition", needed), 0) != 0:
                return False
            relevant = {key: all_of[key] for key in all_of if self._is_ours(key)}
            key = frozenset(relevant.items())
            if key not in known:
                known[key] = self._possible(relevant)
            return known[key]

        return possible

    def within(self, resource: Resource, needed: Any) -> Resource | None:
        """Return a resource with its function `possible`, which tests whether branches of `Fn::If` can occur together.

        `needed` is the condition of the resource, if any. If the resource is itself inside a branch, only that branch
        is possible. Return None if that branch is never used.
        """
        taken: dict[Hashable, int] = {}
        for length in range(len(resource.path) + 1):
            for key, index in self.template.taken.get(resource.path[:length], {}).items():
                if taken.setdefault(key, index) != index:
                    return None
        possible = self.possible(needed)
        if not taken:
            return resource._replace(possible=possible)

        def here(picks: Picks) -> bool:
            return all(picks.get(key, index) == index for key, index in taken.items()) and possible({**picks, **taken})

        return resource._replace(possible=here) if possible(taken) else None

    def _is_ours(self, key: Hashable) -> bool:
        if not isinstance(key, tuple) or len(key) != 2:
            return False
        return key[0] == "parameter" or (key[0] == "condition" and key[1] in self.template.conditions)

    # Example: IsProd is `!Equals [!Ref Env, prod]`, and IsTest is `!Equals [!Ref Env, test]`. Can IsProd and IsTest
    # both be true? That depends only on the parameter Env, which may be prod, test or another value (OTHER). For each
    # condition, a number has one bit for each of these values, which is set if the condition is then true: 100 for
    # IsProd, 010 for IsTest. `100 & 010` is 0, so the answer is no. The numbers are cached, so further questions only
    # need an `&`.
    def _possible(self, picks: Picks) -> bool:
        """Return whether branches of `Fn::If` and values of parameters (`picks`) can occur together.

        They can if some combination of values of all parameters agrees with them. A pick is the index of the branch for
        a condition, or of the option for a parameter.
        """
        names = [key[1] for key in picks if isinstance(key, tuple) and key[0] == "condition"]
        parameters = {key for key in picks if isinstance(key, tuple) and key[0] == "parameter"}
        keys = frozenset[Hashable]().union(parameters, *(self._read(name)[1] for name in names))
        domains = {key: self._values(key) for key in keys}
        size = prod(map(len, domains.values()))
        if not names or size > COMBINATIONS:
            return True
        if len(self.tables) > TABLES:
            self.tables.clear()
        table = self.tables.setdefault((keys, size), _Table(domains))
        fitting = (1 << size) - 1
        for key, index in picks.items():
            if (key, index) not in table.fitting:
                bits = "".join("01"[self._fits(facts, key, index)] for facts in table.every)
                table.fitting[key, index] = int(bits or "0", 2)
            fitting &= table.fitting[key, index]
        return fitting != 0

    def _fits(self, facts: Facts, key: Any, index: int) -> bool:
        """Return whether a pick agrees with `facts`, a combination of values of the parameters.

        `key` is a condition or a parameter. For a condition, the pick `index` is 0 if it is true, and 1 otherwise. For
        a parameter, it is the index of one of its options.
        """
        kind, name = key
        if kind == "condition":
            return _remembered(facts, name, self.tests[name]) is (index == 0)
        values = [_literal(option.value) for option in self.template.options.get(name, ())]
        picked = values[index] if index < len(values) else None
        return bool(facts[key] == picked) if picked is not None else facts[key] not in values


GATES = ("Fn::And", "Fn::Or", "Fn::Not")


def _gate(name: str, tests: list[Test]) -> Test:
    if name == "Fn::Not":
        return lambda facts: not tests[0](facts)
    return lambda facts: (all if name == "Fn::And" else any)(test(facts) for test in tests)


def _remembered(facts: Facts, name: str, test: Test) -> bool:
    """Return whether a condition is true for some values of the facts. The result is cached in `facts`."""
    key = ("condition", name)
    if key not in facts:
        facts[key] = test(facts)
    return bool(facts[key])


def _parameter(value: Any) -> str | None:
    found = function(value, ())
    return found[1] if found and found[0] == "Ref" and isinstance(found[1], str) else None


def _literal(value: Any) -> str | None:
    """Return a scalar as the string that `Fn::Equals` compares, such as "true" for `true`; None for other values."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | float) or (isinstance(value, int) and abs(value) < 10**300) else None


def _frozen(value: Any, depth: int = 0) -> Any:
    """Return an expression in a form to compare: `!Ref x` and `{"Ref": "x"}` give equal results."""
    found = function(value, ())
    if depth > MAX_VALUE_DEPTH:
        return id(value)
    if found:
        return (found[0], _frozen(found[1], depth + 1))
    if isinstance(value, list):
        return [_frozen(item, depth + 1) for item in value[:MAX_VALUE_DEPTH]]
    return _literal(value) if not isinstance(value, dict) else sorted(value)
