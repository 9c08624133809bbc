"""Test positions, reports and conversions where linting takes a shortcut for common files."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from support.linting import QUEUE, Project

from lambda_validate.base.spelling import nearest
from lambda_validate.lint.documents.places import Path, SourceText, Span
from lambda_validate.lint.findings.checker import (
    _named,  # its messages come from the catalog, which has no help of this kind yet
    _relative,
)
from lambda_validate.lint.findings.conversion import converted
from lambda_validate.lint.findings.resource import FormatFinding, Resource
from lambda_validate.lint.formats.members import likely
from lambda_validate.lint.formats.terraform.types import TYPES, names


@pytest.mark.parametrize("text", ["", "a", "ab\ncd", "a\r\nb\r\n", "a\rb\n\nc\n", "\n\n"])
def test_a_span_begins_and_ends_at_the_points_of_its_offsets(text: str):
    lines = SourceText(text)
    for start, end in itertools.combinations_with_replacement(range(len(text) + 1), 2):
        assert lines.span(start, end) == Span(*lines.point(start), *lines.point(end))


@pytest.mark.parametrize("name", ["Enabeld", "batch_sise", "", "x" * 81, "x" * 80, "BatchSizes"])
def test_the_name_that_is_likely_meant_is_the_nearest_each_time(name: str):
    for known in (["BatchSize", "Enabled"], ["Enabled"], []):
        assert [likely(name, known), likely(name, known)] == [nearest(name, known)] * 2


@pytest.mark.parametrize("type", TYPES)
def test_each_argument_has_its_own_name_by_its_path(type: str):
    assert names(type)["FunctionName",] == "function_name"
    assert {path[0] for path in names(type)} == {each.api for each in TYPES[type].fields.values()}


@pytest.mark.parametrize(("message", "help", "said"), [
    ("BatchSize is no text.", None, ("BatchSize (here batch_size) is no text.", None)),
    ("It is no text.", "Write BatchSize: 1.", ("It is no text.", "Write batch_size: 1.")),
    ("MyBatchSizes are none.", "BatchSize.", ("MyBatchSizes are none.", "batch_size.")),
    ("Nothing.", "Nothing.", ("Nothing.", "Nothing.")),
    ("BatchSize is no BatchSize.", None, ("BatchSize (here batch_size) is no BatchSize.", None)),
    ("Size (here batch_size), or BatchSize.", None, ("Size (here batch_size), or BatchSize.", None)),
])  # fmt: skip
def test_message_and_help_use_the_name_of_the_format(message: str, help: str | None, said: tuple[str, str | None]):
    resource = Resource("", "", {}, names={("BatchSize",): "batch_size"})
    assert _named(resource, ("BatchSize",), message, help) == said


@pytest.mark.parametrize(("path", "below"), [
    (("r", 0, "a", 1, "b"), ("a", 1, "b")), (("r", 0), ()), (("r", 1, "a"), ("a",)), (("r",), ("r",)), ((), ()),
])  # fmt: skip
def test_findings_of_the_format_have_payload_paths(path: Path, below: Path):
    finding = FormatFinding("member.unknown", "error", path, "")
    assert _relative(finding, Resource("", "", {}, ("r", 0))) == below


@pytest.mark.parametrize(("value", "rules"), [("'5'", []), ("5", []), ("'1'", ["maximum-concurrency.minimum"]),
                                              ("five", ["maximum-concurrency.type"])])  # fmt: skip
def test_a_string_for_a_number_is_converted_inside_objects(project: Project, value: str, rules: list[str]):
    project.write({
        "a.yaml": f"Resources:\n  A:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n"
        f"      FunctionName: f\n      EventSourceArn: {QUEUE}\n      ScalingConfig: {{MaximumConcurrency: {value}}}\n"
    })  # fmt: skip
    assert project.json("--edition", "current").rules == rules


@pytest.mark.parametrize(
    ("kind", "value", "known"),
    [
        ("integer", "12", 12), ("integer", "-12", -12), ("integer", "+12", 12), ("integer", "-0", 0),
        ("integer", "1.0", "1.0"), ("integer", " 1", " 1"), ("integer", "", ""), ("integer", True, True),
        ("number", "1.5", 1.5), ("number", ".5e-2", 0.005), ("number", "1e1000", "1e1000"), ("number", "x", "x"),
        ("boolean", "TRUE", True), ("boolean", "false", False), ("boolean", "yes", "yes"), ("boolean", 1, 1),
        ("string", True, "true"), ("string", False, "false"), ("string", 1.5, "1.5"), ("string", -7, "-7"),
        ("string", 10**300 - 1, "9" * 300), ("string", 1 - 10**300, "-" + "9" * 300), ("string", 10**300, 10**300),
        ("string", -(10**300), -(10**300)), ("string", None, None), ("array", "1", "1"), (None, "1", "1"),
    ],
)  # fmt: skip
def test_a_value_is_converted_to_the_expected_type(kind: str | None, value: Any, known: Any):
    schema = {"properties": {"A": {"type": kind} if kind else {}, "B": {"$ref": "#/$defs/T"}, "C": True},
              "$defs": {"T": {"properties": {"A": {"type": kind}}}}}  # fmt: skip
    found = converted({"A": value, "B": {"A": value, "Z": "1"}, "C": "1", "D": "1"}, schema)
    assert found == {"A": known, "B": {"A": known, "Z": "1"}, "C": "1", "D": "1"}
    assert type(found["A"]) is type(known)


@pytest.mark.parametrize("value", ["&n '1'", "&n\n  '1'", "&n  '1'"])
def test_values_with_an_anchor_are_not_fixed(project: Project, value: str):
    project.write({"a.yaml": f"FunctionName: f\nEventSourceArn: {QUEUE}\nBatchSize: {value}\n"})
    assert "0 places" in project.run("--diff").err


@pytest.mark.parametrize("before", ["a & b", "&", "&n x"])
def test_an_ampersand_elsewhere_does_not_prevent_fixes(project: Project, before: str):
    project.write({"a.yaml": f"FunctionName: f  # {before}\nEventSourceArn: {QUEUE}\nBatchSize: '1'\n"})
    assert "+BatchSize: 1" in project.run("--diff").out
