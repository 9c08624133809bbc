"""The names that members of the API have in events and functions of serverless.yml, and other names that are valid.

Source: the configuration schemas of the Serverless Framework 3.40, and its compilers of events and functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ...documents.places import Path
from ..members import Names

SQS, STREAM, MSK, KAFKA, ACTIVE, RABBIT = "sqs", "stream", "msk", "kafka", "activemq", "rabbitmq"
DOCUMENTED = (SQS, STREAM)
"""The kinds of events whose sources the edition `documents` of the API lists."""
ACCESS = "SourceAccessConfigurations"
SWITCHES: Mapping[str, str] = {
    "batchSize": "BatchSize",
    "enabled": "Enabled",
    "filterPatterns": "FilterCriteria",
}
COMMON_NAMES: Mapping[str, str] = {"arn": "EventSourceArn", **SWITCHES}
WINDOW: Mapping[str, str] = {"maximumBatchingWindow": "MaximumBatchingWindowInSeconds"}
START: Mapping[str, str] = {
    "startingPosition": "StartingPosition",
    "startingPositionTimestamp": "StartingPositionTimestamp",
}


class EventKind(NamedTuple):
    """A kind of event in serverless.yml, such as "sqs": the names of its members, and the service of its source.

    `inner` has, for members that are nested in the API, the path there: `queue` is `("Queues", 0)`. `access` has, for
    members that become items of SourceAccessConfigurations, the type of the item.
    """

    names: Names
    service: str | None
    inner: Mapping[str, Path]
    access: Mapping[str, str]


def _kind(
    title: str, service: str | None, members: Mapping[str, str], inner: Mapping[str, Path], others: str = "",
    access: Mapping[str, str] | None = None,
) -> EventKind:  # fmt: skip
    access = access or {}
    own = {**members, **{name: name for name in (*inner, *access)}}
    return EventKind(Names(title, dict(sorted(own.items())), frozenset(others.split())), service, inner, access)


RESPONSE: Mapping[str, Path] = {"functionResponseType": ("FunctionResponseTypes", 0)}
TOPIC: Mapping[str, Path] = {"topic": ("Topics", 0)}
QUEUE: Mapping[str, Path] = {"queue": ("Queues", 0)}
SERVERS: Path = ("SelfManagedEventSource", "Endpoints", "KAFKA_BOOTSTRAP_SERVERS")
BASIC: Mapping[str, str] = {"basicAuthArn": "BASIC_AUTH"}
EVENTS: Mapping[str, EventKind] = {
    SQS: _kind(
        "An sqs event", "sqs", {**COMMON_NAMES, **WINDOW},
        {**RESPONSE, "maximumConcurrency": ("ScalingConfig", "MaximumConcurrency")},
    ),
    STREAM: _kind(
        "A stream event",
        None,
        {
            **COMMON_NAMES,
            **START,
            "batchWindow": "MaximumBatchingWindowInSeconds",
            "bisectBatchOnFunctionError": "BisectBatchOnFunctionError",
            "destinations": "DestinationConfig",
            "maximumRecordAgeInSeconds": "MaximumRecordAgeInSeconds",
            "maximumRetryAttempts": "MaximumRetryAttempts",
            "parallelizationFactor": "ParallelizationFactor",
            "tumblingWindowInSeconds": "TumblingWindowInSeconds",
        },
        RESPONSE,
        "type consumer",
    ),
    MSK: _kind(
        "An msk event", "kafka", {**COMMON_NAMES, **WINDOW, **START},
        {**TOPIC, "consumerGroupId": ("AmazonManagedKafkaEventSourceConfig", "ConsumerGroupId")},
        access={"saslScram512": "SASL_SCRAM_512_AUTH"},
    ),
    KAFKA: _kind(
        "A kafka event", None,
        {**SWITCHES, **WINDOW, **START, "accessConfigurations": ACCESS},
        {
            **TOPIC,
            "bootstrapServers": SERVERS,
            "consumerGroupId": ("SelfManagedKafkaEventSourceConfig", "ConsumerGroupId"),
        },
    ),
    ACTIVE: _kind("An activemq event", "mq", {**COMMON_NAMES, **WINDOW}, QUEUE, access=BASIC),
    RABBIT: _kind(
        "A rabbitmq event", "mq", {**COMMON_NAMES, **WINDOW}, QUEUE, access={**BASIC, "virtualHost": "VIRTUAL_HOST"}
    ),
}  # fmt: skip
"""The kinds of events that become event source mappings, by name."""
CREDENTIALS: Mapping[str, tuple[str, str]] = {
    "clientCertificateTlsAuth": ("CLIENT_CERTIFICATE_TLS_AUTH", ""),
    "saslPlainAuth": ("BASIC_AUTH", ""),
    "saslScram256Auth": ("SASL_SCRAM_256_AUTH", ""),
    "saslScram512Auth": ("SASL_SCRAM_512_AUTH", ""),
    "serverRootCaCertificate": ("SERVER_ROOT_CA_CERTIFICATE", ""),
    "vpcSecurityGroup": ("VPC_SECURITY_GROUP", "security_group:"),
    "vpcSubnet": ("VPC_SUBNET", "subnet:"),
}
"""By member of `accessConfigurations`, the type of its items in the API, and the prefix that their URIs get."""
ACCESSES = Names("accessConfigurations", {name: name for name in CREDENTIALS})

SETTINGS = Names(
    "A function",
    {
        "destinations": "DestinationConfig",
        "maximumEventAge": "MaximumEventAgeInSeconds",
        "maximumRetryAttempts": "MaximumRetryAttempts",
    },
)
DESTINATIONS = Names("destinations", {"onFailure": "OnFailure", "onSuccess": "OnSuccess"})
TARGET = Names("A destination", {"arn": "Destination"}, frozenset({"type"}))
SERVICES: Mapping[str, str] = {"eventBus": "events", "function": "lambda", "sns": "sns", "sqs": "sqs"}
"""The service of a destination's ARN, by the `type` of the destination."""
FUNCTION = frozenset(
    """architecture awsKmsKeyArn condition dependsOn description durableConfig disableLogs environment
    ephemeralStorageSize events fileSystemConfig handler httpApi image kmsKeyArn layers logDataProtectionPolicy
    logRetentionInDays memorySize name onError package provisionedConcurrency recursiveLoop reservedConcurrency
    role runtime runtimeManagement snapStart tags timeout tracing url versionFunction vpc""".split()  # noqa: SIM905  # a list of words, read as one
)
"""Other members of a function, which are not settings for asynchronous invocation. Plugins may define more."""


def logical_id(function: str) -> str:
    """Return the logical ID of a function in the template that the Serverless Framework generates.

    For example, `my-task` becomes `MyDashtaskLambdaFunction`.
    """
    name = function.replace("-", "Dash").replace("_", "Underscore")
    return f"{name[:1].upper()}{name[1:]}LambdaFunction"
