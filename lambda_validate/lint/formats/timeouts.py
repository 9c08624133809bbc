"""The timeouts of a mapping's queue and function, where both are in the file: what a rule across resources compares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..documents.digits import integer
from ..documents.places import Path
from ..findings.resource import NO_TIMEOUTS, Timeout
from ..unresolved.parts import ABSENT, Choice, Partial, Unknown
from .members import Located

Key = tuple[str, ...]
SOURCE, FUNCTION = "EventSourceArn", "FunctionName"
SERVICES: Mapping[str, tuple[str, ...]] = {SOURCE: ("sqs",), FUNCTION: ("lambda", "name")}
"""By member, what a reference in it is when it is valid: see `Unknown.service`."""
LONGEST = 9
"""Digits of a timeout that is compared; all that the service takes have fewer."""


Value = Callable[[Any, Path], Located]
"""What returns what an expression stands for."""


class Argument(NamedTuple):
    """What sets a timeout in a type of resource, and the seconds without it."""

    name: str
    default: int


Arguments = Mapping[str, Mapping[str, Argument]]
"""By a mapping's member and the type of resource that it refers to, what sets the timeout."""


class Timeouts(ABC):
    """The timeouts of a file's queues and functions, each read when a mapping first refers to it."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, Key], Timeout | None] = {}

    def related(self, payload: Mapping[str, Any], own: Key = ()) -> Mapping[str, Timeout]:
        """Return the timeouts of a mapping's queue and function; none unless both are known.

        `own` is the resource that the mapping is written in, which may be its function. What is disabled receives
        nothing.
        """
        if SOURCE not in payload or payload.get("Enabled") in (False, "false"):
            return NO_TIMEOUTS
        queue = self._of(SOURCE, payload[SOURCE], ())
        function = self._of(FUNCTION, payload.get(FUNCTION), own) if queue else None
        return {SOURCE: queue, FUNCTION: function} if queue and function else NO_TIMEOUTS

    def _of(self, member: str, value: Any, own: Key) -> Timeout | None:
        key = self.target(member, value) or own
        if not key:
            return None
        if (member, key) not in self.known:
            self.known[member, key] = None  # what an alias of itself stands for
            self.known[member, key] = self.read(member, key)
        return self.known[member, key]

    def target(self, member: str, value: Any) -> Key:
        """Return the key of the resource that a member's value is an ARN or a name of."""
        value = only(value)
        if isinstance(value, Unknown):
            return value.target if value.service in SERVICES[member] else ()
        text = value.prefix if isinstance(value, Partial) and value.is_whole else value
        is_name = isinstance(text, str) and (isinstance(value, Partial) or ":" not in text)
        return self.named(text) if is_name else ()

    def first(self, argument: Argument, holders: Sequence[Located], key: Key, value: Value) -> Timeout | None:
        """Return the timeout that the first of some objects sets, or the default; None where that is not known.

        `value` evaluates it. Formats differ on whether one that is left empty hides that of the next object.
        """
        name = ".".join(key)
        for holder, home in holders:
            if not isinstance(holder, dict) or any(name.startswith("Fn::") for name in holder):
                return None
            if argument.name in holder:
                found, path = value(holder[argument.name], (*home, argument.name))
                if len(holders) == 1 and (found is None or found is ABSENT):
                    break
                seconds = _seconds(only(found))
                return None if seconds is None else Timeout(seconds, argument.name, name, True, path)
        return Timeout(argument.default, argument.name, name)

    @abstractmethod
    def read(self, member: str, key: Key) -> Timeout | None:
        """Return the timeout of a resource that a member refers to; None where the file does not say."""

    @abstractmethod
    def named(self, text: str) -> Key:
        """Return the key of the one resource that has a name or an ARN."""


def only(value: Any) -> Any:
    """Return the value of a choice that leaves none."""
    is_settled = isinstance(value, Choice) and len(value.options) == 1 and value.options[0].severity is None
    return value.options[0].value if is_settled else value


def unambiguous(names: Iterable[tuple[str, Key]]) -> Mapping[str, Key]:
    """Return keys by name, without those that share a name."""
    found: dict[str, Key] = {}
    for name, key in names:
        found[name] = () if name in found else key
    return found


def _seconds(value: Any) -> int | None:
    """Return whole seconds, also of a string; None of what is not known, or out of all bounds."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= LONGEST:
        return integer(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 10**LONGEST else None
