"""`Case`: a payload and the verdict on it."""

from __future__ import annotations

from typing import Any, NamedTuple


class Case(NamedTuple):
    """A payload, the verdict on it, and the one rule that it breaks.

    `valid` is the verdict: False when the payload breaks a rule that the edition states. `rule` is the one rule that is
    broken, at `pointer`; both are None where nothing is. A valid case may have a rule: it is then one that is worth a
    warning. `implied` names the rules that no such payload can keep beside it, in alphabetical order, warnings among
    them, and `rule` itself where it is broken in a second place.
    `source` is the event source, in lower case, where the operation has any. `id` is unique and stable: operation,
    direction, rule or `valid`, and what is special.
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
        """Return the case as JSON has it: id, operation, payload, valid, rule, pointer, implied, source."""
        facts = {**self._asdict(), "operation": self.operation, "implied": list(self.implied)}
        return {name: facts[name] for name in COLUMNS}


COLUMNS = ("id", "operation", "payload", "valid", "rule", "pointer", "implied", "source")
"""What a row holds, in this order."""
