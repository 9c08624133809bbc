"""SAM: the events of `AWS::Serverless::Function` that become mappings, and its settings, merged with `Globals`.

Source: the SAM specification, "EventSource" and "EventInvokeConfiguration".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from ....base.spelling import LONGEST, listing, nearest
from ....catalog import Edition
from ...documents.places import Document, Path, member_at
from ...findings.lint_rules import SPELLING
from ...findings.resource import Resource, place
from ...unresolved.parts import Unknown
from ...unresolved.placeholders import served
from ..aws_resources import MAPPING, SETTING
from ..members import Names, PayloadDraft, displaced, misplaced
from .intrinsics import Template
from .template import invoke_names, mapping_names, of_template, opened, reshape, templates

FUNCTION = "AWS::Serverless::Function"
NOT_PROPERTIES = frozenset({"FunctionName", "EventSourceArn", "Qualifier"})
"""Members that SAM fills in itself, or under another name."""


class EventType(NamedTuple):
    """A type of event that becomes a mapping: the property that names the source, and the source's service.

    `own` lists the properties that only this type has beside those of the mapping; None when they are not known.
    """

    source: str | None
    service: str
    own: frozenset[str] | None = frozenset()


EVENTS: Mapping[str, EventType] = {
    "DynamoDB": EventType("Stream", "dynamodb"),
    "Kinesis": EventType("Stream", "kinesis"),
    "SQS": EventType("Queue", "sqs"),
    "DocumentDB": EventType("Cluster", "rds", None),
    "MQ": EventType("Broker", "mq", None),
    "MSK": EventType("Stream", "kafka", None),
    "SelfManagedKafka": EventType(None, "kafka", None),
}
"""By type of event; the first three are the documented sources."""

OTHERS = frozenset(
    {"AlexaSkill", "Api", "CloudWatchEvent", "CloudWatchLogs", "Cognito", "EventBridgeRule", "HttpApi", "IoTRule", "S3",
     "SNS", "Schedule", "ScheduleV2"}
)  # fmt: skip
"""Types of event that become no mapping."""

DESTINATIONS: Mapping[str, str | None] = {
    "EventBridge": "events",
    "Lambda": "lambda",
    "S3Bucket": "s3",
    "SNS": "sns",
    "SQS": "sqs",
}
"""By `Type` of a destination, its service."""
FAILURES: Mapping[str, str | None] = {"Kafka": None, "S3": "s3", "SNS": "sns", "SQS": "sqs"}
"""The same of an event's destination; a Kafka topic is no ARN."""
OUTCOMES = ("OnFailure", "OnSuccess")


@cache
def event_names(kind: str, edition: Edition) -> Names:
    """Return the properties of a type of event."""
    source = EVENTS[kind].source
    own = {name: api for name, api in mapping_names(edition).own.items() if api not in NOT_PROPERTIES}
    return Names(f"An event of type {kind}", {**({source: "EventSourceArn"} if source else {}), **own})


@cache
def settings_names(edition: Edition) -> Names:
    """Return the members of EventInvokeConfig."""
    own = {name: api for name, api in invoke_names(edition).own.items() if api not in NOT_PROPERTIES}
    return Names("EventInvokeConfig", own)


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the mappings and settings of a template's functions."""
    for template in templates(document):
        yield from of_template(template, edition, readers={FUNCTION: _function})


def _function(template: Template, function: Mapping[str, Any], path: Path, edition: Edition) -> Iterator[Resource]:
    common, base = _globals(template)
    for properties, home in template.objects(function.get("Properties", {}), (*path, "Properties")):
        for events, where in template.objects(properties.get("Events"), (*home, "Events")):
            for name, event in events.items():
                for each, here in template.objects(event, (*where, name)):
                    yield from _event(template, each, here, edition)
        given = list(template.objects(properties.get("EventInvokeConfig"), (*home, "EventInvokeConfig")))
        if given or (common and "EventInvokeConfig" not in properties):
            for each, here in given or [({}, base)]:
                yield _settings(template, each, here, edition)


