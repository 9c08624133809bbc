"""The values of HCL expressions: literals as plain data, and the classes below. All other expressions are `Unknown`.

A `Document` of HCL may contain them at any depth. Imports no other package of this project.
"""

from __future__ import annotations

from typing import Any, NamedTuple

THEN, OTHERWISE = "?", ":"
"""The steps of a path to the results of `condition ? then : otherwise`: ("a", "?") leads to the first result in `a`."""
BLOCK = "block"
"""The style in the position of a block, `name { }`, which distinguishes it from an attribute `name = { }`."""


class Traversal(NamedTuple):
    """A reference such as `aws_sqs_queue.orders[0].arn`, which has the steps ("aws_sqs_queue", "orders", 0, "arn").

    An index that is computed, such as `[count.index]`, is None.
    """

    steps: tuple[str | int | None, ...]


class Splat(NamedTuple):
    """The list of one attribute of many values, such as `aws_sqs_queue.orders[*].arn`.

    `source` is the reference to one of them, with None as the index: ("aws_sqs_queue", "orders", None, "arn").
    """

    source: Traversal


class Conditional(NamedTuple):
    """The expression `condition ? then : otherwise`.

    `condition` is its source, such as `var.is_fifo`. Equal conditions are recognised by their source.
    """

    condition: str
    then: Any
    otherwise: Any


class Interpolation(NamedTuple):
    """A string with expressions, such as `"arn:${var.region}:x"`. `parts` has `Fixed` parts and the expressions."""

    parts: tuple[Any, ...]


class Fixed(str):
    """A part of a string that is written as it is, such as "arn:" in `"arn:${var.region}"`."""

    __slots__ = ()


class FunctionCall(NamedTuple):
    """A function call such as `lower(var.name)`, with its arguments as values."""

    name: str
    arguments: tuple[Any, ...]
