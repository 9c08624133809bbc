"""The arguments of the two linted resources in Terraform's AWS provider. ACK's and Crossplane's names are made of them.

They are `aws_lambda_event_source_mapping` and `aws_lambda_function_event_invoke_config`.

Sources: `terraform providers schema -json` of hashicorp/aws 5.100, and the newer members of its documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..findings.resource import SETTINGS


class Field(NamedTuple):
    """An argument of a resource: the name of its member in the API; and, if it is an object, the members of that.

    `many` says that it is a list of such objects. With `boxed`, an object may be written as a list with one item.
    `conversion` names the change that the format's tool makes before it calls the API, such as "timestamp". `needs`
    says that Terraform's provider requires the argument. Values in `unset` are not sent to the API.
    """

    api: str
    members: Mapping[str, Field] | None = None
    many: bool = False
    boxed: bool = False
    conversion: str = ""
    needs: bool = False
    unset: tuple[Any, ...] = ()

    def is_unset(self, value: Any) -> bool:
        """Return whether Terraform's provider leaves an argument with this value out of the request."""
        return any(value == unset and type(value) is type(unset) for unset in self.unset)


class ResourceType(NamedTuple):
    """A type of resource: the operation whose schema applies to it, the direction, and the arguments by name."""

    operation: str
    direction: str
    fields: Mapping[str, Field]


def _one(api: str, **members: Field | str) -> Field:
    return Field(api, _plain(members))


def _many(api: str, **members: Field | str) -> Field:
    return Field(api, _plain(members), many=True)


def _needed(api: str, conversion: str = "") -> Field:
    return Field(api, conversion=conversion, needs=True)


def _plain(members: Mapping[str, Field | str]) -> Mapping[str, Field]:
    return {name: Field(field) if isinstance(field, str) else field for name, field in members.items()}


NO_ITEMS: tuple[Any, ...] = ([],)
REGISTRY = _one(
    "SchemaRegistryConfig",
    access_config=_many("AccessConfigs", type="Type", uri="URI"),
    event_record_format="EventRecordFormat",
    schema_registry_uri="SchemaRegistryURI",
    schema_validation_config=_many("SchemaValidationConfigs", attribute="Attribute"),
)
MAPPING = ResourceType(
    "CreateEventSourceMapping",
    "request",
    _plain(
        {
            "amazon_managed_kafka_event_source_config": _one(
                "AmazonManagedKafkaEventSourceConfig",
                consumer_group_id="ConsumerGroupId",
                schema_registry_config=REGISTRY,
            ),
            "batch_size": Field("BatchSize", unset=(0, "0")),
            "bisect_batch_on_function_error": Field("BisectBatchOnFunctionError", unset=(False, "false")),
            "destination_config": _one(
                "DestinationConfig",
                on_failure=_one("OnFailure", destination_arn=_needed("Destination")),
                on_success=_one("OnSuccess", destination_arn=_needed("Destination")),
            ),
            "document_db_event_source_config": _one(
                "DocumentDBEventSourceConfig",
                collection_name="CollectionName",
                database_name=_needed("DatabaseName"),
                full_document="FullDocument",
            ),
            "enabled": "Enabled",
            "event_source_arn": "EventSourceArn",
            "filter_criteria": _one("FilterCriteria", filter=_many("Filters", pattern="Pattern")),
            "function_name": "FunctionName",
            "function_response_types": Field("FunctionResponseTypes", unset=NO_ITEMS),
            "kms_key_arn": "KMSKeyArn",
            "logging_config": _one("LoggingConfig", system_log_level="SystemLogLevel"),
            "maximum_batching_window_in_seconds": "MaximumBatchingWindowInSeconds",
            "maximum_record_age_in_seconds": "MaximumRecordAgeInSeconds",
            "maximum_retry_attempts": "MaximumRetryAttempts",
            "metrics_config": _one("MetricsConfig", metrics=_needed("Metrics")),
            "parallelization_factor": "ParallelizationFactor",
            "provisioned_poller_config": _one(
                "ProvisionedPollerConfig",
                maximum_pollers="MaximumPollers",
                minimum_pollers="MinimumPollers",
                poller_group_name="PollerGroupName",
            ),
            "queues": Field("Queues", unset=NO_ITEMS),
            "scaling_config": _one("ScalingConfig", maximum_concurrency="MaximumConcurrency"),
            "self_managed_event_source": _one(
                "SelfManagedEventSource", endpoints=_needed("Endpoints", conversion="endpoints")
            ),
            "self_managed_kafka_event_source_config": _one(
                "SelfManagedKafkaEventSourceConfig",
                consumer_group_id="ConsumerGroupId",
                schema_registry_config=REGISTRY,
            ),
            "source_access_configuration": _many(
                "SourceAccessConfigurations", type=_needed("Type"), uri=Field("URI", needs=True, unset=("",))
            ),
            "starting_position": "StartingPosition",
            "starting_position_timestamp": Field("StartingPositionTimestamp", conversion="timestamp"),
            "tags": "Tags",
            "topics": Field("Topics", unset=NO_ITEMS),
            "tumbling_window_in_seconds": Field("TumblingWindowInSeconds", unset=(0, "0")),
        }
    ),
)
SETTING = ResourceType(
    "GetFunctionEventInvokeConfig",
    SETTINGS,
    _plain(
        {
            "destination_config": _one(
                "DestinationConfig",
                on_failure=_one("OnFailure", destination=_needed("Destination")),
                on_success=_one("OnSuccess", destination=_needed("Destination")),
            ),
            "function_name": "FunctionName",
            "maximum_event_age_in_seconds": "MaximumEventAgeInSeconds",
            "maximum_retry_attempts": "MaximumRetryAttempts",
            "qualifier": "Qualifier",
        }
    ),
)
