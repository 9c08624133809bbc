"""The statements of rules, for the commands `rules` and `explain`: for one edition, or for both side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import catalog
from ..base.spelling import listing
from ..catalog import Catalog
from ..settings.keys import BOTH, editions

if TYPE_CHECKING:
    from ..validator.rules import Rule


def _rules(edition: str | Catalog) -> list[Rule]:
    """Return the rules of an edition. For Lambda, add those that only `lint` applies."""
    from ..lint.findings.lint_rules import own_rules
    from ..validator.rules import merged, rules

    found = {rule.id: rule for rule in rules(edition)}
    for rule in own_rules(edition) if catalog.find(edition).name in catalog.EDITIONS else ():
        found[rule.id] = merged(found.get(rule.id, rule), rule)
    return [found[name] for name in sorted(found)]


class Meaning(NamedTuple):
    """A rule, and the editions in which it states the same.

    The editions are shown only if `is_labelled`: the list has the rules of both editions.
    """

    rule: Rule
    editions: tuple[str, ...]
    is_labelled: bool

    @property
    def facts(self) -> dict[str, Any]:
        """The rule as a value that can be written as JSON."""
        sources = [{**source._asdict(), "url": source.url} for source in self.rule.sources]
        label = {"editions": self.editions} if self.is_labelled else {}
        return {**self.rule._asdict(), "sources": sources, **label}

    def lines(self) -> Iterator[str]:
        """Yield the lines to print: the rule's id and severity, and what it states."""
        label = f", {listing(self.editions, 'and')}" if self.is_labelled else ""
        yield f"{self.rule.id} ({self.rule.severity}){label}"
        yield from (f"  {statement}" for statement in self.rule.statements)


def meanings(choice: str | Catalog) -> list[Meaning]:
    """Return the rules of one or both editions, sorted by id. A rule about which they differ is in the list twice."""
    from ..validator.rules import merged

    found: dict[Any, Meaning] = {}
    for edition in editions(choice):
        for rule in _rules(edition):
            same = found.get(rule[:3], Meaning(rule, (), choice == BOTH))
            names = (*same.editions, catalog.find(edition).name)
            found[rule[:3]] = same._replace(rule=merged(same.rule, rule), editions=names)
    return sorted(found.values(), key=lambda meaning: meaning.rule.id)
