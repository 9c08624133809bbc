"""Read the two linted types of resources in CloudFormation templates, including those that CDK writes.

`AWS::Lambda::EventSourceMapping` is a request of CreateEventSourceMapping, and `AWS::Lambda::EventInvokeConfig` has
settings for asynchronous invocation. The names are those of the API, except for `KmsKeyArn`. Tags and Endpoints of a
mapping have another structure: see "Tag" and "Endpoints" in the reference of the resource type.

In SAM, a destination also has a `Type`, such as SQS. SAM creates the queue or topic if no Destination is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from .... import catalog
from ....base.spelling import listing, nearest
from ....catalog import Edition
from ...documents.places import Document, Path
from ...findings.lint_rules import DESTINATION, QUALIFIER, SPELLING
from ...findings.resource import Resource, place
from ...unresolved.parts import Choice, Unknown, served
from ..aws_resources import MAPPING, SETTING
from ..members import Names, PayloadDraft, displaced, likely, misplaced
from .conditions import Conditions
from .intrinsics import Template
from .timeouts import TemplateTimeouts

CONFIG = "DestinationConfig"
OUTCOMES = ("OnFailure", "OnSuccess")
DESTINATIONS: Mapping[str, str | None] = {
    "EventBridge": "events",
    "Lambda": "lambda",
    "S3Bucket": "s3",
    "SNS": "sns",
    "SQS": "sqs",
}
"""The services of the destinations in SAM's EventInvokeConfig, by their `Type`."""
CREATED = frozenset({"SNS", "SQS"})
"""Types of destinations that SAM creates if no Destination is given."""
FAILURES: Mapping[str, str | None] = {"Kafka": None, "S3": "s3", "SNS": "sns", "SQS": "sqs"}
"""The services of the OnFailure destinations of SAM's events, by their `Type`. A Kafka topic has none: it is no ARN."""

Change = Callable[[dict[str, Any], Path | None], Any]


def needed(draft: PayloadDraft, rule: str, path: Path, owner: str, name: str) -> None:
    """Report that the object at a path, called `owner`, lacks the member `name`."""
    draft.report(rule, path, f"{owner} needs {name}.", f"Add {name}.")


def _lacks_destination(target: Mapping[str, Any]) -> bool:
    """Return whether an object has neither the member Destination nor one whose name is similar."""
    return not any(likely(name, ("Destination",)) for name in target)


def _replaced(value: Any, path: Path | None, change: Change) -> Any:
    """Return `change(value, path)` for an object. For a `Choice`, change each option. Other values are unchanged."""
    if isinstance(value, Choice):
        return value.mapped(lambda option: _replaced(option.value, option.path or path, change))
    return change(value, path) if isinstance(value, dict) else value


def _replace(draft: PayloadDraft, outcome: str, change: Callable[[dict[str, Any], Path], Any]) -> None:
    """Replace the object at DestinationConfig.OnFailure or OnSuccess (`outcome`) by the result of `change`.

    `change` receives the object and its path in the document. It is called for each branch of `Fn::If`.
    """

    def of_config(config: dict[str, Any], path: Path | None) -> Any:
        if outcome not in config:
            return config
        known = place(draft.places, draft.path, (CONFIG, outcome)) if path is None else (*path, outcome)
        return {
            **config,
            outcome: _replaced(config[outcome], known, lambda destination, here: change(destination, here or known)),
        }

    if CONFIG in draft.payload:
        draft.payload[CONFIG] = _replaced(draft.payload[CONFIG], None, of_config)


def check_destinations(draft: PayloadDraft) -> None:
    """Report OnFailure and OnSuccess objects of a payload that have no Destination."""
    for outcome in OUTCOMES:

        def change(target: dict[str, Any], here: Path, outcome: str = outcome) -> Any:
            if _lacks_destination(target):
                needed(draft, DESTINATION, here, outcome, "Destination")
            return target

        _replace(draft, outcome, change)


