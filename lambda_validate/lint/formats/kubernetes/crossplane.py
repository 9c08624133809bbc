"""Read manifests of Crossplane's AWS providers: kinds EventSourceMapping and FunctionEventInvokeConfig.

Source: the custom resource definitions of crossplane-contrib/provider-upjet-aws. They are made from Terraform's
provider, with its names in camel case. A block that occurs once is a list with one object in v1beta1, and an object in
v1beta2 and in the group `lambda.aws.m.upbound.io`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ....catalog import Edition
from ...documents.places import Document
from ...findings.resource import Resource
from ...unresolved.parts import Budget
from ..aws_resources import MAPPING, SETTING, Field, ResourceType
from .manifest import Manifest, Specification, manifests

NAME = "crossplane"
GROUPS = frozenset({"lambda.aws.upbound.io", "lambda.aws.m.upbound.io"})
KINDS: Mapping[str, ResourceType] = {"EventSourceMapping": MAPPING, "FunctionEventInvokeConfig": SETTING}
PROVIDER, INITIAL = "forProvider", "initProvider"
OTHERS = frozenset({"region"})
"""Further members of every specification, which are not members of the API."""
REFERENCES = ("Ref", "Refs", "Selector")
WORD = re.compile(r"_([a-z])")


def spelt(name: str) -> str:
    """Return how Crossplane spells an argument of Terraform: `batch_size` is `batchSize`."""
    return WORD.sub(lambda match: match[1].upper(), name)


def fields(arguments: Mapping[str, Field]) -> Mapping[str, Field]:
    """Return the members of an object by Crossplane's names, given those of Terraform."""
    return {
        spelt(name): field._replace(
            members=field.members and fields(field.members),
            boxed=field.members is not None and not field.many,
        )
        for name, field in arguments.items()
    }


FIELDS: Mapping[str, Mapping[str, Field]] = {kind: fields(resource.fields) for kind, resource in KINDS.items()}
"""The members of a resource by Crossplane's names, by the kind of the manifest."""


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the event source mappings and the settings for asynchronous invocation in a document."""
    budget = Budget()
    for manifest in manifests(document, budget):
        if manifest.group in GROUPS and manifest.kind in KINDS and isinstance(manifest.value.get("spec"), dict):
            yield _resource(manifest, manifest.value["spec"], budget)


def _resource(manifest: Manifest, spec: dict[str, Any], budget: Budget) -> Resource:
    """Return the resource that `spec` of a manifest describes.

    Its members are those of `forProvider`, and those of `initProvider` that `forProvider` lacks.
    """
    path, table = (*manifest.path, "spec"), FIELDS[manifest.kind]
    home = (*path, PROVIDER) if PROVIDER in spec else path
    reader = Specification(manifest.kind, budget, REFERENCES, home, OTHERS)
    reader.is_whole = not manifest.is_part and PROVIDER in spec and INITIAL not in spec
    payload = reader.beside(spec, path, table, PROVIDER)
    for section in (INITIAL, PROVIDER):
        if isinstance(spec.get(section), dict):
            payload.update(reader.members(spec[section], (*path, section), table))
    is_part = manifest.is_part or reader.is_cut or PROVIDER not in spec
    reader.payload = reader.opened(payload, table) if is_part else payload
    return reader.resource(KINDS[manifest.kind], NAME, manifest.path)
