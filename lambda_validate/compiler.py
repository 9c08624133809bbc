"""A schema becomes straight-line Python source, and the source two checkers.

The emitters in `keywords.py` say once when a keyword is broken. What happens then is the business of one of three
endings of the same code: the verdict leaves with False, the report records a violation and goes on, and a condition (an
`if`, a `not`) leaves with False whatever the severity. So verdict and report cannot disagree.

Nothing from a schema gets into the source but through `repr` of a string or a number, or as a bound name. The source
can be printed, and shows in tracebacks.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Mapping, NamedTuple

from . import values
from .catalog import Schema, SchemaError
from .keywords import ANNOTATIONS, APPLICATORS, TESTS, Code, Place
from .report import Constraint, Explanation, Severity, Source, Violation

VERDICT, REPORT, CONDITION = "verdict", "report", "condition"
EXACT_TYPES = {"string": "str", "integer": "int", "number": "int", "array": "list", "object": "dict"}
GUARDED = ("string", "number", "array", "object")
"""The JSON types that some keyword applies to alone."""

Verdict = Callable[[Any], bool]
Reporter = Callable[[Any], "list[Violation]"]


def explain(constraint: Constraint, value: Any) -> Explanation:
    """Put a violation into words. The words are loaded when the first one is read."""
    from .messages import explain as explanation

    return explanation(constraint, value)


class Policy(NamedTuple):
    """What a validator makes of the rules; see `Validator` for each setting."""

    strict: bool = False
    disable: frozenset[str] = frozenset()
    unknown_members: str | None = None
    show_values: bool = False

    def severity(self, rule: str, stated: Severity) -> Severity | None:
        """Return the severity of a rule under this policy; None when it is not to be judged at all."""
        if rule in self.disable:
            return None
        if rule == "member.unknown" and self.unknown_members:
            return UNKNOWN_MEMBERS[self.unknown_members]
        return "error" if self.strict else stated


UNKNOWN_MEMBERS: Mapping[str, Severity | None] = {"error": "error", "warning": "warning", "ignore": None}


class Checker(NamedTuple):
    """A compiled schema. `run` is a `Verdict` or a `Reporter`; `constraints` are all that the report may record."""

    run: Callable[[Any], Any]
    source: str
    constraints: tuple[Constraint, ...]


NOWHERE = Source("schema", "", "")


def compile_schema(schema: Schema, mode: str, name: str = "schema", policy: Policy = Policy()) -> Checker:
    """Compile a self-contained schema into a checker, `mode` being `"verdict"` or `"report"`.

    A keyword or format that is not known, or whose argument is wrong, raises `SchemaError`, which names it.
    """
    return Compiler(schema, policy, name).compile(mode)


class Compiler:
    """Compiles one schema; holds the names bound so far, and the functions for conditions and shared schemas."""

    helpers = values

    def __init__(self, schema: Schema, policy: Policy, name: str) -> None:
        self.schema, self.policy, self.name = schema, policy, name
        self.mode = VERDICT
        self.names: dict[str, Any] = {"__name__": "lambda_validate.compiled", "Violation": Violation, **_helpers()}
        self.bound: dict[int, str] = {}
        self.functions: dict[tuple[Any, ...], str] = {}
        self.definitions: list[tuple[str, Code]] = []
        self.constraints: list[Constraint] = []
        self.following: tuple[str, ...] = ()
        self.counter = 0

    def compile(self, mode: str) -> Checker:
        """Compile the whole schema in one mode."""
        self.mode = mode
        place = Place("instance", None, "", "", None, NOWHERE, "error")
        body = self.emit(self.schema, place)
        if mode == VERDICT:
            code: Code = [("def check(instance):", [*body, "return True"])]
        else:
            code = [("def check(instance):", ["out = []", *body, "return out"])]
        filename = f"lambda-validate/{self.name}/{mode}"
        source = f"# {filename}\n" + "".join(render([*self.definitions, *code]))
        self.names["__loader__"] = _Loader(source)
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
            name = self.bound[id(value)] = f"{prefix}_{len(self.names)}"
            self.names[name] = value
        return name

    def below(self, at: Place, variable: str, name: str, keyword: str) -> Place:
        """Return the place of a member of the object at a place."""
        return at._replace(value=variable, kind=None, path=f"{at.path}{name!r}, ", member=name, keyword=keyword)

    def fail(self, schema: Schema, keyword: str, at: Place, value: str | None = None) -> Code:
        """Return the code for a broken keyword: what the mode makes of it."""
        if self.mode == CONDITION:
            return ["return False"] if at.severity == "error" else []
        rule = _rule(schema, keyword, at)
        severity = self.policy.severity(rule["id"], at.severity)  # type: ignore[arg-type]  # only severities get there
        if severity is None or (self.mode == VERDICT and severity != "error"):
            return []
        if self.mode == VERDICT:
            return ["return False"]
        constraint = Constraint(
            rule["id"], keyword, severity, Source(**rule["source"]) if "source" in rule else _source(schema, at),
            at.member, _argument(schema, keyword), explain, rule.get("message"),
            schema.get("title") if isinstance(schema, dict) else None, self.policy.show_values,
        )  # fmt: skip
        self.constraints.append(constraint)
        name = f"constraint_{len(self.names)}"
        self.names[name] = constraint
        return [f"out.append(Violation({self._path(at)}, {name}, {value or f'seen({at.value})'}))"]

    def _path(self, at: Place) -> str:
        """The source of a path; inside a shared schema's function it starts with what the caller hands in."""
        return f"(*base, {at.path})" if self.following else f"({at.path})"

    def emit(self, schema: Schema, at: Place) -> Code:
        """Return the code for a schema at a place; nothing when it can never fail."""
        if schema is False:
            return self.fail({}, at.keyword, at)
        return pruned(self._laid_out(schema, at)) if schema is not True and schema else []

    def _laid_out(self, schema: Schema, at: Place) -> Code:
        _check_vocabulary(schema)
        if "x-source" in schema:
            at = at._replace(source=schema["x-source"])
        kind = schema.get("type")
        if isinstance(kind, str) and not _implies(at.kind, kind):
            return self._typed(schema, kind, at)
        if isinstance(kind, list):
            kinds = tuple(kind)
            wrong = (f"if not is_kinds({at.value}, {kinds!r}):", self.fail(schema, "type", at))
            return [wrong, *self._untyped(schema, at)]
        return self._untyped(schema, at) if at.kind is None else self._known(schema, at, None, at.kind)

    def condition(self, schema: Schema, at: Place) -> str:
        """Return an expression that is true when the value at a place meets a schema."""
        outer, self.mode = self.mode, CONDITION
        try:
            argument = at._replace(value="instance", path="", severity="error")  # of a warning's condition too
            body = self.emit(schema, argument)
            if not body:
                return "True"
            name = f"condition_{len(self.names)}"
            self.names[name] = None
            self.definitions.append((f"def {name}(instance):", [*body, "return True"]))
        finally:
            self.mode = outer
        return f"{name}({at.value})"

    def refer(self, reference: str, at: Place) -> Code:
        """Return the code for a schema that stands elsewhere: in place when it is flat, else as a function's call."""
        target = _resolve(self.schema, reference)
        if not _nested(target):
            return self.emit(target, at)
        key = (reference, self.mode, at.kind, at.member, repr(at.source), at.severity)
        if key not in self.functions:
            self.functions[key] = name = f"shared_{len(self.names)}"
            self.names[name] = None
            self._define(name, reference, target, at)
        call = f"{self.functions[key]}({at.value}"
        if self.mode != REPORT:
            return [(f"if not {call}):", ["return False"])]
        return [f"{call}, {self._path(at)}, out)"]

    def _define(self, name: str, reference: str, target: Schema, at: Place) -> None:
        outer, self.following = self.following, (*self.following, reference)
        try:
            body = self.emit(target, at._replace(value="instance", path=""))
        finally:
            self.following = outer
        if self.mode == REPORT:
            self.definitions.append((f"def {name}(instance, base, out):", [*body, "return"]))
        else:
            self.definitions.append((f"def {name}(instance):", [*body, "return True"]))

    # How one schema is laid out: its type first, then what applies to any value, then what applies to one type.

    def _typed(self, schema: Schema, kind: str, at: Place) -> Code:
        """A value of a wrong type breaks that one rule, and no other is looked at."""
        wrong = self.fail(schema, "type", at)
        if kind in ("boolean", "null"):
            test = f"type({at.value}) is not bool" if kind == "boolean" else f"{at.value} is not None"
            return _either(test, wrong, self._known(schema, at, None, kind))
        exact = self.variable()
        test = f"type({exact}) is not {EXACT_TYPES[kind]} and ({exact} := as_{kind}({at.value})) is None"
        known = at._replace(value=exact, kind=kind)
        return [f"{exact} = {at.value}", *_either(test, wrong, self._known(schema, known, None, kind))]

    def _untyped(self, schema: Schema, at: Place) -> Code:
        """A value of any type: keywords that apply to one type wait until the value is known to be of it."""
        code = self._known(schema, at, None, None)
        for kind in GUARDED:
            exact = self.variable()
            body = self._known(schema, at._replace(value=exact, kind=kind), kind, None)
            if body:
                code += [f"{exact} = as_{kind}({at.value})", (f"if {exact} is not None:", body)]
        return code

    def _known(self, schema: Schema, at: Place, only: str | None, kind: str | None) -> Code:
        """The keywords for a type: `only` those of one, or those of all types and, if it is known, of `kind`."""
        wanted = {only} if only else {None, _general(kind)}
        code: Code = []
        for keyword, test in TESTS.items():
            if keyword in schema and test.kind in wanted:
                if broken := test.broken(self, schema[keyword], at):
                    code.append((f"if {broken}:", self.fail(schema, keyword, at)))
        for keyword, applicator in APPLICATORS.items():
            if keyword in schema and applicator.kind in wanted:
                code += applicator.emit(self, schema, at)
        return code


