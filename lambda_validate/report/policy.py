"""The settings of a validator that change rules: which rules are disabled, and the severity of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from . import Severity

UnknownMembers = Literal["error", "warning", "ignore"]
VERDICT, REPORT = "verdict", "report"
"""The two forms of a compiled schema: a function that returns True or False, and one that returns violations."""


class Policy(NamedTuple):
    """The settings of a validator that change rules or messages; `Validator` describes each of them.

    `made_from` is not a setting. It names the SDK whose model the edition was made from, such as "botocore 1.44.8".
    Messages about unknown members show it.
    """

    strict: bool = False
    disable: frozenset[str] = frozenset()
    unknown_members: UnknownMembers | None = None
    show_values: bool = False
    made_from: str = ""

    def severity(self, rule: str, stated: Severity) -> Severity | None:
        """Return the severity of a rule under these settings; None if the rule is disabled.

        `stated` is the severity of the rule in its schema.
        """
        if rule in self.disable:
            return None
        if rule == "member.unknown" and self.unknown_members:
            return UNKNOWN_MEMBERS[self.unknown_members]
        return "error" if self.strict else stated


UNKNOWN_MEMBERS: Mapping[str, Severity | None] = {"error": "error", "warning": "warning", "ignore": None}
