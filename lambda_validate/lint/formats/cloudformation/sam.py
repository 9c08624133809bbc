"""Read `AWS::Serverless::Function` of SAM: events that become event source mappings, and EventInvokeConfig.

An event of type SQS has the ARN of its source in Queue, for example; `EVENTS` lists such differences from a mapping.
EventInvokeConfig is merged with the one in `Globals`.

Sources: the SAM specification, "EventSource" and "EventInvokeConfiguration"; the output of SAM's translator, which
turns SAM into CloudFormation, for each type of event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from .... import catalog
from ....base.spelling import MAX_NAME_LENGTH, listing, nearest
from ....catalog import Edition
from ...documents.places import Document, Path, member_at
from ...findings.lint_rules import SPELLING, TENANCY, TRANSFORM
from ...findings.resource import Resource, place
from ...unresolved.parts import Unknown, engines
from ..aws_resources import MAPPING, SETTING
from ..members import Names, PayloadDraft, displaced, misplaced
from .intrinsics import Template
from .intrinsics import function as function_of
from .template import (
    DESTINATIONS,
    ENDPOINTS,
    FAILURES,
    OUTCOMES,
    OWN_SERVERS,
    SERVERS,
    invoke_names,
    mapping_names,
    needed,
    of_template,
    opened,
    reshape,
    templates,
    untyped,
)

FILLED_IN = frozenset({"FunctionName", "EventSourceArn", "Qualifier"})
"""Members of the API that SAM sets itself, or has under another name."""

NO_PATHS: Mapping[str, Path] = MappingProxyType({})
ADDED: Mapping[str, type] = {"SecretsManagerKmsKeyId": str, "DynamicPolicyName": bool}
"""The types of the properties of an event that SAM uses for policies, and that a mapping does not have."""
KEY: Mapping[str, Path] = {"SecretsManagerKmsKeyId": ()}
REGISTRY = "SchemaRegistryConfig"
DATABASE = "DatabaseName"
DOCUMENTS = (DATABASE, "CollectionName", "FullDocument")
"""Properties of an event of type DocumentDB that a mapping has in DocumentDBEventSourceConfig."""
REQUIRED: Mapping[str, tuple[str, ...]] = {
    REGISTRY: ("SchemaRegistryURI", "EventRecordFormat", "SchemaValidationConfigs"),
    "AccessConfigs": ("Type", "URI"),
}
"""The members that SAM's translator requires in objects of an event, by the name of the object."""


def _kafka(config: str, **own: Path) -> Mapping[str, Path]:
    return {"ConsumerGroupId": (config, "ConsumerGroupId"), REGISTRY: (config, REGISTRY), **KEY, **own}


ACCESS = "SourceAccessConfigurations"
ACCESS_RULES = frozenset(
    f"source-access.{suffix}"
    for suffix in ("basic-auth", "repeated", "required", "source", "uri", "virtual-host", "vpc")
)
"""Rules of the API about SourceAccessConfigurations, which SAM's translator checks too for some types of events."""
AUTHENTICATION = frozenset(
    {"BASIC_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH", "IAM_AUTH", "IAM_OAUTHBEARER_AUTH", "OAUTHBEARER_AUTH",
     "SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH"}
)  # fmt: skip
"""Types of SourceAccessConfigurations. An event of type SelfManagedKafka may have only one entry with any of them."""


class EventType(NamedTuple):
    """A type of event that becomes an event source mapping.

    `source` is the property with the ARN of the source, such as Queue, and `service` its service, such as "sqs". `own`
    maps properties that a mapping does not have to the paths that they set in the payload; an empty path sets nothing.
    `refused` are rules of the API that SAM's translator checks itself, so breaking one is an error.
    """

    source: str | None
    service: str
    own: Mapping[str, Path] = NO_PATHS
    refused: frozenset[str] = frozenset()


