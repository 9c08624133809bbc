"""The parts of the two resources that are specific to Terraform: types, meta-arguments, and the targets of references.

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
"""By type, the attributes that only the provider sets."""
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
"""By type and argument, the value in a plan or state of an argument that is not set; so is a zero, "" or false."""
META = frozenset({"count", "for_each", "provider", "depends_on", "region", "id", "tags_all", "//"})
"""Arguments that every resource has; `//` is a comment in JSON."""
META_BLOCKS = frozenset({"connection", "dynamic", "lifecycle", "provisioner", "timeouts"})


@cache
def names(type: str) -> Mapping[Path, str]:
    """Return by each member's path in a payload, list indices left out, its name in a type of resource."""
    return MappingProxyType(dict(_names(TYPES[type].fields, ())))


def _names(fields: Mapping[str, Field], path: Path) -> Iterator[tuple[Path, str]]:
    for name, field in fields.items():
        here = (*path, field.api)
        yield here, name
        yield from _names(field.members or {}, here)


class ReferenceTarget(NamedTuple):
    """What attributes of a type of resource are: `services` by attribute (see `Unknown.service`), and which one is the
    ARN that the API wants. `fifo` is the argument that makes it a FIFO queue or topic."""

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
"""By type of resource, or of data source, that references lead to."""
