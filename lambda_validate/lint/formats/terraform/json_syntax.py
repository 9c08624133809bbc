"""Terraform's JSON syntax (`.tf.json`): `resource.<type>.<name>`, each level an object or a list of objects."""

from __future__ import annotations

from collections.abc import Iterator

from ....catalog import Edition
from ...documents.places import Document
from ...findings.resource import Resource
from ..aws_resources import KINDS
from .resource import Style, resource
from .scope import Scope
from .templates import read

NAME = "terraform_json"
STYLE = Style(NAME)


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the resources of a document in Terraform's JSON syntax."""
    if isinstance(document.value, dict) and "resource" in document.value:
        scope = Scope(document.value, read)
        for (type, _), body in scope.managed.items():
            if type in KINDS:
                yield resource(type, KINDS[type], body, scope, STYLE)
