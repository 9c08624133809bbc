"""Destinations: what each needs, and what SAM adds.

In SAM, `Type` names the service, and a queue or topic may be left for SAM to create.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....base.spelling import listing, nearest
from ...documents.places import Path
from ...findings.lint_rules import DESTINATION
from ...findings.resource import place
from ...unresolved.parts import Choice
from ...unresolved.placeholders import served
from ..members import PayloadDraft

CONFIG = "DestinationConfig"
OUTCOMES = ("OnFailure", "OnSuccess")
DESTINATIONS: Mapping[str, str | None] = {
    "EventBridge": "events",
    "Lambda": "lambda",
    "S3Bucket": "s3",
    "SNS": "sns",
    "SQS": "sqs",
}
"""By `Type` of a destination, its service."""
CREATED = frozenset({"SNS", "SQS"})
"""Types of settings' destinations that SAM creates where they are not named."""
FAILURES: Mapping[str, str | None] = {"Kafka": None, "S3": "s3", "SNS": "sns", "SQS": "sqs"}
"""The same of an event's destination; a Kafka topic is no ARN."""

Change = Callable[[dict[str, Any], Path | None], Any]


def needed(draft: PayloadDraft, rule: str, path: Path, owner: str, name: str) -> None:
    """Report that an object at a path lacks a member."""
    draft.report(rule, path, f"{owner} needs {name}.", f"Add {name}.")


def _replaced(value: Any, path: Path | None, change: Change) -> Any:
    """Return a value as `change` has it, and of one that a condition chooses, each option."""
    if isinstance(value, Choice):
        return value.mapped(lambda option: _replaced(option.value, option.path or path, change))
    return change(value, path) if isinstance(value, dict) else value


def _replace(draft: PayloadDraft, outcome: str, change: Callable[[dict[str, Any], Path], Any]) -> None:
    """Replace the destinations that an outcome may have by what `change` makes of each and its place."""

    def of_config(config: dict[str, Any], path: Path | None) -> Any:
        if outcome not in config:
            return config
        known = place(draft.places, draft.path, (CONFIG, outcome)) if path is None else (*path, outcome)
        return {**config, outcome: _replaced(config[outcome], known, lambda each, here: change(each, here or known))}

    if CONFIG in draft.payload:
        draft.payload[CONFIG] = _replaced(draft.payload[CONFIG], None, of_config)


def check_destinations(draft: PayloadDraft) -> None:
    """Report each outcome of a payload that names no destination."""
    for outcome in OUTCOMES:

        def change(target: dict[str, Any], here: Path, outcome: str = outcome) -> Any:
            if "Destination" not in target:
                needed(draft, DESTINATION, here, outcome, "Destination")
            return target

        _replace(draft, outcome, change)


def untyped(draft: PayloadDraft, outcome: str, kinds: Mapping[str, str | None], needs_type: str | None = None) -> None:
    """Take the `Type` of a destination out of a payload: it names the service, and must be one of `kinds`.

    `needs_type` is the rule by which there must be one; a destination that SAM creates is then left out.
    """

    def change(target: dict[str, Any], here: Path) -> Any:
        kind = target.pop("Type", None)
        if kind is None and needs_type:
            needed(draft, needs_type, here, outcome, "Type")
        elif isinstance(kind, str) and kind not in kinds:
            meant = nearest(kind, kinds)
            message = f"The Type of a destination must be {listing(kinds)}."
            help = f"Write {meant}." if meant else None
            draft.report("destination.type", (*here, "Type"), message, help, is_key=False)
        elif "Destination" in target:
            service = kinds[kind] if isinstance(kind, str) else None
            return {**target, "Destination": served(target["Destination"], service)}
        elif (kind is None or isinstance(kind, str)) and not (needs_type and kind in CREATED):
            needed(draft, DESTINATION, here, outcome, "Destination")
        return target

    _replace(draft, outcome, change)
