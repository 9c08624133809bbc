"""Facts about values that the code emitted so far has found out. They hold for all later code of the function.

Emitters use these facts to choose which check to emit. (Which members an object has is a separate kind of fact, which
`passes.py` finds in the finished tree.)
"""

from __future__ import annotations

from .nodes import Operand


class KnownFacts:
    """The facts found so far in one function. A new function begins without any."""

    def __init__(self) -> None:
        self.values: dict[tuple[Operand, str], tuple[str, str]] = {}
        """The variable that holds the value of a member as an exact type, and its JSON type, by object and member."""
        self.services: dict[tuple[Operand, str], str] = {}
        """The variable that holds the service in a member's ARN, by object and member. It is None for other values."""
