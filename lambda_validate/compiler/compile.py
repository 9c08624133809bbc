"""A schema becomes straight-line Python source, and the source two checkers.

The emitters in `keywords.py` and `applicators.py` say once when a keyword is broken. What happens then is the business
of one of three endings of the same code: the verdict leaves with False, the report records a violation and goes on, and
a condition (an `if`, a `not`) leaves with False whatever the policy. So verdict and report cannot disagree.

Since a verdict leaves at once, what has been found out once holds for all of its code that follows: that a member is
there, of which type it is, which service an ARN names; and a text that was right before is not looked at again.

Nothing from a schema gets into the source but through `repr` of a string or a number, or as a bound name. The source
can be printed, and shows in tracebacks.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base import values
from ..catalog.bundle import SchemaError
from ..catalog.references import is_nested, resolve
from ..patterns import PatternError
from ..patterns.matching import has_properties, matcher
from ..report import Source, Violation
from ..report.policy import REPORT, VERDICT, Policy
from .applicators import APPLICATORS
from .arns import Arn, arn
from .conditions import is_of, tested
from .constraints import NOWHERE, constraint
from .facts import Known
from .keywords import TESTS, Place
from .match_cache import Memo
from .source import All, Check, Code, Compare, Expression, Not, SourceLoader, either, leaves, negated, pruned, render
from .vocabulary import KINDS, check_vocabulary, general

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..catalog import Schema
    from ..report import Constraint

CONDITION = "condition"
"""The mode of a condition's code, beside `VERDICT` and `REPORT`."""
EXACT_TYPES = {"string": "str", "integer": "int", "number": "int", "array": "list", "object": "dict"}
"""The Python type whose values are of a JSON type for certain; `values.py` decides the rest."""
SCALARS = ("string", "integer", "number", "boolean")
"""The JSON types of which a value that is known to be of one is exactly of a built-in type, and is kept as it is."""
GUARDED = ("string", "number", "array", "object")
"""The JSON types that some keyword applies to alone."""
FAILING_FIRST = {"required": APPLICATORS["required"], **APPLICATORS}
"""For a verdict: once a member is known to be there, nothing else asks for it."""
DEFAULT_POLICY = Policy()

Verdict = Callable[[Any], bool]
Reporter = Callable[[Any], "list[Violation]"]


class Checker(NamedTuple):
    """A compiled schema. `run` is a `Verdict` or a `Reporter`; `constraints` are all that the report may record."""

    run: Callable[[Any], Any]
    source: str
    constraints: tuple[Constraint, ...]


def compile_schema(schema: Schema, mode: str, name: str = "schema", policy: Policy = DEFAULT_POLICY) -> Checker:
    """Compile a self-contained schema into a checker, `mode` being `"verdict"` or `"report"`.

    A keyword or format that is not known, or whose argument is wrong, raises `SchemaError`, which names it.
    """
    try:
        return Compiler(schema, policy, name, mode).compile()
    except PatternError as error:
        raise SchemaError(str(error)) from None


