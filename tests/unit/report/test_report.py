"""Test that a report is plain, immutable, and unchanged by pickling."""

from __future__ import annotations

import copy
import io
import json
import pickle
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.lint.findings.resource import Resource
from lambda_validate.lint.reporters import REPORTERS
from lambda_validate.lint.runner import check_one
from lambda_validate.report import EMPTY, Constraint, Explanation, Found, Report, Source, ValidationError, Violation
from lambda_validate.report.records import beginnings


def explain(constraint: Constraint, value: Any) -> Explanation:
    return Explanation(f"{constraint.member} is wrong.", 3, f"Not {value}.")


def violation(severity: Any = "error", path: tuple[str | int, ...] = ("Size",), value: Any = 5) -> Violation:
    source = Source("Document", "Section", "Size")
    return Violation(path, Constraint("size.maximum", "maximum", severity, source, "Size", 3, explain), value)


MIXED = Report((violation("warning"), violation("error"), violation("warning", ("Other",))))
SOUND = Report((violation("warning"),))
JOURNEYS = {
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
    "oldest pickle": lambda value: pickle.loads(pickle.dumps(value, protocol=0)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


def test_a_report_is_ok_when_no_violation_is_an_error() -> None:
    assert [each.ok for each in (EMPTY, SOUND, MIXED)] == [True, True, False]
    assert [bool(each) for each in (EMPTY, SOUND, MIXED)] == [True, True, False]


def test_errors_and_warnings_are_separated_in_order() -> None:
    assert [each.path for each in MIXED.errors] == [("Size",)]
    assert [each.path for each in MIXED.warnings] == [("Size",), ("Other",)]
    assert (*MIXED,) == MIXED.violations
    assert all(isinstance(each, tuple) for each in (MIXED.violations, MIXED.errors, MIXED.warnings))
    assert MIXED.violations is MIXED.violations


def test_beginnings_of_a_path_include_the_empty_and_the_full_path() -> None:
    assert [*beginnings(())] == [()]
    assert [*beginnings(("a", 0, "b"))] == [(), ("a",), ("a", 0), ("a", 0, "b")]


def test_an_invalid_report_raises_an_error_that_carries_it() -> None:
    with pytest.raises(ValidationError) as raised:
        MIXED.raise_if_invalid()
    assert raised.value.report is MIXED
    assert isinstance(raised.value, ValueError)
    assert lv.ValidationError is ValidationError


@pytest.mark.parametrize("report", [EMPTY, SOUND], ids=["empty", "warnings"])
def test_raise_if_invalid_does_nothing_for_a_valid_report(report: Report) -> None:
    assert report.raise_if_invalid() is None


def test_an_error_names_places_and_rules_one_a_line() -> None:
    both = Report((violation(path=()), violation(), violation("warning")))
    assert str(ValidationError(both)) == "payload: Size is wrong. [size.maximum]\n/Size: Size is wrong. [size.maximum]"


def test_a_violation_has_all_documented_attributes() -> None:
    found = violation()
    assert (found.pointer, found.path, found.rule, found.keyword) == ("/Size", ("Size",), "size.maximum", "maximum")
    assert (found.severity, found.message, found.position, found.help) == ("error", "Size is wrong.", 3, "Not 5.")
    assert found.source == Source("Document", "Section", "Size")
    assert str(found.source) == "Document, Section, Size"


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ((), ""),
        (("",), "/"),
        (("a", 0, "b"), "/a/0/b"),
        (("a/b", "c~d"), "/a~1b/c~0d"),
        (("~1", "/~"), "/~01/~1~0"),
        (("\ud800", "é", "\n"), "/\ud800/é/\n"),
    ],
)
def test_a_pointer_is_a_json_pointer(path: tuple[str | int, ...], pointer: str) -> None:
    assert violation(path=path).pointer == pointer


def test_reading_a_message_runs_no_code_of_the_value() -> None:
    class Hostile:
        def __bool__(self) -> bool:
            raise ZeroDivisionError

        def __str__(self) -> str:
            return "hostile"

    broken = violation(value=Hostile())
    assert (broken.message, broken.help) == ("Size is wrong.", "Not hostile.")


