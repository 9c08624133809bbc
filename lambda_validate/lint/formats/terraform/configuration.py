"""Terraform's configuration: `resource` blocks of the two types, in its language or its JSON syntax (`.tf.json`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from ....catalog import Edition
from ...documents.hcl_values import BLOCK, Call, Conditional
from ...documents.places import Document, Node, Path
from ...findings.resource import Picks, Resource
from ..members import Located
from . import applied
from .resource import Style, resource
from .scope import Scope
from .templates import read
from .timeouts import ScopeTimeouts
from .types import TYPES

JSON = Style("terraform_json")
NO_INSTANCE: Mapping[str, tuple[Any, ...]] = {"count": (0,), "for_each": ({}, [], Call("toset", ([],)))}
"""By meta-argument, the values that make no instance of a resource."""


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the resources of a configuration, a plan or a state."""
    if document.language == "hcl":
        style = Style("terraform", is_block=_blocks(document))
        yield from _of(Scope.of(document.value, beside=document.beside), style)
    elif isinstance(document.value, dict):
        if "resource" in document.value:
            yield from _of(Scope.of(document.value, read, document.beside), JSON)
        yield from applied.resources(document.value)


def _of(scope: Scope, style: Style) -> Iterator[Resource]:
    timeouts = ScopeTimeouts(scope)
    for (type, _), body in scope.managed.items():
        if type in TYPES:
            found = resource(type, body, scope.of_body(body), style)
            yield found._replace(possible=_is_created(body, scope), related=timeouts.of_body(body, found.payload))


def _is_created(body: Located, scope: Scope) -> Callable[[Picks], bool] | None:
    """Return a function that says whether there is any instance under some picks, where a condition decides that."""
    for name, nothing in NO_INSTANCE.items():
        raw = body.value.get(name)
        raw = scope.read(raw) if scope.read and isinstance(raw, str) else raw
        if isinstance(raw, Conditional):
            condition = raw.condition
            absent = [index for index, each in enumerate((raw.then, raw.otherwise)) if each in nothing]
            return lambda picks: picks.get(condition) not in absent
    return None


def _blocks(document: Document) -> Callable[[Path], bool]:
    """Return a function that says whether what is at a path is a block, not an attribute."""
    node: Callable[[Path], Node | None] = lru_cache(maxsize=4)(document.node)  # asked for each member of one body

    def is_block(path: Path) -> bool:
        body = node(path[:-1])
        member = None if body is None else body.below(path[-1])
        return member is not None and member.node.style == BLOCK

    return is_block
