"""`Case`: a payload, the expected verdict, and the rule that it breaks."""

from __future__ import annotations

from typing import Any, NamedTuple


class Case(NamedTuple):
    """A generated test case: a payload, whether it is valid, and the error or warning that it has, if any.

    `valid` is the verdict: False if the payload breaks a rule that is an error. `rule` is the broken rule, at
    `pointer`; both are None if no rule is broken. If a valid case has a `rule`, this rule is a warning.
    `implied` names the other rules that every such payload breaks too, sorted. It includes warnings, and `rule` itself
    if it is broken in a second place.

    `source` is the event source in lower case, if the operation has any. `id` is unique and stable. It consists of the
    operation, the direction, the rule or `valid`, and a description.
    """

    payload: Any
    valid: bool
    rule: str | None
    pointer: str | None
    implied: tuple[str, ...]
    source: str | None
    id: str

    @property
    def operation(self) -> str:
        """The operation that the payload is for."""
        return self.id.split("/")[0]

    @property
    def direction(self) -> str:
        """`"request"` or `"response"`."""
        return self.id.split("/")[1]

    def row(self) -> dict[str, Any]:
        """Return the case as a JSON value: id, operation, payload, valid, rule, pointer, implied, source."""
        facts = {**self._asdict(), "operation": self.operation, "implied": list(self.implied)}
        return {name: facts[name] for name in COLUMNS}


COLUMNS = ("id", "operation", "payload", "valid", "rule", "pointer", "implied", "source")
"""The members of the object that `Case.row` returns, in this order."""
