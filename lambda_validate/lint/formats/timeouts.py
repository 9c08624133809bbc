"""The timeouts of a mapping's queue and function, if both are in the file. A rule compares them."""

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
"""The services that a reference may have, by member; see `Unknown.service`."""
LONGEST = 9
"""Maximum number of digits of a timeout. The service accepts only shorter ones."""


Value = Callable[[Any, Path], Located]
"""A function that evaluates an expression."""


class Argument(NamedTuple):
    """The argument that sets a timeout in a type of resource, and the default in seconds."""

    name: str
    default: int


Arguments = Mapping[str, Mapping[str, Argument]]
"""The arguments that set a timeout, by the member of the mapping and the type of resource that it refers to."""


class Timeouts(ABC):
    """The timeouts of a file's queues and functions, each read when a mapping first refers to it."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, Key], Timeout | None] = {}

    def related(self, payload: Mapping[str, Any], own: Key = ()) -> Mapping[str, Timeout]:
        """Return the timeouts of a mapping's queue and function; empty unless both are known.

        `own` is the resource that contains the mapping, which may be its function. A disabled mapping receives nothing.
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
        """Return the key of the resource whose ARN or name the value of a member is."""
        value = only(value)
        if isinstance(value, Unknown):
            return value.target if value.service in SERVICES[member] else ()
        text = value.prefix if isinstance(value, Partial) and value.is_whole else value
        is_name = isinstance(text, str) and (isinstance(value, Partial) or ":" not in text)
        return self.named(text) if is_name else ()

    def first(self, argument: Argument, holders: Sequence[Located], key: Key, value: Value) -> Timeout | None:
        """Return the timeout that the first of some objects sets, or the default; None if it is not known.

        `value` evaluates it. Formats differ in whether an empty timeout hides that of the next object.
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
        """Return the timeout of a resource that a member refers to; None if the file does not show it."""

    @abstractmethod
    def named(self, text: str) -> Key:
        """Return the key of the resource with the given name or ARN; an empty key if none has it, or several have."""


def only(value: Any) -> Any:
    """Return the value of a choice with a single value."""
    is_settled = isinstance(value, Choice) and len(value.options) == 1 and value.options[0].severity is None
    return value.options[0].value if is_settled else value


def unambiguous(names: Iterable[tuple[str, Key]]) -> Mapping[str, Key]:
    """Return keys by name, without names that several keys share."""
    found: dict[str, Key] = {}
    for name, key in names:
        found[name] = () if name in found else key
    return found


def _seconds(value: Any) -> int | None:
    """Return whole seconds, which may be written as a string; None if they are not known, or far too large."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= LONGEST:
        return integer(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 10**LONGEST else None