class Compiler:
    """Compiles one schema; holds the names bound so far, and the functions for conditions and shared schemas."""

    def __init__(self, schema: Schema, policy: Policy, name: str, mode: str) -> None:
        self.schema, self.policy, self.name, self.mode = schema, policy, name, mode
        exact = {f"as_{kind}": function for kind, function in values.EXACT.items()}
        self.names: dict[str, Any] = {
            "__name__": "lambda_validate.compiled",
            "Violation": Violation,
            "new": tuple.__new__,
            **exact,
        }
        self.bound: dict[int, str] = {}
        self.functions: dict[tuple[Any, ...], str] = {}
        self.definitions: Code = []
        self.constraints: list[Constraint] = []
        self.known = Known()
        self.waiting: Code = []
        self.shared, self.text = False, ""
        self.straight = True
        self.counter = self.matches = 0
        self.memo: Memo | None = None

    def compile(self) -> Checker:
        """Compile the whole schema."""
        body = self.emit(self.schema, Place("instance", None, "", "", None, NOWHERE, "error"))
        turn: Code = ["global left", "left -= 1", (Expression("left < 0"), ["turn()"])] if self.memo else []
        begin, end = (turn, "return True") if self.mode == VERDICT else (["out = []", "add = out.append"], "return out")
        self.names.update({name: each.matcher() for name, each in self.names.items() if isinstance(each, Arn)})
        filename = f"lambda-validate/{self.name}/{self.mode}"
        source = f"# {filename}\n{render([*self.definitions, ('def check(instance):', [*begin, *body, end])])}"
        self.names["__loader__"] = SourceLoader(source)
        exec(compile(source, filename, "exec"), self.names)  # the source is ours: see the module's text
        return Checker(self.names["check"], source, tuple(self.constraints))

    # What emitters ask for.

    def variable(self) -> str:
        """Return a new variable's name."""
        self.counter += 1
        return f"v{self.counter}"

    def bind(self, prefix: str, value: Any) -> str:
        """Return a name under which the source finds a value."""
        name = self.bound.get(id(value))  # equality would take 1 for True; what is bound lives on, so ids stay unique
        if name is None:
            name = self.bound[id(value)] = self._new(prefix, value)
        return name

    def _new(self, prefix: str, value: Any) -> str:
        name = f"{prefix}_{len(self.names)}"
        self.names[name] = value
        return name

    @property
    def warns(self) -> bool:
        """Whether a warning matters: to a report, and to a verdict that takes warnings for errors."""
        return self.mode == REPORT or (self.mode == VERDICT and self.policy.strict)

    def member(self, at: Place, name: str, keyword: str) -> Place:
        """Return the place of a member of the object at a place: with its exact value, where that is known by then."""
        value, kind = self.known.values.get((at.value, name), (f"{at.value}[{name!r}]", None))
        path = f"{at.path}{name!r}, "
        return at._replace(value=value, kind=kind, path=path, member=name, keyword=keyword, parent=at.value)

    def counted(self, schema: Schema, at: Place) -> str:
        """Return the name of the count of an object's members; none where it is not the count that decides."""
        closed = self.mode == VERDICT and schema.get("additionalProperties") is False and "properties" in schema
        return f"count_{at.value}" if closed and self.fail(schema, "additionalProperties", at) else ""

    def arn(self, pattern: str, at: Place) -> Arn | None:
        """Return an ARN's pattern in parts, and keep it for the code that comes after; None for other patterns."""
        found = arn(pattern, f"match_{len(self.names)}", at.value)
        if found:
            self.names[found.bound] = found  # it is not known yet what the services want
            self.known.arns[at.value] = found
        return found

    def is_kept(self, at: Place) -> bool:
        """Whether what is found out of the text at a place is kept for all code that comes after."""
        return self.straight and self.text == at.value

    def fail(self, schema: Schema, keyword: str, at: Place, value: str | None = None) -> Code:
        """Return the code for a broken keyword: what the mode makes of it."""
        if self.mode == CONDITION:
            return ["return False"] if at.severity == "error" else []
        broken = constraint(schema, keyword, at, self.policy)
        if broken is None or (self.mode == VERDICT and broken.severity != "error"):
            return []
        if self.mode == VERDICT:
            return ["return False"]
        self.constraints.append(broken)
        exact = at.kind in SCALARS and at.value.isidentifier()
        kept = value or (at.value if exact else f"{self.bind('seen', values.seen)}({at.value})")
        return [f"add(new(Violation, ({self._path(at)}, {self._new('constraint', broken)}, {kept})))"]

    def _path(self, at: Place) -> str:
        """The source of a path; inside a shared schema's function it starts with what the caller hands in."""
        return f"(*base, {at.path})" if self.shared else f"({at.path})"

    def emit(self, schema: Schema, at: Place) -> Code:
        """Return the code for a schema at a place; nothing when it can never fail."""
        if schema is False:
            return self.fail({}, at.keyword, at)
        return [] if schema is True or schema == {} else pruned(self._laid_out(schema, at))

    def branch(self, schema: Schema, at: Place) -> Code:
        """Return the code for a schema that is not always looked at, so that nothing is known once it has run."""
        with self.changed(straight=False):
            return self.emit(schema, at)

    def tested(self, schema: Schema, at: Place) -> tuple[Code, Check]:
        """Return a check that holds when the value at a place meets a schema, and the lines it needs before."""
        return tested(self, schema, at)

    def defined(self, schema: Schema, at: Place) -> str:
        """Return a call of a function that is made for a condition: true when the value at a place meets a schema."""
        with self.changed(mode=CONDITION, known=Known()):
            body = self.emit(schema, at._replace(value="instance", path=""))
        name = self._new("condition", None)
        self.definitions.append((f"def {name}(instance):", [*body, "return True"]))
        return f"{name}({at.value})"

    def refer(self, reference: str, at: Place) -> Code:
        """Return the code for a schema that stands elsewhere: in place when it is flat, else as a function's call."""
        target = resolve(self.schema, reference)
        if not is_nested(target):
            return self.emit(target, at)
        key = (reference, self.mode, at.kind, at.member, at.source, at.severity)
        if key not in self.functions:
            self.functions[key] = self._new("shared", None)
            self._define(self.functions[key], target, at)
        call = f"{self.functions[key]}({at.value}"
        if self.mode != REPORT:
            return [(Not(Expression(f"{call})")), ["return False"])]
        return [f"{call}, {self._path(at)}, add)"]

    def _define(self, name: str, target: Schema, at: Place) -> None:
        with self.changed(shared=True, straight=True, known=Known()):
            body = self.emit(target, at._replace(value="instance", path=""))
        if self.mode == REPORT:
            self.definitions.append((f"def {name}(instance, base, add):", [*body, "return"]))
        else:
            self.definitions.append((f"def {name}(instance):", [*body, "return True"]))

    @contextmanager
    def changed(self, **settings: Any) -> Iterator[None]:
        """Change settings of the compiler for a while."""
        before = {name: getattr(self, name) for name in settings}
        vars(self).update(settings)
        try:
            yield
        finally:
            vars(self).update(before)

    # How one schema is laid out: its type first, then what applies to any value, then what applies to one type.

    def _laid_out(self, schema: Schema, at: Place) -> Code:
        check_vocabulary(schema)
        if "x-source" in schema:
            at = at._replace(source=Source(**schema["x-source"]))
        kind = schema.get("type")
        if isinstance(kind, str) and kind not in (at.kind, general(at.kind)):
            return self._typed(schema, kind, at)
        if isinstance(kind, list):
            wrong = Not(Expression(f"{self.bind('is_kinds', values.is_kinds)}({at.value}, {tuple(kind)!r})"))
            return [(wrong, self.fail(schema, "type", at)), *self._untyped(schema, at)]
        return self._untyped(schema, at) if at.kind is None else self._keywords(schema, at, {None, general(at.kind)})

    def _typed(self, schema: Schema, kind: str, at: Place) -> Code:
        """A value of a wrong type breaks that one rule, and no other is looked at."""
        wrong = self.fail(schema, "type", at)
        known = at._replace(kind=kind)
        if kind not in EXACT_TYPES:
            return either(negated(is_of(kind, at)), wrong, self._keywords(schema, known, {None, kind}))
        leaving = self.mode == VERDICT and leaves(wrong)
        alone = leaving and at.value.startswith("v")  # a variable that nothing else looks at with a wrong type in it
        known = known if alone else known._replace(value=self.variable())
        is_other = Compare(f"type({known.value})", "is not", EXACT_TYPES[kind])
        test = All((is_other, Compare(f"({known.value} := as_{kind}({at.value}))", "is", "None")))
        if self.straight and leaving:
            self.known.values[at.parent, at.member or ""] = (known.value, kind)
        matches, kept = self.matches, self.straight and leaving and kind == "string"
        with self.changed(text=known.value if kept else ""):
            right = self._keywords(schema, known, {None, general(kind)})
        if kept and self.matches > matches:
            self.memo = self.memo or Memo(self.names)
            right = self.memo.passed_over(known.value, right, self.known.arns.get(known.value))
        return [*([] if alone else [f"{known.value} = {at.value}"]), *either(test, wrong, right)]

    def _untyped(self, schema: Schema, at: Place) -> Code:
        """A value of any type: keywords that apply to one type wait until the value is known to be of it."""
        code = self._keywords(schema, at, {None})
        kinds = {KINDS.get(keyword) for keyword in schema}
        for kind in filter(kinds.__contains__, GUARDED):
            exact = at._replace(value=self.variable(), kind=kind)
            body = self._keywords(schema, exact, {kind})
            if body:
                code += [f"{exact.value} = as_{kind}({at.value})", (Compare(exact.value, "is not", "None"), body)]
        return code

    def _is_filled(self, schema: Schema, at: Place) -> bool:
        """Whether a pattern says as much as the least length beside it does: that a text is not empty."""
        pattern = schema.get("pattern")
        told = self.mode == VERDICT and schema.get("minLength") == 1 and pattern and not has_properties(pattern)
        return bool(told) and matcher(pattern)("") is None and bool(self.fail(schema, "pattern", at))

    def _keywords(self, schema: Schema, at: Place, kinds: set[str | None]) -> Code:
        """The keywords of a schema that apply to one of some types, None being any type."""
        code: Code = []
        if not any(KINDS.get(keyword, "") in kinds for keyword in schema):
            return code
        for keyword, test in TESTS.items():
            if keyword not in schema or test.kind not in kinds:
                continue
            if keyword == "minLength" and self._is_filled(schema, at):
                continue
            if broken := test.broken(self, schema[keyword], at):
                failure = self.fail(schema, keyword, at)
                code.append((broken, failure))
                if not failure:
                    self.known.arns.pop(at.value, None)  # the test that would find it is left out
        for keyword, applicator in (FAILING_FIRST if self.mode == VERDICT else APPLICATORS).items():
            if keyword in schema and applicator.kind in kinds:
                code += applicator.emit(self, schema, at)
        return code
