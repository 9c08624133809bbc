"""Generate documents of about 1,000 lines for the playground. Each number gives another document of each kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import count

LINES = 1_000


def _filled(head: list[str], part: Callable[[int], list[str]], comment: str = "# the end") -> str:
    """Return this many parts below a head, filled with comments to the full size."""
    lines = list(head)
    for index in count():
        more = part(index)
        if len(lines) + len(more) > LINES:
            break
        lines += more
    return "\n".join([*lines, *[comment] * (LINES - len(lines))]) + "\n"


def _queue(index: int, number: int) -> str:
    return f"arn:aws:sqs:us-west-2:123456789012:orders-{index}-{number}"


def template(number: int) -> str:
    """Return a template with a fault in each tenth mapping."""
    return _filled(["AWSTemplateFormatVersion: '2010-09-09'", "Resources:"], lambda index: [
        f"  Mapping{index}:", "    Type: AWS::Lambda::EventSourceMapping", "    Properties:",
        f"      FunctionName: take-orders-{index}-{number}", f"      EventSourceArn: {_queue(index, number)}",
        f"      BatchSize: {10 + (index % 10 == 0)}", "      Enabled: true", f"      # the mapping {index}",
    ])  # fmt: skip


def as_json(number: int) -> str:
    """Return a template in JSON with a fault in each mapping."""
    mappings = {
        f"Mapping{index}": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": f"take-orders-{index}-{number}", "EventSourceArn": _queue(index, number),
                "BatchSize": 11, "Enabled": True, "MaximumBatchingWindowInSeconds": 0,
            },
        }
        for index in range(100)
    }  # fmt: skip
    return json.dumps({"Resources": mappings}, indent=2)


def terraform(number: int) -> str:
    """Return Terraform with a fault in each mapping."""
    return _filled([], lambda index: [
        f'resource "aws_lambda_event_source_mapping" "orders_{index}" {{',
        f'  function_name    = "take-orders-{index}-{number}"', f'  event_source_arn = "{_queue(index, number)}"',
        "  batch_size       = 11", "  enabled          = true", "}", "",
    ])  # fmt: skip


def faulty(number: int) -> str:
    """Return a template with six faults in each mapping. Two of them can be fixed."""
    return _filled(["Resources:"], lambda index: [
        f"  Mapping{index}:", "    Type: AWS::Lambda::EventSourceMapping", "    Properties:",
        f"      FunctionName: take orders {index} {number}", f"      EventSourceArn: {_queue(index, number)}",
        "      BatchSize: '11'", "      Enabeld: 'true'", "      MaximumBatchingWindowInSeconds: 301",
        "      StartingPosition: latest",
    ])  # fmt: skip


def sam(number: int) -> str:
    """Return a SAM template of functions, with a fault in each tenth."""
    return _filled(["Transform: AWS::Serverless-2016-10-31", "Resources:"], lambda index: [
        f"  Function{index}:", "    Type: AWS::Serverless::Function", "    Properties:", "      Handler: app.handler",
        f"      CodeUri: src/{index}/", "      Events:", "        Orders:", "          Type: SQS",
        "          Properties:", f"            Queue: {_queue(index, number)}",
        f"            BatchSize: {10 + (index % 10 == 0)}", "            Enabled: true", f"      # function {index}",
    ])  # fmt: skip


TEXTS: Mapping[str, tuple[Callable[[int], str], int]] = {
    "CloudFormation": (template, 13),
    "CloudFormation, JSON": (as_json, 100),
    "Terraform": (terraform, 142),
    "CloudFormation, many faults": (faulty, 666),
    "SAM": (sam, 8),
}
"""The generator of each kind of document, and its number of findings."""