def test_representations_are_short_and_name_no_value() -> None:
    assert repr(violation()) == "<Violation /Size: error size.maximum>"
    assert repr(violation("warning", ())) == "<Violation payload: warning size.maximum>"
    assert repr(MIXED) == "<Report: errors 1, warnings 2>"


@pytest.mark.parametrize("name", ["violations", "ok", "errors", "anything"])
@pytest.mark.parametrize("report", [EMPTY, MIXED], ids=["empty", "mixed"])
def test_a_report_cannot_be_changed(report: Report, name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(report, name, ())
    with pytest.raises(AttributeError):
        delattr(report, name)
    assert not hasattr(report, "__dict__")


def test_a_violation_cannot_be_changed() -> None:
    for name in ("path", "constraint", "value", "rule", "message"):
        with pytest.raises(AttributeError):
            setattr(violation(), name, None)


def test_reports_of_equal_violations_are_equal_and_have_equal_hashes() -> None:
    again = Report(tuple(MIXED.violations))
    assert again == MIXED
    assert hash(again) == hash(MIXED)
    assert MIXED != SOUND
    assert MIXED.violations != MIXED
    assert {MIXED, again, SOUND} == {MIXED, SOUND}


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS.keys())
def test_reports_violations_and_errors_survive_copying(journey: Any) -> None:
    assert journey(MIXED) == MIXED
    assert journey(violation()) == violation()
    assert journey(MIXED).to_dict() == MIXED.to_dict()
    assert [len(each) for each in (journey(MIXED).errors, journey(MIXED).warnings)] == [1, 2]
    assert [journey(each).ok for each in (EMPTY, SOUND, MIXED)] == [True, True, False]
    error = journey(ValidationError(MIXED))
    assert (type(error), error.report, str(error)) == (ValidationError, MIXED, str(ValidationError(MIXED)))


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS.keys())
def test_a_report_can_be_copied_pickled_and_hashed(journey: Any) -> None:
    payload = {"FunctionName": "a b", "Unknwon": [], "EventSourceArn": "arn:aws:kafka:::x", "DestinationConfig": {},
               "StartingPosition": "AT_TIMESTAMP", "Enabled": None, "BatchSize": float("inf")}  # fmt: skip
    report = lv.validate_request("CreateEventSourceMapping", payload)
    again = journey(report)
    assert [each.explanation for each in again] == [each.explanation for each in report]
    assert again == report
    assert hash(again) == hash(report)
    response = lv.validate_response("CreateEventSourceMapping", {}, 500, "Nonsense")
    assert journey(response) == response


def test_a_report_keeps_no_references_to_the_payload() -> None:
    inner = {"deep": ["x"]}
    report = lv.validate_request("CreateEventSourceMapping", {"FunctionName": inner, "BatchSize": [inner]})
    values = [each.value for each in report if each.rule in ("function-name.type", "batch-size.type")]
    assert [each.kind for each in values] == ["an array", "an object"]


def test_an_error_message_has_no_line_breaks() -> None:
    report = lv.validate_request("GetFunctionEventInvokeConfig", {"FunctionName": "f", "a\n\x1b[31mb": 1})
    with pytest.raises(lv.ValidationError) as caught:
        report.raise_if_invalid()
    assert str(caught.value).isprintable()


def test_an_error_escapes_only_unprintable_characters() -> None:
    name = "a\n\x1b[31m\u202e\u2028\ud800 ü💩\\b"
    report = lv.validate_request("GetFunctionEventInvokeConfig", {"FunctionName": "f", name: 1})
    (line,) = str(ValidationError(report)).split("\n")
    assert line.startswith("/a\\n\\x1b[31m\\u202e\\u2028\\ud800 ü💩\\b: ")


def test_an_error_lists_a_hundred_violations_and_counts_the_rest() -> None:
    lines = [str(ValidationError(Report((violation(),) * count))).split("\n") for count in (99, 100, 101, 250)]
    assert [len(each) for each in lines] == [99, 100, 101, 101]
    assert [each[-1] for each in lines[2:]] == ["and 1 more", "and 150 more"]
    assert len({line for each in lines for line in each[:99]}) == 1


SPLIT = "a\n\x1b[31mb"


