"""Test the edition `current` in configuration files: new members are validated in every format, and by new limits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CLOUDFORMATION = """\
Resources:
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: arn:aws:sqs:us-east-1:123456789012:orders
      BatchSize: 100
      FilterCriteria: {Filters: [{Pattern: "no JSON"}]}
      ScalingConfig: {MaximumConcurrency: 1}
  Settings:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: orders
      Qualifier: live
      DestinationConfig: {OnSuccess: {Destination: arn:aws:s3:::results}}
"""
SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Records:
          Type: Kinesis
          Properties:
            Stream: arn:aws:kinesis:us-iso-east-1:123456789012:stream/orders
            StartingPosition: LATEST
            MaximumRecordAgeInSeconds: 30
"""
TERRAFORM = """\
resource "aws_lambda_event_source_mapping" "orders" {
  function_name                 = "orders"
  event_source_arn              = "arn:aws:kinesis:us-iso-east-1:123456789012:stream/orders"
  starting_position             = "LATEST"
  maximum_record_age_in_seconds = 30
  parallelization_factor        = 11
}
"""
SERVERLESS = """\
service: shop
provider: {name: aws}
functions:
  orders:
    handler: orders.handle
    events:
      - stream:
          arn: arn:aws:kinesis:us-east-1:123456789012:stream/orders
          parallelizationFactor: 11
"""
ACK = """\
apiVersion: lambda.services.k8s.aws/v1alpha1
kind: EventSourceMapping
metadata: {name: orders}
spec:
  functionName: orders
  eventSourceARN: arn:aws:sqs:us-east-1:123456789012:orders
  batchSize: 100
  maximumBatchingWindowInSeconds: 0
"""
KAFKA = """\
Conditions: {Tagged: !Equals [!Ref AWS::Region, eu-west-1]}
Resources:
  Clean:
    Type: AWS::Lambda::EventSourceMapping
    Properties: &shared
      FunctionName: orders
      Tags: [{Key: team, Value: shop}, {Key: !Ref AWS::Region, Value: shop}]
      SelfManagedEventSource: {Endpoints: {KafkaBootstrapServers: ["kafka.example.com:9092"]}}
      SourceAccessConfigurations:
        - {Type: BASIC_AUTH, URI: "arn:aws:secretsmanager:us-east-1:123456789012:secret:kafka"}
      Topics: [orders]
  Wrong:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      <<: *shared
      Tags: [{Key: team, Value: shop}, {Key: cost, Value: [1]}]
      SelfManagedEventSource: {Endpoints: {KafkaBootstrapServers: [" "]}}
  Chosen:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      <<: *shared
      Tags: !If [Tagged, [{Key: cost, Value: [1]}], !Ref AWS::NoValue]
      SelfManagedEventSource: {Endpoints: !If [Tagged, {KafkaBootstrapServers: ["a.b:1"]}, {Servers: ["a.b:1"]}]}
  AsTheApiHasThem:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      <<: *shared
      Tags: {team: shop}
      SelfManagedEventSource: {Endpoints: {KAFKA_BOOTSTRAP_SERVERS: ["kafka.example.com:9092"]}}
"""
EVENTS = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Target: {Type: String}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Clean:
          Type: Kinesis
          Properties: &shared
            Stream: arn:aws:kinesis:us-east-1:123456789012:stream/orders
            StartingPosition: LATEST
            DestinationConfig: {OnFailure: {Type: SQS, Destination: !Ref Target}}
        Bucket:
          Type: Kinesis
          Properties:
            <<: *shared
            DestinationConfig: {OnFailure: {Type: S3, Destination: arn:aws:s3:::failures}}
        Topic:
          Type: MSK
          Properties:
            Stream: arn:aws:kafka:us-east-1:123456789012:cluster/c/12345678-1234-1234-1234-123456789012-1
            StartingPosition: LATEST
            Topics: [orders]
            DestinationConfig: {OnFailure: {Type: Kafka, Destination: "kafka://failures"}}
        Wrong:
          Type: Kinesis
          Properties:
            <<: *shared
            DestinationConfig: {OnFailure: {Type: S3Bucket, Destination: !Ref Target}}
"""
API = '{"FunctionName": "orders",\n "SelfManagedEventSource": {"Endpoints": {}},\n "Topics": ["orders"]}\n'

FOUND = {
    "template.yaml": (
        CLOUDFORMATION,
        [
            "4:5 batch-size.window",
            "8:44 filter-pattern.syntax",
            "9:43 maximum-concurrency.minimum",
            "15:52 destination.success-bucket",
        ],
    ),
    "sam.yaml": (SAM, ["12:40 record-age.range"]),
    "main.tf": (TERRAFORM, ["5:35 record-age.range", "6:35 parallelization-factor.maximum"]),
    "serverless.yml": (SERVERLESS, ["9:34 parallelization-factor.maximum"]),
    "mapping.yaml": (ACK, ["8:35 batch-size.window"]),
    "kafka.yaml": (
        KAFKA,
        [
            "16:59 tags.type",
            "17:69 endpoints.pattern",
            "22:26 tags.type",
            "23:93 endpoints.enum",
            "28:7 tags.type",
            "29:44 member.spelling",
        ],
    ),
    "events.yaml": (EVENTS, ["30:51 destination.type"]),
    "kafka.json": (API, ["1:1 source-access.required", "2:42 endpoints.min-properties"]),
}


def linted(file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lambda_validate", "lint", "--output-format", "concise", *arguments, str(file)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("name", FOUND)
def test_newer_members_are_checked_in_each_format(name: str, tmp_path: Path) -> None:
    text, expected = FOUND[name]
    (tmp_path / name).write_text(text)
    done = linted(tmp_path / name, "--edition", "current")
    found = [line.removeprefix(f"{tmp_path / name}:").split(" ")[:3] for line in done.stdout.splitlines()]
    assert [f"{place[:-1]} {rule}" for place, severity, rule in found if severity == "error"] == expected
    assert done.returncode == 1
    assert "member.newer" not in done.stdout


def test_values_within_newer_limits_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM.replace("= 30", "= 60").replace("= 11", "= 10"))
    assert linted(tmp_path / "main.tf", "--edition", "current").returncode == 0
    assert linted(tmp_path / "main.tf", "--edition", "documents").returncode == 1


def test_a_payload_is_recognised_whatever_the_edition(tmp_path: Path) -> None:
    (tmp_path / "kafka.json").write_text(API)
    assert "event-source-arn.required" in linted(tmp_path / "kafka.json", "--edition", "documents").stdout
    assert "event-source-arn.required" not in linted(tmp_path / "kafka.json", "--edition", "current").stdout


def test_members_inside_a_forbidden_member_are_not_reported(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "Resources:\n  It:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n      FunctionName: f\n"
        "      EventSourceArn: arn:aws:sqs:us-west-2:123456789012:orders\n"
        "      DestinationConfig: {OnFailure: {Nope: 1, Destination: arn:aws:s3}}\n      destinationConfig: 1\n"
    )
    found = linted(file, "--edition", "current", "--output-format", "concise").stdout
    assert [line.split(" ")[2] for line in found.splitlines()] == ["destination-config.source", "member.spelling"]
