"""Test that rules are selected and ignored by id or prefix, and that the longest match decides."""

from __future__ import annotations

import json

import pytest
from support.linting import BAD, NEWER, QUEUE, Project

from lambda_validate.lint.control.selection import Selection

PAYLOAD = json.dumps({"FunctionName": "a b", "EventSourceArn": QUEUE, "BatchSize": 11, "Topics": [], "Foo": 1})
ALL = ["batch-size.sqs", "function-name.pattern", "member.newer", "member.unknown"]


@pytest.mark.parametrize(
    ("argv", "rules"),
    [
        ((), ALL),
        (("--select", "member"), ["member.newer", "member.unknown"]),
        (("--select", "member.newer"), ["member.newer"]),
        (("--select", "member.newer,batch-size"), ["batch-size.sqs", "member.newer"]),
        (("--select", "member.newer", "--select", "batch-size.sqs"), ["batch-size.sqs", "member.newer"]),
        (("--ignore", "member"), ["batch-size.sqs", "function-name.pattern"]),
        (("--ignore", "member.newer, batch-size"), ["function-name.pattern", "member.unknown"]),
        (("--disable", "batch-size.sqs"), ["function-name.pattern", "member.newer", "member.unknown"]),
        (("--select", "member", "--ignore", "member.newer"), ["member.unknown"]),
        (("--select", "member.newer", "--ignore", "member"), ["member.newer"]),
        (("--select", "member", "--ignore", "member"), []),
        (("--select", "batch-size.minimum"), []),
    ],
)
def test_the_most_specific_selector_wins(project: Project, argv: tuple[str, ...], rules: list[str]):
    project.write({"a.json": PAYLOAD})
    assert sorted(project.json(*argv).rules) == rules


EMPTY = json.dumps({"FunctionName": "", "EventSourceArn": QUEUE, "BatchSize": 20_000})


@pytest.mark.parametrize(
    ("ignored", "rules"),
    [
        ("", ["batch-size.sqs", "function-name.min-length"]),
        ("function-name.min-length", ["batch-size.sqs", "function-name.pattern"]),
        ("function-name", ["batch-size.sqs"]),
        ("batch-size.sqs", ["batch-size.maximum", "function-name.min-length"]),
        ("batch-size.maximum", ["batch-size.sqs", "function-name.min-length"]),
    ],
)
def test_findings_covered_by_an_ignored_rule_are_reported(project: Project, ignored: str, rules: list[str]):
    project.write({"a.json": EMPTY})
    assert sorted(project.json("--ignore", ignored).rules if ignored else project.json().rules) == rules
    project.write({".lambda-validate.toml": f"[per-file-ignores]\n'*.json' = {[ignored] if ignored else []}\n"})
    assert sorted(project.json().rules) == rules


def test_findings_covered_by_an_unselected_rule_are_reported(project: Project):
    project.write({"a.json": EMPTY})
    assert project.json("--select", "function-name.pattern").rules == ["function-name.pattern"]


@pytest.mark.parametrize("option", ["--select", "--ignore", "--disable"])
@pytest.mark.parametrize(
    ("name", "meant"),
    [("batch-size.sqz", "batch-size.sqs"), ("batchsize", "batch-size"), ("Member.Newer", "member.newer")],
)
def test_an_unknown_rule_is_rejected_with_a_suggestion(project: Project, option: str, name: str, meant: str):
    project.write({"a.json": PAYLOAD})
    code, out, err = project.run(option, name)
    assert (code, out) == (2, "")
    assert err == f"lambda-validate: there is no rule '{name}'; did you mean '{meant}'?\n"


def test_exit_codes_depend_on_the_remaining_findings(project: Project):
    project.write({"a.json": BAD, "b.json": NEWER})
    assert project.run("--ignore", "batch-size").code == 0
    assert project.run("--ignore", "batch-size", "--strict").code == 1
    assert project.run("--select", "member").code == 0


def test_a_partial_word_selects_nothing():
    assert not Selection(select=("batch",)).has("batch-size.sqs")
    assert Selection(ignore=("batch",)).has("batch-size.sqs")
    assert Selection(select=("batch-size",)).has("batch-size")


@pytest.mark.parametrize(
    ("options", "severities"),
    [
        ((), {"member.unknown": "error", "member.newer": "warning"}),
        (("--strict",), {"member.unknown": "error", "member.newer": "error"}),
        (("--strict", "--unknown-members", "warning"), {"member.unknown": "warning", "member.newer": "error"}),
        (("--strict", "--unknown-members", "ignore"), {"member.newer": "error"}),
    ],
)
def test_unknown_members_setting_overrides_strict(
    project: Project, options: tuple[str, ...], severities: dict[str, str]
):
    project.write({"a.json": NEWER.replace('"Topics"', '"Foo": 1, "Topics"')})
    found = json.loads(project.json(*options).out)["findings"]
    assert {each["rule"]: each["severity"] for each in found} == severities
