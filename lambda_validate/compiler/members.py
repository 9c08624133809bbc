"""Find the members that a function reads of each object, and the functions that can only make a verdict fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..catalog.relations import NEEDED, RELATIONS
from .nodes import FAILED, Call, Check, Code, Compare, For, Function, Has, Holds, If, Item, Literal, Node, Not


class Row(NamedTuple):
    """The members of one object: those that the code reads, and those that the object may only have."""

    names: tuple[str, ...]
    named: frozenset[str]


def rows_of(code: Code, bound: Mapping[str, Any]) -> dict[str, Row]:
    """Return the members that code reads, by the variable of their object."""
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
    return {owner: Row(tuple(members), closed.get(owner, frozenset(members))) for owner, members in names.items()}


def needed_by(relation: Any) -> tuple[str, ...]:
    """Return the members without which a relation always holds; empty for a function that is not a relation."""
    return next((NEEDED.get(name, ()) for name, check in RELATIONS.items() if check is relation), ())


def is_count(check: Check) -> bool:
    """Return whether a check compares a count of members.

    A plan skips it: it only avoids the more exact check that follows.
    """
    return type(check) is Not and type(check.check) is Compare and str(check.check.left).startswith("count_")


def parts(nodes: Any) -> Iterator[Any]:
    """Yield every node of some nodes, and recursively every node in them."""
    for node in nodes:
        if isinstance(node, Node):
            yield node
        if isinstance(node, (Node, list, tuple)):
            yield from parts(node)


# Only in such functions may a check be postponed to the end of the verdict. A function is not strict if some caller
# uses its result otherwise, as a condition does: `if condition_3(v1): ...`. It is not strict either if a caller is not
# strict. So begin with all functions, and remove those until nothing changes.
def strict_functions(main: Function, functions: list[Function]) -> frozenset[str]:
    """Return the functions whose failure always makes the whole verdict fail."""
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
    """Yield the functions that code calls only to fail if they fail: `if not shared_4(v2): return False`."""
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
    held = check.check.operand if isinstance(check.check, Holds) else None
    return held.function if isinstance(held, Call) else None


def _called(code: Code) -> Iterator[str]:
    return (node.function for node in parts(code) if isinstance(node, Call))
