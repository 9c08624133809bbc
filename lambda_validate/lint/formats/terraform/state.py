"""Terraform's state: the file of version 4, and what `terraform show -json` makes of a state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....catalog import Edition
from ...documents.places import Document
from ...findings.resource import Resource
from ..aws_resources import KINDS
from .resource import Style, resource
from .scope import Located, Scope, blocks

NAME = "terraform_state"
STYLE = Style(NAME, is_applied=True)
VERSION = 4
MODULES = 50
"""Levels of modules in modules that are looked into."""


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the resources of a state."""
    value = document.value
    if not isinstance(value, dict):
        return
    if value.get("version") == VERSION:
        for each in blocks(value.get("resources"), ("resources",)):
            for instance in blocks(each.value.get("instances"), (*each.path, "instances")):
                yield from _resource(each.value, instance, "attributes")
    else:
        for root in blocks(value.get("values"), ("values",)):
            for module in _modules(root.value.get("root_module"), (*root.path, "root_module")):
                for each in blocks(module.value.get("resources"), (*module.path, "resources")):
                    yield from _resource(each.value, each, "values")


def _modules(value: Any, path: Any, depth: int = 0) -> Iterator[Located]:
    """Yield a module, and those in it."""
    for module in blocks(value, path):
        yield module
        if depth < MODULES:
            yield from _modules(module.value.get("child_modules"), (*module.path, "child_modules"), depth + 1)


def _resource(facts: dict[str, Any], holder: Located, name: str) -> Iterator[Resource]:
    """Yield the resource that the provider's attributes describe, when it is of one of the two types."""
    type, attributes = facts.get("type"), holder.value.get(name)
    if isinstance(type, str) and type in KINDS and facts.get("mode") == "managed" and isinstance(attributes, dict):
        body = Located(attributes, (*holder.path, name))
        yield resource(type, KINDS[type], body, Scope({}), STYLE, holder.path)
