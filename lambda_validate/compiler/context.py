"""The state that emitters, which generate the code of keywords, share: names, known variables, and the mode.

An emitter generates a check that is true if a keyword is violated. The mode decides what the code does then. In a
verdict it returns False. In a report it records a violation and goes on. In a condition (an `if` or a `not`) it returns
False, whatever the settings are. All modes use the same checks, so a verdict and a report cannot contradict each other.
"""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from ..base import values
from ..catalog import Schema
from ..catalog.references import is_nested, resolve
from ..patterns.matching import matcher
from ..report import Constraint, Explanation, Found
from ..report.policy import REPORT, VERDICT, Policy
from .constraints import constraint, severity
from .facts import KnownFacts
from .nodes import (
    FAILED,
    Call,
    Code,
    Function,
    Holds,
    If,
    Item,
    Literal,
    Not,
    Operand,
    RecordViolation,
    Return,
    Spread,
)
from .passes import optimised
from .place import Place

CONDITION = "condition"
"""The mode of a condition's code, beside `VERDICT` and `REPORT`."""
INSTANCE = "instance"
"""The parameter of each generated function: the value that it checks."""
SCALARS = ("string", "integer", "number", "boolean")
"""The JSON types whose values a violation stores unchanged."""

Emit = Callable[["Context", Schema, Place], Code]
Explain = Callable[[Constraint, Any], Explanation]


