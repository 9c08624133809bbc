"""Reduce a payload to the simplest one that shows the same problem: the fewest members, then the simplest values.

In this module, `shows` is a function that returns whether a payload still shows the problem. It is called at most
`MAX_SHRINK_REQUESTS` times, since each call sends a request to the user's server. The result is deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

MAX_SHRINK_REQUESTS = 300
"""Maximum number of requests to shrink one finding."""

AGAIN = 4
"""Maximum number of payloads to consider, as a multiple of the maximum number of requests. A payload that was tried
before needs no request, but takes time too."""

Shows = Callable[[Any], bool]
Payload = Mapping[str, Any]


class Enough(Exception):
    """Raised if no more requests may be sent. The simplest payload so far is then the result."""


class Limited:
    """Wraps `shows`, which returns whether a payload shows the problem, and never calls it twice for the same payload.

    It raises `Enough` when the limit is reached or `over` returns True. `simplest` is the last payload that showed the
    problem. Only payloads that are simpler than this one are tried afterwards.
    """

    def __init__(
        self, shows: Shows, limit: int = MAX_SHRINK_REQUESTS, over: Callable[[], bool] = lambda: False
    ) -> None:
        self._shows, self._left, self._tries, self._over = shows, limit, AGAIN * limit, over
        self._tried: set[int] = set()
        self.simplest: Any = None

    def __call__(self, payload: Any) -> bool:
        """Return whether a payload still shows the problem. Return False if it was tried before."""
        self._tries -= 1
        if self._tries < 0 or self._over():
            raise Enough
        key = hash(repr(payload))
        if key in self._tried:
            return False
        if self._left <= 0:
            raise Enough
        self._tried.add(key)
        self._left -= 1
        if not self._shows(payload):
            return False
        self.simplest = payload
        return True


class Need(NamedTuple):
    """The simplest payload found by removing whole members, and the names of the members that cause the problem."""

    payload: Any
    members: list[str]


# A finding is made simpler with further requests. Example: the server fails for {FunctionName, BatchSize: 0, Topics,
# Tags}. Try in this order: a plain valid payload (does it fail for any request?); plain payloads with one member of
# this one (is it BatchSize alone?); plain payloads without one member (is a member missing?). If none of these fails in
# the same way, leave out members one after the other. Most findings are simple after the second step, which takes a few
# requests.
def needed(payload: Any, shows: Shows, plains: Sequence[Payload]) -> Need:
    """Find out which members of a payload cause a problem, and return them with a simple payload that shows it.

    The result names no member if any request shows the problem, one member if it is the cause, or several. `plains` are
    the simplest valid payloads. The last one is the most similar to this payload.
    """
    if not isinstance(payload, dict):
        return Need(payload, [])
    try:
        for plain in plains:
            for names, made in _near(payload, plain):
                if shows(made):
                    return Need(made, names)
        payload = without_members(payload, shows, plains[-1])
    except Enough:
        pass
    return Need(payload, culprits(payload, plains[-1]))


def _near(payload: Payload, plain: Payload) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield a plain valid payload, then variants of it that each have one of its differences from `payload`.

    With every payload, yield a list of the member that was changed; it is empty for the plain payload.
    """
    yield [], dict(plain)
    yield from (([name], {**plain, name: payload[name]}) for name in culprits(payload, plain))
    for name in [name for name in plain if name not in payload]:
        yield [name], {key: value for key, value in plain.items() if key != name}


def without_members(payload: dict[str, Any], shows: Shows, plain: Payload) -> dict[str, Any]:
    """Remove each member of a payload that is not needed to show the problem, or replace its value by the plain one."""
    while (simpler := _simpler(payload, shows, plain)) != payload:
        payload = simpler
    return payload


def _simpler(payload: dict[str, Any], shows: Shows, plain: Payload) -> dict[str, Any]:
    for name in reversed(list(payload)):
        less = {key: value for key, value in payload.items() if key != name}
        if shows(less):
            payload = less
        elif name in plain and payload[name] != plain[name] and shows({**payload, name: plain[name]}):
            payload = {**payload, name: plain[name]}
    return payload


