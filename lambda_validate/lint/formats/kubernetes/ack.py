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
from ...unresolved.parts import Unknown
from ...unresolved.placeholders import Budget
from ..aws_resources import MAPPING, SETTING, Argument
from ..members import Names, displaced, misplaced
from .manifest import Field, Manifest, Specification, manifests

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


def fields(arguments: Mapping[str, Argument], owner: str = "") -> Mapping[str, Field]:
    """Return the members of an object."""
    renamed = RESERVED.get(owner, {})
    return {renamed.get(each.api) or spelt(each.api): _field(each) for each in arguments.values()}


def _field(argument: Argument) -> Field:
    conversion = "timestamp" if argument.from_text == "timestamp" else ""
    members = None if argument.members is None else fields(argument.members, argument.api)
    return Field(argument.api, members, argument.many, conversion=conversion)


FIELDS: Mapping[str, Mapping[str, Field]] = {each.operation: fields(each.arguments) for each in (MAPPING, SETTING)}
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
    """Return the mapping that a specification is; one without function and source only changes another's."""
    reader = Specification("EventSourceMapping", budget, REFERENCES)
    table = FIELDS[MAPPING.operation]
    names = Names("EventSourceMapping", {name: each.api for name, each in table.items()})
    beside = reader.members(
        {name: manifest.value[name] for name in displaced(manifest.value, names)}, manifest.path, table
    )
    path = (*manifest.path, "spec")
    reader.findings += misplaced(manifest.value, manifest.path, names, "spec")
    payload = {**beside, **reader.members(spec, path, table)}
    if (
        manifest.is_part
        or reader.is_cut
        or not {"FunctionName", "EventSourceArn", "SelfManagedEventSource"} & payload.keys()
    ):
        payload = reader.opened(payload, table)
    return reader.resource(MAPPING, payload, path, NAME, manifest.path)


def _settings(manifest: Manifest, value: dict[str, object], budget: Budget) -> Resource:
    """Return the settings of a function; their owner names it."""
    reader = Specification(SETTINGS, budget, REFERENCES)
    path = (*manifest.path, "spec", SETTINGS)
    payload = {"FunctionName": Unknown(), **reader.members(value, path, FIELDS[SETTING.operation])}
    return reader.resource(SETTING, payload, path, NAME, manifest.path)
