"""What `Ref` and `Fn::GetAtt` give for a resource in the same template, such as an ARN of SQS, by the resource's type.

Source: the section "Return values" of each resource's page in the CloudFormation and SAM references.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...unresolved.parts import Partial, Unknown

NAME, URL, TABLE = "name", "sqs-url", "dynamodb-table"

REFS: Mapping[str, str] = {
    "AWS::DynamoDB::GlobalTable": NAME,
    "AWS::DynamoDB::Table": NAME,
    "AWS::Events::EventBus": NAME,
    "AWS::Kinesis::Stream": NAME,
    "AWS::Kinesis::StreamConsumer": "kinesis",
    "AWS::Lambda::Alias": "lambda",
    "AWS::Lambda::Function": NAME,
    "AWS::Lambda::Version": "lambda",
    "AWS::MSK::Cluster": "kafka",
    "AWS::MSK::ServerlessCluster": "kafka",
    "AWS::S3::Bucket": NAME,
    "AWS::SNS::Topic": "sns",
    "AWS::SQS::Queue": URL,
    "AWS::Serverless::Function": NAME,
    "AWS::Serverless::SimpleTable": NAME,
}
"""What `Ref` gives for a resource of a type: an ARN of a service, or "name", "sqs-url" or "dynamodb-table"."""

ATTRIBUTES: Mapping[tuple[str, str], str] = {
    ("AWS::AmazonMQ::Broker", "Arn"): "mq",
    ("AWS::DynamoDB::GlobalTable", "Arn"): TABLE,
    ("AWS::DynamoDB::GlobalTable", "StreamArn"): "dynamodb",
    ("AWS::DynamoDB::Table", "Arn"): TABLE,
    ("AWS::DynamoDB::Table", "StreamArn"): "dynamodb",
    ("AWS::Events::EventBus", "Arn"): "events",
    ("AWS::Events::EventBus", "Name"): NAME,
    ("AWS::Kinesis::Stream", "Arn"): "kinesis",
    ("AWS::Kinesis::StreamConsumer", "ConsumerARN"): "kinesis",
    ("AWS::Kinesis::StreamConsumer", "ConsumerName"): NAME,
    ("AWS::Kinesis::StreamConsumer", "StreamARN"): "kinesis",
    ("AWS::KinesisFirehose::DeliveryStream", "Arn"): "firehose",
    ("AWS::Lambda::Alias", "AliasArn"): "lambda",
    ("AWS::Lambda::Function", "Arn"): "lambda",
    ("AWS::Lambda::Version", "FunctionArn"): "lambda",
    ("AWS::MSK::Cluster", "Arn"): "kafka",
    ("AWS::MSK::ServerlessCluster", "Arn"): "kafka",
    ("AWS::S3::Bucket", "Arn"): "s3",
    ("AWS::SNS::Topic", "TopicArn"): "sns",
    ("AWS::SNS::Topic", "TopicName"): NAME,
    ("AWS::SQS::Queue", "Arn"): "sqs",
    ("AWS::SQS::Queue", "QueueName"): NAME,
    ("AWS::SQS::Queue", "QueueUrl"): URL,
    ("AWS::Serverless::Function", "Arn"): "lambda",
    ("AWS::Serverless::SimpleTable", "Arn"): TABLE,
    ("AWS::Serverless::SimpleTable", "StreamArn"): "dynamodb",
}
"""What `Fn::GetAtt` gives for a type and an attribute, in the terms of `REFS`."""

ARNS: Mapping[str, str] = {
    "AWS::DynamoDB::GlobalTable": "StreamArn",
    "AWS::DynamoDB::Table": "StreamArn",
    "AWS::Events::EventBus": "Arn",
    "AWS::Kinesis::Stream": "Arn",
    "AWS::Lambda::Function": "Arn",
    "AWS::S3::Bucket": "Arn",
    "AWS::SQS::Queue": "Arn",
    "AWS::Serverless::Function": "Arn",
}
"""The attribute with the ARN that an event source mapping or a destination needs, by the type of the resource."""

FIFO: Mapping[str, tuple[str, str]] = {
    "AWS::SNS::Topic": ("FifoTopic", "TopicName"),
    "AWS::SQS::Queue": ("FifoQueue", "QueueName"),
}
"""The properties that make a FIFO queue or topic: a setting that is true, or a name that ends with ".fifo"."""

PSEUDO: Mapping[str, str] = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-west-2",
    "AWS::StackName": "stack",
    "AWS::URLSuffix": "amazonaws.com",
}
"""Pseudo parameters of CloudFormation, each with an example of its value."""


def referenced(name: str, resource: Mapping[str, Any], attribute: str | None = None) -> Unknown:
    """Return what `Fn::GetAtt` gives for an attribute of a resource, or `Ref` if `attribute` is None.

    The result is an `Unknown` with what is known, such as the service of an ARN.
    """
    kind = resource.get("Type")
    if not isinstance(kind, str):
        return Unknown(None, is_fifo(resource))
    service = REFS.get(kind) if attribute is None else ATTRIBUTES.get((kind, attribute))
    has_help = service in (NAME, URL, TABLE) and kind in ARNS and name.isalnum() and len(name) <= 255
    help = f"Write !GetAtt {name}.{ARNS[kind]}." if has_help else None
    return Unknown(service, is_fifo(resource), help, target=(name,) if service else ())


def is_fifo(resource: Mapping[str, Any]) -> bool | None:
    """Return whether a resource is a FIFO queue or topic. Return None if it is unknown, or another type of resource."""
    kind, properties = resource.get("Type"), resource.get("Properties", {})
    if not isinstance(kind, str) or kind not in FIFO or not isinstance(properties, dict):
        return None
    if any(name.startswith("Fn::") for name in properties):
        return None
    setting, name = (properties.get(member) for member in FIFO[kind])
    if setting is not None and not isinstance(setting, bool | str):
        return None
    if isinstance(name, str) and name.endswith(".fifo"):
        return True
    if isinstance(setting, str) and setting.lower() not in ("true", "false"):
        return None
    return str(setting).lower() == "true"


def joined(values: list[Any]) -> Partial:
    """Return the concatenation of strings and unknown values, as a string with placeholders."""
    parts: list[str | None] = []
    for value in values:
        if isinstance(value, Partial):
            parts += value.parts
        else:
            parts.append(value if isinstance(value, str) else None)
    first = values[0] if values else None
    if not isinstance(first, Unknown | Partial):
        return Partial(tuple(parts))
    return Partial(tuple(parts), first.service, first.fifo if len(values) == 1 else None)
