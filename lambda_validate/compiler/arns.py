"""ARNs: one match finds that a string is an ARN, its service, and whether that service's own pattern holds.

A schema states these in patterns of their own: one for every ARN, and for each service one for its resources. Where all
are simple enough, their conjunction becomes one pattern: the one for every ARN, with an alternative for each service
that ends as the service's own pattern does. The tests prove the two equal with automata.

    ^(?:arn:aws:[a-z]+:[^\\n]*)$(?!\\n)      together   arn:aws:(?:sqs:...:[a-z]+(?P<sqs>)|([a-z]+):[^\\n]*)
    ^arn:[^:]*:sqs:...:[a-z]+$(?!\\n)        become

The last group of the match is named `sqs` where the resource is valid as well. Else the group has no name and holds the
service.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from ..patterns.matching import HEAD, TAIL, alternates, matcher, whole
from .nodes import OUTLIVES, Assign, Check, Code, Compare, Holds, If, Item, Literal, Not

SERVICES = re.compile(r"\^arn:\[\^:\]\*:(?:(?P<one>[a-z0-9]+)|\(\?:(?P<some>[a-z0-9]+(?:\|[a-z0-9]+)*)\)|\[\^:\]\+):")
"""A pattern that asks for one service, one of several, or any."""
ARN = re.compile(r"(arn:[a-z]*(?:\[[a-zA-Z0-9\\-]*\]\*)?:)(\[[a-zA-Z0-9\\-]*\]\+)(:.*)", re.DOTALL)
"""A pattern that begins as an ARN does: what is before the service, the service, and what is after it."""
PART = r"(?:[a-z0-9-]|\\-|\(\?:|[)?*+|]|\{[0-9]+\}|\[[a-zA-Z0-9\\-]*\])*"
ANYTHING = rf"(:{PART}:{PART}:)\[\^\\n\]\*"
"""What follows the service: a region and an account, neither with a colon, and anything on one line."""
RESOURCE = (
    r"arn:\[\^:\]\*:(?P<service>[a-z][a-z0-9]*):\[\^:\]\*:\[\^:\]\*:"
    r"(?P<resource>(?:[a-zA-Z0-9/_:-]|\\[-./]|\(\?:|[)?*+]|\{[0-9,]+\}|\[(?:[a-zA-Z0-9_.:/-]|\\[-/])*\])+)"
)
"""A pattern for the resources of one service: without alternatives, and without anything that matches a line's end.

This and `ANYTHING` are compiled when the first ARN needs them: most operations have none."""


def services(pattern: str) -> tuple[str, ...] | None:
    """Return the services that a pattern admits, if it looks no further into an ARN than that.

    `^arn:[^:]*:(?:sqs|sns):` gives `("sqs", "sns")`. An empty tuple stands for any service; None for any other pattern.
    """
    found = SERVICES.fullmatch(pattern)
    if found is None:
        return None
    return (found["one"],) if found["one"] else tuple((found["some"] or "").split("|")) if found["some"] else ()


class Arn(NamedTuple):
    """A pattern that binds an ARN, in parts.

    `bound` is the name of the function that matches. Three variables hold its result: the match, the service, and the
    service where the resource is valid as well. While code is made, `resources` collects what each service asks of the
    rest of its ARNs.
    """

    partition: str
    service: str
    rest: str
    region: str | None
    bound: str
    found_name: str
    service_name: str
    valid_name: str
    resources: dict[str, str]

    def other_resource(self, pattern: str) -> Check | None:
        """Return a check that holds where a pattern of a service's resources is broken; None where it needs a match."""
        found = re.fullmatch(RESOURCE, whole(pattern) or "") if self.region else None
        if found is None or self.resources.setdefault(found["service"], found["resource"]) != found["resource"]:
            return None
        return Not(Compare(self.valid_name, "==", Literal(found["service"])))

    def matcher(self) -> Callable[[str], Any]:
        """Return a function that gives a match, or None; see above for its last group."""
        resources = tuple(self.resources.items())
        return _matcher(self.partition, self.service, self.rest, self.region or "", resources)

    def read(self) -> Code:
        """Return the code that takes the services from a match."""
        unnamed = Assign(self.service_name, Item(self.found_name, f"{self.found_name}.lastindex"), OUTLIVES)
        return [
            Assign(self.valid_name, f"{self.found_name}.lastgroup", OUTLIVES),
            Assign(self.service_name, self.valid_name, OUTLIVES),
            If(Not(Holds(self.valid_name)), [unnamed], []),
        ]


def arn(pattern: str, bound: str, value: str) -> Arn | None:
    """Return a pattern in parts, with the names that the generated code has for it; None where it binds no ARN."""
    body = whole(pattern) or ""
    found = ARN.fullmatch(body)
    if found is None or alternates(body):
        return None
    anything = re.fullmatch(ANYTHING, found[3])
    region = anything and anything[1]
    names = f"found_{value}", f"service_{value}", f"valid_{value}"
    return Arn(found[1], found[2], found[3], region, bound, names[0], names[1], names[2], {})


@cache
def _matcher(
    partition: str, service: str, rest: str, region: str, resources: tuple[tuple[str, str], ...]
) -> Callable[[str], Any]:
    own = "".join(f"{name}{region}{resource}(?P<{name}>)|" for name, resource in resources)
    return matcher(f"{HEAD}{partition}(?:{own}({service}){rest}){TAIL}")
