"""Test the reading `both`: errors by the current API, and warnings where the documents differ from it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from support.linting import Project

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.lint.findings.differences import SENTENCES, validators
from lambda_validate.lint.findings.finding import LintOutcome
from lambda_validate.lint.runner import LintTask, lint
from lambda_validate.validator.rules import rules

QUEUE = {"EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:orders", "FunctionName": "orders"}
TABLE = {"EventSourceArn": "arn:aws:dynamodb:us-west-2:123456789012:table/t/stream/2024-06-10T19:26:16.525",
         "FunctionName": "orders", "StartingPosition": "LATEST"}  # fmt: skip
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:k-aaaaaa"
KAFKA = {"FunctionName": "orders", "Topics": ["topic"], "StartingPosition": "LATEST",
         "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["b-1.example.com:9092"]}},
         "SourceAccessConfigurations": [{"Type": "SASL_SCRAM_512_AUTH", "URI": SECRET}]}  # fmt: skip


def linted(payload: Any, reading: str = "both", **settings: Any) -> LintOutcome:
    validator, documents = validators(reading, **settings)
    return lint(["-"], io.BytesIO(json.dumps(payload).encode()), validator, LintTask(documents=documents))


def found(payload: Any, **settings: Any) -> list[tuple[str, str]]:
    return [(each.severity, each.rule) for each in linted(payload, **settings).findings]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (QUEUE, []),
        ({**TABLE, "BatchSize": 5000}, [("warning", "batch-size.dynamodb")]),
        ({**QUEUE, "BatchSize": 11, "MaximumBatchingWindowInSeconds": 1}, [("warning", "batch-size.sqs")]),
        ({**QUEUE, "BatchSize": 11}, [("error", "batch-size.window")]),
        ({**QUEUE, "BatchSize": 11, "FunctionName": "orders:$LATEST.PUBLISHED"},
         [("error", "batch-size.window"), ("warning", "function-name.pattern")]),
        ({**TABLE, "BatchSize": 10_001}, [("error", "batch-size.maximum")]),
        ({**TABLE, "FunctionResponseTypes": ["ReportBatchItemFailures"]}, []),
        (KAFKA, []),
        ({**QUEUE, "Colour": "red"}, [("error", "member.unknown")]),
    ],
)  # fmt: skip
def test_current_violations_are_errors_and_additional_documents_ones_are_warnings(
    payload: Any, expected: list[tuple[str, str]]
) -> None:
    assert found(payload) == expected


def test_a_warning_says_both_limits_and_where_the_document_states_it() -> None:
    finding = linted({**TABLE, "BatchSize": 5000}).findings[0]
    assert finding.message == "The edition 'documents' allows at most 1,000 for DynamoDB; today's API accepts 10,000."
    assert finding.source == "CreateEventSourceMapping, Request Body, BatchSize"
    assert finding.help is None


def test_a_rule_is_reported_once_per_resource() -> None:
    pair = [{**TABLE, "BatchSize": 5000}, {**TABLE, "BatchSize": 6000}]
    template = {"Resources": {f"R{i}": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": each}
                              for i, each in enumerate(pair)}}  # fmt: skip
    assert found(template) == [("warning", "batch-size.dynamodb")] * 2


def test_strict_turns_differences_into_errors() -> None:
    assert found({**TABLE, "BatchSize": 5000}, strict=True) == [("error", "batch-size.dynamodb")]


@pytest.mark.parametrize("command", ["lint", "request"])
def test_strict_fails_a_command_for_a_difference(command: str, project: Project) -> None:
    """A difference is a warning, and `--strict` counts warnings as errors."""
    project.write({"t.json": json.dumps({**TABLE, "BatchSize": 5000})})
    operands = ("CreateEventSourceMapping", "t.json") if command == "request" else ("t.json",)
    codes = [project.run(*operands, *more, "--edition", "both", command=command).code for more in ((), ("--strict",))]
    assert codes == [0, 1]
    assert "also where the documents differ" in " ".join(project.run("--help", command=command).out.split())


def test_disabled_rules_give_no_differences() -> None:
    assert found({**TABLE, "BatchSize": 5000}, disable=["batch-size.dynamodb"]) == []


def test_every_rule_that_mentions_current_has_a_sentence() -> None:
    """Messages of the documents name what `current` allows. Each such error has a separate message as a difference."""
    stated = {each.id: each for each in rules("documents")}
    differing = {
        each.id for each in stated.values()
        if each.severity == "error" and any("`current`" in text for text in each.statements)
    }  # fmt: skip
    assert differing <= set(SENTENCES) <= set(stated)


def test_both_is_not_an_edition_of_the_python_api() -> None:
    assert "both" not in catalog.EDITIONS
    with pytest.raises(lv.UnknownNameError):
        lv.Validator("both")
    with pytest.raises(lv.UnknownNameError, match="'both'"):
        validators("boht")
    today = catalog.EDITIONS["current"]
    assert [each and each.catalog for each in validators(today)] == [today, None]


@pytest.mark.parametrize("direction", ["request", "response"])
def test_one_payload_is_checked_by_both(direction: str, project: Project) -> None:
    payload = {**TABLE, "BatchSize": 5000} if direction == "request" else {"BatchSize": 5000, "State": "Enabled"}
    project.write({"p.json": json.dumps(payload)})
    result = project.run("CreateEventSourceMapping", "p.json", "--edition", "both", command=direction)
    assert result.code == 0
    assert ("[batch-size.dynamodb]" in result.out) is (direction == "request")


def test_an_operation_that_the_documents_lack_is_checked_by_today_s_api(project: Project) -> None:
    project.write({"p.json": '{"FunctionName": "f", "Timeout": 0}'})
    result = project.run("UpdateFunctionConfiguration", "p.json", "--edition", "both", command="request")
    assert result.code == 1
    assert "Timeout" in result.out


def test_a_settings_file_may_choose_both(project: Project) -> None:
    project.monkeypatch.delenv("LAMBDA_VALIDATE_EDITION")
    project.write({".lambda-validate.toml": 'edition = "both"\n'})
    project.write({"t.json": json.dumps({**TABLE, "BatchSize": 5000})})
    assert "today's API accepts 10,000" in project.run().out


def test_sarif_describes_the_rules_of_both(project: Project) -> None:
    project.write({"t.json": json.dumps([{**TABLE, "BatchSize": 5000}, {**QUEUE, "BatchSize": 11}])})
    log = json.loads(project.run("--edition", "both", "--output-format", "sarif").out)
    listed = log["runs"][0]["tool"]["driver"]["rules"]
    assert {"batch-size.dynamodb", "batch-size.window"} <= {each["id"] for each in listed}
    assert all("shortDescription" in each for each in listed)


def test_a_fault_that_today_s_api_only_warns_of_is_reported_once() -> None:
    properties = {**TABLE, "BatchSize": {"Ref": "Size"}}
    template = {
        "Parameters": {"Size": {"Type": "Number", "Default": 20_000}},
        "Resources": {"R": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}},
    }
    assert found(template) == [("warning", "batch-size.maximum")]


DESTINATIONS = """\
Resources:
  Config:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: f
      Qualifier: $LATEST
      DestinationConfig:
        OnFailure:
          Destination: arn:aws:sqs:eusc-de-east-1:123456789012:q{0}
        OnSuccess:
          Destination: arn:aws:sqs:eusc-de-east-1:123456789012:q{1}
