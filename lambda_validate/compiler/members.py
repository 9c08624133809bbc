"""Analyse generated functions for the native engine: which members of an object they read, and how they are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..catalog.relations import COMPARED_MEMBERS, RELATIONS
from .nodes import FAILED, Call, Check, Code, Compare, For, Function, Has, Holds, If, Item, Literal, Node, Not


class ObjectMembers(NamedTuple):
    """The members of one object: `names` are those that the code reads, and `named` the only ones that are allowed."""

    names: tuple[str, ...]
    named: frozenset[str]


def rows_of(code: Code, bound: Mapping[str, Any]) -> dict[str, ObjectMembers]:
    """Return the members that code reads, for each variable that has an object.

    `bound` are the Python objects that the code uses, by name.
    """
    names: dict[str, dict[str, None]] = {}
    closed: dict[str, frozenset[str]] = {}
    for node in parts(code):
        if isinstance(node, Has):
            names.setdefault(str(node.owner), {})[node.name] = None
        elif isinstance(node, Item) and isinstance(node.key, Literal):
            names.setdefault(str(node.container), {})[node.key.value] = None
        elif isinstance(node, Call) and node.function.endswith(".get"):
            owner, name = node.function.removesuffix(".get"), node.argument
            names.setdefault(owner, {})[name.value if isinstance(name, Literal) else ""] = None
        elif isinstance(node, Call) and node.function.endswith(".issuperset"):
            owner, named = str(node.argument), bound[node.function.removesuffix(".issuperset")]
            names.setdefault(owner, {}).update(dict.fromkeys(sorted(named)))
            closed[owner] = closed.get(owner, named) & named
        elif isinstance(node, Call) and (needed := needed_by(bound.get(node.function))):
            names.setdefault(str(node.argument), {}).update(dict.fromkeys(needed))
    return {
        owner: ObjectMembers(tuple(members), closed.get(owner, frozenset(members))) for owner, members in names.items()
    }


def needed_by(relation: Any) -> tuple[str, ...]:
    """Return the members that a relation compares. An object that lacks one of them satisfies the relation.

    The result is empty for a function that is not a relation.
    """
    return next((COMPARED_MEMBERS.get(name, ()) for name, check in RELATIONS.items() if check is relation), ())


def is_count(check: Check) -> bool:
    """Return whether a check compares the number of an object's members with a counter.

    The native engine skips such a check, since it only saves the comparison of the names, which follows.
    """
    return type(check) is Not and type(check.check) is Compare and str(check.check.left).startswith("count_")


def parts(nodes: Any) -> Iterator[Any]:
    """Yield every node in a list of nodes, and recursively every node in those."""
    for node in nodes:
        if isinstance(node, Node):
            yield node
        if isinstance(node, (Node, list, tuple)):
            yield from parts(node)


# A function of the generated code is strict if a failure in it always makes the whole verdict fail. Only in such a
# function may a check be postponed to the end of the verdict. A function is not strict if some caller uses its result
# as a condition, as in `if condition_3(v1): ...`, or if a caller is not strict. So begin with all functions, and remove
# those until nothing changes.
def strict_functions(main: Function, functions: list[Function]) -> frozenset[str]:
    """Return the names of the strict functions: if one of them returns False, the whole verdict is False."""
    calls = {
        function.name: (set(_deciding(function.body)), set(_called(function.body))) for function in (main, *functions)
    }
    strict = set(calls)
    while True:
        loose = {
            called
            for name, (deciding, every) in calls.items()
            for called in every
            if called in strict and (name not in strict or called not in deciding)
        }
        if not loose:
            return frozenset(strict)
        strict -= loose


def _deciding(code: Code) -> Iterator[str]:
    """Yield the names of functions whose False makes the code return False: `if not shared_4(v2): return False`."""
    for statement in code:
        if isinstance(statement, If):
            found = _failing_call(statement)
            if found:
                yield found
            yield from _deciding([*statement.body, *statement.otherwise])
        elif isinstance(statement, For):
            yield from _deciding(statement.body)
        elif isinstance(statement, Call):  # in a report, every violation counts
            yield statement.function


def _failing_call(statement: If) -> str | None:
    check = statement.check
    if statement.body != FAILED or statement.otherwise or not isinstance(check, Not):
        return None
    operand = check.check.operand if isinstance(check.check, Holds) else None
    return operand.function if isinstance(operand, Call) else None


def _called(code: Code) -> Iterator[str]:
    return (node.function for node in parts(code) if isinstance(node, Call))
