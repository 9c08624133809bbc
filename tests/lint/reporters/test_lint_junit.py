"""Test that the JUnit report is valid, and fails for errors only."""

from __future__ import annotations

import contextlib
import json
from functools import cache
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
import xmlschema
from support.linting import BAD, GOOD, NEWER, Project, Ran
from support.paths import TESTS


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(TESTS / "data" / "junit-10.xsd")


def parsed(ran: Ran) -> Element:
    """Return the printed report, and assert that it is valid."""
    schema().validate(ran.out)
    return ElementTree.fromstring(ran.out)


def junit(project: Project, *argv: str) -> Element:
    return parsed(project.run(*argv, "--output-format", "junit"))


def test_the_schema_rejects_invalid_reports():
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema().validate("<testsuites><testsuite/></testsuites>")


def test_no_finding_is_one_case_that_passes(project: Project):
    project.write({"a.json": GOOD})
    suites = junit(project)
    assert suites.attrib == {"name": "lambda-validate", "tests": "1", "failures": "0", "errors": "0"}
    (case,) = suites.iter("testcase")
    assert list(case) == []


def test_an_error_fails_and_a_warning_does_not(project: Project):
    project.write({"a.json": BAD, "b.json": NEWER, "c.json": BAD[:-1]})
    ran = project.run("--output-format", "junit")
    suites = parsed(ran)
    assert ran.code == 2
    assert suites.attrib == {"name": "lambda-validate", "tests": "3", "failures": "1", "errors": "1"}
    kinds = {case.get("classname"): case[0].tag for case in suites.iter("testcase")}
    assert kinds == {"a.json": "failure", "b.json": "skipped", "c.json": "error"}


def test_a_case_has_rule_position_and_message(project: Project):
    project.write({"a.json": BAD})
    (case,) = junit(project).iter("testcase")
    assert case.attrib == {"classname": "a.json", "name": "batch-size.sqs at 1:99"}
    assert case[0].get("type") == "batch-size.sqs"
    assert "at most 10" in (case[0].get("message") or "")
    assert "a.json:1:99: " in (case[0].text or "")
    assert "stated: CreateEventSourceMapping" in (case[0].text or "")


def test_each_suite_counts_its_own_cases(project: Project):
    project.write({"a.json": f"[{BAD}, {NEWER}, {BAD}]", "b.json": BAD})
    counts = [(each.get("name"), each.get("tests"), each.get("failures"), each.get("skipped"))
              for each in junit(project).iter("testsuite")]  # fmt: skip
    assert counts == [("a.json", "3", "2", "1"), ("b.json", "1", "1", "0")]


@pytest.mark.parametrize("name", ["<&>\"']]>", "\x01\x7f", "\ufffe", "\U0001f600", "a\nb", "\u2028"])
def test_the_report_stays_valid_for_any_name(project: Project, name: str):
    project.write({"a.json": GOOD[:-1] + f", {json.dumps(name, ensure_ascii=True)}: 1}}"})
    with contextlib.suppress(OSError, UnicodeError):  # the file system does not allow such names
        project.write({f"b {name}.json": BAD})
    suites = junit(project)
    assert {case[0].get("type") for case in suites.iter("testcase")} >= {"member.unknown"}