def _event(template: Template, event: Mapping[str, Any], path: Path, edition: Edition) -> Iterator[Resource]:
    """Yield the mapping that an event becomes."""
    given = event.get("Type")
    kind = nearest(given, (*EVENTS, *OTHERS)) if isinstance(given, str) and given not in EVENTS else given
    if not isinstance(kind, str) or kind not in EVENTS:
        return
    facts, names = EVENTS[kind], event_names(kind, edition)
    beside = displaced(event, names)
    objects = list(template.objects(event.get("Properties"), (*path, "Properties")))
    for value, home in objects or ([({}, path)] if event.get("Properties") is None else []):
        draft = PayloadDraft(home)
        if kind != given:
            _misspelt(given, kind, path, draft)
        members = value if facts.own is not None else {name: each for name, each in value.items() if name in names.own}
        payload = draft.read({**{name: event[name] for name in beside}, **members}, home, names, template.value)
        draft.payload = payload
        draft.places.update({(names.own[name],): (*path, name) for name in beside if name not in members})
        payload["FunctionName"] = Unknown(implied=True)
        payload.update(opened(payload, names) if any(name.startswith("Fn::") for name in value) else {})
        if facts.source is None:
            payload["EventSourceArn"], draft.places["EventSourceArn",] = Unknown(facts.service), (*path, "Type")
        elif payload.get("EventSourceArn") == Unknown():
            payload["EventSourceArn"] = Unknown(facts.service)
        _untyped(draft, "OnFailure", FAILURES)
        draft.findings += misplaced(event, path, names, "Properties")
        reshape(draft, edition)
        yield draft.resource(MAPPING, "sam")


def _misspelt(given: Any, kind: str, path: Path, draft: PayloadDraft) -> None:
    message = f"There is no type of event {given[:LONGEST]!a}, and so there is no trigger; did you mean {kind!r}?"
    draft.report(SPELLING, (*path, "Type"), message, f"Write {kind}.", is_key=False)


def _globals(template: Template) -> tuple[Mapping[str, Any], Path]:
    """Return `Globals.Function.EventInvokeConfig`, and its place."""
    steps = ("Globals", "Function", "EventInvokeConfig")
    value = member_at(template.root, *steps)
    return (value if isinstance(value, dict) else {}), (*template.path, *steps)


def _settings(template: Template, value: Mapping[str, Any], path: Path, edition: Edition) -> Resource:
    """Return a function's settings: its own, over those that `Globals` has for all functions."""
    names = settings_names(edition)
    common, base = _globals(template)
    draft, shared = PayloadDraft(path), PayloadDraft(base)
    draft.payload = draft.read(value, path, names, template.value)
    _merge(draft.payload, draft.places, shared.read(common, base, names, template.value), shared.places, ())
    draft.findings += shared.findings
    for outcome in OUTCOMES:
        _untyped(draft, outcome, DESTINATIONS)
    draft.payload["FunctionName"] = Unknown(implied=True)
    return draft.resource(SETTING, "sam")


def _merge(
    payload: dict[str, Any], places: dict[Path, Path], common: Mapping[str, Any], home: Mapping[Path, Path], path: Path
) -> None:
    """Add the members that an object lacks, as SAM merges `Globals`: objects with objects, the function's own first."""
    for name, value in common.items():
        here = (*path, name)
        if name not in payload:
            payload[name], places[here] = value, place(home, (), here)
        elif isinstance(payload[name], dict) and isinstance(value, dict):
            _merge(payload[name], places, value, home, here)


def _untyped(draft: PayloadDraft, outcome: str, kinds: Mapping[str, str | None]) -> None:
    """Take the `Type` of a destination out of a payload: it names the service, and must be one of `kinds`."""
    config = draft.payload.get("DestinationConfig")
    target = config.get(outcome) if isinstance(config, dict) else None
    if not isinstance(target, dict) or not isinstance(kind := target.pop("Type", None), str):
        return
    if kind not in kinds:
        path = place(draft.places, draft.path, ("DestinationConfig", outcome, "Type"))
        meant = nearest(kind, kinds)
        message = f"The Type of a destination must be {listing(kinds)}."
        draft.report("destination.type", path, message, f"Write {meant}." if meant else None, is_key=False)
    elif "Destination" in target:
        target["Destination"] = served(target["Destination"], kinds[kind])
