"""The native engine: an optional compiled module that validates faster than the generated Python code.

Input: a payload, and a plan: a list of instructions (`instructions.py`) that `compiler/plan.py` makes from a schema.
Output: whether the payload is valid, or that the plan cannot decide. In the last case the Python function decides.

The module `_heads` reads the heads of usual requests, for `http.heads`.

Both modules are missing if there was no C compiler at installation, or if no wheel fits.
`LAMBDA_VALIDATE_PURE=1` in the environment turns the engine off. Verdicts and reports are the same with and without it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.engines import VARIABLE, is_pure

if TYPE_CHECKING:
    from ..base.spelling import Similar
    from ..patterns.tables import Table
    from ._engine import Plan, Reader
    from ._heads import HeaderReader, HeadReader


class Engine(NamedTuple):
    """The native engine of this process: the class for plans, or None and the reason why it is not available.

    `reader` is the class that parses JSON by jiter. `longest` is a faster form of `Table.longest` in `patterns.tables`,
    and `similar` one of the function `similar` in `base.spelling`.
    """

    plan: type[Plan] | None
    reason: str = ""
    reader: type[Reader] | None = None
    longest: Callable[[Table, str], tuple[int, int] | None] | None = None
    similar: Similar | None = None

    def __str__(self) -> str:
        return "native" if self.plan else f"Python ({self.reason})"


@cache
def engine() -> Engine:
    """Return the native engine of this process. The environment is read at the first call."""
    if is_pure():
        return Engine(None, f"{VARIABLE} is set")
    if "free-threading" in sys.version:  # the module would bring the global lock back for the whole process
        return Engine(None, "this Python has no global interpreter lock")
    try:
        from ._engine import Plan, Reader, longest, similar
    except Exception as error:  # a module of another platform may raise anything, and Python does without it
        return Engine(None, f"the compiled module did not load: {type(error).__name__}")
    return Engine(Plan, reader=Reader, longest=longest, similar=similar)


class HeadReaders(NamedTuple):
    """The native classes that read headers, and whole heads."""

    headers: type[HeaderReader]
    heads: type[HeadReader[Any]]


@cache
def head_readers() -> HeadReaders | None:
    """Return the classes that read the heads of requests, None without the native engine."""
    if engine().plan is None:
        return None
    try:
        from ._heads import HeaderReader, HeadReader  # which only HTTP needs
    except Exception:  # as above
        return None
    return HeadReaders(HeaderReader, HeadReader)