class Context:
    """The state of compiling one schema.

    `emit` returns the code for a subschema. `straight` is True if the current code is not inside a branch, so that
    later code can use the variables that it sets. `is_plan` is True if the tree becomes instructions (`plan.py`):
    patterns are then bound as strings. `execute` compiles code and returns the function of a name in it. If it is
    passed, inner functions and pattern matchers are made at their first call.
    """

    def __init__(
        self, schema: Schema, policy: Policy, mode: str, emit: Emit, explain: Explain, *, is_plan: bool = False,
        execute: Callable[[Code, str], Callable[..., Any]] | None = None,
    ) -> None:  # fmt: skip
        self.schema, self.policy, self.mode, self.is_plan = schema, policy, mode, is_plan
        self.execute, self._lock = execute, RLock()
        self._emit, self._explain = emit, explain
        self.names: dict[str, Any] = {
            "__name__": "lambda_validate.compiled",
            "Found": Found,
            "new": tuple.__new__,
            **{f"as_{kind}": function for kind, function in values.EXACT.items()},
        }
        self.definitions: Code = []
        self.constraints: list[Constraint] = []
        self.facts, self.straight = KnownFacts(), True
        self.pending: Code = []
        self._bound: dict[int, str] = {}
        self._functions: dict[tuple[Any, ...], str] = {}
        self._matchers: dict[str, str] = {}
        self._variables = 0

    def emit(self, schema: Schema, at: Place) -> Code:
        """Return the code that checks the value at a place by a schema; no code if every value is valid."""
        return self._emit(self, schema, at)

    def variable(self) -> str:
        """Return an unused name for a variable of the generated code: `v1`, `v2` and so on."""
        self._variables += 1
        return f"v{self._variables}"

    def bind(self, prefix: str, value: Any) -> str:
        """Make a Python value, such as a function, available to the generated code. Return the name it has there."""
        name = self._bound.get(id(value))  # equality would take 1 for True; what is bound lives on, so ids stay unique
        if name is None:
            name = self._bound[id(value)] = self._name(prefix, value)
        return name

    def _name(self, prefix: str, value: Any) -> str:
        name = f"{prefix}_{len(self.names)}"
        self.names[name] = value
        return name

    def call(self, function: Callable[..., Any], *arguments: Operand) -> Call:
        """Make a Python function available to the generated code, and return the code that calls the function."""
        return Call(self.bind(function.__name__, function), arguments)

    def member(self, at: Place, name: str) -> Place:
        """Return the place of a member of an object.

        If a variable already has the member's value as an exact built-in type, the place refers to that variable.
        """
        value, kind = self.facts.values.get((at.value, name), (Item(at.value, Literal(name)), None))
        path = (*at.path, Literal(name))
        return Place(value, kind, path, "properties", name, at.source, at.severity, at.value)

    def fail(self, schema: Schema, keyword: str, at: Place, value: Operand | None = None) -> Code:
        """Return the code that runs when a keyword is violated: return False, or record a violation, or nothing."""
        if self.mode == CONDITION:
            return FAILED if at.severity == "error" else []
        if self.mode == VERDICT:
            return FAILED if severity(schema, keyword, at, self.policy) == "error" else []
        broken = constraint(schema, keyword, at, self.policy, self._explain)
        if broken is None:
            return []
        self.constraints.append(broken)
        is_exact = at.kind in SCALARS and isinstance(at.value, str)
        recorded = value or (at.value if is_exact else self.call(values.seen, at.value))
        return [RecordViolation(at.path, self._name("constraint", broken), recorded)]

    def branch(self, schema: Schema, at: Place) -> Code:
        """Return the code for a schema in a block that may not run, such as a `then`.

        Later code does not use the variables that such a block sets.
        """
        with self.changed(straight=False):
            return self.emit(schema, at)

    def apart(self, schema: Schema, at: Place) -> Code:
        """Return the code for the schema of a member, which may be missing from a payload.

        In a report with `execute`, it is a call of a function, which is compiled when a payload first has the member.
        """
        if self.execute is None or self.mode != REPORT or not schema or schema is True:
            return self.emit(schema, at)
        name = self._name("part", None)
        self._define(name, schema, at)
        return [Call(name, (at.value, at.path, "add"))]

    def defined(self, schema: Schema, at: Place) -> Holds:
        """Define a function that returns whether a value matches a schema. Return a check that calls it."""
        name = self._name("condition", None)
        with self.changed(mode=CONDITION):
            self._define(name, schema, at)
        return Holds(Call(name, (at.value,)))

    def refer(self, reference: str, at: Place) -> Code:
        """Return the code for the schema that a `$ref` points to.

        It is the code itself if the schema has no members, items or references, otherwise a call of a function.
        """
        target = resolve(self.schema, reference)
        if not is_nested(target):
            return self.emit(target, at)
        key = (reference, self.mode, at.kind, at.member, at.source, at.severity)
        if key not in self._functions:
            self._functions[key] = self._name("shared", None)
            self._define(self._functions[key], target, at)
        if self.mode == REPORT:
            return [Call(self._functions[key], (at.value, at.path, "add"))]
        return [If(Not(Holds(Call(self._functions[key], (at.value,)))), FAILED, [])]

    def match(self, pattern: str) -> str:
        """Make the function that matches a pattern available to the generated code. Return the name it has there."""
        if self.execute is None:
            return self.bind("match", matcher(pattern))
        if pattern not in self._matchers:
            self._matchers[pattern] = self._name("match", None)
            self._make_later(self._matchers[pattern], partial(matcher, pattern))
        return self._matchers[pattern]

    def _define(self, name: str, schema: Schema, at: Place) -> None:
        """Define a function for a schema: now, or at its first call if `execute` was passed."""
        make = partial(self._function, name, schema, at, self.mode)
        if self.execute is None:
            self.definitions.append(make())
        else:
            execute = self.execute
            self._make_later(name, lambda: execute([make()], name))

    def _make_later(self, name: str, make: Callable[[], Callable[..., Any]]) -> None:
        """Bind a name to a function that, at its first call, makes the real function and binds the name to that."""

        def made(*arguments: Any) -> Any:
            with self._lock:  # emitters share the state of this object
                if self.names[name] is made:
                    self.names[name] = make()
            return self.names[name](*arguments)

        self.names[name] = made

    def _function(self, name: str, schema: Schema, at: Place, mode: str) -> Function:
        """Return the definition of a function for a schema. It knows no variables of its callers.

        In a report, the function gets the path to its value as the argument `base`.
        """
        with self.changed(mode=mode, straight=True, facts=KnownFacts()):
            body = self.emit(schema, at._replace(value=INSTANCE, path=(Spread("base"),)))
        is_report = mode == REPORT
        end = Return("None" if is_report else "True")
        return Function(name, "instance, base, add" if is_report else "instance", [*optimised(body), end])

    @contextmanager
    def changed(self, **settings: Any) -> Iterator[None]:
        """Change attributes of this object, such as `mode`, inside a `with` block."""
        before = {name: getattr(self, name) for name in settings}
        vars(self).update(settings)
        try:
            yield
        finally:
            vars(self).update(before)
