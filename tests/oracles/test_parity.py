"""Test that all verdicts agree: the compiled verdict, the compiled report, and three other implementations."""

from __future__ import annotations

import math
from collections import OrderedDict, UserDict
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from functools import cache
from random import Random
from types import MappingProxyType
from typing import Any, NamedTuple

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import arbitrary, payloads

import lambda_validate as lv
from lambda_validate.catalog import reference
from lambda_validate.compiler.compile import compile_schema

NOT_PORTABLE = {
    "qualifier.mismatch": "compares two members, which JSON Schema cannot say",
    "destination.self": "compares two members, which JSON Schema cannot say",
    "filter-pattern.syntax": "looks into a text that holds JSON, which only our own format does",
}
"""Warnings that a schema for other validators omits, even the strict one, and why."""

every_operation = pytest.mark.parametrize("operation", [payloads.CREATE, payloads.GET])
every_direction = pytest.mark.parametrize("direction", payloads.DIRECTIONS)
every_strictness = pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
draws = settings(max_examples=80)


@cache
def ours(strict: bool) -> lv.Validator:
    return lv.Validator(strict=strict)


@cache
def oracle(operation: str, direction: str, strict: bool) -> Callable[[Any], bool]:
    return reference.validator(operation, direction, strict=strict).is_valid


@cache
def plain(operation: str, direction: str, strict: bool) -> tuple[Callable[[Any], bool], Callable[[Any], bool]]:
    """Return the schema in jsonschema and jsonschema-rs, without extensions."""
    schema = lv.schema(operation, direction, strict=strict)
    return jsonschema.Draft202012Validator(schema).is_valid, jsonschema_rs.Draft202012Validator(schema).is_valid


def report_of(operation: str, direction: str, strict: bool, payload: Any) -> lv.Report:
    return getattr(ours(strict), f"validate_{direction}")(operation, payload)


def verdict_of(operation: str, direction: str, strict: bool, payload: Any) -> bool:
    return getattr(ours(strict), f"is_valid_{direction}")(operation, payload)


def stands(payload: Any, path: tuple[str | int, ...]) -> bool:
    """Return whether a path exists in a payload."""
    try:
        for step in path:
            payload = payload[step]
    except (KeyError, IndexError, TypeError):
        return False
    return True


@every_strictness
@every_direction
@every_operation
@draws
@given(data=st.data())
def test_verdict_report_and_three_other_validators_agree(
    operation: str, direction: str, strict: bool, data: st.DataObject
) -> None:
    payload = data.draw(payloads.payloads(operation, direction))
    report = report_of(operation, direction, strict, payload)
    assert verdict_of(operation, direction, strict, payload) is report.ok
    assert oracle(operation, direction, strict)(payload) is report.ok
    portable = all(each.rule in NOT_PORTABLE for each in report.errors)
    assert [is_valid(payload) for is_valid in plain(operation, direction, strict)] == [portable, portable]


@every_strictness
@every_direction
@every_operation
@draws
@given(data=st.data())
def test_every_violation_points_into_the_payload_in_the_order_of_the_document(
    operation: str, direction: str, strict: bool, data: st.DataObject
) -> None:
    payload = data.draw(payloads.payloads(operation, direction))
    violations = report_of(operation, direction, strict, payload).violations
    for each in violations:
        missing = each.keyword == "required"
        assert stands(payload, each.path[:-1] if missing else each.path)
        assert stands(payload, each.path) is not missing
        assert each.message[-1] in ".?"
        assert each.position is None or each.position >= 0
    members = list(lv.operation(operation).members(direction))
    ranks = [members.index(str(each.path[0])) for each in violations if each.path and each.path[0] in members]
    assert ranks == sorted(ranks)


@every_direction
@every_operation
@draws
@given(data=st.data())
def test_strict_changes_only_severities(operation: str, direction: str, data: st.DataObject) -> None:
    payload = data.draw(payloads.payloads(operation, direction))
    lenient, strict = (report_of(operation, direction, each, payload) for each in (False, True))
    errors = {each.path for each in lenient.errors}
    found = [(each.path, each.rule, each.message) for each in strict]
    assert [each for each in found if each[0] not in errors] == [
        (each.path, each.rule, each.message) for each in lenient if each.path not in errors
    ]  # a warning at the place of an error may now be the only reported violation
    assert errors <= {path for path, _, _ in found}
    assert strict.warnings == ()


def test_generated_payloads_cover_most_rules_and_include_valid_ones() -> None:
    met: set[str] = set()
    sound = 0

    @settings(draws, max_examples=500)
    @given(st.sampled_from(list(payloads.BASES)).flatmap(lambda key: st.tuples(st.just(key), payloads.payloads(*key))))
    def collect(case: tuple[tuple[str, str], Any]) -> None:
        nonlocal sound
        report = report_of(*case[0], False, case[1])
        met.update(each.rule for each in report)
        sound += report.ok

    collect()
    assert len(met) >= 30
    assert sound >= 10