"""
"""Two values in which the documents differ from the current API by one rule."""
IGNORE = "  # lambda-validate: ignore[destination.type]"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("", "", [9]), ("", IGNORE, [9]), (IGNORE, "", [11]), (IGNORE, IGNORE, [])],
)
def test_of_equal_differences_that_no_comment_ignores_the_first_is_reported(
    first: str, second: str, expected: list[int], project: Project
) -> None:
    project.write({"t.yaml": DESTINATIONS.format(first, second)})
    findings = json.loads(project.json("--edition", "both", "t.yaml").out)["findings"]
    assert [(each["line"], each["rule"]) for each in findings] == [(line, "destination.type") for line in expected]


def test_sarif_describes_a_difference_by_the_documents_rule(project: Project) -> None:
    window = {**QUEUE, "BatchSize": 11, "MaximumBatchingWindowInSeconds": 1}
    fifo = {**QUEUE, "EventSourceArn": f"{QUEUE['EventSourceArn']}.fifo", "BatchSize": 11}

    def stated(*payloads: Any) -> str:
        project.write({"t.json": json.dumps(payloads)})
        log = json.loads(project.run("--edition", "both", "--output-format", "sarif").out)
        (rule,) = log["runs"][0]["tool"]["driver"]["rules"]
        return str(rule["fullDescription"]["text"])

    document, today = "at most 10 for an SQS queue", "at most 10 for a FIFO queue"
    assert document in (text := stated(window))
    assert today not in text
    assert today in (text := stated(fifo))
    assert document not in text
    assert "documents: BatchSize is at most 10 for an SQS" in (text := stated(window, fifo))
    assert "current: BatchSize is at most 10 for a FIFO" in text


class TestRules:
    """`rules` and `explain` cover both editions."""

    def test_a_rule_that_states_two_things_is_explained_by_edition(self, project: Project) -> None:
        ran = project.run("--edition", "both", "batch-size.sqs", command="explain")
        assert (ran.code, ran.err) == (0, "")
        assert "batch-size.sqs (error), documents\n  BatchSize is at most 10 for an SQS queue" in ran.out
        assert "batch-size.sqs (error), current\n  BatchSize is at most 10 for a FIFO queue" in ran.out

    def test_a_rule_that_states_one_thing_is_explained_once(self, project: Project) -> None:
        ran = project.run("--edition", "both", "batch-size.minimum", command="explain")
        assert ran.out.count("batch-size.minimum (error), documents and current\n") == 1
        assert "CreateEventSourceMapping, Request Body, BatchSize" in ran.out
        assert "service model" in ran.out

    def test_a_rule_of_one_edition_is_labelled_by_it(self, project: Project) -> None:
        for rule, edition in (("batch-size.dynamodb", "documents"), ("batch-size.window", "current")):
            ran = project.run("--edition", "both", rule, command="explain")
            assert (ran.err, ran.out.splitlines()[0]) == ("", f"{rule} (error), {edition}")
        assert "did you mean" in project.run("--edition", "both", "batch-size.sqz", command="explain").err

    def test_a_single_edition_needs_no_label(self, project: Project) -> None:
        assert project.run("batch-size.sqs", command="explain").out.startswith("batch-size.sqs (error)\n")

    def test_the_environment_may_choose_both(self, project: Project) -> None:
        project.monkeypatch.setenv("LAMBDA_VALIDATE_EDITION", "both")
        assert project.run("batch-size.sqs", command="explain").out.count("batch-size.sqs (error), ") == 2
        assert "batch-size.dynamodb (error), documents\n" in project.run(command="rules").out

    def test_json_names_the_editions_of_each_statement(self, project: Project) -> None:
        output = json.loads(project.json("--edition", "both", "batch-size.sqs", command="explain").out)
        assert output["edition"] == "both"
        assert [(each["id"], each["editions"]) for each in output["rules"]] == [
            ("batch-size.sqs", ["documents"]),
            ("batch-size.sqs", ["current"]),
        ]
        output = json.loads(project.json("--edition", "both", command="rules").out)
        assert output["made_from"]
        ids = {each["id"] for each in output["rules"]}
        assert {"batch-size.dynamodb", "batch-size.window", "ignore.unused"} <= ids
        assert [each["id"] for each in output["rules"]] == sorted(each["id"] for each in output["rules"])

    def test_concise_names_a_rule_once(self, project: Project) -> None:
        names = project.run("--edition", "both", "--output-format", "concise", command="rules").out.split()
        assert len(names) == len(set(names))

    def test_other_commands_do_not_accept_both(self, project: Project) -> None:
        assert project.run("--edition", "both", command="operations").code == 2