EVENTS: Mapping[str, EventType] = {
    "DynamoDB": EventType("Stream", "dynamodb", KEY),
    "Kinesis": EventType("Stream", "kinesis", KEY),
    "SQS": EventType("Queue", "sqs", KEY),
    "DocumentDB": EventType(
        "Cluster",
        "rds",
        {**KEY, **{name: ("DocumentDBEventSourceConfig", name) for name in DOCUMENTS}},
        ACCESS_RULES | {"document-db-event-source-config.required"},
    ),
    "MQ": EventType("Broker", "mq", {"DynamicPolicyName": (), **KEY}, ACCESS_RULES),
    "MSK": EventType(
        "Stream", "kafka", _kafka("AmazonManagedKafkaEventSourceConfig"), frozenset({"starting-position.required"})
    ),
    "SelfManagedKafka": EventType(
        None,
        "kafka",
        _kafka("SelfManagedKafkaEventSourceConfig", **{OWN_SERVERS: (*ENDPOINTS, SERVERS)}),
        ACCESS_RULES | {"topics.required"},
    ),
}
"""The types of events that become event source mappings. The edition `documents` knows the sources of the first three.
"""

OTHERS = frozenset(
    {"AlexaSkill", "Api", "CloudWatchEvent", "CloudWatchLogs", "Cognito", "EventBridgeRule", "HttpApi", "IoTRule", "S3",
     "SNS", "Schedule", "ScheduleV2"}
)  # fmt: skip
"""Types of events that do not become event source mappings."""


@cache
def event_names(kind: str, edition: Edition) -> Names:
    """Return the names of the properties of a type of event, such as "SQS", with the API's names."""
    source, own = EVENTS[kind].source, EVENTS[kind].own
    members = {name: api for name, api in mapping_names(edition).own.items() if api not in FILLED_IN}
    names = {**({source: "EventSourceArn"} if source else {}), **members, **{name: name for name in own}}
    return Names(f"An event of type {kind}", names)


def read_objects(
    draft: PayloadDraft, template: Template, holder: Mapping[str, Any], name: str, path: Path
) -> Iterator[tuple[dict[str, Any], Path]]:
    """Yield the objects that the member `name` may be, one for each branch of `Fn::If`, with their paths.

    Report a value that is not an object.
    """
    value, here = holder.get(name), (*path, name)
    if isinstance(value, int | float | list) or (isinstance(value, str) and engines(value) == value):
        draft.report(TRANSFORM, here, f"{ascii(name)[1:-1][:MAX_NAME_LENGTH]} must be an object.", is_key=False)
    yield from template.objects(value, here)


def mappings(
    template: Template, event: Mapping[str, Any], path: Path, edition: Edition, function: PayloadDraft
) -> Iterator[Resource]:
    """Yield the event source mappings that an event may become: one for each branch of `Fn::If` around its properties.

    Findings about an event that becomes none are added to `function`, the draft of its function.
    """
    given = event.get("Type")
    if "Type" not in event and "Properties" in event:
        needed(function, TRANSFORM, path, "An event", "Type")
    kind = nearest(given, (*EVENTS, *OTHERS)) if isinstance(given, str) and given not in EVENTS else given
    if not isinstance(kind, str) or kind not in EVENTS:
        return
    names = event_names(kind, edition)
    beside = displaced(event, names)
    objects = list(read_objects(function, template, event, "Properties", path))
    for value, home in objects or ([({}, path)] if event.get("Properties") is None else []):
        draft = PayloadDraft(home)
        if kind != given:
            _misspelt(given, kind, path, draft)
        draft.payload = draft.read({**{name: event[name] for name in beside}, **value}, home, names, template.value)
        draft.places.update({(names.own[name],): (*path, name) for name in beside if name not in value})
        if any(name.startswith("Fn::") for name in value):
            draft.payload.update(opened(draft.payload, names))
        draft.findings += misplaced(event, path, names, "Properties")
        _settle(draft, kind, (*path, "Type"), edition)
        yield draft.resource(MAPPING, "sam")._replace(refused=EVENTS[kind].refused)


def _misspelt(given: Any, kind: str, path: Path, draft: PayloadDraft) -> None:
    message = (
        f"There is no event type {given[:MAX_NAME_LENGTH]!a}, so this event triggers nothing; did you mean {kind!r}?"
    )
    draft.report(SPELLING, (*path, "Type"), message, f"Write {kind}.", is_key=False)


