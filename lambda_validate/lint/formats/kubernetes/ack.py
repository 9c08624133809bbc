"""ACK, the AWS controllers for Kubernetes: kind EventSourceMapping, and the settings of a Function, Alias or Version.

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
"""Kinds that have settings."""
REFERENCES = ("Ref", "Refs")
FIRST = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]|[A-Z]+\Z")
CAPITALS = ((re.compile(r"Arn\b"), "ARN"), (re.compile(r"Id\b"), "ID"))
RESERVED: Mapping[str, Mapping[str, str]] = {"SourceAccessConfigurations": {"Type": "type_", "URI": "uRI"}}
"""By object, names that Go's code made different."""


def spelt(api: str) -> str:
    """Return how a name of the API is spelt."""
    for pattern, capitals in CAPITALS:
        api = pattern.sub(capitals, api)
    return FIRST.sub(lambda match: match[0].lower(), api, count=1)


def fields(arguments: Mapping[str, Field], owner: str = "") -> Mapping[str, Field]:
    """Return the members of an object."""
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
"""By operation."""


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the mappings and settings of a document's objects."""
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
    """Return the mapping of a specification. One without function and source only changes another one."""
    reader = Specification("EventSourceMapping", budget, REFERENCES, (*manifest.path, "spec"))
    table = FIELDS[MAPPING.operation]
    payload = reader.beside(manifest.value, manifest.path, table, "spec")
    payload |= reader.members(spec, reader.path, table)
    is_change = not {"FunctionName", "EventSourceArn", "SelfManagedEventSource"} & payload.keys()
    reader.payload = reader.opened(payload, table) if manifest.is_part or reader.is_cut or is_change else payload
    return reader.resource(MAPPING, NAME, manifest.path)


def _settings(manifest: Manifest, value: dict[str, object], budget: Budget) -> Resource:
    """Return the settings of a function; their owner names it."""
    reader = Specification(SETTINGS, budget, REFERENCES, (*manifest.path, "spec", SETTINGS))
    members = reader.members(value, reader.path, FIELDS[SETTING.operation])
    reader.payload = {"FunctionName": Unknown(), **members}
    return reader.resource(SETTING, NAME, manifest.path)
