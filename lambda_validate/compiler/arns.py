"""ARNs in a verdict's code: one match tells that a text is an ARN, of which service, and whether that service's rule on
what the ARN points at holds.

A schema says these things in patterns of their own: one that every ARN meets, and for each service one that its
resources meet. Where all are plain enough, their conjunction is one pattern: the ARN's, with an alternative for each
service whose last part is that of the service's own pattern. The tests prove the two equal with automata.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from ..base.values import as_string
from ..patterns.matching import HEAD, TAIL, alternates, matcher, whole
from .source import Check, Code, Compare, Literal

# arn:partition:service:…; what a rule that depends on the source asks for is one service, one of several, or any
SERVICES = re.compile(r"\^arn:\[\^:\]\*:(?:(?P<one>[a-z0-9]+)|\(\?:(?P<some>[a-z0-9]+(?:\|[a-z0-9]+)*)\)|\[\^:\]\+):")
ARN = re.compile(r"(arn:[a-z]*(?:\[[a-zA-Z0-9\\-]*\]\*)?:)(\[[a-zA-Z0-9\\-]*\]\+)(:.*)", re.DOTALL)
"""A pattern whose first parts are an ARN's, and cannot hold a colon: what is before the service, it, and after."""
PART = r"(?:[a-z0-9-]|\\-|\(\?:|[)?*+|]|\{[0-9]+\}|\[[a-zA-Z0-9\\-]*\])*"
ANYTHING = re.compile(rf"(:{PART}:{PART}:)\[\^\\n\]\*")
"""What follows the service: a region and an account, in which there is no colon, and any text of one line."""
RESOURCE = re.compile(
    r"arn:\[\^:\]\*:(?P<service>[a-z][a-z0-9]*):\[\^:\]\*:\[\^:\]\*:"
    r"(?P<resource>(?:[a-zA-Z0-9/_:-]|\\[-./]|\(\?:|[)?*+]|\{[0-9,]+\}|\[(?:[a-zA-Z0-9_.:/-]|\\[-/])*\])+)"
)
"""A pattern that says of one service what the rest of its ARNs is: no alternatives, nothing that takes a line's end."""


def services(pattern: str) -> tuple[str, ...] | None:
    """Return the services that a pattern admits which looks no further into an ARN than that; none stands for any.

    None for any other pattern: it has to be matched.
    """
    found = SERVICES.fullmatch(pattern)
    if found is None:
        return None
    return (found["one"],) if found["one"] else tuple((found["some"] or "").split("|")) if found["some"] else ()


def service_of(value: Any) -> str | None:
    """Return the service that an ARN names, or None for what is no ARN; of an ARN, no more is looked at than that."""
    text = as_string(value)
    parts = text.split(":", 3) if text else ()
    return parts[2] if len(parts) == 4 and parts[0] == "arn" else None


class Arn(NamedTuple):
    """A pattern that binds an ARN, in parts.

    `bound` is the name under which a verdict's code finds the function that matches, `value` its variable that holds
    the text; `resources` collects, while the code is made, what each service wants of the rest of the ARN.
    """

    partition: str
    service: str
    rest: str
    region: str | None
    bound: str
    value: str
    resources: dict[str, str]

    @property
    def met(self) -> str:
        """The variable that holds the match."""
        return f"met_{self.value}"

    @property
    def named(self) -> str:
        """The variable that holds the service."""
        return f"service_{self.value}"

    @property
    def right(self) -> str:
        """The variable that holds the service where that one's own pattern holds as well, else None."""
        return f"right_{self.value}"

    def wants(self, pattern: str) -> Check | None:
        """Return a check that holds where a pattern on a service's resources is broken; None: match it."""
        found = RESOURCE.fullmatch(whole(pattern) or "") if self.region else None
        if found is None or self.resources.setdefault(found["service"], found["resource"]) != found["resource"]:
            return None
        return Compare(self.right, "!=", Literal(found["service"]))

    def matcher(self) -> Callable[[str], Any]:
        """Return a function that gives a match, or None.

        The match's last group is named after the service where that one's own pattern holds as well; else it has no
        name, and holds the service.
        """
        return _matcher(self.partition, self.service, self.rest, self.region or "", tuple(self.resources.items()))

    def told(self) -> Code:
        """Return the code that takes from a match what it tells."""
        met, right = self.met, self.right
        return [f"{right} = {met}.lastgroup", f"{self.named} = {right} or {met}[{met}.lastindex]"]


def arn(pattern: str, bound: str, value: str) -> Arn | None:
    """Return a pattern in parts, with the names that a verdict's code has for it; None where it binds no ARN."""
    body = whole(pattern) or ""
    found = ARN.fullmatch(body)
    if found is None or alternates(body):
        return None
    plain = ANYTHING.fullmatch(found[3])
    return Arn(found[1], found[2], found[3], plain[1] if plain else None, bound, value, {})


@cache
def _matcher(
    partition: str, service: str, rest: str, region: str, resources: tuple[tuple[str, str], ...]
) -> Callable[[str], Any]:
    known = "".join(f"{name}{region}{resource}(?P<{name}>)|" for name, resource in resources)
    return matcher(f"{HEAD}{partition}(?:{known}({service}){rest}){TAIL}")