def _settle(draft: PayloadDraft, kind: str, place: Path, edition: Edition) -> None:
    """Convert an event's properties to members of an event source mapping, as SAM does. Report what SAM refuses.

    `place` is the document path of the event's type.
    """
    facts, is_today = EVENTS[kind], catalog.find(edition).name != catalog.DOCUMENTS
    draft.drop_null()
    payload = draft.payload
    payload["FunctionName"] = Unknown(implied=True)
    reshape(draft, edition)
    for name, inner in facts.own.items():
        if inner and is_today:
            draft.names.setdefault(inner[:1], name)
    own = {name: payload.pop(name) for name in facts.own if name in payload}
    if facts.source is None and is_today:
        draft.names["EventSourceArn",] = OWN_SERVERS
    elif facts.source is None:  # the edition `documents` requires the ARN of a source
        payload["EventSourceArn"], draft.places["EventSourceArn",] = Unknown(facts.service), place
    elif payload.get("EventSourceArn") == Unknown():
        payload["EventSourceArn"] = Unknown(facts.service)
    _check(draft, kind, own)
    for name, value in own.items():
        if facts.own[name] and is_today:
            draft.put(facts.own[name], value, name)
    untyped(draft, "OnFailure", FAILURES)


def _check(draft: PayloadDraft, kind: str, own: Mapping[str, Any]) -> None:
    """Report values in an event that SAM's translator refuses, although the Lambda API accepts them."""
    for name, type in ADDED.items():
        if name in own and isinstance(own[name], str | int | float | list | dict) and not isinstance(own[name], type):
            word = "a string" if type is str else "true or false"
            draft.report(TRANSFORM, draft.places[name,], f"{name} must be {word}.", is_key=False)
    if DATABASE not in own and not own.keys().isdisjoint(DOCUMENTS):
        draft.report(TRANSFORM, draft.path, f"An event of type {kind} needs {DATABASE}.", f"Add {DATABASE}.")
    config = draft.payload.get("DestinationConfig")
    if config and isinstance(config, dict) and "OnFailure" not in config:
        _needs_failure(draft, config)
    if EVENTS[kind].refused >= ACCESS_RULES:
        _check_access(draft, AUTHENTICATION if kind == "SelfManagedKafka" else frozenset())
    if isinstance(own.get(REGISTRY), dict):
        _check_registry(draft, own[REGISTRY], draft.places[REGISTRY,])


def _needs_failure(draft: PayloadDraft, config: Mapping[str, Any]) -> None:
    """Report that OnFailure is missing. If OnSuccess is there instead, remove it, so that it is not reported again."""
    place = draft.places["DestinationConfig",]
    if "OnSuccess" not in config:
        needed(draft, TRANSFORM, place, "DestinationConfig", "OnFailure")
        return
    message = "DestinationConfig needs OnFailure, and an event takes no OnSuccess."
    draft.report(TRANSFORM, place, message, "Write OnFailure in place of OnSuccess.")
    draft.payload["DestinationConfig"] = {
        name: destination for name, destination in config.items() if name != "OnSuccess"
    }


def _check_access(draft: PayloadDraft, single: frozenset[str]) -> None:
    """Report entries of SourceAccessConfigurations without Type, and a second entry for authentication.

    `single` has the types of entries for authentication. SAM's translator allows only one such entry.
    """
    items, home, has_one = draft.payload.get(ACCESS), draft.places.get((ACCESS,), draft.path), False
    for index, entry in enumerate(items if isinstance(items, list) else ()):
        kind = entry.get("Type") if isinstance(entry, dict) else None
        if isinstance(entry, dict) and "Type" not in entry:
            needed(draft, TRANSFORM, (*home, index), f"An entry of {ACCESS}", "Type")
        elif isinstance(kind, str) and kind in single:
            if has_one:
                message = f"{ACCESS} may have only one entry of a type for authentication."
                draft.report(TRANSFORM, (*home, index, "Type"), message, is_key=False)
            has_one = True


def _check_registry(draft: PayloadDraft, registry: Mapping[str, Any], home: Path) -> None:
    """Report members that SAM's translator requires and SchemaRegistryConfig lacks."""
    access = registry.get("AccessConfigs")
    entries = enumerate(access if isinstance(access, list) else ())
    objects = [(REGISTRY, REGISTRY, registry, home)]
    objects += [
        ("AccessConfigs", "An entry of AccessConfigs", entry, (*home, "AccessConfigs", at)) for at, entry in entries
    ]
    for name, title, value, where in objects:
        for member in REQUIRED[name]:
            if isinstance(value, dict) and member not in value:
                needed(draft, TRANSFORM, where, title, member)


