"""Terraform's own language: `resource` blocks of the two types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from ....catalog import Edition
from ...documents.hcl_text import BLOCK
from ...documents.places import Document, Node, Path
from ...findings.resource import Resource
from ..aws_resources import KINDS
from .resource import Style, resource
from .scope import Scope

NAME = "terraform"


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the resources of a file in Terraform's language."""
    scope = Scope(document.value)
    style = Style(NAME, is_block=_blocks(document.tree.root))
    for (type, _), body in scope.managed.items():
        if type in KINDS:
            yield resource(type, KINDS[type], body, scope, style)


def _blocks(root: Node) -> Callable[[Path], bool]:
    """Return what tells whether what is at a path is a block, not an attribute."""

    @lru_cache(maxsize=4)  # of one body after the other, each member is asked about
    def at(path: Path) -> Node | None:
        node = root
        for step in path:
            member = node.below(step)
            if member is None:
                return None
            node = member.node
        return node

    def is_block(path: Path) -> bool:
        body = at(path[:-1])
        member = None if body is None else body.below(path[-1])
        return member is not None and member.node.style == BLOCK

    return is_block
