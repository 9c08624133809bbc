"""What a validator makes of the rules: which are off, and which have another severity than their edition gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from . import Severity

UnknownMembers = Literal["error", "warning", "ignore"]
VERDICT, REPORT = "verdict", "report"
"""What a schema can be compiled to: whether a payload is right, or all that is wrong with it."""


class Policy(NamedTuple):
    """What a validator makes of the rules; see `Validator` for each setting.

    `made_from` is no setting: the messages about unknown members name the SDK that the edition was made from.
    """

    strict: bool = False
    disable: frozenset[str] = frozenset()
    unknown_members: UnknownMembers | None = None
    show_values: bool = False
    made_from: str = ""

    def severity(self, rule: str, stated: Severity) -> Severity | None:
        """Return the severity of a rule under this policy; None when it is not to be validated at all."""
        if rule in self.disable:
            return None
        if rule == "member.unknown" and self.unknown_members:
            return UNKNOWN_MEMBERS[self.unknown_members]
        return "error" if self.strict else stated


UNKNOWN_MEMBERS: Mapping[str, Severity | None] = {"error": "error", "warning": "warning", "ignore": None}
