"""Select the combinations of options with which to validate a payload that contains choices, such as `!If [A, 1, 2]`.

- If there are few combinations, all are validated.
- If there are too many, only those that lead to different payloads: a choice inside an option that is not taken does
  not count.
- If these are too many as well, a selection in which every possible pair of options occurs. Few rules depend on more
  than two members.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import combinations, islice, product
from math import prod
from typing import Any

from ..documents.places import Path
from ..findings.resource import Picks
from .parts import Choice

ASSIGNMENTS = 128
"""Maximum number of combinations of options to validate for a payload."""
STEPS = 100_000
"""Maximum number of values in all combinations of a payload together."""
PAIRS = 20_000
"""Maximum number of pairs of options. If there are more, one choice at a time is varied, and all others are unknown."""

QUESTIONS = 1500
"""Maximum number of tests of whether options can occur together, while pairs are combined. One may take milliseconds.
"""

Possible = Callable[[Picks], bool]
Pair = frozenset[tuple[Hashable, int]]


class Gathered:
    """The choices in a payload, by key.

    `sizes` has the number of options of each choice. `needs` has, for a choice inside options of other choices, the
    options around it. `soft` are the choices with an option whose violations are only warnings. `steps` is the number
    of values in the payload.
    """

    def __init__(self) -> None:
        self.sizes: dict[Hashable, int] = {}
        self.needs: dict[Hashable, Picks] = {}
        self.soft: set[Hashable] = set()
        self.steps = 0


def gathered(payload: Any) -> Gathered:
    """Return all `Choice`s in a payload, such as `!If [A, 1, 2]`, including those inside options of others."""
    found = Gathered()
    _gather(payload, found, (), {})
    return found


def _gather(value: Any, found: Gathered, path: Path, under: Picks) -> None:
    found.steps += 1
    if isinstance(value, Choice):
        key = key_of(value, path)
        found.sizes[key] = max(found.sizes.get(key, 0), len(value.options))
        if len(under) <= len(found.needs.setdefault(key, under)):
            found.needs[key] = under
        if any(option.severity == "warning" for option in value.options):
            found.soft.add(key)
        for index, option in enumerate(value.options):
            _gather(option.value, found, path, under if key in under else {**under, key: index})
        return
    for step, part in _parts(value):
        _gather(part, found, (*path, step), under)


def _parts(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if type(value) is list else ()


def key_of(choice: Choice, path: Path) -> Hashable:
    """Return the key of a `Choice`. One without a key of its own is identified by its path in the payload."""
    return (path, len(choice.options)) if choice.key is None else choice.key


def assignments(found: Gathered, payload: Any, possible: Possible | None) -> Iterator[Picks]:
    """Yield the combinations of options to validate.

    A combination maps the key of a `Choice` to the index of an option: `{("condition", "IsProd"): 0}`. It may lack a
    choice that is inside an option not taken. The value of any other choice that it lacks counts as unknown. `possible`
    tests whether some options can occur together.
    """
    can_be: Possible = possible or (lambda picks: True)
    limit = max(1, min(ASSIGNMENTS, STEPS // found.steps))
    if prod(found.sizes.values()) <= limit:
        every = product(*map(range, found.sizes.values()))
        return filter(can_be, (dict(zip(found.sizes, combination, strict=True)) for combination in every))
    differing = _differing(payload, can_be, limit)
    if differing is not None:
        return iter(differing)
    if sum(a * b for a, b in combinations(found.sizes.values(), 2)) <= PAIRS:
        left = iter(range(QUESTIONS))  # after so many tests, all further options count as impossible
        return islice(_covering(found, lambda picks: next(left, None) is not None and can_be(picks)), limit)
    alone = ({**found.needs[key], key: index} for key, size in found.sizes.items() for index in range(size))
    return filter(can_be, islice(alone, limit))


def _differing(payload: Any, possible: Possible, limit: int) -> list[Picks] | None:
    """Return the combinations of options that lead to different payloads; None if there are more than `limit`."""
    waiting: list[dict[Hashable, int]] = [{}]
    found: list[Picks] = []
    for _ in range(4 * limit):
        picks = waiting.pop()
        met = _first_open(payload, picks, ())
        if met is None:
            found.append(picks)
        else:
            key, size = met
            waiting += (more for index in reversed(range(size)) if possible(more := {**picks, key: index}))
        if not waiting or len(found) > limit:
            break
    return None if waiting or len(found) > limit else found


def _first_open(value: Any, picks: Picks, path: Path) -> tuple[Hashable, int] | None:
    """Return the key of the first choice that is not decided in `picks`, and its number of options, or None.

    Choices inside options that are not taken are skipped.
    """
    while isinstance(value, Choice):
        key = key_of(value, path)
        if key not in picks:
            return key, len(value.options)
        if picks[key] >= len(value.options):
            return None
        value = value.options[picks[key]].value
    return next((met for step, part in _parts(value) if (met := _first_open(part, picks, (*path, step)))), None)


# This is pairwise testing. Ten choices of two options have 1,024 combinations, but only 180 pairs of options, and about
# eight combinations contain all of these pairs. The algorithm begins with a pair that has not occurred, completes it
# with the options that add the most new pairs (`_completed`), removes the pairs that occur in the result, and repeats.
def _covering(found: Gathered, possible: Possible) -> Iterator[Picks]:
    """Yield combinations of options, such that every possible pair of options occurs in at least one combination."""
    left: dict[Pair, None] = {
        frozenset(((one, i), (other, j))): None
        for one, other in combinations(found.sizes, 2)
        for i, j in product(range(found.sizes[one]), range(found.sizes[other]))
    }
    while left:
        pair = next(iter(left))
        del left[pair]
        needed = {**{key: index for choice, _ in pair for key, index in found.needs[choice].items()}, **dict(pair)}
        if possible(needed):
            picks = _completed(needed, left, found, possible)
            if not possible(picks):
                return  # no tests are left, so choices may be missing, which would count as unknown
            for couple in combinations(picks.items(), 2):
                left.pop(frozenset(couple), None)
            yield picks
            if found.soft:  # the same with other soft options, which shows whether a violation depends on them
                yield {key: (index + (key in found.soft)) % found.sizes[key] for key, index in picks.items()}


def _completed(needed: Picks, left: dict[Pair, None], found: Gathered, possible: Possible) -> Picks:
    """Return the combination `needed` with an option of every other choice added.

    `left` are the pairs of options that have not occurred in any combination. The possible option that adds most of
    them is taken. A choice without a possible option is left out.
    """
    picks = dict(needed)
    for key, size in found.sizes.items():
        if key in picks:
            continue
        gains = [sum(frozenset((taken, (key, index))) in left for taken in picks.items()) for index in range(size)]
        best = sorted(range(size), key=lambda index: -gains[index])
        pick = next((index for index in best if possible({**picks, key: index})), None)
        if pick is not None:
            picks[key] = pick
    return picks
