"""Test which engine is selected, and how a plan handles unsupported parts."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from support.mutated import Array, Object, Text, Whole, nested
from support.paths import ROOT

import lambda_validate as lv
from lambda_validate import native
from lambda_validate import validator as module
from lambda_validate.catalog.relations import RELATIONS
from lambda_validate.compiler import assembler
from lambda_validate.compiler.plan import any_table, compile_plan
from lambda_validate.native import instructions
from lambda_validate.report.policy import Policy
from lambda_validate.validator import json_parsers
from lambda_validate.validator.native_calls import CALLS, native_verdict

GET = "GetFunctionEventInvokeConfig"
Plan = native.engine().plan
needs_plan = pytest.mark.skipif(Plan is None, reason="without a compiler there is no native engine")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["Name"],
    "properties": {
        "Name": {"type": "string", "maxLength": 5, "pattern": "^(?:[a-z]+)$(?!\\n)"},
        "Size": {"type": "integer", "minimum": 1},
        "Rate": {"type": "number", "maximum": 2.5},
        "Tags": {"type": "array", "items": {"enum": ["x", "y"]}},
        "Deep": {"$ref": "#"},
        "Any": {},
    },
    "additionalProperties": False,
}


def never(payload: Any) -> bool:
    raise AssertionError("the plan was expected to know")


def run(payload: Any, schema: Any = SCHEMA) -> int:
    program = compile_plan(schema, Policy(), any_table)
    assert program is not None
    assert Plan is not None
    return Plan(program, never).run(payload)


VERDICTS: list[tuple[Any, int]] = [
    ({"Name": "ab"}, 1), ({"Name": "ab", "Any": object()}, 1), ({}, 0), ({"Name": "abcdef"}, 0), ({"Name": "A"}, 0),
    ({"Name": "a\n"}, 0), ({"Name": "é"}, 0), ({"Name": 1}, 0), ({"Name": "a", "Other": 1}, 0), ([], 0), (None, 0),
    ({"Name": "a", "Size": 1}, 1), ({"Name": "a", "Size": True}, 0), ({"Name": "a", "Size": 2.0}, 1),
    ({"Name": "a", "Size": 1.5}, 0), ({"Name": "a", "Size": float("nan")}, 0), ({"Name": "a", "Size": 0}, 0),
    ({"Name": "a", "Rate": 2.5}, 1), ({"Name": "a", "Rate": 2.6}, 0), ({"Name": "a", "Rate": float("inf")}, 0),
    ({"Name": "a", "Tags": ["x", "y"]}, 1), ({"Name": "a", "Tags": ["x", "z"]}, 0), ({"Name": "a", "Tags": [1]}, 0),
    ({"Name": "a", "Deep": {"Name": "b"}}, 1), ({"Name": "a", "Deep": {"Name": "B"}}, 0),
]  # fmt: skip
UNKNOWN: list[Any] = [
    {Text("Name"): "a"}, {"Name": Text("a")}, Object(Name="a"), {"Name": "a", 1: 1}, {"Name": "a", "Size": Whole(1)},
    {"Name": "a", "Size": 2**60}, {"Name": "a", "Tags": Array()}, {"Name": "a", "Tags": ("x",)}, object(),
    {"Name": "a", "Tags": [Text("x")]}, nested(100, lambda value: {"Name": "a", "Deep": value or {"Name": "a"}}),
]  # fmt: skip


@needs_plan
@pytest.mark.parametrize(("payload", "expected"), VERDICTS)
def test_a_plan_decides_about_exact_types(payload: Any, expected: int) -> None:
    assert run(payload) == expected


@needs_plan
@pytest.mark.parametrize("payload", UNKNOWN)
def test_a_plan_does_not_decide_about_inexact_types(payload: Any) -> None:
    assert run(payload) == -1


DOLLAR = {"type": "string", "pattern": "^a$"}
NAMES = {"type": "object", "propertyNames": {"maxLength": 1}}
CLOSED = {"type": "object", "not": {"required": ["b"]}, "properties": {"a": {}}, "additionalProperties": False}
LONG = {"type": "string", "pattern": "^a*b?$(?!\\n)"}
NARROW = {"type": "string", "pattern": "^[\\x20-\\xff]*$(?!\\n)"}
OF_ANY_SERVICE = {
    "type": "object", "properties": {"Arn": {"type": "string"}}, "then": {"required": ["B"]},
    "if": {"required": ["Arn"], "properties": {"Arn": {"type": "string", "pattern": "^arn:[^:]*:[^:]+:"}}},
}  # fmt: skip
OTHERS: list[tuple[Any, Any, int]] = [
    (DOLLAR, "a", 1), (DOLLAR, "b", 0), (DOLLAR, "a\n", -1), (DOLLAR, "\na", -1), (NAMES, {"a": 1}, 1),
    (NAMES, {"ab": 1}, 0), (NAMES, {Text("a"): 1}, -1), (NAMES, {1: 1}, -1), (CLOSED, {"a": 1}, 1),
    (CLOSED, {"a": 1, "b": 1}, 0), ({**CLOSED, "not": {"required": ["b", "c"]}}, {"b": 1}, 0),
    (LONG, "a" * (1 << 20), 1), (LONG, "a" * ((1 << 20) + 1), -1), (LONG, "é", 0), (NARROW, "é", -1), (NARROW, "a", 1),
    (NARROW, "\n", 0), ({"const": 2**60}, 2**60, -1), ({"const": 1}, 1.0, 1), ({"const": 1}, True, 0),
    ({"enum": [None, True, "a"]}, None, 1), ({"enum": [None, True, "a"]}, 1, 0), ({"enum": [None, "a"]}, Text("a"), -1),
    (OF_ANY_SERVICE, {"Arn": "arn:aws:sqs:x"}, 0), (OF_ANY_SERVICE, {"Arn": "x"}, 1), (OF_ANY_SERVICE, {}, 1),
    (OF_ANY_SERVICE, {"Arn": "arn:aws:sqs:x", "B": 1}, 1),
    ({"type": ["null", "integer"]}, None, 1), ({"type": ["null", "integer"]}, 2.0, 1), ({"type": ["null"]}, 0, 0),
]  # fmt: skip


@needs_plan
@pytest.mark.parametrize(("schema", "payload", "expected"), OTHERS, ids=map(str, range(len(OTHERS))))
def test_a_plan_agrees_with_its_schema(schema: Any, payload: Any, expected: int) -> None:
    assert run(payload, schema) == expected


@needs_plan
def test_the_fallback_decides_if_the_plan_does_not() -> None:
    program = compile_plan(SCHEMA, Policy(), any_table)
    assert program is not None
    assert Plan is not None
    seen: list[Any] = []
    check = Plan(program, lambda payload: not seen.append(payload)).check
    odd = {"Name": Text("A")}
    assert check(odd) is True
    assert seen == [odd]
    assert check({"Name": "A"}) is False
    assert len(seen) == 1


@needs_plan
@pytest.mark.parametrize(("raised", "expected"), [(ValueError, -1), (KeyboardInterrupt, None), (SystemExit, None)])
def test_an_interrupt_propagates_and_any_other_exception_is_not_known(
    raised: type[BaseException], expected: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def relation(payload: Any) -> Any:
        raise raised

    monkeypatch.setattr(assembler, "RELATIONS", {**RELATIONS, "raising": relation})
    monkeypatch.setitem(RELATIONS, "raising", relation)  # type: ignore[misc]  # a dict that is typed as a mapping
    schema = {"type": "object", "x-relation": "raising"}
    if expected is not None:
        assert run({}, schema) == expected
        return
    with pytest.raises(raised):
        run({}, schema)


RELATED = {"FunctionName": "a:live", "Qualifier": "live"}
"""Return the members for which a plan calls the relation."""
RELATING: dict[str, Any] = {
    **SCHEMA,
    "properties": {**SCHEMA["properties"], **{name: {} for name in RELATED}},
    "x-relation": "qualifier-agrees",
}


@needs_plan
def test_a_plan_keeps_no_references_to_a_payload() -> None:
    class Value:
        pass

    value, name = Value(), "".join("ab")
    gone = weakref.ref(value)
    payload = {"Name": name, "Any": value, **RELATED}
    before = sys.getrefcount(name), sys.getrefcount(payload)
    assert [run(payload, RELATING) for _ in range(100)] == [1] * 100
    assert (sys.getrefcount(name), sys.getrefcount(payload)) == before
    del value, payload
    gc.collect()
    assert gone() is None


CALLS_EACH = 100
"""Calls for each value. An object or a reference that each call leaks is counted at least this often."""


@needs_plan
def test_no_call_of_a_plan_leaves_an_object_or_a_reference_behind() -> None:
    program = compile_plan(RELATING, Policy(), any_table)
    assert program is not None
    assert Plan is not None
    plan = Plan(program, lambda payload: True)
    payloads = [payload for payload, _ in VERDICTS] + UNKNOWN + [{"Name": "ab", **RELATED}]

    def rounds() -> None:
        for payload in payloads:
            for _ in range(CALLS_EACH):
                plan.run(payload)
                plan.check(payload)

    rounds()  # so that nothing is built on first use later
    gc.collect()
    references = [sys.getrefcount(payload) for payload in payloads]
    before = sys.getallocatedblocks()
    rounds()
    assert sys.getallocatedblocks() - before < CALLS_EACH
    assert all(sys.getrefcount(it) - old < CALLS_EACH for it, old in zip(payloads, references, strict=True))


@needs_plan
def test_no_reading_of_a_body_leaves_an_object_or_a_reference_behind() -> None:
    values: list[Any] = [{"a": [1, 2.5, {"b": None}]}, [float("inf")], [[[[[]]]]], Object(a=1), {"a": object()}]
    bounded = engine_bound()
    references = [sys.getrefcount(value) for value in values]
    before = sys.getallocatedblocks()
    for value in values * CALLS_EACH:
        bounded(value, 3)
    assert sys.getallocatedblocks() - before < CALLS_EACH
    assert all(sys.getrefcount(it) - old < CALLS_EACH for it, old in zip(values, references, strict=True))


@needs_plan
def test_a_pattern_without_a_table_that_ships_is_left_to_python_until_its_table_is_built() -> None:
    changed: list[Callable[[Any], bool]] = []
    fallback_calls: list[Any] = []

    def fallback(payload: Any) -> bool:
        fallback_calls.append(payload)
        return True

    assert Plan is not None
    verdict = native_verdict(Plan, SCHEMA, Policy(), fallback, changed.append)
    for _ in range(CALLS):
        assert changed == []
        assert verdict({}) is True
    [after] = changed
    assert after({}) is False
    assert len(fallback_calls) == CALLS


ENUMERATION = (ROOT / "lambda_validate/native/_engine.pyx").read_text().partition("`instructions.OPERATIONS`.\n")[2]


def test_instruction_numbers_match_in_python_and_cython() -> None:
    names = ENUMERATION.partition("cdef struct")[0].split("OP_")[1:]
    assert [each.strip().lower().replace("_", "-") for each in names] == list(instructions.OPERATIONS)


def output(program: str, **environment: str) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


SHOWN = "from lambda_validate.native import engine; print(engine())"


def test_an_environment_variable_disables_the_native_engine() -> None:
    assert output(SHOWN, LAMBDA_VALIDATE_PURE="1") == "Python (LAMBDA_VALIDATE_PURE is set)"


@needs_plan
@pytest.mark.parametrize("value", ["", "0"])
def test_only_the_value_1_disables_the_native_engine(value: str) -> None:
    assert output(SHOWN, LAMBDA_VALIDATE_PURE=value) == "native"


@pytest.mark.parametrize("broken", ["None", "type('Broken', (), {})()"])
def test_a_module_that_does_not_load_is_skipped(broken: str) -> None:
    program = f"""
