"""Test `--sdk-model`: newer members of the installed SDK are warnings. Without the option, no SDK is loaded."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from support.newer_models import MODEL, written

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.cli import main
from lambda_validate.validator.rules import NEWER_RULES

MADE_FROM = catalog.find("current").made_from
ROLE = "arn:aws:iam::123456789012:role/r"
FUNCTION = {"FunctionName": "f", "Role": ROLE, "Code": {"ZipFile": "AAAA"}, "Handler": "a"}
TEMPLATE = """\
Resources:
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: arn:aws:sqs:us-west-2:123456789012:orders
      Colour: red
      FilterCriteria: {Filters: [{Pattern: "{}", Fresh: {}}]}
"""


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the SDK find a newer model."""
    monkeypatch.setenv("AWS_DATA_PATH", str(written(MODEL, tmp_path / "models")))


class Ran:
    def __init__(self, capsys: pytest.CaptureFixture[str], *argv: str) -> None:
        self.code = main(argv)
        self.out, self.err = capsys.readouterr()

    @property
    def found(self) -> list[tuple[str, str, str]]:
        findings = json.loads(self.out)["findings"]
        return [(each["rule"], each["severity"], each["pointer"]) for each in findings]


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that runs a command with the edition `current` on a file of the given content."""
    monkeypatch.chdir(tmp_path)

    def run(command: str, *argv: str, content: Any, name: str = "a.json") -> Ran:
        (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content))
        return Ran(capsys, command, "--edition", "current", "--output-format", "json", *argv, name)

    return run


NEWER = {**FUNCTION, "Fresh": {}, "Runtime": "FRESH"}
REQUEST = [("member.newer", "warning", "/Fresh"), ("choice.newer", "warning", "/Runtime")]
RESPONSE = {"FunctionName": "f", "Fresh": {}, "State": "FRESH"}


@pytest.mark.usefixtures("models")
def test_newer_members_and_choices_of_a_request_are_warnings(ran: Any) -> None:
    plain, wide = (ran("request", *each, "CreateFunction", content=NEWER) for each in ((), ("--sdk-model",)))
    assert (plain.code, wide.code) == (1, 0)
    assert sorted(plain.found) == [("member.unknown", "error", "/Fresh"), ("runtime.enum", "error", "/Runtime")]
    assert sorted(wide.found, key=lambda each: each[2]) == REQUEST


@pytest.mark.usefixtures("models")
def test_newer_members_and_choices_of_a_response_are_warnings(ran: Any) -> None:
    wide = ran("response", "--sdk-model", "GetFunctionConfiguration", content=RESPONSE)
    assert wide.code == 0
    assert sorted(wide.found) == [("choice.newer", "warning", "/State"), ("member.newer", "warning", "/Fresh")]


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("command", ["request", "response"])
def test_a_newer_operation_is_known_and_not_checked(ran: Any, command: str) -> None:
    wide = ran(command, "--sdk-model", "PaintFunction", content={"Anything": 1})
    assert (wide.code, wide.found) == (0, [("operation.newer", "warning", "")])
    plain = ran(command, "PaintFunction", content={"Anything": 1})
    assert plain.code == 2
    assert "PaintFunction" in plain.err


@pytest.mark.usefixtures("models")
def test_newer_members_in_a_template_are_warnings_at_any_depth(ran: Any) -> None:
    plain, wide = (ran("lint", *each, content=TEMPLATE, name="t.yaml") for each in ((), ("--sdk-model",)))
    assert [rule for rule, _, _ in plain.found] == ["member.unknown", "member.unknown"]
    assert wide.code == 0
    assert [(rule, severity) for rule, severity, _ in wide.found] == [("member.newer", "warning")] * 2


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("rule", NEWER_RULES)
def test_each_of_the_rules_can_be_disabled(ran: Any, rule: str) -> None:
    content = {**NEWER, "Fresh": {}}
    left = [each for each in REQUEST if each[0] != rule]
    found = ran("request", "--sdk-model", "--disable", rule, "CreateFunction", content=content).found
    assert sorted(found, key=lambda each: each[2]) == left


@pytest.mark.usefixtures("models")
def test_strict_turns_newer_member_warnings_into_errors(ran: Any) -> None:
    assert ran("request", "--sdk-model", "--strict", "CreateFunction", content=NEWER).code == 1


@pytest.mark.parametrize("command", [("request", "CreateFunction"), ("lint",)])
def test_without_botocore_one_line_says_what_to_install(
    ran: Any, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setitem(sys.modules, "botocore.loaders", None)
    wide = ran(command[0], "--sdk-model", *command[1:], content=FUNCTION)
    assert (wide.code, wide.out) == (2, "")
    (line,) = wide.err.splitlines()
    assert line.endswith("is not installed; install lambda-validate[boto]")


@pytest.mark.parametrize("argv", [("request", "CreateFunction"), ("lint",)])
def test_an_edition_that_no_model_can_widen_is_an_error_of_usage(
    capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]
) -> None:
    ran = Ran(capsys, argv[0], "--edition", "documents", "--sdk-model", *argv[1:])
    assert ran.code == 2
    (line,) = ran.err.splitlines()
    assert line.endswith("documents is not made from an SDK's model, so --sdk-model needs --edition current")


@pytest.mark.usefixtures("models")
def test_no_command_consults_the_sdk_without_sdk_model(ran: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [("request", "CreateFunction", NEWER, "a.json"), ("lint", None, TEMPLATE, "t.yaml")]
    commands = [(name, [operation] if operation else [], content, file) for name, operation, content, file in calls]
    before = [ran(name, *operands, content=content, name=file).out for name, operands, content, file in commands]
    for name in [each for each in sys.modules if each.partition(".")[0] == "botocore"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "botocore", None)
    after = [ran(name, *operands, content=content, name=file).out for name, operands, content, file in commands]
    assert before == after


# Messages about a member that the edition lacks.


def test_an_unknown_member_message_names_the_model_and_how_to_allow_newer_ones() -> None:
    slip, other = lv.validate_request("CreateFunction", {**FUNCTION, "Runtme": 1, "Zebra": 1}, edition="current")
    assert slip.message == f"There is no member 'Runtme' as of {MADE_FROM}; did you mean 'Runtime'?"
    allow = 'To allow newer members, use --sdk-model in a command or unknown_members="warning" in Python.'
    assert slip.help == f"Write Runtime. {allow}"
    assert other.message == f"There is no member 'Zebra' as of {MADE_FROM}."
    assert other.help == allow


def test_an_unknown_member_in_a_template_has_the_same_message(ran: Any) -> None:
    plain = ran("lint", content=TEMPLATE, name="t.yaml")
    findings = json.loads(plain.out)["findings"]
    assert [each["message"] for each in findings] == [
        f"AWS::Lambda::EventSourceMapping has no member 'Colour' as of {MADE_FROM}.",
        f"There is no member 'Fresh' as of {MADE_FROM}.",
    ]
    assert all("--sdk-model" in each["help"] for each in findings)


def test_unknown_members_in_documents_do_not_mention_the_sdk() -> None:
    (violation,) = lv.validate_request("GetFunctionEventInvokeConfig", {"FunctionName": "f", "Zebra": 1})
    assert violation.message == "There is no member 'Zebra'; leave it out."
    assert "--sdk-model" not in (violation.help or "")


@pytest.mark.parametrize("command", ["operations", "rules"])
def test_lists_name_the_model_of_the_edition(capsys: pytest.CaptureFixture[str], command: str) -> None:
    outputs = [
        json.loads(Ran(capsys, command, "--edition", each, "--output-format", "json").out) for each in catalog.EDITIONS
    ]
    assert [each.get("made_from") for each in outputs] == [None, MADE_FROM]
