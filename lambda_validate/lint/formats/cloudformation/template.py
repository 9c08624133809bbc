"""CloudFormation, which is what the CDK writes, too: `Resources` of the two types.

`AWS::Lambda::EventSourceMapping` is a request of CreateEventSourceMapping, `AWS::Lambda::EventInvokeConfig` holds
settings. Names are the API's, but for `KmsKeyArn`. A mapping's Tags and Endpoints have shapes of their own: see "Tag"
and "Endpoints" in the reference of the resource type.

Destinations: what each needs, and what SAM adds.

In SAM, `Type` names the service, and a queue or topic may be left for SAM to create.
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
from ..members import Names, PayloadDraft, displaced, misplaced
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


MAPPING_TYPE, INVOKE_TYPE = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"
ATTRIBUTES = frozenset(
    {"Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy",
     "CreationPolicy", "UpdatePolicy", "Transform"}
)  # fmt: skip
"""What a resource may have beside its properties."""
RENAMED: Mapping[str, str] = {"KMSKeyArn": "KmsKeyArn"}
"""By the API's name, the name in a template where it is another."""
GIVEN = frozenset({"FunctionArn", "LastModified"})
"""Members of the response that a template cannot set."""
ENDPOINTS: Path = ("SelfManagedEventSource", "Endpoints")
SERVERS, OWN_SERVERS = "KAFKA_BOOTSTRAP_SERVERS", "KafkaBootstrapServers"
TAG = frozenset({"Key", "Value"})


@cache
def mapping_names(edition: Edition) -> Names:
    """Return the properties of a mapping."""
    members = catalog.operation(MAPPING.operation, edition).members("request")
    made_from = catalog.find(edition).made_from
    return Names(MAPPING_TYPE, {RENAMED.get(each, each): each for each in members}, made_from=made_from)


@cache
def invoke_names(edition: Edition) -> Names:
    """Return the properties of an invoke configuration."""
    operation = catalog.operation(SETTING.operation, edition)
    members = (*operation.members("request"), *(each for each in operation.members("response") if each not in GIVEN))
    return Names(INVOKE_TYPE, {each: each for each in members}, made_from=operation.catalog.made_from)


def templates(document: Document) -> Iterator[Template]:
    """Yield the template that a document is."""
    if isinstance(document.value, dict) and isinstance(document.value.get("Resources"), dict):
        yield Template(document, document.value)


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the resources of a template."""
    for template in templates(document):
        yield from of_template(template, edition)


def of_template(
    template: Template, edition: Edition, own: Mapping[str, Any] | None = None, readers: Readers | None = None,
    timeouts: TemplateTimeouts | None = None,
) -> Iterator[Resource]:  # fmt: skip
    """Yield the resources of a template, which may be a part of a document of another format: all, or its `own`.

    `readers` has by type what reads a resource, and `timeouts` those of the whole document.
    """
    conditions, timeouts = Conditions(template), timeouts or TemplateTimeouts(template)
    for name, resource in (template.resources if own is None else own).items():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        reader = (readers or READERS).get(kind) if isinstance(kind, str) else None
        path = (*template.path, "Resources", name)
        for each in reader(template, resource, path, edition) if reader else ():
            related = timeouts.related(each.payload, (name,))
            found, extra = conditions.within(each, resource.get("Condition")), template.findings()
            if found is not None:
                yield found._replace(converts=True, owner=path, extra=(*each.extra, *extra), related=related)


def properties(template: Template, resource: Mapping[str, Any], path: Path, names: Names) -> Iterator[PayloadDraft]:
    """Yield what a resource's properties may be."""
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
    """Return the members that a payload lacks, and which a macro may add."""
    return {each: Unknown(implied=True) for each in names.own.values() if each not in payload}


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
    """Shape the Tags and Endpoints of a mapping as the API has them."""
    payload, places = draft.payload, draft.places
    draft.names[*ENDPOINTS, SERVERS] = OWN_SERVERS
    if "Tags" in payload:
        here = places.get(("Tags",), (*draft.path, "Tags"))
        if isinstance(payload["Tags"], dict) and edition != "documents":
            message = "Tags must be a list of objects, each with Key and Value, not one object."
            draft.report("tags.type", here, message, "Write - Key: and Value:.")
        payload["Tags"] = _tags(payload["Tags"], here, places)
    if ENDPOINTS[0] in payload:
        here = (*places.get(ENDPOINTS[:1], (*draft.path, ENDPOINTS[0])), ENDPOINTS[1])
        payload[ENDPOINTS[0]] = _source(payload[ENDPOINTS[0]], here, draft)


def _tags(value: Any, here: Path, places: dict[Path, Path]) -> Any:
    """Return a list of tags as an object of them; nothing is known of one whose keys are not all known."""
    if isinstance(value, Choice):
        return value.mapped(lambda option: _tags(option.value, here, {}))
    if type(value) is not list:
        return Unknown() if isinstance(value, dict) else value
    if not all(isinstance(tag, dict) and isinstance(tag.get("Key"), str) and tag.keys() <= TAG for tag in value):
        return Unknown()
    places.update({("Tags", tag["Key"]): (*here, index, "Value") for index, tag in enumerate(value)})
    return {tag["Key"]: tag.get("Value", Unknown()) for tag in value}


def _source(value: Any, here: Path, draft: PayloadDraft) -> Any:
    """Return a self-managed source with the API's names of its endpoints, which are at `here`."""
    if isinstance(value, Choice):
        return value.mapped(lambda option: _source(option.value, here, draft))
    if not isinstance(value, dict) or ENDPOINTS[1] not in value:
        return value
    return {**value, ENDPOINTS[1]: _endpoints(value[ENDPOINTS[1]], here, draft, draft.places)}


def _endpoints(value: Any, here: Path, draft: PayloadDraft, places: dict[Path, Path]) -> Any:
    """Return endpoints by the API's name; that name itself is not the template's."""
    if isinstance(value, Choice):
        return value.mapped(lambda option: _endpoints(option.value, here, draft, {}))
    if not isinstance(value, dict):
        return value
    if SERVERS in value:
        message = f"Endpoints has no member {SERVERS!r}, which is how the API spells {OWN_SERVERS!r}."
        draft.report(SPELLING, (*here, SERVERS), message, f"Write {OWN_SERVERS}.")
    if OWN_SERVERS in value:
        places[*ENDPOINTS, SERVERS] = (*here, OWN_SERVERS)
    return {SERVERS if name == OWN_SERVERS else name: each for name, each in value.items()}


Readers = Mapping[str, Callable[[Template, Mapping[str, Any], Path, Edition], Iterator[Resource]]]
READERS: Readers = {MAPPING_TYPE: _mapping, INVOKE_TYPE: _invoke}
"""By type, what reads a resource."""
