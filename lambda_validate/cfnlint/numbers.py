"""The ids of rules in cfn-lint, such as `EL1010`. A number is never used for another rule: new rules come last.

The letter L is not used by cfn-lint itself. A rule has two ids, since the first letter is the severity of a match:
`EL1010` is an error, and `WL1010` a warning.
"""

from __future__ import annotations

from collections.abc import Mapping

FIRST_NUMBER = 1001
NAMES = (
    "access-configs.type", "amazon-managed-kafka-event-source-config.source",
    "amazon-managed-kafka-event-source-config.type", "arn.guard", "batch-size.dynamodb", "batch-size.kinesis",
    "batch-size.maximum", "batch-size.minimum", "batch-size.sqs", "batch-size.type", "batch-size.window",
    "batching-window.fifo", "bisect-batch-on-function-error.source", "bisect-batch-on-function-error.type",
    "collection-name.max-length", "collection-name.min-length", "collection-name.pattern", "collection-name.type",
    "consumer-group-id.max-length", "consumer-group-id.min-length", "consumer-group-id.pattern",
    "consumer-group-id.type", "consumption-mode.enum", "consumption-mode.queue", "consumption-mode.type",
    "database-name.max-length", "database-name.min-length", "database-name.pattern", "database-name.type",
    "destination-config.source", "destination-config.type", "destination.fifo", "destination.max-length",
    "destination.pattern", "destination.required", "destination.self", "destination.success-bucket",
    "destination.success-mapping", "destination.type", "document-db-event-source-config.required",
    "document-db-event-source-config.source", "document-db-event-source-config.type", "document.duplicate-member",
    "dynamic-reference.syntax", "enabled.type", "endpoints.enum", "endpoints.max-items", "endpoints.max-length",
    "endpoints.max-properties", "endpoints.min-items", "endpoints.min-length", "endpoints.min-properties",
    "endpoints.pattern", "endpoints.type", "event-record-format.enum", "event-record-format.type",
    "event-source-arn.max-length", "event-source-arn.pattern", "event-source-arn.required",
    "event-source-arn.resource", "event-source-arn.service", "event-source-arn.type",
    "event-source-mapping-arn.max-length", "event-source-mapping-arn.min-length", "event-source-mapping-arn.pattern",
    "event-source-mapping-arn.type", "filter-criteria-error.type", "filter-criteria.type", "filter-pattern.syntax",
    "filters.max-items", "filters.type", "fn-if.arguments", "full-document.enum", "full-document.type",
    "function-arn.max-length", "function-arn.pattern", "function-arn.type", "function-name.length",
    "function-name.max-length", "function-name.min-length", "function-name.pattern", "function-name.required",
    "function-name.type", "function-response-types.enum", "function-response-types.max-items",
    "function-response-types.source", "function-response-types.type", "ignore.unknown", "ignore.unused",
    "invoke-config.empty", "kms-key-arn.max-length", "kms-key-arn.pattern", "kms-key-arn.type", "last-modified.type",
    "last-processing-result.type", "logging-config.source", "logging-config.type",
    "maximum-batching-window-in-seconds.maximum", "maximum-batching-window-in-seconds.minimum",
    "maximum-batching-window-in-seconds.type", "maximum-concurrency.maximum", "maximum-concurrency.minimum",
    "maximum-concurrency.type", "maximum-event-age-in-seconds.maximum", "maximum-event-age-in-seconds.minimum",
    "maximum-event-age-in-seconds.type", "maximum-pollers.kafka", "maximum-pollers.maximum",
    "maximum-pollers.minimum", "maximum-pollers.sqs", "maximum-pollers.type", "maximum-record-age-in-seconds.maximum",
    "maximum-record-age-in-seconds.minimum", "maximum-record-age-in-seconds.source",
    "maximum-record-age-in-seconds.type", "maximum-retry-attempts.maximum", "maximum-retry-attempts.minimum",
    "maximum-retry-attempts.source", "maximum-retry-attempts.type", "member.misplaced", "member.newer",
    "member.spelling", "member.unknown", "metrics-config.type", "metrics.enum", "metrics.max-items", "metrics.source",
    "metrics.type", "minimum-pollers.maximum", "minimum-pollers.minimum", "minimum-pollers.sqs",
    "minimum-pollers.type", "on-failure.type", "on-success.type", "parallelization-factor.maximum",
    "parallelization-factor.minimum", "parallelization-factor.source", "parallelization-factor.type",
    "pattern.max-length", "pattern.pattern", "pattern.type", "payload.type", "poller-group-name.max-length",
    "poller-group-name.pattern", "poller-group-name.source", "poller-group-name.type", "pollers.order",
    "provisioned-poller-config.source", "provisioned-poller-config.type", "qualifier.max-length",
    "qualifier.min-length", "qualifier.mismatch", "qualifier.pattern", "qualifier.required", "qualifier.type",
    "queue.visibility-timeout", "queues.max-items", "queues.max-length", "queues.min-items", "queues.min-length",
    "queues.pattern", "queues.required", "queues.source", "queues.type", "record-age.range", "sam.transform",
    "scaling-config.source", "scaling-config.type", "schema-registry-config.type", "schema-registry-uri.max-length",
    "schema-registry-uri.min-length", "schema-registry-uri.pattern", "schema-registry-uri.type",
    "schema-validation-configs.type", "self-managed-event-source.source", "self-managed-event-source.type",
    "self-managed-kafka-event-source-config.source", "self-managed-kafka-event-source-config.type",
    "source-access-configurations.max-items", "source-access-configurations.type", "source-access.basic-auth",
    "source-access.repeated", "source-access.required", "source-access.source", "source-access.uri",
    "source-access.vpc", "starting-position-timestamp.required", "starting-position-timestamp.type",
    "starting-position-timestamp.unused", "starting-position.at-timestamp", "starting-position.enum",
    "starting-position.required", "starting-position.source", "starting-position.sqs", "starting-position.type",
    "state-transition-reason.type", "state.enum", "state.type", "system-log-level.enum", "system-log-level.type",
    "tags.max-length", "tags.min-length", "tags.pattern", "tags.type", "tenancy-config.source", "topics.max-items",
    "topics.max-length", "topics.min-items", "topics.min-length", "topics.pattern", "topics.required",
    "topics.source", "topics.type", "tumbling-window-in-seconds.maximum", "tumbling-window-in-seconds.minimum",
    "tumbling-window-in-seconds.type", "tumbling-window.source", "type.enum", "type.type", "uri.max-length",
    "uri.min-length", "uri.pattern", "uri.type", "uuid.max-length", "uuid.min-length", "uuid.type",
)  # fmt: skip
"""The rules that a template can break, in the order of their numbers."""
NUMBERS: Mapping[str, int] = {name: number for number, name in enumerate(NAMES, FIRST_NUMBER)}
LETTERS: Mapping[str, str] = {"error": "E", "warning": "W"}
SETTINGS = "EL1000"
"""The id of the rule that the settings of lambda-validate must be valid."""


def id_of(rule: str, severity: str) -> str | None:
    """Return the id that a rule has in cfn-lint for a severity, such as "EL1010"; None if no template can break it."""
    number = NUMBERS.get(rule)
    return None if number is None else f"{LETTERS[severity]}L{number}"
