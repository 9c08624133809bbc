"""Make the `Constraint` of a keyword in a schema: its rule, severity, source, and the data that its message needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ..catalog import Schema
from ..report import Constraint, Explanation, Severity, Source
from ..report.policy import Policy
from .place import NO_SOURCE, Place


def severity(schema: Schema, keyword: str, at: Place, policy: Policy) -> Severity | None:
    """Return the severity of a violation of a keyword, "error" or "warning"; None if the policy disables the rule."""
    return policy.severity(_rule(schema, keyword, at)["id"], at.severity)


def constraint(
    schema: Schema, keyword: str, at: Place, policy: Policy, explain: Callable[[Constraint, Any], Explanation]
) -> Constraint | None:
    """Return what a report records for a violation of a keyword; None if the policy disables the rule.

    `explain` makes the message from the constraint and the invalid value.
    """
    rule = _rule(schema, keyword, at)
    severity = policy.severity(rule["id"], at.severity)
    if severity is None:
        return None
    return Constraint(
        rule=rule["id"],
        keyword=keyword,
        severity=severity,
        source=Source(**rule["source"]) if "source" in rule else _source(at),
        member=at.member,
        argument=_argument(schema, keyword),
        explain=explain,
        note=rule.get("message"),
        title=schema.get("title"),
        show_values=policy.show_values,
        made_from=policy.made_from,
    )


def _source(at: Place) -> Source:
    """Return the source that a rule cites. A source that names no member gets the member at the place."""
    if at.source.member or at.source is NO_SOURCE:
        return at.source
    return at.source._replace(member=at.member or "the payload as a whole")


def _rule(schema: Schema, keyword: str, at: Place) -> Mapping[str, Any]:
    """Return the rule of a keyword: its entry in `x-rules`, or `{"id": "batch-size.maximum"}` made of the two names."""
    named: Mapping[str, Any] | None = schema.get("x-rules", {}).get(keyword)
    if named is not None:
        return named
    if keyword in ("additionalProperties", "x-unknown-members"):
        return {"id": "member.unknown"}
    return {"id": f"{kebab(at.member or 'payload')}.{kebab(keyword)}"}


@cache  # the names of keywords recur
def kebab(name: str) -> str:
    """Return the name of a member or keyword as rule ids spell it: `KMSKeyArn` becomes `kms-key-arn`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


def _argument(schema: Schema, keyword: str) -> Any:
    if keyword in ("additionalProperties", "x-unknown-members"):
        return tuple(schema.get("properties", ()))
    argument = schema.get(keyword)
    if keyword in ("enum", "const"):
        return tuple(map(_hashable, argument if keyword == "enum" else [argument]))
    return tuple(argument) if isinstance(argument, list) and keyword == "type" else _hashable(argument)


def _hashable(argument: Any) -> Any:
    """Return the argument of a keyword unchanged, or as its `repr` if it is a list or dict, which cannot be hashed."""
    return repr(argument) if isinstance(argument, (dict, list)) else argument