import sys
sys.modules["lambda_validate.native._engine"] = {broken}
import lambda_validate as lv
from lambda_validate.native import engine
print(engine(), lv.is_valid_request({GET!r}, {{"FunctionName": "orders"}}))
"""
    name = "ModuleNotFoundError" if broken == "None" else "ImportError"
    assert output(program, LAMBDA_VALIDATE_PURE="") == f"Python (the compiled module did not load: {name}) True"


def test_a_python_without_a_global_lock_has_no_native_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(native.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "version", "3.13.0 experimental free-threading build (main)")
    assert native.engine.__wrapped__().plan is None


@needs_plan
def test_validators_use_the_native_engine() -> None:
    module._shared.cache_clear()
    validator = lv.Validator()
    assert validator.is_valid_request(GET, {"FunctionName": "orders"})
    assert isinstance(getattr(validator._requests[GET], "__self__", None), Plan)
    assert validator._checkers == {}  # Python was not needed


def engine_bound() -> Callable[[Any, int], bool]:
    reader = native.engine().reader
    assert reader
    left = object()
    return lambda value, depth: reader(lambda body, **options: value, left).read(b"\\", depth) is not left


NUMBERS = [
    (1, True), (True, True), (None, True), ("1e400", True), (10**400, True), (1.5, True), (-0.0, True),
    (float("inf"), False), (float("-inf"), False), (float("nan"), False), ([], True), ({}, True),
    ([1, [2.5, {"a": [float("inf")]}]], False), ({"a": {"b": [1.5, None]}}, True), ([0.5] * 50 + [float("nan")], False),
    ({str(number): float(number) for number in range(100)} | {"last": float("inf")}, False),
]  # fmt: skip


@needs_plan
@pytest.mark.parametrize(("value", "expected"), NUMBERS, ids=[repr(value)[:30] for value, _ in NUMBERS])
def test_numbers_are_finite_in_both_engines(value: Any, expected: bool) -> None:
    for is_bounded in (engine_bound(), json_parsers.is_bounded):
        assert is_bounded(value, 32) is expected


@needs_plan
def test_values_that_are_not_parsed_json_are_not_finite() -> None:
    others = (), b"", Whole(1), Text("a"), Array(), Object(), object()
    assert [engine_bound()(value, 32) for value in others] == [False] * len(others)


@needs_plan
def test_a_reader_counts_the_strings_of_a_body_without_escapes() -> None:
    reader = native.engine().reader
    assert reader
    for value, strings in ((1, 0), ("a", 1), ([], 0), ({"a": 1}, 1), ({"a": ["b", 1, {"c": "d"}], "e": ""}, 6)):
        counted = reader(lambda body, value=value, **options: value, None).read
        assert [number for number in range(16) if counted(b'"' * number, 32) is not None] == [2 * strings]


@needs_plan
def test_what_a_parser_raises_passes_unless_it_is_about_the_body() -> None:
    reader = native.engine().reader
    assert reader
    assert reader(lambda body, **options: int("x"), "left").read(b"", 32) == "left"
    with pytest.raises(ZeroDivisionError):
        reader(lambda body, **options: 1 // 0, "left").read(b"", 32)
    with pytest.raises(TypeError):
        reader(lambda body, **options: 1, "left").read("text", 32)  # type: ignore[arg-type]  # invalid on purpose


@needs_plan
@pytest.mark.parametrize("kind", ["array", "object"])
@pytest.mark.parametrize(
    ("levels", "depth", "expected"),
    [(0, 0, True), (1, 0, False), (1, 1, True), (2, 1, False), (32, 32, True), (33, 32, False), (256, 10**30, True)],
)
def test_values_nest_at_most_so_deep_in_both_engines(kind: str, levels: int, depth: int, expected: bool) -> None:
    value: Any = 1
    for _ in range(levels):
        value = [value] if kind == "array" else {"a": value}
    assert engine_bound()(value, depth) is expected
    assert json_parsers.is_bounded(value, min(depth, 300)) is expected
    if levels:
        empty = json.loads(json.dumps(value).replace("1", "[]" if kind == "array" else "{}"))
        assert engine_bound()(empty, levels) is json_parsers.is_bounded(empty, levels) is False


@needs_plan
def test_no_value_nests_too_deep_for_the_stack() -> None:
    value: Any = 1
    for _ in range(257):
        value = [value]
    assert not engine_bound()(value, 10**6)
