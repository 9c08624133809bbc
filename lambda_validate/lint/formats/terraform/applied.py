"""Read Terraform's plans and states in JSON: output of `terraform show -json`, and state files.

A plan lacks the values that are known only after it is applied, such as the ARN of a new queue. The references in the
plan's `configuration` show what kind of value they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...documents.places import Path, UnreadableError, member_at
from ...findings.resource import Resource
from ...unresolved.parts import Unknown
from ..members import Located, objects
from .resource import Style, resource
from .scope import Scope
from .types import TARGETS, TYPES

PLAN, STATE = Style("terraform_plan", is_applied=True), Style("terraform_state", is_applied=True)
VERSION = 4
"""The version of state files that are read."""
OLDER = (1, 2, 3)
"""Older versions of state files. They cannot be checked, since Terraform 0.11 wrote all values as strings."""
MODULES = 50
"""Maximum depth of nested modules that are read."""
IDLE = frozenset({"no-op", "read", "delete", "forget"})
"""Actions of a plan that neither create nor change a resource."""
NO_ARNS = frozenset({"name", "sqs-url", "dynamodb-table", "apigateway"})
"""Kinds of references that are not ARNs. They are ignored, since the value may be an ARN that is made of them."""
INDEX = re.compile(r"\[[^\]]*\]")

Name = tuple[str, str, str]
"""The address of the module of a resource, the type of the resource, and its name."""


def resources(root: dict[str, Any]) -> Iterator[Resource]:
    """Yield the linted resources in a file: those that a plan creates or changes, or those of a state."""
    changes = list(objects(root.get("resource_changes"), ("resource_changes",)))
    if changes:
        expressions = dict(_expressions(_inside(root, "configuration", "root_module"), ""))
        planned = {_name(change.value): _inside(change.value, "change", "after") for change in changes}
        for change in changes:
            yield from _planned(change, expressions, planned)
    if root.get("version") in OLDER and any(map(_is_older, objects(root.get("modules"), ("modules",)))):
        raise UnreadableError(
            f"expected a state of version {VERSION}, but this is version {root['version']}, from before Terraform "
            "0.12; convert it with a newer Terraform, or with `terraform show -json`"
        )
    if root.get("version") == VERSION:
        for entry in objects(root.get("resources"), ("resources",)):
            for instance in objects(entry.value.get("instances"), (*entry.path, "instances")):
                yield from _applied(entry.value, instance, "attributes")
        return
    for values in objects(root.get("values"), ("values",)):
        for module in _modules(values.value.get("root_module"), (*values.path, "root_module")):
            for entry in objects(module.value.get("resources"), (*module.path, "resources")):
                yield from _applied(entry.value, entry, "values")


def _is_older(module: Located) -> bool:
    """Return whether a module in an older state file has a resource of the two linted types."""
    resources = _inside(module.value, "resources").values()
    return any(member_at(entry, "type") == type for entry in resources for type in TYPES)


def _modules(value: Any, path: Path, depth: int = 0) -> Iterator[Located]:
    """Yield a module of a state, and all modules nested in it."""
    for module in objects(value, path):
        yield module
        if depth < MODULES:
            yield from _modules(module.value.get("child_modules"), (*module.path, "child_modules"), depth + 1)


def _applied(facts: dict[str, Any], holder: Located, name: str) -> Iterator[Resource]:
    """Yield the payload of a resource in a state, if it is of one of the two linted types and not a data source.

    `facts` has the type and mode of the resource. Its attributes are a member of `holder`: `name` is "values" in the
    output of `terraform show -json`, and "attributes" in a state file.
    """
    type, attributes = facts.get("type"), holder.value.get(name)
    if isinstance(type, str) and type in TYPES and facts.get("mode") == "managed" and isinstance(attributes, dict):
        yield resource(type, Located(attributes, (*holder.path, name)), Scope.of({}), STATE, holder.path)


def _planned(
    change: Located, expressions: Mapping[Name, dict[str, Any]], planned: Mapping[Name, dict[str, Any]]
) -> Iterator[Resource]:
    name, facts = _name(change.value), _inside(change.value, "change")
    actions, after = facts.get("actions"), facts.get("after")
    if name[1] not in TYPES or change.value.get("mode") != "managed" or not isinstance(after, dict):
        return
    if not isinstance(actions, list) or all(action in IDLE for action in actions if isinstance(action, str)):
        return
    path = (*change.path, "change", "after")
    scope = _Unknowns(name[0], planned)
    merged = scope.merged(after, facts.get("after_unknown"), expressions.get(name), (*path[:-1], "after_unknown"))
    if isinstance(merged, dict):  # otherwise, the whole resource is unknown until the plan is applied
        yield resource(name[1], Located(merged, path), Scope.of({}), PLAN, change.path)


def _name(change: dict[str, Any]) -> Name:
    """Return the module, type and name of the resource that a change is about. Indexes such as `[0]` are left out."""
    module = change.get("module_address")
    plain = INDEX.sub("", module) if isinstance(module, str) else ""
    return plain, str(change.get("type")), str(change.get("name"))


def _inside(value: Any, *names: str) -> dict[str, Any]:
    """Return the object at a path of names in a value; an empty one if there is none."""
    found = member_at(value, *names)
    return found if isinstance(found, dict) else {}


def _expressions(module: dict[str, Any], address: str, depth: int = 0) -> Iterator[tuple[Name, dict[str, Any]]]:
    """Yield the expressions of each resource in a module of a plan's `configuration`, and in nested modules.

    Each is a pair of the resource's `Name` and an object with the expression of each argument.
    """
    for entry in objects(module.get("resources"), ()):
        yield (address, str(entry.value.get("type")), str(entry.value.get("name"))), _inside(entry.value, "expressions")
    calls = _inside(module, "module_calls") if depth < MODULES else {}
    for name, call in calls.items():
        inner = f"{address}.module.{name}" if address else f"module.{name}"
        yield from _expressions(_inside(call, "module"), inner, depth + 1)


class _Unknowns:
    """Adds the values that are unknown until a plan is applied to the planned values, which lack them.

    `module` is the address of the current module, and `planned` the planned values of all resources.
    """

    def __init__(self, module: str, planned: Mapping[Name, dict[str, Any]]) -> None:
        self.module, self.planned = module, planned

    def merged(self, after: Any, unknown: Any, expressions: Any, path: Path) -> Any:
        """Return a planned value with `Unknown` in place of every part that is only known after the plan is applied.

        `after` and `unknown` are the plan's `after` and `after_unknown`; `expressions` are from its `configuration`.
        """
        if unknown is True:
            return Located(self.placeholder(expressions), path)
        if isinstance(unknown, dict) and isinstance(after, dict):
            named = expressions if isinstance(expressions, dict) else None
            return {
                name: self.merged(after.get(name), unknown.get(name), named and named.get(name), (*path, name))
                for name in {**after, **unknown}
                if named is None or name in named or unknown.get(name) is not True  # others are computed
            }
        if type(unknown) is list and type(after) is list:
            listed = expressions if isinstance(expressions, list) else []
            return [
                self.merged(item, _item(unknown, index), _item(listed, index), (*path, index))
                for index, item in enumerate(after)
            ]
        return after

    def placeholder(self, expression: Any) -> Unknown:
        """Return an unknown value. It has a service, such as "sqs", if the expression refers to only one resource."""
        references = expression.get("references") if isinstance(expression, dict) else None
        listed = references if isinstance(references, list) else []
        targets = {referred for reference in listed if (referred := _target(reference))}
        if len(targets) != 1:
            return Unknown()
        type, name, attribute, is_managed = next(iter(targets))
        target = TARGETS[type]
        service = target.services.get(attribute)
        if service is None or service in NO_ARNS:
            return Unknown()
        after = self.planned.get((self.module, type, INDEX.sub("", name)), {}) if is_managed else {}
        is_fifo = after.get(target.fifo) if target.fifo else None
        return Unknown(service, is_fifo if isinstance(is_fifo, bool) else None)


def _target(reference: Any) -> tuple[str, str, str, bool] | None:
    """Return the type, name and attribute of a reference, and whether it refers to a resource and not a data source.

    For example, "aws_sqs_queue.orders.arn" is `("aws_sqs_queue", "orders", "arn", True)`. Return None for a reference
    of another form or to a type that is not in `TARGETS`.
    """
    steps = reference.split(".") if isinstance(reference, str) else []
    is_data = steps[:1] == ["data"]
    type, name, attribute = (*steps[is_data:], "", "", "")[:3]
    is_whole = len(steps) == 3 + is_data and type in TARGETS
    return (type, name, attribute, not is_data) if is_whole else None


def _item(value: list[Any], index: int) -> Any:
    return value[index] if index < len(value) else None
