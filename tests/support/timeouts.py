"""Write files with a queue, a function and their mapping, whose timeouts do not match."""

from __future__ import annotations

import io
from pathlib import Path

import lambda_validate as lv
from lambda_validate.lint.runner import lint

RULE = "queue.visibility-timeout"
VALIDATORS = {edition: lv.Validator(edition) for edition in ("current", "documents")}

CLOUDFORMATION = """\
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  Worker: {Type: AWS::Lambda::Function, Properties: {Timeout: 180}}
  It:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Worker}
"""
MAPPING = "".join(CLOUDFORMATION.splitlines(keepends=True)[3:])
SAM = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Timeout: 180}}
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Events: {Order: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}}
"""
SERVERLESS = """\
service: shop
provider: {name: aws, timeout: 180}
functions:
  worker:
    handler: app.handler
    events:
      - sqs: {arn: !GetAtt Orders.Arn}
resources:
  Resources:
    Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
"""
TERRAFORM = """\
resource "aws_sqs_queue" "orders" {
  visibility_timeout_seconds = 60
}
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  timeout       = 180
}
resource "aws_lambda_event_source_mapping" "it" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.worker.arn
}
"""
NAMES = {"template.yaml": (CLOUDFORMATION, SAM), "serverless.yml": (SERVERLESS,), "main.tf": (TERRAFORM,)}


def changed(text: str, changes: dict[str, str]) -> str:
    """Return a string with parts replaced. Each part must occur, and "" is the end of the string."""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new) if old else text + new
    return text


def found(text: str, name: str, folder: Path, edition: str = "current") -> list[str]:
    """Return the strings at the findings, and assert that all are of the rule."""
    (folder / name).write_text(text, "utf-8")
    outcome = lint([str(folder / name)], io.BytesIO(), VALIDATORS[edition])
    assert (outcome.checked, outcome.failures) == (1, ())
    assert {(each.rule, each.severity) for each in outcome.findings} <= {(RULE, "error")}
    excerpts = [each.excerpt for each in outcome.findings]
    return [each.text[each.start : each.end] for each in excerpts if each]
