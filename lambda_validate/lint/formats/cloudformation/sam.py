"""SAM: the events of `AWS::Serverless::Function` that become mappings, and its settings, merged with `Globals`.

Source: the SAM specification, "EventSource" and "EventInvokeConfiguration".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from ....base.spelling import LONGEST, listing, nearest
from ....catalog import Edition
from ...documents.places import Document, Path
from ...findings.lint_rules import SPELLING
from ...findings.resource import SETTINGS, FormatFinding, Resource
from ...unresolved.parts import Unknown
from ...unresolved.placeholders import served
from ..members import Names, displaced, misplaced, read
from .conditions import Conditions
from .intrinsics import Template
from .template import CREATE, READ, invoke_names, mapping_names, opened, templates
from .values import as_api

FUNCTION = "AWS::Serverless::Function"
EVENT = frozenset({"Type", "Properties"})
NOT_PROPERTIES = frozenset({"FunctionName", "EventSourceArn", "Qualifier"})
"""Members that SAM fills in itself, or under another name."""


class Event(NamedTuple):
    """A type of event that becomes a mapping: the property that names the source, and the source's service.

    `own` lists properties that are nobody else's, all but those of the mapping; None when they are not known.
    """

    source: str | None
    service: str
    own: frozenset[str] | None = frozenset()


EVENTS: Mapping[str, Event] = {
    "DynamoDB": Event("Stream", "dynamodb"),
    "Kinesis": Event("Stream", "kinesis"),
    "SQS": Event("Queue", "sqs"),
    "DocumentDB": Event("Cluster", "rds", None),
    "MQ": Event("Broker", "mq", None),
    "MSK": Event("Stream", "kafka", None),
    "SelfManagedKafka": Event(None, "kafka", None),
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
        yield from of_template(template, edition)


def of_template(template: Template, edition: Edition) -> Iterator[Resource]:
    """Yield the mappings and settings of a template's functions."""
    conditions = Conditions(template)
    for name, function in template.resources.items():
        if isinstance(function, dict) and function.get("Type") == FUNCTION:
            path = (*template.path, "Resources", name)
            for each in _function(template, function, path, edition):
                found = conditions.within(each, function.get("Condition"))
                if found is not None:
                    yield found._replace(converts=True, owner=path, format="sam")


def _function(template: Template, function: Mapping[str, Any], path: Path, edition: Edition) -> Iterator[Resource]:
    common, base = _globals(template)
    for properties, place in template.objects(function.get("Properties", {}), (*path, "Properties")):
        for events, where in template.objects(properties.get("Events"), (*place, "Events")):
            for name, event in events.items():
                for each, here in template.objects(event, (*where, name)):
                    yield from _event(template, each, here, edition)
        given = list(template.objects(properties.get("EventInvokeConfig"), (*place, "EventInvokeConfig")))
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
    slips = (_misspelt(given, kind, path),) if kind != given else ()
    beside = displaced(event, names)
    objects = list(template.objects(event.get("Properties"), (*path, "Properties")))
    for value, place in objects or ([({}, path)] if event.get("Properties") is None else []):
        members = value if facts.own is not None else {name: each for name, each in value.items() if name in names.own}
        found = read({**{name: event[name] for name in beside}, **members}, place, names, template.value)
        found.places.update({(names.own[name],): (*path, name) for name in beside if name not in members})
        payload = {**found.payload, "FunctionName": Unknown(implied=True)}
        payload.update(opened(payload, names) if any(name.startswith("Fn::") for name in value) else {})
        places = found.places
        if facts.source is None:
            payload["EventSourceArn"], places["EventSourceArn",] = Unknown(facts.service), (*path, "Type")
        elif payload.get("EventSourceArn") == Unknown():
            payload["EventSourceArn"] = Unknown(facts.service)
        typed = _untyped(payload, places, "OnFailure", FAILURES)
        extra = (*slips, *found.extra, *typed, *misplaced(event, path, names, "Properties"))
        mapping = Resource(CREATE, "request", payload, place, places=places, names=names.by_api, extra=extra)
        yield as_api(mapping, edition)


def _misspelt(given: Any, kind: str, path: Path) -> FormatFinding:
    message = f"There is no type of event {given[:LONGEST]!a}, and so there is no trigger; did you mean {kind!r}?"
    return FormatFinding(SPELLING, "error", (*path, "Type"), message, f"Write {kind}.", is_key=False)


def _globals(template: Template) -> tuple[Mapping[str, Any], Path]:
    """Return `Globals.Function.EventInvokeConfig`, and its place."""
    value: Any = template.root
    steps = ("Globals", "Function", "EventInvokeConfig")
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return (value if isinstance(value, dict) else {}), (*template.path, *steps)


def _settings(template: Template, value: Mapping[str, Any], path: Path, edition: Edition) -> Resource:
    """Return a function's settings: its own, over those that `Globals` has for all functions."""
    names = settings_names(edition)
    common, base = _globals(template)
    found, shared = (read(each, place, names, template.value) for each, place in ((value, path), (common, base)))
    payload, places = dict(found.payload), dict(found.places)
    _merge(payload, places, shared.payload, dict(shared.places), ())
    extra = [*found.extra, *shared.extra]
    for outcome in OUTCOMES:
        extra += _untyped(payload, places, outcome, DESTINATIONS)
    payload["FunctionName"] = Unknown(implied=True)
    return Resource(READ, SETTINGS, payload, path, places=places, names=names.by_api, extra=tuple(extra))


def _merge(
    payload: dict[str, Any], places: dict[Path, Path], common: Mapping[str, Any], home: Mapping[Path, Path], path: Path
) -> None:
    """Add the members that an object lacks, as SAM merges `Globals`: objects with objects, the function's own first."""
    for name, value in common.items():
        here = (*path, name)
        written = next(home[here[:n]] + here[n:] for n in range(len(here), -1, -1) if here[:n] in home)
        if name not in payload:
            payload[name], places[here] = value, written
        elif isinstance(payload[name], dict) and isinstance(value, dict):
            _merge(payload[name], places, value, home, here)


def _untyped(
    payload: dict[str, Any], places: Mapping[Path, Path], outcome: str, kinds: Mapping[str, str | None]
) -> Iterator[FormatFinding]:
    """Take the `Type` of a destination out of a payload: it tells the service, and must be one of `kinds`."""
    config = payload.get("DestinationConfig")
    target = config.get(outcome) if isinstance(config, dict) else None
    if not isinstance(target, dict) or "Type" not in target:
        return
    kind = target.pop("Type")
    if not isinstance(kind, str):
        return
    if kind in kinds:
        if "Destination" in target:
            target["Destination"] = served(target["Destination"], kinds[kind])
        return
    here: Path = ("DestinationConfig", outcome, "Type")
    path = next(places[here[:n]] + here[n:] for n in range(len(here), -1, -1) if here[:n] in places)
    meant = nearest(kind, kinds)
    message = f"The Type of a destination must be {listing(kinds)}."
    yield FormatFinding("destination.type", "error", path, message, f"Write {meant}." if meant else None, is_key=False)
