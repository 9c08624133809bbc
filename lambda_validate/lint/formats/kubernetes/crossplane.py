"""Crossplane's AWS providers by Upbound: kinds EventSourceMapping and FunctionEventInvokeConfig.

Source: the custom resource definitions of crossplane-contrib/provider-upjet-aws. They are made from Terraform's
provider: its names in camel case, its blocks as lists of one (v1beta1) or objects (v1beta2 and `lambda.aws.m`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ....catalog import Edition
from ...documents.places import Document
from ...findings.resource import Resource
from ...unresolved.placeholders import Budget
from ..aws_resources import MAPPING, SETTING, UNSET, Argument, Kind
from ..members import Names, displaced, misplaced
from .manifest import Field, Manifest, Specification, manifests

NAME = "crossplane"
GROUPS = frozenset({"lambda.aws.upbound.io", "lambda.aws.m.upbound.io"})
KINDS: Mapping[str, Kind] = {"EventSourceMapping": MAPPING, "FunctionEventInvokeConfig": SETTING}
PROVIDER, INITIAL = "forProvider", "initProvider"
OTHERS = frozenset({"region"})
"""What every resource has."""
REFERENCES = ("Ref", "Refs", "Selector")
WORD = re.compile(r"_([a-z])")


def spelt(name: str) -> str:
    """Return how a name of Terraform's is spelt."""
    return WORD.sub(lambda match: match[1].upper(), name)


def fields(arguments: Mapping[str, Argument]) -> Mapping[str, Field]:
    """Return the members of an object."""
    return {spelt(name): _field(name, each) for name, each in arguments.items()}


def _field(name: str, argument: Argument) -> Field:
    members = None if argument.members is None else fields(argument.members)
    conversion = "unset_zero" if name in UNSET else argument.from_text
    return Field(argument.api, members, argument.many, members is not None and not argument.many, conversion)


FIELDS: Mapping[str, Mapping[str, Field]] = {kind: fields(each.arguments) for kind, each in KINDS.items()}
"""By kind."""


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the mappings and settings of a document's objects."""
    budget = Budget()
    for manifest in manifests(document, budget):
        if manifest.group in GROUPS and manifest.kind in KINDS and isinstance(manifest.value.get("spec"), dict):
            yield _resource(manifest, manifest.value["spec"], budget)


def _resource(manifest: Manifest, spec: dict[str, Any], budget: Budget) -> Resource:
    """Return the resource that a specification is: `initProvider` fills in what `forProvider` leaves out."""
    reader, table = Specification(manifest.kind, budget, REFERENCES, OTHERS), FIELDS[manifest.kind]
    names = Names(manifest.kind, {name: each.api for name, each in table.items()})
    path = (*manifest.path, "spec")
    payload = reader.members({name: spec[name] for name in displaced(spec, names)}, path, table)
    reader.findings += misplaced(spec, path, names, PROVIDER)
    for section in (INITIAL, PROVIDER):
        if isinstance(spec.get(section), dict):
            payload.update(reader.members(spec[section], (*path, section), table))
    if manifest.is_part or reader.is_cut or PROVIDER not in spec:
        payload = reader.opened(payload, table)
    home = (*path, PROVIDER) if PROVIDER in spec else path
    return reader.resource(KINDS[manifest.kind], payload, home, NAME, manifest.path)