def _helpers() -> dict[str, Any]:
    exact = {f"as_{kind}": function for kind, function in values.EXACT.items()}
    return {**exact, "seen": values.seen, "is_kinds": values.is_kinds}


def _either(test: str, wrong: Code, right: Code) -> Code:
    """Code for a value of a wrong or a right type; flat where the wrong one leaves."""
    if wrong and str(wrong[-1]).startswith("return"):
        return [(f"if {test}:", wrong), *right]
    if wrong:
        return [(f"if {test}:", wrong), ("else:", right)]
    return [(f"if not ({test}):", right)]


def _general(kind: str | None) -> str | None:
    return "number" if kind == "integer" else kind


def _implies(known: str | None, kind: str) -> bool:
    return known == kind or (known == "integer" and kind == "number")


def _check_vocabulary(schema: Schema) -> None:
    for keyword, argument in schema.items():
        rule = TESTS.get(keyword) or APPLICATORS.get(keyword)
        if rule is None and keyword not in ANNOTATIONS:
            raise SchemaError(f"the keyword {keyword!r} is not known")
        if rule is not None and not rule.accepts(argument):
            raise SchemaError(f"the keyword {keyword!r} cannot have the argument {argument!r}")
    kinds = schema.get("type", "object")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if kind not in EXACT_TYPES and kind not in ("boolean", "null"):
            raise SchemaError(f"the keyword 'type' cannot have the argument {kinds!r}")


