"""The values of HCL expressions: literals as plain data, and the classes below. All other expressions are `Unknown`.

A `Document` of HCL may contain them at any depth. Paths have a step for each option of a `Conditional`. Imports no
other package of ours.
"""

from __future__ import annotations

from typing import Any, NamedTuple

THEN, OTHERWISE = "?", ":"
"""The steps of a path that lead to the options of a conditional."""
BLOCK = "block"
"""The style of the node of a block, as opposed to an attribute with an object."""


class Traversal(NamedTuple):
    """A reference such as `aws_sqs_queue.orders[0].arn`: names and indexes, with None for a computed index."""

    steps: tuple[str | int | None, ...]


class Splat(NamedTuple):
    """A list of one attribute of many values, such as `aws_sqs_queue.orders[*].arn`.

    `source` is the attribute of any of them.
    """

    source: Traversal


class Conditional(NamedTuple):
    """`condition ? then : otherwise`. `condition` is its text, by which equal conditions are recognised."""

    condition: str
    then: Any
    otherwise: Any


class Interpolation(NamedTuple):
    """A string that contains expressions: fixed parts and placeholders."""

    parts: tuple[Any, ...]


class Fixed(str):
    """A fixed part of an `Interpolation`, as opposed to an expression whose value is a string."""

    __slots__ = ()


class FunctionCall(NamedTuple):
    """A function call."""

    name: str
    arguments: tuple[Any, ...]
