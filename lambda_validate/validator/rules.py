"""List every rule of an edition: what it states, its severity, and its source. The list is made from the schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from .. import catalog
from ..base.spelling import UnknownNameError
from ..catalog import DIRECTIONS, Catalog
from ..compiler.compile import compile_schema
from ..compiler.messages import UNSEEN
from ..report import Constraint, Severity, Source
from ..report.policy import REPORT
from .message_rules import OURS, OUTCOME_RULES, OutcomeRule, stated


class Rule(NamedTuple):
    """A rule: its id, severity, statements, sources, operations and directions.

    A rule that several members or operations share may have several statements and sources.
    """

    id: str
    severity: Severity
    statements: tuple[str, ...]
    sources: tuple[Source, ...]
    operations: tuple[str, ...]
    directions: tuple[str, ...]


def rules(edition: str | Catalog = "documents", only: tuple[str, ...] | None = None) -> tuple[Rule, ...]:
    """Return every rule of an edition, or of some of its operations, sorted by id.

    `only` names these operations. `edition` is `"documents"` by default. An unknown edition or operation raises
    `UnknownNameError`. The first call compiles the schema of each operation, which can take more than a second.
    """
    return _rules(catalog.find(edition), only)


@cache
def _rules(edition: Catalog, only: tuple[str, ...] | None) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    names = catalog.operations(edition) if only is None else only
    for name in names:
        for direction in DIRECTIONS:
            schema = catalog.operation(name, edition).schema(direction)
            for constraint in compile_schema(schema, REPORT, name).constraints:
                rule = _rule(constraint, name, direction)
                found[rule.id] = merged(found.get(rule.id, rule), rule)
    for rule in (*_outcome_rules(edition, names), *_newer_rules(edition, names)):
        found[rule.id] = merged(found.get(rule.id, rule), rule)
    return tuple(found[rule_id] for rule_id in sorted(found))


@cache
def ids(edition: str | Catalog = "documents", only: tuple[str, ...] | None = None) -> frozenset[str]:
    """Return the ids of the rules that `rules` returns."""
    return frozenset(rule.id for rule in rules(edition, only))


def require(names: Iterable[str], edition: str | Catalog) -> None:
    """Raise `UnknownNameError` for a name that is no rule of this edition or catalog, nor of any other edition.

    To list its rules, an edition must be compiled, which takes more than a second. So other editions are read only for
    a name that this one does not have.
    """
    left, known = set(names), frozenset[str]()
    for reading in (edition, *catalog.EDITIONS):
        if left:
            known |= ids(reading)
            left -= known
    if left:
        raise UnknownNameError("rule", min(left, key=str), sorted(known))


def rule(name: str, edition: str | Catalog = "documents") -> Rule:
    """Return a rule by its id.

    An unknown id raises `UnknownNameError`, which names the nearest id, or the edition that has it.
    """
    for candidate in rules(edition):
        if candidate.id == name:
            return candidate
    require([name], edition)
    home = next(other for other in catalog.EDITIONS if name in ids(other))
    raise UnknownNameError("rule", name, ids(edition), f"the edition {home!r} has it; pass edition={home!r}")


def _rule(constraint: Constraint, operation: str, direction: str) -> Rule:
    statement = constraint.explain(constraint, UNSEEN).message
    return Rule(constraint.rule, constraint.severity, (statement,), (constraint.source,), (operation,), (direction,))


def _outcome_rules(edition: str | Catalog, names: tuple[str, ...]) -> list[Rule]:
    """Return the rules about HTTP messages as a whole, with the operations whose messages can break them."""
    bodiless = _bodiless(edition, names)
    return [
        Rule(
            id=rule.id,
            severity="error",
            statements=(rule.statement,),
            sources=tuple(dict.fromkeys(_stated(rule, name, edition) for name in concerned)),
            operations=concerned,
            directions=rule.directions,
        )
        for rule in OUTCOME_RULES
        if (concerned := bodiless if rule.id == "body.unexpected" else names)
    ]


def _stated(rule: OutcomeRule, name: str, edition: str | Catalog) -> Source:
    if rule.document is not None:
        return Source(rule.document, rule.section, "the operation")
    return stated(catalog.operation(name, edition), rule.section, "the operation")


NEWER_RULES: Mapping[str, str] = {
    "member.newer": "A member should be defined by the edition in use, not only by a newer SDK.",
    "choice.newer": "A choice should be listed by the edition in use, not only by a newer SDK.",
    "operation.newer": "An operation should be in the edition in use, not only in a newer SDK.",
}
"""Warnings that exist only with the model of a newer SDK (`boto.attach`, `--sdk-model`), and what they state."""


def _newer_rules(edition: str | Catalog, names: tuple[str, ...]) -> list[Rule]:
    """Return the rules about members, choices and operations that only a newer SDK has; none for most catalogs.

    Only an edition that was made from the model of an SDK can have them.
    """
    known = catalog.find(edition)
    if not known.made_from and not hasattr(known.document, "widened"):
        return []
    source = Source(OURS, "Newer SDKs", "the section")
    return [Rule(rule_id, "warning", (text,), (source,), names, DIRECTIONS) for rule_id, text in NEWER_RULES.items()]


def _bodiless(edition: str | Catalog, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the operations whose requests have no body."""
    found = (catalog.operation(name, edition) for name in names)
    return tuple(
        operation.name
        for operation in found
        if BODY_LOCATIONS.isdisjoint(map(operation.location, operation.members("request")))
    )


BODY_LOCATIONS = frozenset(("body", "payload"))
"""Locations of members that are sent in the body."""


def merged(one: Rule, other: Rule) -> Rule:
    """Join two rules with the same id into one. Its severity is "error" if that of either rule is."""
    severity: Severity = "error" if "error" in (one.severity, other.severity) else "warning"
    pairs = zip(one[2:], other[2:], strict=False)
    return Rule(one.id, severity, *(tuple(dict.fromkeys((*mine, *theirs))) for mine, theirs in pairs))  # type: ignore[arg-type]  # each pair is of one kind
