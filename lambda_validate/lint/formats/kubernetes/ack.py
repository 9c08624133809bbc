"""Read manifests of ACK, the AWS controllers for Kubernetes: EventSourceMapping, and settings of functions.

Settings for asynchronous invocation are in `spec.functionEventInvokeConfig` of a Function, Alias or Version.

Source: the custom resource definitions of aws-controllers-k8s/lambda-controller. Their names are the API's in camel
case, with `ARN` and `ID` in capitals as Go has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ....catalog import Edition
from ...documents.places import Document
from ...findings.resource import Resource
from ...unresolved.parts import Budget, Unknown
from ..aws_resources import MAPPING, SETTING, Field
from .manifest import Manifest, Specification, manifests

NAME = "ack"
GROUP = "lambda.services.k8s.aws"
SETTINGS = "functionEventInvokeConfig"
HOLDERS = frozenset({"Function", "Alias", "Version"})
"""Kinds of objects that may contain settings for asynchronous invocation."""
REFERENCES = ("Ref", "Refs")
FIRST_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]|[A-Z]+\Z")
CAPITALS = ((re.compile(r"Arn\b"), "ARN"), (re.compile(r"Id\b"), "ID"))
RESERVED: Mapping[str, Mapping[str, str]] = {"SourceAccessConfigurations": {"Type": "type_", "URI": "uRI"}}
"""Names that differ from the rule of `spelt`, due to how ACK generates Go code, by the API's object and name."""


def spelt(api: str) -> str:
    """Return how ACK spells a name of the API: `BatchSize` is `batchSize`, and `EventSourceArn` is `eventSourceARN`."""
    for pattern, capitals in CAPITALS:
        api = pattern.sub(capitals, api)
    return FIRST_WORD.sub(lambda match: match[0].lower(), api, count=1)


def fields(arguments: Mapping[str, Field], owner: str = "") -> Mapping[str, Field]:
    """Return the members of an object by ACK's names, given those of Terraform. `owner` is the API's name of it."""
    renamed = RESERVED.get(owner, {})
    return {
        renamed.get(field.api) or spelt(field.api): field._replace(
            members=field.members and fields(field.members, field.api),
            conversion=field.conversion if field.conversion == "timestamp" else "",
            unset=(),
        )
        for field in arguments.values()
    }


FIELDS: Mapping[str, Mapping[str, Field]] = {
    resource.operation: fields(resource.fields) for resource in (MAPPING, SETTING)
}
"""The members of a resource by ACK's names, by the operation of the API."""


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the event source mappings and the settings for asynchronous invocation in a document."""
    budget = Budget()
    for manifest in manifests(document, budget):
        spec = manifest.value.get("spec")
        if manifest.group != GROUP or not isinstance(spec, dict):
            continue
        if manifest.kind == "EventSourceMapping":
            yield _mapping(manifest, spec, budget)
        elif manifest.kind in HOLDERS and isinstance(spec.get(SETTINGS), dict):
            yield _settings(manifest, spec[SETTINGS], budget)


def _mapping(manifest: Manifest, spec: dict[str, object], budget: Budget) -> Resource:
    """Return the payload of a manifest of kind EventSourceMapping. `spec` is its specification.

    A specification without function and source is a part of another one, so members that it lacks are unknown.
    """
    reader = Specification("EventSourceMapping", budget, REFERENCES, (*manifest.path, "spec"))
    table = FIELDS[MAPPING.operation]
    payload = reader.beside(manifest.value, manifest.path, table, "spec")
    payload |= reader.members(spec, reader.path, table)
    is_change = not {"FunctionName", "EventSourceArn", "SelfManagedEventSource"} & payload.keys()
    reader.payload = reader.opened(payload, table) if manifest.is_part or reader.is_cut or is_change else payload
    return reader.resource(MAPPING, NAME, manifest.path)


def _settings(manifest: Manifest, value: dict[str, object], budget: Budget) -> Resource:
    """Return the payload of `functionEventInvokeConfig` in a Function, Alias or Version. FunctionName is unknown."""
    reader = Specification(SETTINGS, budget, REFERENCES, (*manifest.path, "spec", SETTINGS))
    members = reader.members(value, reader.path, FIELDS[SETTING.operation])
    reader.payload = {"FunctionName": Unknown(), **members}
    return reader.resource(SETTING, NAME, manifest.path)
