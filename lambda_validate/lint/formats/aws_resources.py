"""The two resources as Terraform's AWS provider spells them, and what its references to other resources point at.

Sources: `terraform providers schema -json` of hashicorp/aws 5.100, and the newer members of its documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from ..documents.places import Path
from ..findings.resource import SETTINGS

PROVIDER = "Terraform AWS provider"


class Argument(NamedTuple):
    """An argument: its name in the API, and, of a block, what is in it.

    `many` tells that each block is one item of a list; of others there is one at most. `from_text` names the conversion
    that the provider does before it calls the API.
    """

    api: str
    members: Mapping[str, Argument] | None = None
    many: bool = False
    from_text: str = ""


class Kind(NamedTuple):
    """A type of resource: what it calls, its arguments, and the attributes that only the provider sets.

    Of an argument in `unset`, a zero, an empty text or false in a plan or state is how the provider says that it is not
    set; or else the value here, which is what the service makes of that.
    """

    operation: str
    direction: str
    arguments: Mapping[str, Argument]
    computed: frozenset[str]
    unset: Mapping[str, Any]


def _one(api: str, **members: Argument | str) -> Argument:
    return Argument(api, _plain(members))


def _many(api: str, **members: Argument | str) -> Argument:
    return Argument(api, _plain(members), many=True)


def _plain(members: Mapping[str, Argument | str]) -> Mapping[str, Argument]:
    return {name: Argument(each) if isinstance(each, str) else each for name, each in members.items()}


REGISTRY = _one(
    "SchemaRegistryConfig",
    access_config=_many("AccessConfigs", type="Type", uri="URI"),
    event_record_format="EventRecordFormat",
    schema_registry_uri="SchemaRegistryURI",
    schema_validation_config=_many("SchemaValidationConfigs", attribute="Attribute"),
)
MAPPING = Kind(
    "CreateEventSourceMapping",
    "request",
    _plain(
        {
            "amazon_managed_kafka_event_source_config": _one(
                "AmazonManagedKafkaEventSourceConfig",
                consumer_group_id="ConsumerGroupId",
                schema_registry_config=REGISTRY,
            ),
            "batch_size": "BatchSize",
            "bisect_batch_on_function_error": "BisectBatchOnFunctionError",
            "destination_config": _one(
                "DestinationConfig",
                on_failure=_one("OnFailure", destination_arn="Destination"),
                on_success=_one("OnSuccess", destination_arn="Destination"),
            ),
            "document_db_event_source_config": _one(
                "DocumentDBEventSourceConfig",
                collection_name="CollectionName",
                database_name="DatabaseName",
                full_document="FullDocument",
            ),
            "enabled": "Enabled",
            "event_source_arn": "EventSourceArn",
            "filter_criteria": _one("FilterCriteria", filter=_many("Filters", pattern="Pattern")),
            "function_name": "FunctionName",
            "function_response_types": "FunctionResponseTypes",
            "kms_key_arn": "KMSKeyArn",
            "logging_config": _one("LoggingConfig", system_log_level="SystemLogLevel"),
            "maximum_batching_window_in_seconds": "MaximumBatchingWindowInSeconds",
            "maximum_record_age_in_seconds": "MaximumRecordAgeInSeconds",
            "maximum_retry_attempts": "MaximumRetryAttempts",
            "metrics_config": _one("MetricsConfig", metrics="Metrics"),
            "parallelization_factor": "ParallelizationFactor",
            "provisioned_poller_config": _one(
                "ProvisionedPollerConfig",
                maximum_pollers="MaximumPollers",
                minimum_pollers="MinimumPollers",
                poller_group_name="PollerGroupName",
            ),
            "queues": "Queues",
            "scaling_config": _one("ScalingConfig", maximum_concurrency="MaximumConcurrency"),
            "self_managed_event_source": _one(
                "SelfManagedEventSource", endpoints=Argument("Endpoints", from_text="endpoints")
            ),
            "self_managed_kafka_event_source_config": _one(
                "SelfManagedKafkaEventSourceConfig",
                consumer_group_id="ConsumerGroupId",
                schema_registry_config=REGISTRY,
            ),
            "source_access_configuration": _many("SourceAccessConfigurations", type="Type", uri="URI"),
            "starting_position": "StartingPosition",
            "starting_position_timestamp": Argument("StartingPositionTimestamp", from_text="timestamp"),
            "tags": "Tags",
            "topics": "Topics",
            "tumbling_window_in_seconds": "TumblingWindowInSeconds",
        }
    ),
    frozenset(
        "arn function_arn last_modified last_processing_result state state_transition_reason uuid".split()  # noqa: SIM905  # a list of words, read as one
    ),
    {
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
)
SETTING = Kind(
    "GetFunctionEventInvokeConfig",
    SETTINGS,
    _plain(
        {
            "destination_config": _one(
                "DestinationConfig",
                on_failure=_one("OnFailure", destination="Destination"),
                on_success=_one("OnSuccess", destination="Destination"),
            ),
            "function_name": "FunctionName",
            "maximum_event_age_in_seconds": "MaximumEventAgeInSeconds",
            "maximum_retry_attempts": "MaximumRetryAttempts",
            "qualifier": "Qualifier",
        }
    ),
    frozenset(),
    {"destination": "", "maximum_event_age_in_seconds": 0, "qualifier": ""},
)
KINDS: Mapping[str, Kind] = {
    "aws_lambda_event_source_mapping": MAPPING,
    "aws_lambda_function_event_invoke_config": SETTING,
}
"""By type of resource."""

UNSET = frozenset({"batch_size"})
"""Arguments of which a written zero is no value: it keeps the source's default."""
META = frozenset({"count", "for_each", "provider", "depends_on", "region", "id", "tags_all", "//"})
"""Arguments that every resource has; `//` is a comment in JSON."""
META_BLOCKS = frozenset({"connection", "dynamic", "lifecycle", "provisioner", "timeouts"})


