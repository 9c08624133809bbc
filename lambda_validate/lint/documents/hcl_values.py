"""What HCL expressions are, as far as linting reads them: literals as plain data, and the kinds below.

A `Document` of HCL holds them at any depth; its places have a step for each option of a `Conditional`. All else that an
expression may be is `Unknown`. Imports nothing of ours.
"""

from __future__ import annotations

from typing import Any, NamedTuple

THEN, OTHERWISE = "?", ":"
"""Steps of a path to the options of a conditional."""
BLOCK = "block"
"""The style of a block's node, which differs from that of an attribute that holds an object."""


class Traversal(NamedTuple):
    """A reference such as `aws_sqs_queue.orders[0].arn`: names, indices, and None for an index that is computed."""

    steps: tuple[str | int | None, ...]


class Splat(NamedTuple):
    """A list of one attribute of many, such as `aws_sqs_queue.orders[*].arn`; `source` is any one of them."""

    source: Traversal


class Conditional(NamedTuple):
    """`condition ? then : otherwise`; `condition` is its text, by which equal ones are recognised."""

    condition: str
    then: Any
    otherwise: Any


class Interpolation(NamedTuple):
    """A text with expressions in it: a `str` is fixed, any other part is a placeholder."""

    parts: tuple[Any, ...]


class Fixed(str):
    """A fixed part of a `Interpolation`, as opposed to an expression that is a text."""

    __slots__ = ()


class Call(NamedTuple):
    """A function call."""

    name: str
    arguments: tuple[Any, ...]
