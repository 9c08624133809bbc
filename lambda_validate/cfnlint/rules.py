"""Make the classes of rules for cfn-lint.

cfn-lint calls the rules one by one. The first call checks the template, and the others use its findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from ..base.spelling import UnknownNameError
from ..catalog import EDITIONS
from ..lint.findings.lint_rules import own_rules
from ..lint.findings.resource import LINTED
from ..settings.files import ConfigError
from ..validator.rules import Rule, merged, rules
from . import templates
from .numbers import LETTERS, NUMBERS, SETTINGS, id_of

BASE = "E1001"
"""The rule of cfn-lint that validates templates with schemas. Other rules of cfn-lint are its child rules."""
UNUSABLE = "The settings of lambda-validate must be valid."

_known: WeakKeyDictionary[Any, Mapping[str, list[Any]]] = WeakKeyDictionary()


def classes() -> dict[str, type]:
    """Return the classes of all rules by id, such as "EL1010"."""
    made = {SETTINGS: _class(SETTINGS, "settings.usable")}
    for name, number in NUMBERS.items():
        for letter in LETTERS.values():
            made[f"{letter}L{number}"] = _class(f"{letter}L{number}", name)
    return made


def _class(id: str, name: str) -> type:
    """Return the class of a rule with an id in cfn-lint and a name in lambda-validate.

    Its description is looked up when it is first needed, since that takes a second.
    """

    def init(self: Any) -> None:
        CloudFormationLintRule.__init__(self)
        self.child_rules = {BASE: None}  # cfn-lint replaces None by the rule

    def match(self: Any, cfn: Any) -> list[Any]:
        return _matches(cfn, self.child_rules.get(BASE)).get(id, [])

    members = {
        "id": id,
        "shortdesc": name,
        "description": property(lambda self: _statement(name)),
        "source_url": property(lambda self: _url(name)),
        "tags": ["lambda", "lambda-validate"],
        "__init__": init,
        "match": match,
    }
    return type(id, (CloudFormationLintRule,), members)


def _matches(template: Any, base: Any) -> Mapping[str, list[Any]]:
    """Return the matches for a template by rule id. The first rule that is called makes them, and others reuse them.

    `base` is cfn-lint's rule with the id `BASE`, whose errors are not repeated.
    """
    if template not in _known:
        _known[template] = _looked(template, base)
    return _known[template]


def _looked(template: Any, base: Any) -> Mapping[str, list[Any]]:
    try:
        found = templates.located(template)
    except (ConfigError, UnknownNameError) as error:
        return {SETTINGS: [RuleMatch([], str(error))]}
    matches: dict[str, list[Any]] = {}
    theirs = templates.reported(template, base) if found else None
    for placed in found:
        id = id_of(placed.finding.rule, placed.finding.severity)
        if id is not None and theirs is not None and not theirs.has(placed, template):
            where = {"location": tuple(placed.span)} if placed.span else {}
            matches.setdefault(id, []).append(RuleMatch([*placed.path], placed.message, **where))
    return matches


@cache
def _rules() -> Mapping[str, Rule]:
    """Return the rules of all editions by name. Statements and sources of a rule in several editions are merged."""
    found: dict[str, Rule] = {}
    for edition in EDITIONS:
        for rule in (*rules(edition, LINTED), *own_rules(edition)):
            found[rule.id] = merged(found.get(rule.id, rule), rule)
    return found


def _statement(name: str) -> str:
    return " ".join(_rules()[name].statements) if name in _rules() else UNUSABLE


def _url(name: str) -> str:
    """Return the URL of the documentation that states a rule; an empty string if there is none."""
    stated = _rules()[name].sources if name in _rules() else ()
    return next((source.url for source in stated if source.url), "")