def untyped(draft: PayloadDraft, outcome: str, kinds: Mapping[str, str | None], needs_type: str | None = None) -> None:
    """Remove the `Type` of a destination of SAM, which the API does not have. Report one that is not in `kinds`.

    The `Type` names the service of the destination. If the rule `needs_type` is given, a missing `Type` breaks it. A
    missing Destination of type SNS or SQS is then allowed, since SAM creates the topic or queue.
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
        elif (
            _lacks_destination(target)
            and (kind is None or isinstance(kind, str))
            and not (needs_type and kind in CREATED)
        ):
            needed(draft, DESTINATION, here, outcome, "Destination")
        return target

    _replace(draft, outcome, change)


MAPPING_TYPE, INVOKE_TYPE = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"
ATTRIBUTES = frozenset(
    {"Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy",
     "CreationPolicy", "UpdatePolicy", "Transform"}
)  # fmt: skip
"""The attributes that a resource in a template may have."""
RENAMED: Mapping[str, str] = {"KMSKeyArn": "KmsKeyArn"}
"""The names in a template that differ from the API's names, by the API's name."""
GIVEN = frozenset({"FunctionArn", "LastModified"})
"""Members of the API's response that a template cannot set."""
ENDPOINTS: Path = ("SelfManagedEventSource", "Endpoints")
SERVERS, OWN_SERVERS = "KAFKA_BOOTSTRAP_SERVERS", "KafkaBootstrapServers"
TAG = frozenset({"Key", "Value"})


@cache
def mapping_names(edition: Edition) -> Names:
    """Return the names of the properties of `AWS::Lambda::EventSourceMapping`, with the API's names."""
    members = catalog.operation(MAPPING.operation, edition).members("request")
    made_from = catalog.find(edition).made_from
    return Names(MAPPING_TYPE, {RENAMED.get(member, member): member for member in members}, made_from=made_from)


@cache
def invoke_names(edition: Edition) -> Names:
    """Return the names of the properties of `AWS::Lambda::EventInvokeConfig`, with the API's names."""
    operation = catalog.operation(SETTING.operation, edition)
    members = (
        *operation.members("request"),
        *(member for member in operation.members("response") if member not in GIVEN),
    )
    return Names(INVOKE_TYPE, {member: member for member in members}, made_from=operation.catalog.made_from)


def templates(document: Document) -> Iterator[Template]:
    """Yield the document as a template if it is one, that is, if it has an object `Resources`."""
    if isinstance(document.value, dict) and isinstance(document.value.get("Resources"), dict):
        yield Template(document, document.value)


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the resources of the two linted types in a template."""
    for template in templates(document):
        yield from of_template(template, edition)


def of_template(
    template: Template, edition: Edition, own: Mapping[str, Any] | None = None, readers: Readers | None = None,
    timeouts: TemplateTimeouts | None = None,
) -> Iterator[Resource]:  # fmt: skip
    """Yield the payloads of a template's resources, or only of the resources in `own`.

    The template may be a part of a file of another format, such as Serverless. `readers` are the functions that read
    resources, by type. `timeouts` finds the timeouts of queues and functions in the whole file.
    """
    conditions, timeouts = Conditions(template), timeouts or TemplateTimeouts(template)
    for name, resource in (template.resources if own is None else own).items():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        reader = (readers or READERS).get(kind) if isinstance(kind, str) else None
        path = (*template.path, "Resources", name)
        for reading in reader(template, resource, path, edition) if reader else ():
            related = timeouts.related(reading.payload, (name,))
            found, extra = conditions.within(reading, resource.get("Condition")), template.findings()
            if found is not None:
                yield found._replace(converts=True, owner=path, extra=(*reading.extra, *extra), related=related)


def properties(template: Template, resource: Mapping[str, Any], path: Path, names: Names) -> Iterator[PayloadDraft]:
    """Yield the properties of a resource as drafts of payloads: one for each branch of `Fn::If` around them.

    Properties that are written beside the member `Properties`, not inside it, are included and reported.
    """
    beside = displaced(resource, names)
    objects = list(template.objects(resource.get("Properties"), (*path, "Properties")))
    if resource.get("Properties") is None or (not objects and beside):
        objects = [({}, path)]
    for value, home in objects:
        draft = PayloadDraft(home)
        draft.payload = draft.read(value, home, names, template.value)
        for name in beside:
            if names.own[name] not in draft.payload:
                draft.payload[names.own[name]] = template.value(resource[name], (*path, name))
                draft.places[names.own[name],] = (*path, name)
        if any(name.startswith("Fn::") for name in value):
            draft.payload.update(opened(draft.payload, names))
        draft.findings += misplaced(resource, path, names, "Properties")
        yield draft


def opened(payload: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Return an unknown value for each member that a payload lacks and that `Fn::Transform`, a macro, may add."""
    return {api: Unknown(implied=True) for api in names.own.values() if api not in payload}


