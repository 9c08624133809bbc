"""What is known of values at a point of the generated code: it holds for all code that comes after in the function."""

from __future__ import annotations

from .arns import Arn


class Known:
    """Facts found so far. A new function begins with none.

    `values` tells of an object's member which variable holds its exact value, and of which type; `present` which
    members are there for certain; `arns` what the match of a text tells; `services` which variable holds the service
    that a member names, None where it is no ARN.
    """

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], tuple[str, str]] = {}
        self.present: set[tuple[str, str]] = set()
        self.arns: dict[str, Arn] = {}
        self.services: dict[tuple[str, str], str] = {}
