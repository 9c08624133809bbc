"""Test the rules in cfn-lint by running cfn-lint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.linting import QUEUE
from support.markdown_cases import of_format
from support.paths import ROOT, TESTS

from lambda_validate.cfnlint.numbers import NUMBERS

pytestmark = pytest.mark.e2e

CFN_LINT = [Path(sys.executable).with_name("cfn-lint")]
APPENDED = ("-a", "lambda_validate.cfnlint")
PLANTED = TESTS / "lint_planted" / "planted.yaml"
EXPECTED = PLANTED.with_name("planted.yaml.expected").read_text().splitlines()
DOCUMENTS = {"LAMBDA_VALIDATE_EDITION": "documents"}
TEMPLATE = f"""\
Resources:
  Queue:
    Type: AWS::SQS::Queue
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: !GetAtt Queue.Arn
      StartingPosition: LATEST
  Good:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: {QUEUE}
"""


def run(*arguments: str | Path, stdin: str | None = None, **environment: str) -> Any:
    """Run cfn-lint as a user does, and return its JSON output."""
    environment = {**os.environ, **environment}
    ran = subprocess.run(
        [*CFN_LINT, "--format", "json", *arguments], input=stdin, capture_output=True, text=True, check=False,
        env=environment,
    )  # fmt: skip
    assert ran.stderr == ""
    return json.loads(ran.stdout)


def places(matches: Any) -> list[str]:
    """Return the line, column and id of each match."""
    starts = [(each["Location"]["Start"], each["Rule"]["Id"]) for each in matches]
    return [f"{start['LineNumber']}:{start['ColumnNumber']} {id}" for start, id in starts]


def is_ours(match: Mapping[str, Any]) -> bool:
    return match["Rule"]["Id"][1] == "L"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE)
    return path


@cache
def planted() -> Any:
    """Return the matches in the template that has a fault in each resource."""
    return run(*APPENDED, "--", PLANTED, **DOCUMENTS)


def test_each_planted_fault_is_matched_at_its_line():
    lines = {each["Location"]["Start"]["LineNumber"] for each in planted()}
    assert [each for each in EXPECTED if int(each.split()[1].split(":")[0]) not in lines] == []
    assert len({each.split()[0] for each in EXPECTED}) == 42


def test_only_planted_faults_are_matched_by_our_rules():
    known = {f"{each.split()[1]} EL{NUMBERS[each.split()[2]]}" for each in EXPECTED}
    assert set(places(filter(is_ours, planted()))) <= known


def test_faults_found_by_cfn_lint_itself_are_matched_once():
    theirs = [each for each in planted() if not is_ours(each)]
    lines = {each["Location"]["Start"]["LineNumber"] for each in theirs}
    assert len(lines) > 15
    assert [each for each in places(filter(is_ours, planted())) if int(each.split(":")[0]) in lines] == []
    assert places(theirs) == places(run("--", PLANTED))


@pytest.mark.parametrize("name", ["CloudFormation", "SAM"])
def test_the_cases_of_rules_have_the_findings_of_lint(name: str, tmp_path: Path):
    cases = [case for case in of_format(name) if case.expected and not case.beside][::12]
    files = [tmp_path / f"{number}-{case.file_name}" for number, case in enumerate(cases)]
    for file, case in zip(files, cases, strict=True):
        file.write_bytes(case.text.encode())
    editions = [case.edition for case in cases]
    for edition in set(editions):
        matches = run(*APPENDED, "--", *files, LAMBDA_VALIDATE_EDITION=edition)
        for file, case in zip(files, cases, strict=True):
            if case.edition == edition:
                found = [each for each in matches if each["Filename"] == str(file)]
                ours = Counter(NUMBERS[each.rule] for each in case.expected)
                assert Counter(int(each["Rule"]["Id"][2:]) for each in found if is_ours(each)) <= ours
                at = {each["Location"]["Start"]["LineNumber"] for each in found}
                assert not any(each["Rule"]["Id"] == "E0002" for each in found)
                assert [each for each in case.expected if each.line not in at and not is_parse_failure(found)] == []


def is_parse_failure(matches: list[Any]) -> bool:
    """Return whether cfn-lint cannot read or transform a template, and so runs no rule."""
    return any(each["Rule"]["Id"] in ("E0000", "E0001") for each in matches)


def test_a_fault_behind_fn_get_att_is_matched_at_its_value(template: Path):
    assert places(run(*APPENDED, "--", template)) == ["9:25 EL1194"]


def test_json_templates_and_standard_input_are_checked(tmp_path: Path):
    source = {"Fn::GetAtt": ["Queue", "Arn"]}
    properties = {"FunctionName": "orders", "EventSourceArn": source, "StartingPosition": "LATEST"}
    mapping = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}
    value = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "Mapping": mapping}}
    (tmp_path / "a.json").write_text(json.dumps(value, indent=1))
    assert places(run(*APPENDED, "--", tmp_path / "a.json")) == ["16:25 EL1194"]
    assert places(run(*APPENDED, stdin=json.dumps(value, indent=1))) == ["16:5 EL1194"]


@pytest.mark.parametrize(
    "more",
    [
        ("-i", "EL1194"),
        ("-i", "EL"),
    ],
)
def test_cfn_lint_ignores_rules_by_their_ids(template: Path, more: tuple[str, str]):
    assert run(*APPENDED, *more, "--", template) == []


def test_ignores_of_both_tools_are_applied(template: Path):
    metadata = "    Metadata: {cfn-lint: {config: {ignore_checks: [EL1194]}}}\n    Properties:\n      FunctionName"
    template.write_text(TEMPLATE.replace("    Properties:\n      FunctionName", metadata, 1))
    assert run(*APPENDED, "--", template) == []
    template.write_text(TEMPLATE.replace("LATEST", "LATEST  # lambda-validate: ignore[starting-position.sqs]"))
    assert run(*APPENDED, "--", template) == []


def test_settings_that_cannot_be_used_are_one_match(template: Path, monkeypatch: pytest.MonkeyPatch):
    (template.parent / ".lambda-validate.toml").write_text("nonsense = 1\n")
    monkeypatch.chdir(template.parent)
    (match,) = run(*APPENDED, "--", template)
    assert match["Rule"]["Id"] == "EL1000"
    assert match["Message"].startswith(".lambda-validate.toml:1: there is no setting 'nonsense'")


def test_rules_are_listed_with_their_statements():
    ran = subprocess.run([*CFN_LINT, *APPENDED, "--list-rules"], capture_output=True, text=True, check=True)
    assert "EL1009: batch-size.sqs\nBatchSize is at most 10" in ran.stdout
    assert "WL1009: batch-size.sqs" in ran.stdout


def test_a_template_without_faults_has_no_match(template: Path):
    template.write_text(TEMPLATE.replace("      StartingPosition: LATEST\n", ""))
    assert run(*APPENDED, "--", template) == []


SAM = TEMPLATE.replace("Resources:", "Transform: AWS::Serverless-2016-10-31\nResources:", 1)


def test_sam_validate_reads_the_settings_of_cfn_lint(tmp_path: Path):
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    commands = tmp_path / "venv" / "bin"
    subprocess.run([commands / "pip", "install", "--quiet", "aws-sam-cli", ROOT], check=True, capture_output=True)
    (tmp_path / "template.yaml").write_text(SAM)
    (tmp_path / ".cfnlintrc").write_text("append_rules:\n  - lambda_validate.cfnlint\n")
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"}
    ran = subprocess.run(
        [commands / "sam", "validate", "--lint"], cwd=tmp_path, capture_output=True, text=True, check=False,
        env=environment,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "EL1194: starting-position.sqs" in ran.stdout
