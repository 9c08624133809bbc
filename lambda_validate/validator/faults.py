"""Faults: broken rules about an HTTP message, such as a body that is not UTF-8. They become violations here.

`OUTCOME_RULES` in `message_rules` lists these rules.
"""

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
"""Rules that cannot be disabled: without them, a message that cannot be read would pass. Raise the limit instead."""


TWICE = frozenset(("body.duplicate", "query.duplicate"))
"""Rules about duplicate names. If one is broken, the value of the member is still validated."""


class ValidatorLike(Protocol):
    """The two methods of a `Validator` that are needed to turn faults into violations."""

    def severity(self, rule: str, stated: Severity) -> Severity | None:
        """Return the severity of a rule with the validator's settings; None if the rule is disabled.

        `stated` is its severity without these settings.
        """
        ...

    def operation(self, name: str) -> Operation:
        """Return the description of an operation."""
        ...


class Fault(NamedTuple):
    """A broken rule about an HTTP message: the rule's id, a sentence that shows no value, the part and the path.

    `place` is the part of the message, such as "body". `path` leads to the member, and is empty for the whole message.
    """

    rule: str
    message: str
    place: str
    path: Path = ()


def violations(faults: Iterable[Fault], validator: ValidatorLike, operation: str) -> list[Found]:
    """Return faults as violations, without those of disabled rules. `operation` is "" if the operation is not known."""
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
