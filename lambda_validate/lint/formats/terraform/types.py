"""What is specific to Terraform: resource types, arguments of all resources, and what references to resources are.

Source: `terraform providers schema -json` of hashicorp/aws 5.100.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from ...documents.places import Path
from ..aws_resources import MAPPING, SETTING, Field, ResourceType

PROVIDER = "Terraform AWS provider"
TYPES: Mapping[str, ResourceType] = {
    "aws_lambda_event_source_mapping": MAPPING,
    "aws_lambda_function_event_invoke_config": SETTING,
}
COMPUTED: Mapping[str, frozenset[str]] = {
    "aws_lambda_event_source_mapping": frozenset(
        "arn function_arn last_modified last_processing_result state state_transition_reason uuid".split()  # noqa: SIM905  # a list of words, read as one
    ),
    "aws_lambda_function_event_invoke_config": frozenset(),
}
"""By resource type, the attributes that only the provider sets, so that a configuration cannot."""
UNSET_VALUES: Mapping[str, Mapping[str, Any]] = {
    "aws_lambda_event_source_mapping": {
        "batch_size": 0,
        "bisect_batch_on_function_error": False,
        "destination_arn": "",
        "event_source_arn": "",
        "kms_key_arn": "",
        "maximum_batching_window_in_seconds": 0,
        "maximum_record_age_in_seconds": -1,
        "maximum_retry_attempts": -1,
        "parallelization_factor": 1,
        "starting_position": "",
        "starting_position_timestamp": "",
        "tumbling_window_in_seconds": 0,
    },
    "aws_lambda_function_event_invoke_config": {"destination": "", "maximum_event_age_in_seconds": 0, "qualifier": ""},
}
"""By resource type, the arguments that a plan or state contains although they are not set, with the value they have.

A value of 0, "" or false also means that such an argument is not set.
"""
META = frozenset({"count", "for_each", "provider", "depends_on", "region", "id", "tags_all", "//"})
"""Arguments that are valid in every resource, and not members of the API. `//` is a comment in JSON."""
META_BLOCKS = frozenset({"connection", "dynamic", "lifecycle", "provisioner", "timeouts"})


@cache
def names(type: str) -> Mapping[Path, str]:
    """Return the arguments of a resource type by their path in a payload: `("BatchSize",)` is `batch_size`.

    The paths have no indexes of lists.
    """
    return MappingProxyType(dict(_names(TYPES[type].fields, ())))


def _names(fields: Mapping[str, Field], path: Path) -> Iterator[tuple[Path, str]]:
    for name, field in fields.items():
        here = (*path, field.api)
        yield here, name
        yield from _names(field.members or {}, here)


class ReferenceTarget(NamedTuple):
    """What the attributes of a resource type are, for references to them.

    `services` says which kind of value each attribute is, such as an ARN of "sqs" (see `Unknown.service`). `arn` is the
    attribute with the ARN that the API needs. `fifo` is the argument that makes a FIFO queue or topic.
    """

    services: Mapping[str, str]
    arn: str = "arn"
    fifo: str | None = None


TARGETS: Mapping[str, ReferenceTarget] = {
    "aws_cloudwatch_event_bus": ReferenceTarget({"arn": "events", "name": "name", "id": "name"}),
    "aws_docdb_cluster": ReferenceTarget({"arn": "rds"}),
    "aws_dynamodb_table": ReferenceTarget(
        {"stream_arn": "dynamodb", "arn": "dynamodb-table", "id": "name", "name": "name"}, "stream_arn"
    ),
    "aws_kinesis_stream": ReferenceTarget({"arn": "kinesis", "id": "kinesis", "name": "name"}),
    "aws_kinesis_stream_consumer": ReferenceTarget(
        {"arn": "kinesis", "id": "kinesis", "stream_arn": "kinesis", "name": "name"}
    ),
    "aws_kinesis_firehose_delivery_stream": ReferenceTarget({"arn": "firehose", "id": "firehose", "name": "name"}),
    "aws_lambda_alias": ReferenceTarget({"arn": "lambda", "id": "lambda", "name": "name", "invoke_arn": "apigateway"}),
    "aws_lambda_function": ReferenceTarget(
        {"arn": "lambda", "qualified_arn": "lambda", "function_name": "name", "id": "name", "invoke_arn": "apigateway"}
    ),
    "aws_mq_broker": ReferenceTarget({"arn": "mq"}),
    "aws_msk_cluster": ReferenceTarget({"arn": "kafka", "id": "kafka"}),
    "aws_msk_serverless_cluster": ReferenceTarget({"arn": "kafka", "id": "kafka"}),
    "aws_s3_bucket": ReferenceTarget({"arn": "s3", "id": "name", "bucket": "name"}),
    "aws_sns_topic": ReferenceTarget({"arn": "sns", "id": "sns", "name": "name"}, fifo="fifo_topic"),
    "aws_sqs_queue": ReferenceTarget(
        {"arn": "sqs", "id": "sqs-url", "url": "sqs-url", "name": "name"}, fifo="fifo_queue"
    ),
}
"""The types of resources and data sources to which references are evaluated."""