def _nested(schema: Schema) -> bool:
    """Whether a schema looks into members, items or other schemas, so that it may be large or contain itself."""
    return isinstance(schema, dict) and any(
        isinstance(schema.get(keyword), (dict, list)) and schema[keyword]
        for keyword in ("properties", "items", "additionalProperties", "propertyNames", "$ref", "not")
    )


def _resolve(schema: Schema, reference: str) -> Schema:
    if not reference.startswith("#"):
        raise SchemaError(f"the reference {reference!r} leads out of the schema")
    found = schema
    try:
        for step in _steps(reference[1:]):
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (KeyError, IndexError, TypeError, ValueError):
        raise SchemaError(f"the reference {reference!r} leads nowhere") from None
    return found


def _steps(pointer: str) -> list[str]:
    from urllib.parse import unquote  # only a reference with an escape in it would need it; few have one

    if pointer and not pointer.startswith("/"):
        raise SchemaError(f"the reference '#{pointer}' is an anchor, which is not known")
    return [unquote(step).replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _rule(schema: Schema, keyword: str, at: Place) -> Mapping[str, Any]:
    """Return the rule that a broken keyword breaks: named by the schema, or after the member and the keyword."""
    named: Mapping[str, Any] | None = schema.get("x-rules", {}).get(keyword)
    if named is not None:
        return named
    if keyword in ("additionalProperties", "x-unknown-members"):
        return {"id": "member.unknown"}
    return {"id": f"{kebab(at.member or 'payload')}.{kebab(keyword)}"}


def kebab(name: str) -> str:
    """Return a member's or keyword's name as rule ids spell it: `KMSKeyArn` becomes `kms-key-arn`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


def _source(schema: Schema, at: Place) -> Source:
    return Source(**at.source) if isinstance(at.source, dict) else NOWHERE


def _argument(schema: Schema, keyword: str) -> Any:
    if keyword in ("additionalProperties", "x-unknown-members"):
        return tuple(schema.get("properties", ()))
    argument = schema.get(keyword)
    return tuple(argument) if isinstance(argument, list) else argument


class _Loader:
    """Lets a traceback show the generated source, without a file and without an import."""

    def __init__(self, source: str) -> None:
        self.source = source

    def get_source(self, name: str) -> str:
        return self.source


def pruned(code: Code) -> Code:
    """Return code without headers that have nothing below them; nothing when what is left has no effect."""
    below = [each if isinstance(each, str) else (each[0], pruned(each[1])) for each in code]
    kept = [each for each in below if isinstance(each, str) or each[1]]
    effective = any(not isinstance(each, str) or each.startswith(("return", "out.", "shared_")) for each in kept)
    return kept if effective else []


def render(code: Code, indent: str = "") -> list[str]:
    """Return the lines of code."""
    lines: list[str] = []
    for each in code:
        if isinstance(each, str):
            lines.append(f"{indent}{each}\n")
        else:
            lines += [f"{indent}{each[0]}\n", *render(each[1], indent + " ")]
    return lines
