"""Test how formats express the timeouts of a queue and a function, and references to them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.timeouts import CLOUDFORMATION, MAPPING, SAM, SERVERLESS, TERRAFORM, changed, found

ARN = "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:orders"
SECONDS = "Parameters: {Seconds: {Type: Number, Default: 60}}\n"
BIG = "Conditions: {Big: !Equals [!Ref AWS::Region, us-west-2]}\n"
NAMED = {"Properties: {Vis": "Properties: {QueueName: orders, Vis", "{Timeout": "{FunctionName: worker, Timeout"}
ALIAS = "  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Worker, FunctionVersion: %s}}\n"
VERSION = "  One: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref %s}}\n"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["60"]),
        ({"VisibilityTimeout: 60": ""}, ["180"]),
        ({", Properties: {VisibilityTimeout: 60}": ""}, ["180"]),
        ({"VisibilityTimeout: 60": "VisibilityTimeout: 2", "Timeout: 180": ""}, ["2"]),
        ({"VisibilityTimeout: 60": "", "Timeout: 180": ""}, []),
        ({"60": "180"}, []),
        ({"60": "179"}, ["179"]),
        ({"60": "'60'", "180": "'180'"}, ["'60'"]),
        ({"60": "1.5"}, []),
        ({"60": "true"}, []),
        ({"60": "'6O'"}, []),
        ({"180": "9" * 400}, []),
        ({"60": "!Ref AWS::NoValue"}, ["180"]),
        ({"60": "!Ref Seconds", "": SECONDS}, []),
        ({"180": "!FindInMap [A, b, c]"}, []),
        ({"60": "!If [Big, 90, 60]", "": BIG}, []),
        ({"{VisibilityTimeout: 60}": "!If [Big, {VisibilityTimeout: 60}, !Ref AWS::NoValue]", "": BIG}, []),
        ({"{VisibilityTimeout: 60}": "{Fn::Transform: {Name: Defaults}}"}, []),
    ],
)
def test_timeouts_of_a_template_are_compared(changes: dict[str, str], expected: list[str], tmp_path: Path):
    assert found(changed(CLOUDFORMATION, changes), "template.yaml", tmp_path) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"!GetAtt Orders.Arn": "{'Fn::GetAtt': [Orders, Arn]}", "!Ref Worker": "!GetAtt [Worker, Arn]"}, ["60"]),
        ({"!GetAtt Orders.Arn": "!Sub '${Orders.Arn}'", "!Ref Worker": "!Sub '${Worker}'"}, ["60"]),
        ({**NAMED, "!GetAtt Orders.Arn": f"!Sub '{ARN}'", "!Ref Worker": "worker"}, ["60"]),
        ({**NAMED, "!GetAtt Orders.Arn": "!Join [':', ['arn:aws:sqs', !Ref AWS::Region, !Ref AWS::AccountId, orders]]"},
         ["60"]),
        ({**NAMED, "!Ref Worker": "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:worker'"}, ["60"]),
        ({"Properties: {Vis": "Properties: {QueueName: !Sub '${AWS::StackName}-q', Vis",
          "!GetAtt Orders.Arn": "!Sub '" + ARN.replace("orders", "${AWS::StackName}-q'")}, ["60"]),
        ({**NAMED, "!GetAtt Orders.Arn": "arn:aws:sqs:us-west-2:123456789012:orders"}, []),
        ({**NAMED, "!GetAtt Orders.Arn": f"!Sub '{ARN}s'"}, []),
        ({**NAMED, "!Ref Worker": "worker", "":
          "  Other: {Type: AWS::Lambda::Function, Properties: {FunctionName: worker, Timeout: 180}}\n"}, []),
        ({"!Ref Worker": "!Ref Live", "": ALIAS % "!GetAtt One.Version" + VERSION % "Worker"}, ["60"]),
        ({"!Ref Worker": "!Ref One", "": VERSION % "Worker"}, ["60"]),
        ({"!Ref Worker": "!Ref Live", "": ALIAS % "'3'"}, []),
        ({"!Ref Worker": "!Ref One", "": VERSION % "One"}, []),
        ({"!GetAtt Orders.Arn": "!ImportValue orders"}, []),
        ({"!GetAtt Orders.Arn": "!If [Big, !GetAtt Orders.Arn, !ImportValue orders]", "": BIG}, []),
        ({"!Ref Worker": "!ImportValue worker"}, []),
        ({"AWS::SQS::Queue": "AWS::Kinesis::Stream", "FunctionName:": "StartingPosition: LATEST, FunctionName:"}, []),
        ({"FunctionName:": "Enabled: false, FunctionName:"}, []),
        ({"FunctionName:": "Enabled: 'false', FunctionName:"}, []),
        ({"FunctionName:": "Enabled: true, FunctionName:"}, ["60"]),
        ({"It:": "It:\n    Condition: Big", "": BIG}, ["60"]),
    ],
)  # fmt: skip
def test_referenced_timeouts_of_a_template_are_compared(changes: dict[str, str], expected: list[str], tmp_path: Path):
    assert found(changed(CLOUDFORMATION, changes), "template.yaml", tmp_path) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["60"]),
        ({"VisibilityTimeout: 60": ""}, ["180"]),
        ({"    Properties:\n": "    Properties:\n      Timeout: 60\n"}, []),
        (
            {"    Properties:\n": "    Properties:\n      Timeout: 61\n", "VisibilityTimeout: 60": "", "180": "10"},
            ["61"],
        ),
        ({"180": "!Ref Seconds", "": SECONDS}, []),
        ({"    Properties:\n": "    Properties:\n      Timeout: !Ref AWS::NoValue\n"}, []),
        ({"    Properties:\n": "    Properties:\n      Timeout:\n"}, []),
        ({"Globals: {Function: {Timeout: 180}}": "", "60": "2"}, ["2"]),
        ({"Globals: {Function: {Timeout: 180}}": "", "60": "3"}, []),
        ({"    Properties:\n": "    Properties:\n      AutoPublishAlias: live\n"}, ["60"]),
        ({"Orders.Arn}": "Orders.Arn, Enabled: false}"}, []),
        ({"Queue: !GetAtt Orders.Arn": "Queue: !GetAtt Orders.Arn"}, ["60"]),
    ],
)
def test_timeouts_of_sam_are_compared(changes: dict[str, str], expected: list[str], tmp_path: Path):
    assert found(changed(SAM, changes), "template.yaml", tmp_path) == expected


@pytest.mark.parametrize(("function", "expected"), [("!Ref Worker.Alias", ["60"]), ("!GetAtt Worker.Arn", ["60"])])
def test_a_mapping_next_to_a_sam_function(function: str, expected: list[str], tmp_path: Path):
    events = "Events: {Order: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}}"
    mapping = MAPPING.replace("!Ref Worker", function)
    text = changed(SAM, {events: "AutoPublishAlias: live", "": mapping})
    assert found(text, "template.yaml", tmp_path) == expected


def test_globals_do_not_apply_to_cloudformation_functions(tmp_path: Path):
    text = changed(CLOUDFORMATION, {"Timeout: 180": "", "": "Globals: {Function: {Timeout: 180}}\n"})
    assert found(text, "template.yaml", tmp_path) == []


OWN = {"    handler": "    timeout: 90\n    handler"}
OTHERS = "    Others: {Type: AWS::SQS::Queue}\n"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["60"]),
        ({"VisibilityTimeout: 60": ""}, ["180"]),
        ({**OWN, "VisibilityTimeout: 60": ""}, ["90"]),
        ({**OWN, "60": "90"}, []),
        ({", timeout: 180": "", "60": "5"}, ["5"]),
        ({", timeout: 180": "", "60": "6"}, []),
        ({"provider: {name: aws, timeout: 180}": "provider: aws", "60": "5"}, ["5"]),
        ({"provider: {name: aws, timeout: 180}": "provider: ${file(provider.yml)}", "60": "5"}, []),
        ({"180": "'${self:custom.seconds}'"}, []),
        ({"60": "'${self:custom.seconds}'"}, []),
        ({"": "  extensions: {WorkerLambdaFunction: {Properties: {Timeout: 10}}}\n"}, []),
        ({"": "    WorkerLambdaFunction: {Properties: {Timeout: 10}}\n"}, []),
        (
            {"  Resources:": "  - ${file(a.yml)}\n  - Resources: {Other: {Type: AWS::SNS::Topic}}\n  - Resources:"},
            ["60"],
        ),
        ({"!GetAtt Orders.Arn": "!ImportValue orders"}, []),
        ({"{arn: !GetAtt Orders.Arn}": "{arn: !GetAtt Orders.Arn, enabled: false}"}, []),
        ({"    Orders:": f"{OTHERS}    Orders:", "Orders.Arn": "Others.Arn"}, ["180"]),
    ],
)
def test_timeouts_of_serverless_are_compared(changes: dict[str, str], expected: list[str], tmp_path: Path):
    text = changed(SERVERLESS, changes)
    text = re.sub(r"(?<=resources:\n  - )(?s:.*)", lambda rest: rest[0].replace("\n    Orders", "\n      Orders"), text)
    assert found(text, "serverless.yml", tmp_path) == expected


def test_a_mapping_in_the_templates_of_a_service(tmp_path: Path):
    mapping = (
        MAPPING.replace("!Ref Worker", "!Ref WorkerLambdaFunction").replace("  ", "    ", 1).replace("\n  ", "\n    ")
    )
    text = changed(SERVERLESS, {"    events:\n      - sqs: {arn: !GetAtt Orders.Arn}\n": "", "": mapping})
    assert found(text, "serverless.yml", tmp_path) == ["60"]


SECOND = """\
resource "aws_sqs_queue" "others" {}
resource "aws_lambda_event_source_mapping" "second" {
  event_source_arn = aws_sqs_queue.others.arn
  function_name    = aws_lambda_function.worker.arn
}
"""
DATA = 'data "aws_sqs_queue" "orders" {\n  name = "orders"\n}\n'
LIVE = """\
resource "aws_lambda_alias" "live" {
  function_name    = aws_lambda_function.worker.%s
  function_version = aws_lambda_function.worker.version
}
"""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["60"]),
        ({"  visibility_timeout_seconds = 60\n": ""}, ["180"]),
        ({"  timeout       = 180\n": "", "60": "2"}, ["2"]),
        ({"  timeout       = 180\n": "", "60": "3"}, []),
        ({"60": '"60"', "180": '"180"'}, ['"60"']),
        ({"60": "null"}, ["180"]),
        ({"60": "local.seconds", "": "locals {\n  seconds = 61\n}\n"}, ["61"]),
        ({"60": "var.seconds", "": 'variable "seconds" {\n  default = 60\n}\n'}, []),
        ({"180": "var.seconds", "": 'variable "seconds" {}\n'}, []),
        ({"60": "aws_lambda_function.worker.timeout"}, []),
        ({"60": "6 * 10"}, []),
        ({"60": "var.big ? 90 : 60"}, []),
        ({"worker.arn": "worker.function_name"}, ["60"]),
        ({"worker.arn": "worker.qualified_arn"}, ["60"]),
        ({"aws_lambda_function.worker.arn": '"worker"'}, ["60"]),
        ({"aws_lambda_function.worker.arn": '"other"'}, []),
        ({"aws_lambda_function.worker.arn": "module.worker.arn"}, []),
        ({"aws_lambda_function.worker.arn": "aws_lambda_alias.live.arn", "": LIVE % "arn"}, ["60"]),
        ({"aws_lambda_function.worker.arn": "aws_lambda_alias.live.arn", "": LIVE % "function_name"}, ["60"]),
        ({"aws_sqs_queue.orders.arn": "data.aws_sqs_queue.orders.arn", "": DATA}, []),
        ({'"orders" {': '"orders" {\n  count = 1', "orders.arn": "orders[0].arn"}, ["60"]),
        (
            {'"orders" {': '"orders" {\n  for_each = var.queues', "60": "each.value", "orders.arn": 'orders["a"].arn'},
            [],
        ),
        ({'"it" {': '"it" {\n  count = 0'}, []),
        ({'"it" {': '"it" {\n  enabled = false'}, []),
        ({"60": "180", "": SECOND}, ["180"]),
    ],
)
def test_timeouts_of_a_terraform_module_are_compared(changes: dict[str, str], expected: list[str], tmp_path: Path):
    assert found(changed(TERRAFORM, changes), "main.tf", tmp_path) == expected


def test_terraform_in_json(tmp_path: Path):
    content: Any = {
        "aws_sqs_queue": {"orders": {"visibility_timeout_seconds": 60}},
        "aws_lambda_function": {"worker": {"timeout": 180}},
        "aws_lambda_event_source_mapping": {
            "it": {
                "event_source_arn": "${aws_sqs_queue.orders.arn}",
                "function_name": "${aws_lambda_function.worker.arn}",
            }
        },
    }
    assert found(json.dumps({"resource": content}), "main.tf.json", tmp_path) == ["60"]


QUEUE, FUNCTION, IT = (
    TERRAFORM.partition('resource "aws_lambda_function"')[0],
    *(f'resource "aws_lambda_{each}' for each in TERRAFORM.split('resource "aws_lambda_')[1:]),
)
AT = "aws_sqs_queue.orders.arn"
SIXTY, VARIABLE = "locals {\n  seconds = 60\n}", 'variable "seconds" {\n  default = 60\n}'
BY_LOCAL, BY_VARIABLE = QUEUE.replace("60", "local.seconds"), QUEUE.replace("60", "var.seconds")
IN_JSON = '{"resource": {"aws_sqs_queue": {"orders": {"visibility_timeout_seconds": "${local.seconds}"}}}}'
CALL = 'module "orders" {\n  source = "./orders"\n}\n'


@pytest.mark.parametrize(
    ("here", "elsewhere", "expected"),
    [
        (QUEUE + IT, {"b.tf": FUNCTION}, ["60"]),
        (FUNCTION + IT, {"b.tf": QUEUE}, [AT]),
        (FUNCTION + IT, {"b.tf": QUEUE.replace("60", "180")}, []),
        (FUNCTION + IT, {"b.tf": 'resource "aws_sqs_queue" "orders" {}'}, ["180"]),
        (IT, {"b.tf": QUEUE, "c.tf": FUNCTION}, [AT]),
        (IT, {"b.tf": 'resource "aws_sqs_queue" "orders" {}', "c.tf": FUNCTION}, ["aws_lambda_function.worker.arn"]),
        (IT.replace("worker.arn", "worker.function_name"), {"b.tf": QUEUE, "c.tf": FUNCTION}, [AT]),
        (IT.replace("function.worker", "alias.live"), {"b.tf": QUEUE, "c.tf": FUNCTION + LIVE % "function_name"},
         [AT]),
        (FUNCTION + IT, {"b.tf": BY_LOCAL, "c.tf": SIXTY},
         [AT]),
        (FUNCTION + IT, {"b.tf": BY_VARIABLE, "c.tf": VARIABLE}, []),
        (FUNCTION + BY_LOCAL + IT, {"c.tf": SIXTY}, ["local.seconds"]),
        (FUNCTION + IT, {"b.tf.json": IN_JSON, "c.tf": SIXTY},
         [AT]),
        (FUNCTION + IT, {"other/b.tf": QUEUE}, []),
        (QUEUE + FUNCTION + CALL + IT.replace(AT, "module.orders.arn"),
         {"orders/b.tf": 'output "arn" {\n  value = aws_sqs_queue.orders.arn\n}\n' + QUEUE.replace("60", "180")}, []),
        (QUEUE + FUNCTION + IT.replace(AT, "try(aws_sqs_queue.orders.arn, aws_sqs_queue.b.arn)"),
         {"b.tf": QUEUE.replace('"orders"', '"b"').replace("60", "180")}, []),
        (QUEUE + FUNCTION + IT.replace(AT, "try(aws_sqs_queue.orders.arn, null)"), {}, ["60"]),
    ],
)  # fmt: skip
def test_timeouts_in_the_files_of_a_module(here: str, elsewhere: dict[str, str], expected: list[str], tmp_path: Path):
    for name, content in elsewhere.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    assert found(here, "main.tf", tmp_path) == expected
