"""Test that literals of a schema never change the generated code. Another validator agrees with verdict and report."""

from __future__ import annotations

import itertools
import keyword
import math
import re
from collections.abc import Iterator
from itertools import islice, product
from random import Random
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import arbitrary

import lambda_validate as lv
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.compiler.nodes import (
    FALSE,
    OUTLIVES,
    TRUE,
    All,
    AnyOf,
    Assign,
    Call,
    Code,
    Compare,
    Has,
    Holds,
    If,
    InSet,
    Literal,
    Not,
    Return,
    negated,
)
from lambda_validate.compiler.passes import cheap_first, optimised, simplified
from lambda_validate.compiler.printer import printed, render

OPERATORS = [" == ", " != ", " in ", " not in ", " is ", " is not ", " and ", " or ", "not ", " < ", " > ", " := "]
HOSTILE = [
    *(f"a{operator}b" for operator in OPERATORS), *OPERATORS,
    "'", '"', "'''", '"""', "\\", "\\'", '\\"', "\n", "\r\n", "\t", "\x00", "\u2028", "a\nreturn True\n",
    "{", "}", "{}", "{0}", "{value}", "{argument!r}", "{{x}}", "f'{1}'", "%s", "$a", "#", ":", "else:", "if True:",
    ")) or ((", "' or '1' == '1", "'] or True or instance['", "'); raise SystemExit; ('", "(v1 := None)", "v1", "v2",
    "instance", "return True", "add(", "shared_1", "right_v1", "count_v1", "None", "__class__", "__import__", "", " ",
    "ünïcödé", "💩", "\ud800", "~", "/", "~1", "x" * 10_000, " == " * 2_000, "not", "in", "is", "return", "True",
]  # fmt: skip
"""Values and names that a schema may contain, and that naive edits of generated source would treat as code."""


def swapped(text: str) -> Iterator[str]:
    """Yield results of naive edits of a literal. Each replaces an operator with its opposite."""
    for one, other in ((" == ", " != "), (" in ", " not in "), (" is ", " is not ")):
        yield text.replace(other, one)
        yield text.replace(one, other)
    yield text.removeprefix("not ")
    yield f"{text}x"


def schemas(text: str) -> Iterator[Any]:
    """Yield schemas with a literal in every position: as a value, in a pattern and as a name."""
    string = {"type": "string"}
    pattern = "^" + "".join(
        each if each.isalnum() else f"\\u{ord(each):04x}" for each in text[:50] if ord(each) < 65536
    )
    values = [
        {"const": text}, {**string, "const": text}, {"enum": [text]}, {**string, "enum": [text, "other"]},
        {"enum": [text, 1, None]}, {"const": {text: text}}, {"const": [text]}, {**string, "pattern": pattern},
        {"pattern": pattern}, {"type": "null"}, {"type": "boolean"}, {"not": {"const": text}},
    ]  # fmt: skip
    for value in values:
        member: Any = {"properties": {text: value}}
        needed: Any = {**member, "required": [text]}
        for condition in (member, needed):
            then, other = {"required": ["b"]}, {"required": ["c"]}
            yield {"type": "object", **condition}
            yield {"type": "object", "not": condition}
            yield {"type": "object", "if": condition, "then": then, "else": other}
            yield {"type": "object", "if": {"not": condition}, "then": then}
            same = {"if": condition, "then": then}, {"if": condition, "then": other}
            yield {
                "type": "object",
                "required": [text],
                "allOf": [*same, {"if": condition, "else": {"required": ["d"]}}],
            }
    yield {"type": "object", "properties": {text: True}, "additionalProperties": False}


def instances(text: str) -> list[Any]:
    """Return objects that have the literal, and its naively edited forms, as a value or a name."""
    texts = list(dict.fromkeys([text, *swapped(text), ""]))
    members = [{text: value, "b": 1} for value in [*texts, None, True, [text], {text: text}]]
    return [*members, *({each: text, "c": 1} for each in texts), {text: text, "d": 1}, {}, {"b": 1, "d": 1}, None]


