"""A payload becomes the simplest that still shows the same: fewest members, then plainest values. Deterministic.

`shows` decides; it is asked at most `LIMIT` times, since every question is a request to somebody's server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

LIMIT = 300
"""Questions asked for one finding."""

AGAIN = 4
"""Times the limit that a payload may be tried of which the answer may be known: to find that out takes time, too."""

Shows = Callable[[Any], bool]
Payload = Mapping[str, Any]


class Enough(Exception):
    """No more may be asked: what is known must do. A text of a million characters has as many shorter ones."""


class Limited:
    """Asks `shows`, never twice the same, until the limit is reached or all is `over`, which raises `Enough`.

    `simplest` is the payload that showed the same last: each one that is asked about is simpler than it.
    """

    def __init__(self, shows: Shows, limit: int = LIMIT, over: Callable[[], bool] = lambda: False) -> None:
        self._shows, self._left, self._tries, self._over = shows, limit, AGAIN * limit, over
        self._asked: set[int] = set()
        self.simplest: Any = None

    def __call__(self, payload: Any) -> bool:
        """Whether a payload still shows the same."""
        self._tries -= 1
        if self._tries < 0 or self._over():
            raise Enough
        key = hash(repr(payload))
        if key in self._asked:
            return False
        if self._left <= 0:
            raise Enough
        self._asked.add(key)
        self._left -= 1
        if not self._shows(payload):
            return False
        self.simplest = payload
        return True


class Need(NamedTuple):
    """The simplest payload found by taking whole members, and which members of it the sighting needs."""

    payload: Any
    members: list[str]


def needed(payload: Any, shows: Shows, plains: Sequence[Payload]) -> Need:
    """Return what a sighting needs of a payload: nothing but a plain one, one member of it or one that lacks, or more.

    `plains` are the plainest valid payloads, the last one that which is most like the payload.
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
    """The plain payload, then those that differ from it in one member as the other payload does."""
    yield [], dict(plain)
    yield from (([name], {**plain, name: payload[name]}) for name in culprits(payload, plain))
    for name in [each for each in plain if each not in payload]:
        yield [name], {key: value for key, value in plain.items() if key != name}


def without_members(payload: dict[str, Any], shows: Shows, plain: Payload) -> dict[str, Any]:
    """Return a payload with every member left out, or given its plain value, that the sighting does not need."""
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
    """Return the simplest payload found that still shows the same; `plains` are the plainest valid payloads."""
    ask = Limited(shows, limit, over)
    try:
        return _shrunk(payload, ask, plains)
    except Enough:
        return payload if ask.simplest is None else ask.simplest


def _shrunk(payload: Any, ask: Limited, plains: Sequence[Payload]) -> Any:
    if not isinstance(payload, dict):
        return value(payload, ask)
    payload = without_members(needed(payload, ask, plains).payload, ask, plains[-1])
    for name in payload:
        if not any(payload[name] == plain.get(name) for plain in plains):
            payload = {**payload, name: _member(payload, name, ask)}
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
    """Shorten a text, halves first, then make its characters `a`."""
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
    """Leave out every piece of a size that can be left out, from the end."""
    end = len(found)
    while end > 0:
        shorter = found[: max(0, end - size)] + found[end:]
        if shows(shorter):
            found = shorter
        end -= size
    return found


def whole(found: int, shows: Shows) -> int:
    """Bring a whole number as near to zero as it still shows the same, by halves."""
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
    """Leave out the fraction of a number, then treat it as a whole one."""
    if found != found or abs(found) > 1e15:
        return found
    return whole(int(found), shows) if shows(int(found)) else found


def items(found: list[Any], shows: Shows) -> list[Any]:
    """Leave out items, then simplify each."""
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
    """Leave out members, then simplify each."""
    found = without_members(found, shows, {})
    for name in found:
        found = {**found, name: _member(found, name, shows)}
    return found


SHRINKERS: tuple[tuple[type, Callable[[Any, Shows], Any]], ...] = (
    (str, text), (int, whole), (float, number), (list, items), (dict, members),
)  # fmt: skip
"""By exact type: a boolean is no number, and cannot be simpler."""


def culprits(payload: Mapping[str, Any], plain: Payload) -> list[str]:
    """Return the members of a payload that are not plain."""
    return [name for name, each in payload.items() if name not in plain or plain[name] != each]
