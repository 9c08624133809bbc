"""List the members of a request or response for a page: type, default, rules and sources of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..base.grouping import firsts, grouped
from ..catalog import Operation, Schema
from ..catalog.bounds import BOUNDS
from ..report import Source
from .statements import Default, StatedMember, Statement, Steps, facts, shown

NEWER = "member.newer"
"""The id of the rule about members that an edition does not define. A page lists such members separately."""


class RuleRow(NamedTuple):
    """A rule in the list of a member's rules.

    `when` is its condition in words. It is empty if the rule always applies, or if the message contains the condition.
    """

    id: str
    severity: str
    message: str
    when: str
    stated: Source


class MemberRow(NamedTuple):
    """A member in the list of a page.

    `name` is its path for readers, such as `Filters[].Pattern`, and `depth` the number of steps in
    `path`. A string is empty if there is nothing to show for it.
    """

    path: Steps
    name: str
    depth: int
    type: str
    title: str
    description: str
    bounds: str
    choices: tuple[str, ...]
    examples: tuple[str, ...]
    location: str
    wire_name: str
    is_required: bool
    is_newer: bool
    defaults: tuple[tuple[str, str], ...]
    rules: tuple[RuleRow, ...]


class Shape(NamedTuple):
    """What a page shows about a request or response: its members, the rules about the whole, and all statements."""

    members: tuple[MemberRow, ...]
    rules: tuple[RuleRow, ...]
    statements: tuple[Statement, ...]


def shape(operation: Operation, direction: str) -> Shape:
    """Return the members and rules of the requests, or the responses, of an operation."""
    found = list(facts(operation.schema(direction)))
    statements = tuple(fact for fact in found if isinstance(fact, Statement))
    by_path = grouped((statement.path, statement) for statement in statements)
    defaults = grouped((fact.path, fact) for fact in found if isinstance(fact, Default))
    members = firsts((fact.path, fact) for fact in found if isinstance(fact, StatedMember))
    for path in by_path:  # what only a warning or a condition speaks of
        if path and path not in members:
            members[path] = StatedMember(path, {}, False)
    rows = (_row(member, by_path.get(path, []), defaults.get(path, [])) for path, member in _ordered(members))
    located = (_located(row, operation, direction) for row in rows)
    return Shape(tuple(located), tuple(_rules(by_path.get((), []))), statements)


def _ordered(members: dict[Steps, StatedMember]) -> list[tuple[Steps, StatedMember]]:
    """Sort members so that the members of an object directly follow the object."""
    index = {path: place for place, path in enumerate(members)}
    keys = {path: tuple(index.get(path[: end + 1], 0) for end in range(len(path))) for path in members}
    return sorted(members.items(), key=lambda pair: keys[pair[0]])


def _located(row: MemberRow, operation: Operation, direction: str) -> MemberRow:
    if direction != "request" or len(row.path) != 1 or row.path[0] not in operation.members("request"):
        return row
    schema = operation.members("request")[row.path[0]]
    return row._replace(location=schema.get("x-in", ""), wire_name=schema.get("x-name", ""))


def _row(member: StatedMember, statements: list[Statement], defaults: list[Default]) -> MemberRow:
    schema = member.schema
    title = schema.get("title", "")
    return MemberRow(
        path=member.path,
        name=shown(member.path),
        depth=len(member.path),
        type=_type(schema),
        title="" if title in READABLE_TITLES else title,
        description=schema.get("description", ""),
        bounds=bounds(schema),
        choices=tuple(map(_value, [schema["const"]] if "const" in schema else schema.get("enum", ()))),
        examples=tuple(map(_value, schema.get("examples", ()))),
        location="",
        wire_name="",
        is_required=member.is_required,
        is_newer=any(statement.constraint.rule == NEWER for statement in statements),
        defaults=tuple((_value(default.value), "; ".join(default.when)) for default in defaults),
        rules=tuple(_rules(statements)),
    )


READABLE_TITLES = frozenset(("a string", "a number", "a whole number", "true or false", "a list", "an object"))
"""Titles of schemas that only repeat the type, and are not shown."""


def _type(schema: Schema) -> str:
    kind = schema.get("type", "")
    kind = " or ".join(kind) if isinstance(kind, list) else str(kind)
    items = schema.get("items")
    if kind == "array" and isinstance(items, dict) and isinstance(items.get("type"), str):
        return f"array of {items['type']}s"
    return kind


def bounds(schema: Schema) -> str:
    """Describe the bounds of a schema in short: `1 to 140 characters`."""
    return ", ".join(filter(None, (_bound(schema.get(low), schema.get(high), noun) for _, low, high, noun in BOUNDS)))


def _bound(least: Any, most: Any, noun: str) -> str:
    if least is None and most is None:
        return ""
    last = least if most is None else most
    unit = f" {noun}{'' if last == 1 else 's'}" if noun else ""
    if least is None or (noun and least == 0):
        return f"at most {most:,}{unit}" if most is not None else ""
    if most is None:
        return f"at least {least:,}{unit}"
    return f"{least:,}{unit}" if least == most else f"{least:,} to {most:,}{unit}"


def _rules(statements: list[Statement]) -> Iterator[RuleRow]:
    rows = (
        RuleRow(
            statement.constraint.rule,
            statement.constraint.severity,
            statement.message,
            "" if statement.constraint.note else "; ".join(statement.when),
            statement.constraint.source,
        )
        for statement in statements
    )
    yield from dict.fromkeys(rows)


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
