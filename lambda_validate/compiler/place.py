"""Where an emitter stands in a schema and in the generated code."""

from __future__ import annotations

from typing import NamedTuple

from ..report import Severity, Source
from .nodes import Operand

NOWHERE = Source("schema", "", "")
"""The source of a rule whose schema cites none."""


class Place(NamedTuple):
    """A value that the generated code looks at.

    `value` holds the value, `kind` is its JSON type if that is known by then, and `path` leads to it. `keyword` is the
    keyword that led here. `member`, `source` and `severity` are for messages. `parent` is the object whose member the
    value is, if any.
    """

    value: Operand
    kind: str | None = None
    path: tuple[Operand, ...] = ()
    keyword: str = ""
    member: str | None = None
    source: Source = NOWHERE
    severity: Severity = "error"
    parent: Operand = ""
