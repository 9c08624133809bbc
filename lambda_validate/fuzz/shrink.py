"""Reduce a payload to the simplest one that shows the same: first the fewest members, then the simplest values.

`shows` decides whether a payload shows the same. It is called at most `LIMIT` times, since each call sends a request to
the user's server. The result is deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

LIMIT = 300
"""Maximum number of requests to shrink one finding."""

AGAIN = 4
"""Maximum number of payloads to consider, as a multiple of the limit. Known ones need no request, but take time too."""

Shows = Callable[[Any], bool]
Payload = Mapping[str, Any]


class Enough(Exception):
    """No more requests may be sent, so the simplest payload so far is the result."""


class Limited:
    """Calls `shows`, never twice for the same payload.

    It raises `Enough` when the limit is reached or `over` returns True.

    `simplest` is the last payload that showed the same. Each payload that is tried is simpler than that one.
    """

    def __init__(self, shows: Shows, limit: int = LIMIT, over: Callable[[], bool] = lambda: False) -> None:
        self._shows, self._left, self._tries, self._over = shows, limit, AGAIN * limit, over
        self._tried: set[int] = set()
        self.simplest: Any = None

    def __call__(self, payload: Any) -> bool:
        """Return whether a payload still shows the same."""
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
    """The simplest payload found by removing whole members, and the members of it that are needed."""

    payload: Any
    members: list[str]


# Example: the server fails for {FunctionName, BatchSize: 0, Topics, Tags}. Try in this order: a plain valid payload (is
# it any request?); plain payloads with one member of this one (is it BatchSize alone?); payloads without one member (is
# a member missing?). If none of these shows the same, leave out members one after the other. Most findings end at the
# second step, after a few requests.
def needed(payload: Any, shows: Shows, plains: Sequence[Payload]) -> Need:
    """Return what is needed to show the same: a plain payload, one member of this one, a missing member, or more.

    `plains` are the simplest valid payloads. The last one is the most similar to this payload.
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
    """Yield the plain payload, then variants of it with one difference that the payload has."""
    yield [], dict(plain)
    yield from (([name], {**plain, name: payload[name]}) for name in culprits(payload, plain))
    for name in [name for name in plain if name not in payload]:
        yield [name], {key: value for key, value in plain.items() if key != name}


def without_members(payload: dict[str, Any], shows: Shows, plain: Payload) -> dict[str, Any]:
    """Return a payload in which each member that is not needed is removed, or has its plain value."""
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
    limit: int = LIMIT,
    over: Callable[[], bool] = lambda: False,
) -> Any:
    """Return the simplest payload found that still shows the same. `plains` are the simplest valid payloads."""
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
    """Return the simplest value found that still shows the same."""
    for kind, shrinker in SHRINKERS:
        if type(found) is kind:
            return shrinker(found, shows)
    return found


def text(found: str, shows: Shows) -> str:
    """Shorten a string, halves first. Then replace its characters by `a`."""
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
    """Remove every piece of a given size that is not needed, beginning at the end."""
    end = len(found)
    while end > 0:
        shorter = found[: max(0, end - size)] + found[end:]
        if shows(shorter):
            found = shorter
        end -= size
    return found


def whole(found: int, shows: Shows) -> int:
    """Bring a whole number as near to zero as possible, by halving."""
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
    """Remove items, then shrink each."""
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
    """Remove members, then shrink each."""
    found = without_members(found, shows, {})
    for name in found:
        found = {**found, name: _member(found, name, shows)}
    return found


SHRINKERS: tuple[tuple[type, Callable[[Any, Shows], Any]], ...] = (
    (str, text), (int, whole), (float, number), (list, items), (dict, members),
)  # fmt: skip
"""The function for each exact type. A boolean is not a number, and cannot be simplified."""


def culprits(payload: Mapping[str, Any], plain: Payload) -> list[str]:
    """Return the members of a payload that differ from the plain one."""
    return [name for name, member in payload.items() if name not in plain or plain[name] != member]
