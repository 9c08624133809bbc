"""Remember which variables of the generated code already have the value of a member, or the service in its ARN.

Emitters use this to generate less code: a value that was converted once is not converted again. (Which members an
object has is found later: `passes.py` finds it in the finished tree.)
"""

from __future__ import annotations

from .nodes import Operand


class KnownFacts:
    """The variables that the code of one function has set so far, for members and for services in their ARNs."""

    def __init__(self) -> None:
        self.values: dict[tuple[Operand, str], tuple[str, str]] = {}
        """By object and member, the variable that has the member's value as a built-in type, and its JSON type."""
        self.services: dict[tuple[Operand, str], str] = {}
        """By object and member, the variable that has the service in the member's ARN; it is None for other values."""