STREAM = payloads.BASES[payloads.CREATE, "request"][3]


class Starting(str, Enum):
    AT_TIMESTAMP = "AT_TIMESTAMP"


class Difference(NamedTuple):
    """A payload with different verdicts: that of each validator, or the error that it raises."""

    reason: str
    payload: Any
    ours: bool
    jsonschema: Any
    rust: Any


DIFFERENCES = [
    Difference("NaN: no JSON number; jsonschema takes it for one within every bound",
               {**STREAM, "StartingPositionTimestamp": math.nan}, False, True, False),
    Difference("infinity: no JSON number; jsonschema takes it for one",
               {**STREAM, "StartingPositionTimestamp": math.inf}, False, True, False),
    Difference("Decimal: no JSON number to us, as json.dumps refuses it; the others take it for one",
               {**STREAM, "StartingPositionTimestamp": Decimal(1)}, False, True, True),
    Difference("MappingProxyType: a mapping is an object to us; the others know dict alone",
               MappingProxyType(STREAM), True, False, ValueError),
    Difference("UserDict: likewise", UserDict(STREAM), True, False, ValueError),
    Difference("lone surrogate: Python text can hold one; UTF-8, which Rust needs, cannot",
               {**STREAM, "FunctionName": "\ud800"}, False, False, UnicodeEncodeError),
    Difference("lone surrogate as a name: likewise", {**STREAM, "\ud800": 1}, False, False, UnicodeEncodeError),
    Difference("name that is no text: an unknown member to us and jsonschema; Rust cannot hold it",
               {**STREAM, 5: 1}, False, False, ValueError),
    Difference("bytes: never a text; Rust refuses to look", {**STREAM, "FunctionName": b"f"}, False, False, ValueError),
]  # fmt: skip
"""All payloads that are no JSON and have intended differences. A test fails once a difference is gone."""


def outcome(is_valid: Callable[[Any], bool], payload: Any) -> Any:
    try:
        return is_valid(payload)
    except (ValueError, TypeError) as error:
        return type(error)


@pytest.mark.parametrize("case", DIFFERENCES, ids=lambda case: case.reason.partition(":")[0])
def test_a_deliberate_difference_is_as_described(case: Difference) -> None:
    assert verdict_of(payloads.CREATE, "request", False, case.payload) is case.ours
    assert report_of(payloads.CREATE, "request", False, case.payload).ok is case.ours
    assert oracle(payloads.CREATE, "request", False)(case.payload) is case.ours
    others = [outcome(is_valid, case.payload) for is_valid in plain(payloads.CREATE, "request", False)]
    assert others == [case.jsonschema, case.rust]
    assert others != [case.ours, case.ours]


AGREED = {
    "subclass of str": {**STREAM, "StartingPosition": Starting.AT_TIMESTAMP},
    "OrderedDict": OrderedDict(STREAM),
    "number of 400 digits": {**STREAM, "StartingPositionTimestamp": 10**400},
    "whole number written with a fraction": {**STREAM, "BatchSize": 10.0},
    "largest float": {**STREAM, "StartingPositionTimestamp": 1.7976931348623157e308},
}
"""Payloads at the limits of JSON on which all verdicts agree."""


@pytest.mark.parametrize("payload", AGREED.values(), ids=AGREED.keys())
def test_all_validators_accept_unusual_valid_payloads(payload: Any) -> None:
    checks = [*plain(payloads.CREATE, "request", False), oracle(payloads.CREATE, "request", False)]
    assert [is_valid(payload) for is_valid in checks] == [True, True, True]
    assert verdict_of(payloads.CREATE, "request", False, payload)


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_random_schemas_agree_with_jsonschema(start: int) -> None:
    for seed in range(start, start + 100):
        random = Random(seed)
        schema = arbitrary.whole_schema(random)
        assert_agreement(schema, [arbitrary.value(random) for _ in range(25)])


def test_a_recursive_schema_agrees_with_jsonschema() -> None:
    random = Random(1)
    assert_agreement(arbitrary.TREE, [arbitrary.value(random, 4) for _ in range(2000)])


def assert_agreement(schema: Any, instances: list[Any]) -> None:
    verdict, report = compile_schema(schema, "verdict").run, compile_schema(schema, "report").run
    expected = jsonschema.Draft202012Validator(schema).is_valid
    for instance in instances:
        assert [verdict(instance), report(instance) == []] == [expected(instance)] * 2, (schema, instance)
