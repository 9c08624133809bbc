"""Terraform's own language: `resource` blocks of the two types."""

from __future__ import annotations

from collections.abc import Iterator

from ..resource import Resource
from ..text.hcl_text import BLOCK
from ..text.places import Document, Node, Path
from .terraform_names import KINDS
from .terraform_resource import Style, resource
from .terraform_scope import Scope

NAME = "terraform"


def resources(document: Document, edition: str) -> Iterator[Resource]:
    """Yield the resources of a file in Terraform's language."""
    scope = Scope(document.value)
    style = Style(NAME, is_block=lambda path: _is_block(document.tree.root, path))
    for (type, _), body in scope.managed.items():
        if type in KINDS:
            yield resource(type, KINDS[type], body, scope, style)


def _is_block(node: Node, path: Path) -> bool:
    """Whether what is at a path is a block, not an attribute."""
    for step in path:
        member = node.below(step)
        if member is None:
            return False
        node = member.node
    return node.style == BLOCK
