"""A place: a position in a schema, and the value in the generated code that the schema applies to."""

from __future__ import annotations

from typing import NamedTuple

from ..report import Severity, Source
from .nodes import Operand

NOWHERE = Source("schema", "", "")
"""The source of a rule in a schema that does not name its source."""


class Place(NamedTuple):
    """A value that the generated code checks.

    `value` is the operand that holds it, `kind` its JSON type if that is known by then, and `path` the path to it.
    `keyword` is the keyword of the schema that led here. `member`, `source` and `severity` are used in messages.
    `parent` is the object that contains the value as a member, if any.
    """

    value: Operand
    kind: str | None = None
    path: tuple[Operand, ...] = ()
    keyword: str = ""
    member: str | None = None
    source: Source = NOWHERE
    severity: Severity = "error"
    parent: Operand = ""
