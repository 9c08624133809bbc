"""Find the rules of findings, for reports that show the statement of each rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from ...catalog import Catalog
from ...settings.keys import editions
from ...validator.rules import Rule, merged, rules
from ..findings.finding import LintFinding
from ..findings.lint_rules import own_rules


def known_rules(findings: list[LintFinding], choice: str | Catalog) -> dict[str, Rule]:
    """Return the rules of the findings by id, as the edition `choice` states them.

    For the edition `both`, a rule is that of the documents if a finding is a difference between editions, and that of
    today's API otherwise.
    """
    *compared, main = editions(choice)
    found: dict[str, dict[str | Catalog, Rule]] = {}
    for edition in (*compared, main):
        named = {finding.rule for finding in findings if bool(finding.group) == (edition in compared)}
        stated = {rule.id: rule for rule in (*rules(edition), *own_rules(edition))} if named else {}
        for name in named & stated.keys():
            found.setdefault(name, {})[edition] = stated[name]
    return {name: _joined(editions) for name, editions in found.items()}


def _joined(stated: Mapping[str | Catalog, Rule]) -> Rule:
    """Return a rule with its statements in several editions. If there are two or more, each begins with the edition."""
    if len(stated) == 1:
        return next(iter(stated.values()))
    labelled = (
        rule._replace(statements=tuple(f"{edition}: {statement}" for statement in rule.statements))
        for edition, rule in stated.items()
    )
    return reduce(merged, labelled)
