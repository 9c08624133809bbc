"""Find the timeouts of the queue and the function of an event source mapping, if both are in the same file.

The rule `queue.visibility-timeout` compares the visibility timeout of the queue with the timeout of the function.
"""

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
"""The kinds of reference (`Unknown.service`) that lead to a queue or a function, by the member with the reference."""
MAX_TIMEOUT_DIGITS = 9
"""Maximum number of digits of a timeout. Valid timeouts are shorter."""


Value = Callable[[Any, Path], Located]
"""A function that evaluates an expression of the format, given the expression and its path in the document."""


class Argument(NamedTuple):
    """The argument that sets a timeout, such as `visibility_timeout_seconds`, and its default in seconds."""

    name: str
    default: int


Arguments = Mapping[str, Mapping[str, Argument]]
"""The arguments that set a timeout: by EventSourceArn or FunctionName, and by the type of the resource it refers to."""


class Timeouts(ABC):
    """The timeouts of the queues and functions in a file, each read when it is first needed.

    A queue or function has a key, such as its name in the file.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[str, Key], Timeout | None] = {}

    def related(self, payload: Mapping[str, Any], own: Key = ()) -> Mapping[str, Timeout]:
        """Return the timeouts of the queue (by EventSourceArn) and the function (by FunctionName) of a mapping.

        The result is empty unless both are known. `own` is the key of the resource that contains the mapping. If
        FunctionName gives no key, the function has this one, as for an event in SAM. A disabled mapping has no
        timeouts, since it receives no messages.
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
            self.known[member, key] = None  # the result for an alias that refers to itself
            self.known[member, key] = self.read(member, key)
        return self.known[member, key]

    def target(self, member: str, value: Any) -> Key:
        """Return the key of the resource that a member refers to by reference, ARN or name; empty if it is unknown."""
        value = only(value)
        if isinstance(value, Unknown):
            return value.target if value.service in SERVICES[member] else ()
        text = value.prefix if isinstance(value, Partial) and value.is_whole else value
        is_name = isinstance(text, str) and (isinstance(value, Partial) or ":" not in text)
        return self.named(text) if is_name else ()

    def first(self, argument: Argument, holders: Sequence[Located], key: Key, value: Value) -> Timeout | None:
        """Return the timeout that the first object with the argument sets, or the argument's default if none has it.

        Return None if it is not known. `holders` are these objects: a resource's properties, and perhaps defaults for
        several resources. `value` evaluates an expression. A null means the default if there is one object; among
        several, the timeout is then unknown.
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
        """Return the timeout of the resource with a key; None if the file does not show it.

        `member` is EventSourceArn for a queue, or FunctionName for a function.
        """

    @abstractmethod
    def named(self, text: str) -> Key:
        """Return the key of the queue or function with a name or ARN; an empty key if there is none, or several."""


def only(value: Any) -> Any:
    """Return the value of a `Choice` that has a single certain option; any other value is returned unchanged."""
    is_settled = isinstance(value, Choice) and len(value.options) == 1 and value.options[0].severity is None
    return value.options[0].value if is_settled else value


def unambiguous(names: Iterable[tuple[str, Key]]) -> Mapping[str, Key]:
    """Return the key of the resource with each name. A name that several resources share has an empty key."""
    found: dict[str, Key] = {}
    for name, key in names:
        found[name] = () if name in found else key
    return found


def _seconds(value: Any) -> int | None:
    """Return a number of whole seconds, also if it is written as a string; None if it is unknown or far too large."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= MAX_TIMEOUT_DIGITS:
        return integer(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 10**MAX_TIMEOUT_DIGITS else None