def test_strings_hold_place_severity_message_and_rule() -> None:
    assert str(violation()) == "/Size: error: Size is wrong. [size.maximum]"
    assert str(violation("warning", ())) == "payload: warning: Size is wrong. [size.maximum]"
    assert str(EMPTY) == "no violations"
    assert str(MIXED).split("\n") == [str(each) for each in MIXED.violations]


def test_a_string_of_a_report_is_bounded_and_no_line_can_be_broken() -> None:
    assert str(violation(path=(SPLIT,))).isprintable()
    lines = str(Report((violation(path=(SPLIT,)),) * 250)).split("\n")
    assert len(lines) == 101
    assert lines[-1] == "and 150 more"


DICT = {
    "rule": "size.maximum", "severity": "error", "pointer": "/Size", "keyword": "maximum", "message": "Size is wrong.",
    "position": 3, "help": "Not 5.", "source": "Document, Section, Size", "url": None,
}  # fmt: skip


def test_a_violation_and_a_report_can_be_plain_values() -> None:
    assert violation().to_dict() == DICT
    found = MIXED.to_dict()
    assert (found["ok"], found["summary"]) == (False, {"errors": 1, "warnings": 2})
    assert found["violations"] == [each.to_dict() for each in MIXED]
    assert EMPTY.to_dict() == {"ok": True, "summary": {"errors": 0, "warnings": 0}, "violations": []}
    assert SOUND.to_dict()["ok"] is True


@pytest.mark.parametrize("value", [EMPTY, MIXED, violation(), violation(path=("\ud800", 0, "\u2028"))], ids=repr)
def test_to_json_equals_to_dict_in_ascii(value: Any) -> None:
    assert json.loads(value.to_json()) == value.to_dict()
    assert value.to_json().isascii()
    assert "\n" not in value.to_json()
    assert json.loads(value.to_json(indent=2)) == value.to_dict()
    assert "\n  " in value.to_json(indent=2)


def test_keys_match_those_of_lint_findings() -> None:
    shared = {"rule", "severity", "pointer", "message", "source", "help"}
    assert shared <= violation().to_dict().keys()
    report = lv.validate_request("CreateEventSourceMapping", {"FunctionName": "f", "BatchSize": 0})
    payload = '{"FunctionName": "f", "BatchSize": 0}'
    listed = json.loads("\n".join(REPORTERS["json"](checked(payload), False)))
    assert [
        {name: each[name] for name in shared}
        for each in sorted(report.to_dict()["violations"], key=lambda each: each["pointer"])
    ] == [
        {name: each[name] for name in shared} for each in sorted(listed["findings"], key=lambda each: each["pointer"])
    ]
    assert report.to_dict()["summary"].items() <= listed["summary"].items()


def checked(payload: str) -> Any:
    resource = Resource("CreateEventSourceMapping", "request", None)
    return check_one("-", io.BytesIO(payload.encode()), lv.Validator(), resource)


def test_a_violation_is_not_a_tuple() -> None:
    found: Any = violation()
    assert not isinstance(found, tuple)
    assert not hasattr(found, "__dict__")
    assert [name for name in ("count", "index", "_replace", "_asdict", "_fields") if hasattr(found, name)] == []
    for use in (len, iter, tuple, lambda it: it[0], lambda it: it + it, lambda it: it < it):
        with pytest.raises(TypeError):
            use(found)
    assert "%s" % found == str(found)  # noqa: UP031  # a tuple would be taken for arguments


def test_violations_are_compared_by_value() -> None:
    assert violation() == violation()
    assert hash(violation()) == hash(violation())
    assert violation() != violation("warning")
    assert violation() != violation(value=6)
    assert violation() != (violation().path, violation().constraint, 5)
    assert len({violation(), violation(), violation(path=())}) == 2


def test_a_lazy_report_equals_the_report_of_its_violations() -> None:
    found = tuple(Found(each.path, each.constraint, each.value) for each in MIXED)
    lazy = Report.of(found)
    assert lazy.ok is False
    assert lazy == MIXED
    assert hash(lazy) == hash(MIXED)
    assert lazy.violations == MIXED.violations
    assert pickle.loads(pickle.dumps(Report.of(found))) == MIXED