@cache
def names(type: str) -> Mapping[Path, str]:
    """Return by each member's path in a payload, list indices left out, its name in a type of resource."""
    return MappingProxyType(dict(_names(KINDS[type].arguments, ())))


def _names(arguments: Mapping[str, Argument], path: Path) -> Iterator[tuple[Path, str]]:
    for name, argument in arguments.items():
        here = (*path, argument.api)
        yield here, name
        yield from _names(argument.members or {}, here)


class Target(NamedTuple):
    """What attributes of a type of resource are: `services` by attribute (see `Unknown.service`), and which one is the
    ARN that the API wants. `fifo` is the argument that makes it a FIFO queue or topic."""

    services: Mapping[str, str]
    arn: str = "arn"
    fifo: str | None = None


TARGETS: Mapping[str, Target] = {
    "aws_cloudwatch_event_bus": Target({"arn": "events", "name": "name", "id": "name"}),
    "aws_docdb_cluster": Target({"arn": "rds"}),
    "aws_dynamodb_table": Target(
        {"stream_arn": "dynamodb", "arn": "dynamodb-table", "id": "name", "name": "name"}, "stream_arn"
    ),
    "aws_kinesis_stream": Target({"arn": "kinesis", "id": "kinesis", "name": "name"}),
    "aws_kinesis_stream_consumer": Target({"arn": "kinesis", "id": "kinesis", "stream_arn": "kinesis", "name": "name"}),
    "aws_kinesis_firehose_delivery_stream": Target({"arn": "firehose", "id": "firehose", "name": "name"}),
    "aws_lambda_alias": Target({"arn": "lambda", "id": "lambda", "name": "name", "invoke_arn": "apigateway"}),
    "aws_lambda_function": Target(
        {"arn": "lambda", "qualified_arn": "lambda", "function_name": "name", "id": "name", "invoke_arn": "apigateway"}
    ),
    "aws_mq_broker": Target({"arn": "mq"}),
    "aws_msk_cluster": Target({"arn": "kafka", "id": "kafka"}),
    "aws_msk_serverless_cluster": Target({"arn": "kafka", "id": "kafka"}),
    "aws_s3_bucket": Target({"arn": "s3", "id": "name", "bucket": "name"}),
    "aws_sns_topic": Target({"arn": "sns", "id": "sns", "name": "name"}, fifo="fifo_topic"),
    "aws_sqs_queue": Target({"arn": "sqs", "id": "sqs-url", "url": "sqs-url", "name": "name"}, fifo="fifo_queue"),
}
"""By type of resource, or of data source, that references lead to."""
