"""The two types of compiled functions: a `Verdict` returns True or False, a `Reporter` the recorded violations."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from ..report import Constraint, Explanation, Found

Verdict = Callable[[Any], bool]
Reporter = Callable[[Any], list[Found]]


def explain(constraint: Constraint, value: Any) -> Explanation:
    """Return the message of a violation. The module `messages` is imported only when the first message is needed."""
    return _explanation()(constraint, value)


@cache
def _explanation() -> Callable[[Constraint, Any], Explanation]:
    from .messages import explain as explanation

    return explanation
