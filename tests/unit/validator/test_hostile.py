"""Test hostile payloads: each gives a report in bounded time, and reading the report raises nothing."""

from __future__ import annotations

import copy
import itertools
from collections import OrderedDict, UserDict
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from support import hostile
from support.payloads import BASES, CREATE, GET
from support.steps import GROWTH, Calls, ends, growth

import lambda_validate as lv

VALIDATORS = {
    "lenient": lv.Validator(),
    "strict, showing values": lv.Validator(strict=True, show_values=True),
    "unknown members ignored": lv.Validator(unknown_members="ignore"),
}
EVERY = list(itertools.product([CREATE, GET], ["request", "response"]))
SOON = 5_000_000
"""The maximum number of calls for a validation with all messages read. Most need a few hundred."""

every_way = pytest.mark.parametrize(("operation", "direction"), EVERY)
every_object = pytest.mark.parametrize("name", hostile.OBJECTS)


def places(operation: str, direction: str, value: Any) -> list[Any]:
    """Yield a value as the payload, as each member, nested deeply, and as an unknown member."""
    base = BASES[operation, direction][0]
    inside: list[Any] = [
        {"DestinationConfig": {"OnFailure": value}},
        {"DestinationConfig": {"OnSuccess": {"Destination": value}}},
        {"FilterCriteria": {"Filters": value}},
        {"FilterCriteria": {"Filters": [value, {"Pattern": value}]}},
        {"Unknwon": value},
    ]
    members = [{name: value} for name in lv.operation(operation).members(direction)]
    return [value, *({**base, **each} for each in (*inside, *members))]


def read(report: lv.Report) -> None:
    """Read all properties of a report."""
    assert isinstance(repr(report), str)
    for each in report:
        assert each.message[-1] in ".?"
        assert "\n" not in each.message
        assert len(each.message) < 1000
        assert each.position is None or isinstance(each.position, int)
        assert each.help is None or isinstance(each.help, str)
        assert isinstance(each.pointer + repr(each) + str(each) + str(each.source), str)
        assert hash(each) == hash(copy.copy(each))
        assert each == copy.copy(each)
    if not report.ok:
        with pytest.raises(lv.ValidationError) as raised:
            report.raise_if_invalid()
        assert isinstance(str(raised.value) + repr(raised.value), str)


@pytest.mark.parametrize("validator", VALIDATORS.values(), ids=VALIDATORS.keys())
@every_object
@every_way
def test_any_object_gives_a_report_in_bounded_calls(
    operation: str, direction: str, name: str, validator: lv.Validator
) -> None:
    for payload in places(operation, direction, hostile.OBJECTS[name]):
        with ends(), Calls(SOON):
            report = getattr(validator, f"validate_{direction}")(operation, payload)
            read(report)
            assert getattr(validator, f"is_valid_{direction}")(operation, payload) is report.ok


@pytest.mark.parametrize(
    "payload", [hostile.Endless(), {"DestinationConfig": hostile.Endless()}], ids=["root", "member"]
)
def test_an_endless_mapping_is_read_up_to_a_limit(payload: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lambda_validate.base.values.MAX_MAPPING_MEMBERS", 10_000)
    report = lv.validate_response(GET, payload)
    assert len(report.violations) == 10_000
    assert lv.is_valid_response(GET, payload)


def test_work_grows_linearly_with_the_number_of_unknown_members() -> None:
    def checking(count: int) -> Callable[[], int]:
        payload = {f"member {index}": 1 for index in range(count)}
        return lambda: len(lv.validate_request(GET, payload).violations)

    assert growth(checking, 4_000) < GROWTH


@pytest.mark.parametrize("invalid", [True, False])
@pytest.mark.parametrize("member", ["BatchSize", "MaximumBatchingWindowInSeconds", "StartingPositionTimestamp"])
def test_a_boolean_is_not_a_number(member: str, invalid: bool) -> None:
    payload = {**BASES[CREATE, "request"][3], member: invalid}
    found = [each.pointer for each in lv.validate_request(CREATE, payload) if each.keyword == "type"]
    assert found == [f"/{member}"]
    assert not lv.is_valid_request(CREATE, payload)


@pytest.mark.parametrize("invalid", [0, 1, 1.0, "true", None])
def test_a_number_is_not_a_boolean(invalid: Any) -> None:
    payload = {**BASES[CREATE, "request"][0], "Enabled": invalid}
    assert [each.rule for each in lv.validate_request(CREATE, payload)] == ["enabled.type"]


@pytest.mark.parametrize("kind", [dict, OrderedDict, UserDict, MappingProxyType, hostile.refusing(dict)])
def test_any_mapping_is_an_object(kind: Any) -> None:
    assert lv.validate_request(CREATE, kind(BASES[CREATE, "request"][0])).violations == ()
    inside = kind({"OnFailure": kind({"Destination": "arn:aws:s3:::archive"})})
    assert lv.validate_response(GET, kind({"DestinationConfig": inside})).violations == ()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("FunctionName", "refusing str"),
        ("StartingPosition", "str enum"),
        ("BatchSize", "int enum"),
        ("BatchSize", "refusing int"),
        ("BatchSize", "refusing float"),
    ],
)
def test_subclasses_of_built_in_types_are_read_without_calling_their_methods(member: str, value: str) -> None:
    payload = {**BASES[CREATE, "request"][2], member: hostile.OBJECTS[value]}
    assert lv.validate_request(CREATE, payload).violations == ()
    assert lv.is_valid_request(CREATE, payload)


