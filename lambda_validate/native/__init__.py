"""The native engine: a compiled module that executes plans, and what is known of it. Python does the same without it.

`_engine` is optional. It is missing where no compiler was there when the package was installed, or where no wheel fits.
`LAMBDA_VALIDATE_PURE=1` in the environment turns it off. Both engines give the same verdicts and reports.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ..base.engines import VARIABLE, is_pure

if TYPE_CHECKING:
    from ._engine import Plan


class Engine(NamedTuple):
    """The engine of this process: the class of its plans, or None and the reason why there is none."""

    plan: type[Plan] | None
    reason: str = ""

    def __str__(self) -> str:
        return "native" if self.plan else f"Python ({self.reason})"


@cache
def engine() -> Engine:
    """Return the engine of this process. The environment is read at the first call."""
    if is_pure():
        return Engine(None, f"{VARIABLE} is set")
    if "free-threading" in sys.version:  # the module would bring the global lock back for the whole process
        return Engine(None, "this Python has no global lock")
    try:
        from ._engine import Plan
    except Exception as error:  # a module of another platform may raise anything, and Python does without it
        return Engine(None, f"the compiled module did not load: {type(error).__name__}")
    return Engine(Plan)
