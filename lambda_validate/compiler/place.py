"""Define `Place`: a value that the generated code checks, with its variable, its path, and what messages need."""

from __future__ import annotations

from typing import NamedTuple

from ..report import Severity, Source
from .nodes import Operand

NO_SOURCE = Source("schema", "", "")
"""The source of a rule in a schema that does not name its source."""


class Place(NamedTuple):
    """A value that the generated code checks.

    `value` is the operand for it, such as a variable, and `path` the path to it. `kind` is its JSON type, if earlier
    code has tested that. `keyword` is the keyword that contains the schema for it, such as `items`. `member`, `source`
    and `severity` are used in messages. `parent` is the object that contains the value as a member, if any.
    """

    value: Operand
    kind: str | None = None
    path: tuple[Operand, ...] = ()
    keyword: str = ""
    member: str | None = None
    source: Source = NO_SOURCE
    severity: Severity = "error"
    parent: Operand = ""
