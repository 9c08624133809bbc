"""Read `resource` blocks of the two linted types in Terraform's configuration, written in HCL or in JSON (`.tf.json`).

The timeouts of queues and functions are read too, from all files of the folder.

Source: the documentation of hashicorp/aws 5.100, `visibility_timeout_seconds` and `timeout`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

from ....catalog import Edition
from ...documents.hcl_values import BLOCK, Conditional, FunctionCall, Traversal
from ...documents.places import Document, Path, PlacedNode
from ...findings.resource import NO_TIMEOUTS, Picks, Resource, Timeout
from ...unresolved.parts import Unknown
from ..members import Located
from ..timeouts import FUNCTION, SOURCE, Argument, Arguments, Key, Timeouts, unambiguous
from . import applied
from .modules import Declared, read_template
from .resource import Style, resource
from .scope import Scope
from .types import TYPES

LAMBDA = "aws_lambda_function"
ARGUMENTS: Arguments = {
    SOURCE: {"aws_sqs_queue": Argument("visibility_timeout_seconds", 30)},
    FUNCTION: {LAMBDA: Argument("timeout", 3)},
}
ALIAS = "aws_lambda_alias"
NAME = "function_name"


class ScopeTimeouts(Timeouts):
    """The timeouts of the queues and functions in a folder of Terraform files.

    The key of a resource is its type and name. All instances of a resource have the same timeout.
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def of_body(self, body: Located, payload: Mapping[str, Any]) -> Mapping[str, Timeout]:
        """Return the timeouts of the queue and the function of an event source mapping, given its block and payload.

        The result is empty if `count` is 0, so that the mapping is not created.
        """
        if body.value.get("count") == 0:
            return NO_TIMEOUTS
        return self.related({**payload, FUNCTION: _function(self.scope, body.value.get(NAME)) or payload.get(FUNCTION)})

    def read(self, member: str, key: Key) -> Timeout | None:
        """Return the timeout of the queue or function with a key; None if it is not known.

        If it is declared in another file of the folder, it has no path in the document.
        """
        declared, kind = self.scope.module.find("resource", *key), key[0]
        if declared is None:
            return None
        if kind == ALIAS:
            return self._of(member, self._aliased(declared), ())
        argument, value = ARGUMENTS[member].get(kind), Scope(self.scope.module, declared.read).value
        found = self.first(argument, [declared.body], key, value) if argument else None
        return found if found is None or declared.is_own else found._replace(path=None)

    def _aliased(self, alias: Declared) -> Any:
        """Return the value of `function_name` of an alias: a reference to its function, or its name."""
        scope, raw = Scope(self.scope.module, alias.read), alias.body.value.get(NAME)
        return _function(scope, raw) or scope.value(raw, alias.body.path).value

    def named(self, text: str) -> Key:
        """Return the key of the function with the given name; an empty key if none has it, or several have."""
        return self._names.get(text, ())

    @cached_property
    def _names(self) -> Mapping[str, Key]:
        """The keys of the Lambda functions in the document by name. A name of several functions has an empty key."""
        functions = ((key, body) for key, body in self.scope.managed.items() if key[0] == LAMBDA)
        named = ((self.scope.value(body.value.get(NAME), body.path).value, key) for key, body in functions)
        return unambiguous((name, key) for name, key in named if isinstance(name, str))


def _function(scope: Scope, raw: Any) -> Unknown | None:
    """Return a reference to the function that an expression such as `aws_lambda_function.f.function_name` refers to.

    Return None for any other expression.
    """
    raw = scope.read(raw) if scope.read and isinstance(raw, str) else raw
    is_function = isinstance(raw, Traversal) and raw.steps[0] == LAMBDA and len(raw.steps) > 2
    return Unknown("name", target=(LAMBDA, str(raw.steps[1]))) if is_function else None


JSON = Style("terraform_json")
NO_INSTANCE: Mapping[str, tuple[Any, ...]] = {"count": (0,), "for_each": ({}, [], FunctionCall("toset", ([],)))}
"""By meta-argument, the values for which Terraform creates no instance of a resource."""


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the linted resources of a configuration, a plan or a state of Terraform."""
    if document.language == "hcl":
        style = Style("terraform", is_block=_blocks(document))
        yield from _of(Scope.of(document.value, beside=document.beside), style)
    elif isinstance(document.value, dict):
        if "resource" in document.value:
            yield from _of(Scope.of(document.value, read_template, document.beside), JSON)
        yield from applied.resources(document.value)


def _of(scope: Scope, style: Style) -> Iterator[Resource]:
    timeouts = ScopeTimeouts(scope)
    for (type, _), body in scope.managed.items():
        if type in TYPES:
            found = resource(type, body, scope.of_body(body), style)
            yield found._replace(possible=_is_created(body, scope), related=timeouts.of_body(body, found.payload))


def _is_created(body: Located, scope: Scope) -> Callable[[Picks], bool] | None:
    """Return a function that tests whether a resource is created, given the result of each condition.

    For example, `count = var.on ? 1 : 0` creates none if `var.on` is false. Return None if no condition decides it.
    """
    for name, nothing in NO_INSTANCE.items():
        raw = body.value.get(name)
        raw = scope.read(raw) if scope.read and isinstance(raw, str) else raw
        if isinstance(raw, Conditional):
            condition = raw.condition
            absent = [index for index, option in enumerate((raw.then, raw.otherwise)) if option in nothing]
            return lambda picks: picks.get(condition) not in absent
    return None


def _blocks(document: Document) -> Callable[[Path], bool]:
    """Return a function that tests whether the value at a path in a document is written as a block, `name { }`."""
    node: Callable[[Path], PlacedNode | None] = lru_cache(maxsize=4)(document.node)  # called for each member of a block

    def is_block(path: Path) -> bool:
        body = node(path[:-1])
        member = None if body is None else body.below(path[-1])
        return member is not None and member.node.style == BLOCK

    return is_block
