"""What compiled code returns: a verdict, or what it found, whose messages are made when they are read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from ..report import Constraint, Explanation, Found

Verdict = Callable[[Any], bool]
Reporter = Callable[[Any], list[Found]]


def explain(constraint: Constraint, value: Any) -> Explanation:
    """Return the message of a violation. What makes messages is loaded when the first one is read."""
    return _explanation()(constraint, value)


@cache
def _explanation() -> Callable[[Constraint, Any], Explanation]:
    from .messages import explain as explanation

    return explanation
