"""CloudFormation, which is what the CDK writes, too: `Resources` of the two types.

`AWS::Lambda::EventSourceMapping` is a request of CreateEventSourceMapping, `AWS::Lambda::EventInvokeConfig` holds
settings. Names are the API's, but for `KmsKeyArn`, and what `cloudformation_values` tells of nested members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from .... import catalog
from ....catalog import Edition
from ...documents.places import Document, Path
from ...findings.lint_rules import QUALIFIER
from ...findings.resource import SETTINGS, FormatFinding, Resource
from ...unresolved.parts import Unknown
from ..members import Names, displaced, misplaced, read
from .conditions import Conditions
from .intrinsics import Template
from .values import as_api

MAPPING, INVOKE = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"
CREATE, READ = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
ATTRIBUTES = frozenset(
    {"Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy",
     "CreationPolicy", "UpdatePolicy", "Transform"}
)  # fmt: skip
"""What a resource may have beside its properties."""
RENAMED: Mapping[str, str] = {"KMSKeyArn": "KmsKeyArn"}
"""By the API's name, the name in a template where it is another."""
GIVEN = frozenset({"FunctionArn", "LastModified"})
"""Members of the response that nobody writes."""


@cache
def mapping_names(edition: Edition) -> Names:
    """Return the properties of a mapping."""
    members = catalog.operation(CREATE, edition).members("request")
    made_from = catalog.find(edition).made_from
    return Names(MAPPING, {RENAMED.get(each, each): each for each in members}, made_from=made_from)


@cache
def invoke_names(edition: Edition) -> Names:
    """Return the properties of an invoke configuration."""
    operation = catalog.operation(READ, edition)
    members = (*operation.members("request"), *(each for each in operation.members("response") if each not in GIVEN))
    return Names(INVOKE, {each: each for each in members}, made_from=operation.catalog.made_from)


def templates(document: Document) -> Iterator[Template]:
    """Yield the template that a document is."""
    if isinstance(document.value, dict) and isinstance(document.value.get("Resources"), dict):
        yield Template(document, document.value)


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the resources of a template."""
    for template in templates(document):
        yield from of_template(template, edition)


def of_template(template: Template, edition: Edition, own: Mapping[str, Any] | None = None) -> Iterator[Resource]:
    """Yield the resources of a template, which may be a part of a document of another format: all, or its `own`."""
    conditions = Conditions(template)
    for name, resource in (template.resources if own is None else own).items():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        reader = READERS.get(kind) if isinstance(kind, str) else None
        if reader is not None:
            path = (*template.path, "Resources", name)
            needed = resource.get("Condition")
            for each in reader(template, resource, path, edition):
                found = conditions.within(each, needed)
                if found is not None:
                    yield found._replace(converts=True, owner=path)


def properties(template: Template, resource: Mapping[str, Any], path: Path, names: Names) -> Iterator[Resource]:
    """Yield what a resource's properties may be, as resources that lack an operation."""
    beside = displaced(resource, names)
    objects = list(template.objects(resource.get("Properties"), (*path, "Properties")))
    if resource.get("Properties") is None or (not objects and beside):
        objects = [({}, path)]
    for value, place in objects:
        found = read(value, place, names, template.value)
        for each in beside:
            if names.own[each] not in found.payload:
                found.payload[names.own[each]] = template.value(resource[each], (*path, each))
                found.places[names.own[each],] = (*path, each)
        if any(each.startswith("Fn::") for each in value):
            found.payload.update(opened(found.payload, names))
        extra = (*found.extra, *misplaced(resource, path, names, "Properties"))
        yield Resource("", "", found.payload, place, places=found.places, names=names.by_api, extra=extra)


def opened(payload: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Return the members that a payload lacks, and which a macro may add."""
    return {each: Unknown(implied=True) for each in names.own.values() if each not in payload}


def _mapping(template: Template, resource: Mapping[str, Any], path: Path, edition: Edition) -> Iterator[Resource]:
    for each in properties(template, resource, path, mapping_names(edition)):
        yield as_api(each, edition)._replace(operation=CREATE, direction="request", format="cloudformation")


def _invoke(template: Template, resource: Mapping[str, Any], path: Path, edition: Edition) -> Iterator[Resource]:
    for each in properties(template, resource, path, invoke_names(edition)):
        extra = each.extra
        if "Qualifier" not in each.payload:
            message = f"{INVOKE} requires Qualifier: a version, an alias or $LATEST."
            extra += (FormatFinding(QUALIFIER, "error", each.path, message, "Add Qualifier."),)
        yield each._replace(operation=READ, direction=SETTINGS, format="cloudformation", extra=extra)


Reader = Callable[[Template, Mapping[str, Any], Path, Edition], Iterator[Resource]]
READERS: Mapping[str, Reader] = {MAPPING: _mapping, INVOKE: _invoke}
"""By type, what reads a resource."""