def shrink(
    payload: Any,
    shows: Shows,
    plains: Sequence[Payload],
    limit: int = MAX_SHRINK_REQUESTS,
    over: Callable[[], bool] = lambda: False,
) -> Any:
    """Return the simplest payload found that still shows the problem. `plains` are the simplest valid payloads."""
    limited = Limited(shows, limit, over)
    try:
        return _shrunk(payload, limited, plains)
    except Enough:
        return payload if limited.simplest is None else limited.simplest


def _shrunk(payload: Any, limited: Limited, plains: Sequence[Payload]) -> Any:
    if not isinstance(payload, dict):
        return value(payload, limited)
    payload = without_members(needed(payload, limited, plains).payload, limited, plains[-1])
    for name in payload:
        if not any(payload[name] == plain.get(name) for plain in plains):
            payload = {**payload, name: _member(payload, name, limited)}
    return payload


def _member(payload: dict[str, Any], name: str, shows: Shows) -> Any:
    return value(payload[name], lambda simpler: shows({**payload, name: simpler}))


def value(found: Any, shows: Shows) -> Any:
    """Return the simplest value found with which the payload still shows the problem."""
    for kind, shrinker in SHRINKERS:
        if type(found) is kind:
            return shrinker(found, shows)
    return found


def text(found: str, shows: Shows) -> str:
    """Shorten a string, first by halves, then by smaller pieces. Then replace its characters by `a` where possible."""
    if shows(""):
        return ""
    size = len(found)
    while size > 1:
        size = (size + 1) // 2
        found = _cut(found, size, shows)
    found = _cut(found, 1, shows)
    for index, character in enumerate(found):
        if character != "a" and shows(plainer := f"{found[:index]}a{found[index + 1 :]}"):
            found = plainer
    return found


def _cut(found: str, size: int, shows: Shows) -> str:
    """Remove every piece of `size` characters that is not needed to show the problem, beginning at the string's end."""
    end = len(found)
    while end > 0:
        shorter = found[: max(0, end - size)] + found[end:]
        if shows(shorter):
            found = shorter
        end -= size
    return found


def whole(found: int, shows: Shows) -> int:
    """Bring a whole number as near to zero as possible, by binary search."""
    sign = -1 if found < 0 else 1
    low, high = -1, abs(found)
    for near in (0, 1):
        if near < high and shows(sign * near):
            return sign * near
        low = near
    while high - low > 1:
        middle = (low + high) // 2
        if shows(sign * middle):
            high = middle
        else:
            low = middle
    return sign * high


def number(found: float, shows: Shows) -> float:
    """Remove the fraction of a number, then shrink it as a whole number."""
    if found != found or abs(found) > 1e15:
        return found
    return whole(int(found), shows) if shows(int(found)) else found


def items(found: list[Any], shows: Shows) -> list[Any]:
    """Remove the items of a list that are not needed, then shrink each remaining item."""
    for index in reversed(range(len(found))):
        if shows(less := found[:index] + found[index + 1 :]):
            found = less
    for index in range(len(found)):
        found = _item(found, index, shows)
    return found


def _item(found: list[Any], index: int, shows: Shows) -> list[Any]:
    before, after = found[:index], found[index + 1 :]
    return [*before, value(found[index], lambda simpler: shows([*before, simpler, *after])), *after]


def members(found: dict[str, Any], shows: Shows) -> dict[str, Any]:
    """Remove the members of an object that are not needed, then shrink each remaining value."""
    found = without_members(found, shows, {})
    for name in found:
        found = {**found, name: _member(found, name, shows)}
    return found


SHRINKERS: tuple[tuple[type, Callable[[Any, Shows], Any]], ...] = (
    (str, text), (int, whole), (float, number), (list, items), (dict, members),
)  # fmt: skip
"""The function that shrinks values of each exact type. Booleans have none: they cannot be simplified."""


def culprits(payload: Mapping[str, Any], plain: Payload) -> list[str]:
    """Return the names of a payload's members that a plain valid payload does not have, or has with another value."""
    return [name for name, member in payload.items() if name not in plain or plain[name] != member]
