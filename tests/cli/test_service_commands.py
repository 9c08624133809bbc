"""Test `--service NAME`: the command validates payloads of other services by the models of botocore."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lambda_validate import UnknownNameError
from lambda_validate.catalog.services import of_service
from lambda_validate.cli import main
from lambda_validate.validator.rules import rules

GOOD = json.dumps({"QueueUrl": "https://sqs.us-west-2.amazonaws.com/123456789012/orders", "MessageBody": "m"})
BAD = json.dumps({"QueueUrl": "q", "MessageBody": 5, "MessageBdy": "m"})


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*argv: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        return Ran(main(argv), *capsys.readouterr())

    return run


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (BAD, 1), ("{", 2)])
def test_a_request_of_another_service_is_validated(run: Run, text: str, code: int) -> None:
    ran = run("request", "--service", "sqs", "SendMessage", "--output-format", "concise", stdin=text)
    assert ran.code == code
    if code == 1:
        assert ran.out.splitlines() == [
            "<stdin>:1:34: error message-body.type MessageBody must be a string, not an integer.",
            "<stdin>:1:37: error member.unknown There is no member 'MessageBdy'; did you mean 'MessageBody'?",
        ]


def test_a_yaml_file_is_accepted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "message.yaml"
    file.write_text("QueueUrl: q\nMessageBody: hello\nDelaySeconds: 5\n", "utf-8")
    assert run("request", "--service", "sqs", "SendMessage", str(file)).code == 0


@pytest.mark.parametrize("format", ["full", "concise", "json", "github", "sarif", "junit"])
def test_findings_are_printed_in_every_format(run: Run, format: str) -> None:
    ran = run("request", "--service", "sqs", "SendMessage", "--output-format", format, stdin=BAD)
    assert (ran.code, ran.err) == (1, "")
    assert "message-body.type" in ran.out


def test_sarif_knows_the_rules_of_the_service(run: Run) -> None:
    log = json.loads(run("request", "--service", "sqs", "SendMessage", "--output-format", "sarif", stdin=BAD).out)
    known = log["runs"][0]["tool"]["driver"]["rules"]
    assert "MessageBody" in {each["id"]: each for each in known}["message-body.type"]["fullDescription"]["text"]


@pytest.mark.parametrize(("service", "operation", "text"), [
    ("kms", "ListKeys", '{"Keys": [{"KeyId": "k"}], "Truncated": false}'),
    ("sts", "GetCallerIdentity", '{"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/u"}'),
    ("dynamodb", "DescribeTable", '{"Table": {"TableName": "orders", "CreationDateTime": "2018-11-02T06:11:49.5Z"}}'),
])  # fmt: skip
def test_a_response_printed_by_the_aws_cli_is_valid(run: Run, service: str, operation: str, text: str) -> None:
    assert run("response", "--service", service, operation, stdin=text) == Ran(0, "", "")


def test_status_and_exception_of_a_response_are_validated(run: Run) -> None:
    ran = run("response", "--service", "sqs", "SendMessage", "--status", "201", stdin="{}")
    assert (ran.code, "status.unexpected" in ran.out) == (1, True)
    assert run("response", "--service", "kms", "ListKeys", "--status", "400", "--error", "InvalidMarkerException",
               stdin="{}").code == 0  # fmt: skip


def test_settings_apply_to_other_services(run: Run) -> None:
    assert run("request", "--service", "sqs", "SendMessage", "--disable", "message-body.type", "--unknown-members",
               "ignore", stdin=BAD).code == 0  # fmt: skip
    ran = run("request", "--service", "sqs", "SendMessage", "--disable", "message-body.typ", stdin=BAD)
    assert (ran.code, "did you mean 'message-body.type'?" in ran.err) == (2, True)


def test_operations_rules_and_schemas_are_those_of_the_service(run: Run) -> None:
    names = run("operations", "--service", "sqs", "--output-format", "concise").out.split()
    assert {"SendMessage", "CreateQueue"} <= set(names)
    listed = json.loads(run("operations", "--service", "sqs", "--output-format", "json").out)
    assert listed["edition"] == "SQS 2012-11-05"
    assert "message-body.required" in run("rules", "--service", "sqs", "--output-format", "concise").out.split()
    explained = run("explain", "--service", "sqs", "message-body.required").out
    assert "stated: SQS 2012-11-05 service model, SendMessageRequest, MessageBody" in explained
    schema = json.loads(run("schema", "--service", "sqs", "SendMessage").out)
    assert "MessageBody" in schema["required"]
    assert "def " in run("schema", "--service", "dynamodb", "PutItem", "--compiled").out


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("CreateEventSourceMapping",
         "sqs has no operation 'CreateEventSourceMapping', but lambda has; leave out --service sqs"),
        ("Foo", "there is no operation 'Foo'; lambda-validate operations --service sqs lists them"),
        ("SendMesage", "there is no operation 'SendMesage'; did you mean 'SendMessage'?"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["request", "schema"])
def test_an_operation_that_the_service_lacks_is_one_line(run: Run, command: str, operation: str, message: str) -> None:
    assert run(command, "--service", "sqs", operation) == Ran(2, "", f"lambda-validate: {message}\n")
    with pytest.raises(UnknownNameError) as raised:
        of_service("sqs").operation(operation)
    assert ("it is an operation of Lambda, not of SQS" in str(raised.value)) == (operation[0] == "C")


def test_rules_of_lintings_own_are_not_those_of_another_service(run: Run) -> None:
    listed = run("rules", "--service", "sts", "--output-format", "concise").out.split()
    assert listed == [each.id for each in rules(of_service("sts"))]


@pytest.mark.parametrize(("argv", "message"), [
    (["request", "--service", "sqss", "SendMessage"], "there is no service 'sqss'; did you mean 'sqs'?"),
    (["request", "--service", "", "SendMessage"], "there is no service ''"),
    (["request", "--service", "../lambda", "SendMessage"], "there is no service '../lambda'"),
    (["request", "--service", "sqs", "SendMesage"], "there is no operation 'SendMesage'; did you mean 'SendMessage'?"),
    (["explain", "--service", "sqs", "batch-size.sqz"], "there is no rule 'batch-size.sqz'"),
    (["request", "--service", "sqs", "--edition", "current", "SendMessage"], "not allowed with argument"),
    (["lint", "--service", "sqs"], "--service"),
])  # fmt: skip
def test_usage_errors_are_one_line_and_exit_2(run: Run, argv: list[str], message: str) -> None:
    ran = run(*argv, stdin="{}")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert message in ran.err


@pytest.mark.parametrize("argv", [["request", "SendMessage"], ["operations"], ["rules"], ["schema", "SendMessage"]])
def test_without_botocore_one_line_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    monkeypatch.setitem(sys.modules, "botocore.loaders", None)
    ran = run(*argv, "--service", "sqs", stdin="{}")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "lambda-validate: botocore, which ships the services' models, is not installed; install lambda-validate[boto]\n"
    )


def test_a_model_in_a_user_s_own_folder_is_known_and_a_broken_one_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models: dict[str, Any] = {
        "mine": {"metadata": {"serviceId": "Mine"}, "operations": {"Do": {"name": "Do"}}, "shapes": {}},
        "broken": {"metadata": {}},
        "odd": {"metadata": {}, "operations": {"Do": 5}, "shapes": {}},
    }
    for name, model in models.items():
        home = tmp_path / name / "2020-01-01"
        home.mkdir(parents=True)
        (home / "service-2.json").write_text(json.dumps(model), "utf-8")
    from botocore.loaders import Loader

    monkeypatch.setattr(Loader, "CUSTOMER_DATA_PATH", str(tmp_path))
    assert run("request", "--service", "mine", "Do", stdin="{}").code == 0
    for name in ("broken", "odd"):
        ran = run("request", "--service", name, "Do", stdin="{}")
        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert "service model" in ran.err
