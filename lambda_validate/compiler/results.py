"""The results of compiled code: a verdict, or the recorded violations, whose messages are made when they are read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from ..report import Constraint, Explanation, Found

Verdict = Callable[[Any], bool]
Reporter = Callable[[Any], list[Found]]


def explain(constraint: Constraint, value: Any) -> Explanation:
    """Return the message of a violation. The module of messages is imported at the first call."""
    return _explanation()(constraint, value)


@cache
def _explanation() -> Callable[[Constraint, Any], Explanation]:
    from .messages import explain as explanation

    return explanation
