"""CloudFormation, which is what the CDK writes, too: `Resources` of the two types.

`AWS::Lambda::EventSourceMapping` is a request of CreateEventSourceMapping, `AWS::Lambda::EventInvokeConfig` holds
settings. Names are the API's, but for `KmsKeyArn`. A mapping's Tags and Endpoints have shapes of their own: see "Tag"
and "Endpoints" in the reference of the resource type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from .... import catalog
from ....catalog import Edition
from ...documents.places import Document, Path
from ...findings.lint_rules import QUALIFIER, SPELLING
from ...findings.resource import Resource
from ...unresolved.parts import Choice, Unknown
from ..aws_resources import MAPPING, SETTING
from ..members import Names, PayloadDraft, displaced, misplaced
from .conditions import Conditions
from .destinations import check_destinations
from .intrinsics import Template
from .timeouts import TemplateTimeouts

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
    for value, place in objects:
        draft = PayloadDraft(place)
        draft.payload = draft.read(value, place, names, template.value)
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