def assert_agrees(schema: Any, instances: Any) -> None:
    """Assert that verdict and report agree with jsonschema."""
    oracle = jsonschema.Draft202012Validator(schema)
    verdict, report = (compile_schema(schema, mode).run for mode in ("verdict", "report"))
    for instance in instances:
        expected = oracle.is_valid(instance)
        assert verdict(instance) is expected, (schema, instance)
        assert {each[:2] for each in found(report(instance))} == broken(oracle, instance), (schema, instance)


def found(violations: Any) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield path and keyword of violations. For missing or unknown members, the path is that of the object."""
    for each in itertools.starmap(lv.Violation, violations):
        of_object = each.keyword in ("required", "additionalProperties")
        yield each.path[:-1] if of_object else each.path, each.keyword


def broken(oracle: Any, instance: Any) -> set[tuple[tuple[Any, ...], str]]:
    """Return path and keyword of the errors of jsonschema. As in our reports, a type error hides the others."""
    errors = {((*each.path,), each.validator) for each in oracle.iter_errors(instance)}
    mistyped = {path for path, kind in errors if kind == "type"}
    return {each for each in errors if each[1] == "type" or each[0] not in mistyped}


def test_a_literal_containing_an_operator_is_compared_literally() -> None:
    condition = {"properties": {"a": {"type": "string", "const": "a != b"}}, "required": ["a"]}
    assert_agrees(
        {"type": "object", "if": condition, "then": {"required": ["b"]}},
        [{"a": "a != b"}, {"a": "a == b"}, {"a": "a != b", "b": 1}],
    )


def test_a_name_containing_an_operator_is_treated_as_a_name() -> None:
    condition = {"properties": {"a is b": {"type": "null"}}, "required": ["a is b"]}
    assert_agrees(
        {"type": "object", "properties": {"a is b": {"type": "null"}}, "not": condition},
        [{"a is b": None}, {"a is not b": None}, {"a is b": 1}],
    )


def of_service(*names: str) -> Any:
    """Return a condition that tests only the service of an ARN."""
    listed = names[0] if len(names) == 1 else f"(?:{'|'.join(names)})"
    return {"properties": {"a": {"type": "string", "pattern": f"^arn:[^:]*:{listed}:"}}, "required": ["a"]}


def rules(*rows: tuple[Any, str, str]) -> Any:
    """Return a schema of rules, each with a condition, and the members that it requires if it holds or fails."""
    return [
        {"if": condition, **({"then": {"required": [then]}} if then else {}),
         **({"else": {"required": [other]}} if other else {})}
        for condition, then, other in rows
    ]  # fmt: skip


SQS, SNS, KINESIS = of_service("sqs"), of_service("sns"), of_service("kinesis")


@pytest.mark.parametrize(
    "conditions",
    [
        rules((SQS, "b", ""), (SQS, "c", "")),
        rules((SQS, "b", ""), (SNS, "c", "")),
        rules((SQS, "b", ""), (SNS, "c", ""), (SQS, "d", "")),
        rules((SQS, "b", ""), (SNS, "c", "d")),
        rules((SQS, "b", "c"), (SNS, "d", "")),
        rules((SQS, "b", ""), (SNS, "c", "d"), (KINESIS, "b", "")),
        rules((SQS, "b", ""), (SNS, "", "d"), (SQS, "c", "")),
        [*rules((SQS, "b", "")), {"allOf": rules((SNS, "c", ""), (SQS, "d", ""))}],
        [{"allOf": rules((SNS, "c", ""), (SQS, "d", ""))}, *rules((SQS, "b", ""), (SNS, "d", ""))],
        rules((SQS, "b", ""), (of_service("sqs", "sns"), "c", ""), (SNS, "d", "")),
    ],
)
def test_every_rule_of_a_condition_is_applied(conditions: Any) -> None:
    schema = {"type": "object", "required": ["a"], "allOf": conditions}
    arns = [f"arn:aws:{service}:x" for service in ("sqs", "sns", "kinesis", "s3")]
    rest: list[dict[str, int]] = [{}, {"b": 1}, {"c": 1}, {"d": 1}, {"b": 1, "c": 1}, {"b": 1, "c": 1, "d": 1}]
    assert_agrees(schema, [{"a": arn, **more} for arn in [*arns, "", 5] for more in rest])


def test_facts_are_not_shared_between_functions() -> None:
    def shared(name: str, more: str) -> Any:
        return {"properties": {"m": {"$ref": f"#/$defs/{name}"}}, "allOf": rules((SQS, more, ""), (SNS, "d", ""))}

    both = {"x": shared("x", "b"), "y": shared("y", "c")}
    schema = {"type": "object", "allOf": [{"$ref": "#/$defs/x"}, {"$ref": "#/$defs/y"}], "$defs": both}
    inner = [
        {"a": f"arn:aws:{service}:x", **more} for service in ("sqs", "sns", "s3") for more in ({}, {"b": 1, "c": 1})
    ]
    assert_agrees(schema, [*inner, *({**one, "m": other} for one in inner for other in inner)])


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_literals_are_treated_as_literals(text: str) -> None:
    objects = instances(text)
    for schema in islice(schemas(text), HOSTILE.index(text) % 12, None, 12):  # the next test takes all of them
        assert_agrees(schema, objects)


@pytest.mark.exhaustive
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_literals_are_treated_as_literals_in_every_schema(text: str) -> None:
    objects = instances(text)
    for schema in schemas(text):
        assert_agrees(schema, objects)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_a_hostile_name_is_compared_literally(text: str) -> None:
    for names in ({"const": text}, {"not": {"enum": [text]}}, {"type": "string", "not": {"const": text}}):
        schema = {"type": "object", "propertyNames": names}
        oracle = jsonschema.Draft202012Validator(schema)
        verdict, report = (compile_schema(schema, mode).run for mode in ("verdict", "report"))
        for name in (text, *swapped(text)):
            assert verdict({name: 1}) is oracle.is_valid({name: 1}), (schema, name)
            assert (report({name: 1}) == []) is oracle.is_valid({name: 1}), (schema, name)


WORDS = st.lists(st.sampled_from([*HOSTILE[:-8], "a", "b"]), min_size=1, max_size=4).map("".join) | st.text(max_size=20)


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=WORDS, data=st.data())
def test_literals_of_any_pieces_are_treated_as_literals(text: str, data: st.DataObject) -> None:
    every = list(schemas(text))
    for index in data.draw(st.lists(st.integers(0, len(every) - 1), min_size=4, max_size=8, unique=True)):
        assert_agrees(every[index], instances(text))


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_any_schema_means_the_same_with_hostile_literals(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [word for word in [*HOSTILE, *keyword.kwlist] if len(word) < 100 and word != "\ud800"]
    for seed in range(start, start + 50):
        random = Random(seed)
        names = random.sample(words, 3)
        scalars = [*names, *(other for name in names for other in swapped(name)), 0, 1, True, None, "a"]
        monkeypatch.setattr(arbitrary, "NAMES", names)
        monkeypatch.setattr(arbitrary, "SCALARS", scalars)
        patterns = [f"^{re.escape(name)}" for name in names]
        arguments = {"required": [[name] for name in names], "pattern": patterns, "type": ["object", "string", "array"]}
        monkeypatch.setattr(arbitrary, "ARGUMENTS", {**arbitrary.ARGUMENTS, **arguments})
        schema = arbitrary.whole_schema(random)
        oracle = jsonschema.Draft202012Validator(schema)
        verdict, report = (compile_schema(schema, mode).run for mode in ("verdict", "report"))
        for instance in [arbitrary.value(random) for _ in range(25)]:
            assert verdict(instance) is (report(instance) == []) is oracle.is_valid(instance), (schema, instance)


VALUES = [None, "", "a == b", 1]
NAMES, LITERALS = st.sampled_from(["v", "w"]), st.builds(Literal, st.sampled_from(["", "x", "a == b"]))
OBJECTS = {"o": {"a": 1, "not in": 2}, "p": {"a == b": 3}}
HAS = st.builds(Has, st.sampled_from([*OBJECTS]), st.sampled_from(["a", "a == b", "not in"]))
LEAVES = st.one_of(
    st.builds(Compare, NAMES, st.just("=="), NAMES | LITERALS),
    st.builds(Compare, NAMES, st.just("is"), st.just(Literal(None))),
    st.builds(Compare, st.just("n"), st.sampled_from(["<", ">"]), st.just(Literal(1))),
    st.builds(InSet, LITERALS, st.just("words")),
    st.builds(Holds, NAMES | st.just(Call("bool", ("w",)))),
    st.sampled_from([TRUE, FALSE]),
    HAS,
)
CHECKS: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


def value_of(check: Any, names: dict[str, Any]) -> bool:
    """Return the value of a check, computed from its fields only."""
    if isinstance(check, Not):
        return not value_of(check.check, names)
    if isinstance(check, All):
        return all(value_of(each, names) for each in check.checks)
    if isinstance(check, AnyOf):
        return any(value_of(each, names) for each in check.checks)
    return bool(eval(printed(check), dict(names)))  # a leaf: one comparison, or an expression of this file


@settings(max_examples=300, derandomize=True, deadline=None)
@given(CHECKS, st.sampled_from(VALUES), st.sampled_from(VALUES), st.sampled_from([0, 1, 2, math.nan]), st.sets(HAS))
def test_a_printed_check_is_true_where_the_check_holds(check: Any, v: Any, w: Any, n: float, assumed: set[Has]) -> None:
    names = {"v": v, "w": w, "n": n, "words": frozenset(("", "a x")), **OBJECTS}
    expected = value_of(check, names)
    assert bool(eval(printed(check), dict(names))) is expected
    assert bool(eval(printed(negated(check)), dict(names))) is not expected
    assert value_of(negated(check), names) is not expected
    facts = frozenset(has for has in assumed if has.name in OBJECTS[has.owner])
    assert bool(eval(printed(simplified(check, facts)), dict(names))) is expected


TERMS = [Has("o", "a"), Not(Has("o", "a")), Has("o", "b"), Not(Has("o", "b")), Holds("v")]
STATES: list[dict[str, Any]] = [
    {"o": dict.fromkeys(names, 1), "v": v} for names in ("", "a", "b", "ab") for v in (True, False)
]


@pytest.mark.parametrize("join", [All, AnyOf])
@pytest.mark.parametrize("other", [All, AnyOf])
def test_checks_are_simplified_by_known_facts(join: Any, other: Any) -> None:
    for one, two, three in product(TERMS, repeat=3):
        for check in (join((one, two, three)), other((Not(join((one, two))), three)), other((one, join((two, three))))):
            for state in STATES:
                known = frozenset(Has("o", name) for name in state["o"])
                for facts in (frozenset[Has](), known):
                    assert value_of(simplified(check, facts), state) is value_of(check, state), check


def blocks(depth: int) -> st.SearchStrategy[Code]:
    """Draw code that appends to a list, returns, and reads members and values."""
    call = Call("out.append", (Literal("x"),))
    plain = st.sampled_from([call, Call("out.append", ("v",)), Assign("unused", Literal(1))])
    statement: st.SearchStrategy[Any] = plain
    if depth:
        below = blocks(depth - 1)
        equality = st.builds(Compare, NAMES, st.just("=="), LITERALS)
        left = st.just([Return("None")])
        statement = plain | st.builds(
            If, CHECKS | equality | HAS | st.builds(Not, HAS), left | below, st.just([]) | below
        )
    return st.lists(statement, min_size=1, max_size=4)


@settings(max_examples=300, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks(2), st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_optimisation_passes_preserve_behaviour(code: Code, v: Any, w: Any) -> None:
    expected = done(code, v, w)
    for made in (optimised(code), optimised(optimised(code))):
        assert done(made, v, w) == expected, render(made)


def done(code: Code, v: Any, w: Any) -> list[Any]:
    """Return the list that code builds, run as the body of a function."""
    names: dict[str, Any] = {"v": v, "w": w, "n": 1, "words": frozenset(("", "a x")), **OBJECTS, "out": []}
    exec(f"def run():\n{render(code, ' ')} return\nrun()", names)  # the code is generated above
    return names["out"]


def test_known_facts_are_not_checked_again() -> None:
    leave: Code = [Return("False")]
    code: Code = [
        If(Not(Has("v", "a")), leave, []),
        If(All((Has("v", "a"), Compare("w", "==", Literal("x")))), [If(Not(Has("v", "a")), leave, []), *leave], []),
        If(Has("v", "a"), [Assign("v1", Literal(1)), If(Not(Has("v", "b")), leave, [])], []),
        If(AnyOf((Not(Has("v", "b")), Holds("w"))), leave, []),
        If(All((Has("w", "c"), Holds("v"))), [If(Has("w", "c"), [Call("turn", ())], [])], [Call("turn", ())]),
    ]
    assert render(optimised(code)).splitlines() == [
        *("if 'a' not in v:", " return False", "if w == 'x':", " return False"),
        *("v1 = 1", "if 'b' not in v:", " return False", "if w:", " return False"),
        *("if 'c' in w and v:", " turn()", "else:", " turn()"),
    ]


def test_dead_code_is_removed() -> None:
    idle: Code = [Assign("v1", Literal(1)), If(Holds("v"), [], [])]
    assert optimised([If(Holds("w"), idle, idle)]) == []
    assert optimised([If(Holds("w"), [Assign("v1", Literal(1), OUTLIVES)], [])]) != []


def test_required_members_are_checked_first() -> None:
    leave: Code = [Return("False")]
    last, other = If(Not(Has("v", "a")), leave, []), If(Not(Has("w", "a")), leave, [])
    rest: Code = [If(Has("v", "b"), leave, []), Call("out.append", ("v",)), other]
    assert cheap_first([*rest, last], "v") == [last, *rest]


BLOCKS = list(product("vw", "ab", ["", "else:", "line"]))
"""Blocks: the name and the literal that each compares, and the code after it."""


@pytest.mark.parametrize("length", [0, 1, 2, 3])
def test_merged_statements_preserve_behaviour(length: int) -> None:
    for rows in product(BLOCKS, repeat=length):
        made = optimised([statement for number, row in enumerate(rows) for statement in statements(number, *row)])
        compiled = compile(render(made) or "pass", "merged", "exec")
        for v, w in product("ab", repeat=2):
            names: dict[str, Any] = {"v": v, "w": w, "out": []}
            exec(compiled, names)  # the source is generated above
            assert names["out"] == ran(rows, {"v": v, "w": w}), render(made)


def statements(number: int, name: str, value: str, end: str) -> Code:
    """Return a statement that appends its number, and the next one."""
    other = [out(-number)] if end == "else:" else []
    return [If(Compare(name, "==", Literal(value)), [out(number)], other), *([out("line")] if end == "line" else [])]


def out(value: Any) -> Call:
    """Return a statement that appends a value."""
    return Call("out.append", (Literal(value),))


def ran(rows: Any, names: dict[str, str]) -> list[Any]:
    """Return the values that statements append."""
    made: list[Any] = []
    for number, (name, value, end) in enumerate(rows):
        if names[name] == value:
            made.append(number)
        elif end == "else:":
            made.append(-number)
        made += ["line"] if end == "line" else []
    return made


def test_comparisons_with_different_literals_become_one_chain() -> None:
    code: Code = [If(Compare("v", "==", Literal(value)), [Return(repr(value))], []) for value in "abacb"]
    heads = [line for line in render(optimised(code)).splitlines() if not line.startswith(" ")]
    assert heads == ["if v == 'a':", "elif v == 'b':", "if v == 'a':", "elif v == 'c':", "elif v == 'b':"]
