"""Faults: violations about a message as a whole, as values. `OUTCOME_RULES` states the rule of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from ..catalog import Operation
from ..report import Constraint, Found, Path, Severity, Source
from .message_rules import OUTCOME_RULES, OutcomeRule, fixed, stated

RULES: Mapping[str, OutcomeRule] = {rule.id: rule for rule in OUTCOME_RULES}


ALWAYS_ON = frozenset(
    ("body.syntax", "body.encoding", "body.depth", "body.size", "body.slow", "body.compressed",
     "headers.limit", "target.size", "target.encoding")
)  # fmt: skip
"""Rules that cannot be disabled, since the message would pass without being read. Limits can be raised instead."""


TWICE = frozenset(("body.duplicate", "query.duplicate"))
"""Rules about the name of a member. If one is broken, the value of the member is validated all the same."""


class ValidatorLike(Protocol):
    """The part of a `Validator` that is needed here: severities of rules, and operations."""

    def severity(self, rule: str, stated: Severity) -> Severity | None:
        """Return the severity of a rule, None if it is disabled."""
        ...

    def operation(self, name: str) -> Operation:
        """Return the description of an operation."""
        ...


class Fault(NamedTuple):
    """A broken rule about a message: its id, one sentence without any value, the part of the message, and the member,
    if any.
    """

    rule: str
    message: str
    place: str
    path: Path = ()


def violations(faults: Iterable[Fault], validator: ValidatorLike, operation: str) -> list[Found]:
    """Return faults as violations, without those of disabled rules. `operation` is empty if it is unknown."""
    found = []
    severity: Severity | None
    for fault in faults:
        severity = "error" if fault.rule in ALWAYS_ON else validator.severity(fault.rule, "error")
        if severity is not None:
            rule = RULES[fault.rule]
            source = _source(rule, validator, operation)
            constraint = Constraint(rule.id, fault.place, severity, source, None, None, fixed, fault.message)
            found.append(Found(fault.path, constraint))
    return found


def _source(rule: OutcomeRule, validator: ValidatorLike, operation: str) -> Source:
    if rule.document is not None or not operation:
        return Source(rule.document or "", rule.section, "the operation")
    return stated(validator.operation(operation), rule.section, "the operation")