def _mapping(template: Template, resource: Mapping[str, Any], path: Path, edition: Edition) -> Iterator[Resource]:
    for draft in properties(template, resource, path, mapping_names(edition)):
        reshape(draft, edition)
        check_destinations(draft)
        yield draft.resource(MAPPING, "cloudformation")


def _invoke(template: Template, resource: Mapping[str, Any], path: Path, edition: Edition) -> Iterator[Resource]:
    for draft in properties(template, resource, path, invoke_names(edition)):
        if "Qualifier" not in draft.payload:
            message = f"{INVOKE_TYPE} requires Qualifier: a version, an alias or $LATEST."
            draft.report(QUALIFIER, draft.path, message, "Add Qualifier.")
        check_destinations(draft)
        yield draft.resource(SETTING, "cloudformation")


def reshape(draft: PayloadDraft, edition: Edition) -> None:
    """Convert the Tags and Endpoints of an event source mapping from a template's structure to that of the API.

    Report them if they are already written as in the API.
    """
    payload, places = draft.payload, draft.places
    draft.names[*ENDPOINTS, SERVERS] = OWN_SERVERS
    if "Tags" in payload:
        here = places.get(("Tags",), (*draft.path, "Tags"))
        if isinstance(payload["Tags"], dict) and edition != "documents":
            message = "Tags must be a list of objects, each with Key and Value, not one object."
            draft.report("tags.type", here, message, "Write each tag as an object: - Key: a, Value: b.")
        payload["Tags"] = _tags(payload["Tags"], here, places)
    if ENDPOINTS[0] in payload:
        here = (*places.get(ENDPOINTS[:1], (*draft.path, ENDPOINTS[0])), ENDPOINTS[1])
        payload[ENDPOINTS[0]] = _source(payload[ENDPOINTS[0]], here, draft)


def _tags(value: Any, here: Path, places: dict[Path, Path]) -> Any:
    """Return a list of tags as an object: `[{"Key": "a", "Value": "b"}]` becomes `{"a": "b"}`.

    Return `Unknown` if not all keys are known. `here` is the document path of the list.
    """
    if isinstance(value, Choice):
        return value.mapped(lambda option: _tags(option.value, here, {}))
    if type(value) is not list:
        return Unknown() if isinstance(value, dict) else value
    if not all(isinstance(tag, dict) and isinstance(tag.get("Key"), str) and tag.keys() <= TAG for tag in value):
        return Unknown()
    places.update({("Tags", tag["Key"]): (*here, index, "Value") for index, tag in enumerate(value)})
    return {tag["Key"]: tag.get("Value", Unknown()) for tag in value}


def _source(value: Any, here: Path, draft: PayloadDraft) -> Any:
    """Return a SelfManagedEventSource with the API's names of its Endpoints, which are at the document path `here`."""
    if isinstance(value, Choice):
        return value.mapped(lambda option: _source(option.value, here, draft))
    if not isinstance(value, dict) or ENDPOINTS[1] not in value:
        return value
    return {**value, ENDPOINTS[1]: _endpoints(value[ENDPOINTS[1]], here, draft, draft.places)}


def _endpoints(value: Any, here: Path, draft: PayloadDraft, places: dict[Path, Path]) -> Any:
    """Return Endpoints with the API's name KAFKA_BOOTSTRAP_SERVERS for a template's KafkaBootstrapServers.

    Report the API's name if the template uses it.
    """
    if isinstance(value, Choice):
        return value.mapped(lambda option: _endpoints(option.value, here, draft, {}))
    if not isinstance(value, dict):
        return value
    if SERVERS in value:
        message = f"Endpoints has no member {SERVERS!r}, which is the API's spelling of {OWN_SERVERS!r}."
        draft.report(SPELLING, (*here, SERVERS), message, f"Write {OWN_SERVERS}.")
    if OWN_SERVERS in value:
        places[*ENDPOINTS, SERVERS] = (*here, OWN_SERVERS)
    return {SERVERS if name == OWN_SERVERS else name: member for name, member in value.items()}


Readers = Mapping[str, Callable[[Template, Mapping[str, Any], Path, Edition], Iterator[Resource]]]
READERS: Readers = {MAPPING_TYPE: _mapping, INVOKE_TYPE: _invoke}
"""The function that reads a resource, by the type of the resource."""
