"""What emitters know of values at a point of the generated code. It holds for all code that comes after in a function.

`passes.py` finds out itself which members an object has; what is here decides which check is emitted at all.
"""

from __future__ import annotations

from .arns import Arn
from .nodes import Operand


class KnownFacts:
    """Facts found so far. A new function begins with none."""

    def __init__(self) -> None:
        self.values: dict[tuple[Operand, str], tuple[str, str]] = {}
        """By object and member, the variable that holds the exact value, and its JSON type."""
        self.arns: dict[Operand, Arn] = {}
        """By variable of a string, the match that has found it to be an ARN."""
        self.services: dict[tuple[Operand, str], str] = {}
        """By object and member, the variable of the service that the member names; it is None for what is no ARN."""