@pytest.mark.parametrize("name", ["index", "Decimal", "lying int", "lying float", "bytes", "nan", "infinity"])
def test_number_like_objects_are_not_numbers(name: str) -> None:
    payload = {**BASES[CREATE, "request"][0], "BatchSize": hostile.OBJECTS[name]}
    assert [each.rule for each in lv.validate_request(CREATE, payload)] == ["batch-size.type"]


def test_a_payload_that_cannot_be_read_is_one_violation_at_its_root() -> None:
    report = lv.validate_request(GET, {hostile.Colliding("FunctionName"): 1})
    assert [(each.pointer, each.rule, each.severity) for each in report] == [("", "payload.type", "error")]


@pytest.mark.parametrize("name", ["refusing mapping", "lying dict", "lying mapping", "classless", "nameless"])
def test_an_unreadable_member_has_an_invalid_type_and_hides_no_other(name: str) -> None:
    report = lv.validate_response(GET, {"DestinationConfig": hostile.OBJECTS[name], "LastModified": "today"})
    assert [each.rule for each in report] == ["destination-config.type", "last-modified.type"]


def test_an_unreadable_value_in_a_warning_rule_is_a_warning() -> None:
    payload = {**BASES[CREATE, "request"][0], "DestinationConfig": {hostile.Colliding("OnSuccess"): 1}}
    report = lv.validate_request(CREATE, payload)
    assert [(each.pointer, each.rule, each.severity) for each in report] == [("", "payload.type", "warning")]
    assert lv.is_valid_request(CREATE, payload)
    assert not lv.Validator(strict=True).is_valid_request(CREATE, payload)
    assert not lv.Validator(strict=True).validate_request(CREATE, payload)


@every_way
def test_a_payload_is_never_changed(operation: str, direction: str) -> None:
    for payload in places(operation, direction, {"OnFailure": {"Destination": ["x"]}, "Filters": [{"Pattern": "x"}]}):
        before = copy.deepcopy(payload)
        read(getattr(lv, f"validate_{direction}")(operation, payload))
        assert payload == before


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_interruption_passes_through(interruption: type[BaseException]) -> None:
    class Interrupted(UserDict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise interruption

    for check in (lv.validate_request, lv.is_valid_request):
        with pytest.raises(interruption):
            check(GET, Interrupted(FunctionName="orders"))


STATUSES = {
    "float": 200.0,
    "bool": True,
    "text": "200",
    "list": [],
    "5,000 digits": 10**5000,
    "nameless": hostile.Nameless(),
    "classless": hostile.Classless(),
    "refusing int": hostile.refusing(int)(200),
}
ERRORS = {
    "none": None,
    "documented": "ServiceException",
    "surrogates": "\ud800" * 1000,
    "number": 5,
    "list": [],
    "refusing str": hostile.refusing(str)("x"),
    "classless": hostile.Classless(),
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("error", ERRORS)
def test_any_status_and_any_name_of_an_error_give_a_report(status: str, error: str) -> None:
    read(VALIDATORS["strict, showing values"].validate_response(GET, {}, STATUSES[status], ERRORS[error]))
    assert lv.is_valid_response(GET, {}, STATUSES[status]) is (status == "refusing int")
