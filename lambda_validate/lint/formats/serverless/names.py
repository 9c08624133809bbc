"""What serverless.yml calls the members of the two resources, and what else may stand beside them.

Source: the configuration schemas of the serverless framework 3.40, and what it makes of them: its compilers of `sqs`
and `stream` events, and of functions.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..members import Names

SQS, STREAM = "sqs", "stream"
EVENTS: Mapping[str, Names] = {
    SQS: Names(
        "An sqs event",
        {
            "arn": "EventSourceArn",
            "batchSize": "BatchSize",
            "enabled": "Enabled",
            "filterPatterns": "FilterCriteria",
            "functionResponseType": "FunctionResponseTypes",
            "maximumBatchingWindow": "MaximumBatchingWindowInSeconds",
            "maximumConcurrency": "ScalingConfig",
        },
    ),
    STREAM: Names(
        "A stream event",
        {
            "arn": "EventSourceArn",
            "batchSize": "BatchSize",
            "batchWindow": "MaximumBatchingWindowInSeconds",
            "bisectBatchOnFunctionError": "BisectBatchOnFunctionError",
            "destinations": "DestinationConfig",
            "enabled": "Enabled",
            "filterPatterns": "FilterCriteria",
            "functionResponseType": "FunctionResponseTypes",
            "maximumRecordAgeInSeconds": "MaximumRecordAgeInSeconds",
            "maximumRetryAttempts": "MaximumRetryAttempts",
            "parallelizationFactor": "ParallelizationFactor",
            "startingPosition": "StartingPosition",
            "startingPositionTimestamp": "StartingPositionTimestamp",
            "tumblingWindowInSeconds": "TumblingWindowInSeconds",
        },
        frozenset({"type", "consumer"}),
    ),
}
"""By kind of event."""

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
"""By `type` of a destination, its service."""
FUNCTION = frozenset(
    """architecture awsKmsKeyArn condition dependsOn description durableConfig disableLogs environment
    ephemeralStorageSize events fileSystemConfig handler httpApi image kmsKeyArn layers logDataProtectionPolicy
    logRetentionInDays memorySize name onError package provisionedConcurrency recursiveLoop reservedConcurrency
    role runtime runtimeManagement snapStart tags timeout tracing url versionFunction vpc""".split()  # noqa: SIM905  # a list of words, read as one
)
"""What else a function has; plugins add to it."""


def logical_id(function: str) -> str:
    """Return the name that a function has in the template which serverless writes."""
    name = function.replace("-", "Dash").replace("_", "Underscore")
    return f"{name[:1].upper()}{name[1:]}LambdaFunction"
