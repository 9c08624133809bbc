"""The edition `both`: what today's API refuses is an error, and what only the documents refuse is a warning.

A resource is validated by the edition `current`, which is today's API, and then by the edition `documents`. A violation
of the documents is a *difference* unless today's API has a violation at that place, a violation of that rule, or an
error about the same member. For example, a batch of 5,000 records from DynamoDB is valid today, but the document allows
only 1,000. A member or a source that is newer than the document is not a difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ... import catalog
from ...base.spelling import UnknownNameError
from ...catalog import DOCUMENTS, TODAY, Catalog, SchemaError
from ...settings.files import ConfigError
from ...settings.keys import BOTH
from ...validator import Validator

if TYPE_CHECKING:
    from argparse import Namespace

CHOICES = (BOTH, *catalog.EDITIONS)
"""The values of the option `--edition` for commands that check files or payloads."""

SENTENCES: Mapping[str, str | None] = {
    "batch-size.dynamodb": "The edition 'documents' allows at most 1,000 for DynamoDB; today's API accepts 10,000.",
    "batch-size.sqs": (
        "The edition 'documents' allows at most 10 for SQS; today's API accepts 10,000 with a batching window."
    ),
    "destination.type": "The edition 'documents' has fewer regions for a destination; today's API accepts this one.",
    "event-source-arn.pattern": (
        "The edition 'documents' has fewer regions for an event source; today's API accepts this one."
    ),
    "event-source-arn.required": None,  # a self-managed source is newer than the document
    "function-arn.pattern": "The edition 'documents' has fewer regions for a function; today's API accepts this one.",
    "function-name.length": (
        "The edition 'documents' allows at most 140 characters for a function name; today's API accepts 256."
    ),
    "function-name.pattern": (
        "The edition 'documents' allows fewer forms of a function name; today's API accepts this one."
    ),
    "qualifier.pattern": (
        "The edition 'documents' does not know $LATEST.PUBLISHED; today's API accepts it as a Qualifier."
    ),
    "starting-position.at-timestamp": (
        "The edition 'documents' allows AT_TIMESTAMP for Kinesis alone; "
        "today's API accepts it for Kafka and DocumentDB too."
    ),
}
"""The message about how a rule of the documents differs from today's API, by rule; None if it is not reported."""


def validators(
    choice: str | Catalog, *, sdk_model: bool = False, **settings: Any
) -> tuple[Validator, Validator | None]:
    """Return the validator for an edition, and None; for `both`, those of today's API and of the documents.

    With `sdk_model`, values that only the model of the installed SDK allows are warnings. `settings` are passed to
    `Validator`. An unknown edition raises `UnknownNameError`. A model that cannot be read raises `ConfigError`.
    """
    if isinstance(choice, str) and choice not in CHOICES:
        raise UnknownNameError("edition", choice, CHOICES)
    edition = TODAY if choice == BOTH else choice
    main = Validator(_widened(edition) if sdk_model else edition, **settings)
    return main, Validator(DOCUMENTS, unknown_members="ignore") if choice == BOTH else None


def _widened(edition: str | Catalog) -> Catalog:
    """Return an edition that also knows the members and values in the model of the installed SDK."""
    from ...catalog import newer

    try:
        return newer.installed(edition)
    except (newer.NoModelsError, SchemaError) as error:
        raise ConfigError(str(error)) from None


def from_arguments(arguments: Namespace) -> tuple[Validator, Validator | None]:
    """Return the validator for the arguments of a command, and the one of the documents if the edition is `both`."""
    return validators(
        arguments.edition,
        sdk_model=arguments.sdk_model,
        unknown_members=arguments.unknown_members,
        strict=arguments.strict,
        show_values=arguments.show_values,
    )


def sentence(rule: str, message: str) -> str | None:
    """Return the message about a difference between the documents and today's API; None if it is not reported.

    For a rule that is not in `SENTENCES`, it quotes `message`, which the edition `documents` gives for the violation.
    """
    return SENTENCES.get(rule, f"The document has a rule that today's API does not have: {message}")