FUNCTION = "AWS::Serverless::Function"
TENANTS = "TenancyConfig"
FOR_TENANTS = ("Api", "HttpApi")
"""The only types of events that a function with TenancyConfig may have."""


@cache
def settings_names(edition: Edition) -> Names:
    """Return the names of the members of EventInvokeConfig in SAM, with the API's names."""
    own = {name: api for name, api in invoke_names(edition).own.items() if api not in FILLED_IN}
    return Names("EventInvokeConfig", own)


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the event source mappings and the settings (EventInvokeConfig) of the functions of a SAM template."""
    for template in templates(document):
        yield from of_template(template, edition, readers={FUNCTION: _function})


def _function(template: Template, function: Mapping[str, Any], path: Path, edition: Edition) -> Iterator[Resource]:
    common, base = _globals(template, "EventInvokeConfig")
    for properties, home in template.objects(function.get("Properties", {}), (*path, "Properties")):
        draft = PayloadDraft(home)
        tenants = properties.get(TENANTS, _globals(template, TENANTS)[0])
        has_tenants = bool(tenants) and isinstance(tenants, dict) and function_of(tenants, ()) is None
        for events, where in read_objects(draft, template, properties, "Events", home):
            for name in events:
                for event, here in read_objects(draft, template, events, name, where):
                    yield from mappings(template, event, here, edition, draft)
                    if has_tenants:
                        _report_tenants(draft, event.get("Type"), here)
        given = list(read_objects(draft, template, properties, "EventInvokeConfig", home))
        if given or (common and "EventInvokeConfig" not in properties):
            for config, here in given or [({}, base)]:
                yield _settings(template, config, here, edition)
        if draft.findings:
            yield draft.resource(MAPPING, "sam")._replace(payload=Unknown())


def _report_tenants(draft: PayloadDraft, kind: Any, path: Path) -> None:
    if isinstance(kind, str) and kind not in FOR_TENANTS:
        message = f"A function with {TENANTS} can have events of type {listing(FOR_TENANTS)} only."
        help = f"Leave out {TENANTS}, or move the event to another function."
        draft.report(TENANCY, (*path, "Type"), message, help, is_key=False)


def _globals(template: Template, name: str) -> tuple[Mapping[str, Any], Path]:
    """Return a member of `Globals.Function`, empty if it is not an object, and its path in the document."""
    steps = ("Globals", "Function", name)
    value = member_at(template.root, *steps)
    return (value if isinstance(value, dict) else {}), (*template.path, *steps)


def _settings(template: Template, value: Mapping[str, Any], path: Path, edition: Edition) -> Resource:
    """Return the EventInvokeConfig of a function, merged with the one in `Globals`."""
    names = settings_names(edition)
    common, base = _globals(template, "EventInvokeConfig")
    draft, shared = PayloadDraft(path), PayloadDraft(base)
    draft.payload = draft.read(value, path, names, template.value)
    _merge(draft.payload, draft.places, shared.read(common, base, names, template.value), shared.places, ())
    draft.findings += shared.findings
    draft.drop_null(3)
    for outcome in OUTCOMES:
        untyped(draft, outcome, DESTINATIONS, TRANSFORM)
    draft.payload["FunctionName"] = Unknown(implied=True)
    return draft.resource(SETTING, "sam")


def _merge(
    payload: dict[str, Any], places: dict[Path, Path], common: Mapping[str, Any], home: Mapping[Path, Path], path: Path
) -> None:
    """Add the members of `Globals` that a function's object lacks. Objects inside are merged in the same way.

    `home` has the document paths of the members in `Globals`. They are added to `places`.
    """
    for name, value in common.items():
        here = (*path, name)
        if name not in payload:
            payload[name], places[here] = value, place(home, (), here)
        elif isinstance(payload[name], dict) and isinstance(value, dict):
            _merge(payload[name], places, value, home, here)
