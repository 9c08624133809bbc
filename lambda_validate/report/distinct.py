"""Report each mistake once: find the violations that only repeat another violation at the same place.

Three examples:

- BatchSize 20,000 breaks `batch-size.maximum` (10,000) and, for SQS, `batch-size.sqs` (10). Only the stricter bound,
  10, is reported.
- An empty Qualifier is too short and does not match its pattern. Only its length is reported.
- A member is not allowed at all, and its value breaks other rules. Only the forbidden member is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, combinations
from operator import ge, itemgetter, le
from typing import Any

from .records import Found, Path, beginnings

CLOSER: Mapping[str, Callable[[Any, Any], bool]] = {
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), le),
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties"), ge),
}
"""For each keyword, a function that returns whether the first of two bounds is at least as strict as the second."""
ANYTHING = repr({})
"""The argument of a constraint `{"not": {}}`: the schema that accepts every value."""
EMPTYING = frozenset({"maxItems", "maxProperties"})
"""Keywords that allow only an empty array or object when their bound is 0."""
FORMS = frozenset({"pattern", "format", "enum"})
"""Keywords whose violation only repeats one that says that the string is empty, or that the value is not allowed."""

PATH_OF: Callable[[Found], Path] = itemgetter(0)
NO_INDEXES: frozenset[int] = frozenset()


def needless(violations: Sequence[Found]) -> frozenset[int]:
    """Return the indexes of the violations that only repeat another violation at the same place.

    A violation counts as a repetition only of one that is at least as severe. The cost is linear in the number of all.
    """
    paths = [*map(PATH_OF, violations)]
    if len(set(paths)) == len(paths) and max(map(len, paths)) < 2:
        return NO_INDEXES  # no two at one place, and none inside another: so are most reports
    places: dict[Path, list[int]] = {}
    for index, path in enumerate(paths):
        places.setdefault(path, []).append(index)
    unwanted = sorted(filter(is_forbidden, violations), key=lambda violation: violation.constraint.severity == "error")
    forbidden = {violation.path: violation for violation in unwanted}  # the most severe one of each place
    found: set[int] = set()
    for first, second in chain.from_iterable(combinations(indexes, 2) for indexes in places.values()):
        if _covers(violations[second], violations[first], is_later=True):
            found.add(first)
        if _covers(violations[first], violations[second], is_later=False):
            found.add(second)
    for index, violation in enumerate(violations) if forbidden else ():
        above = map(forbidden.get, beginnings(violation.path))
        if any(one is not None and one is not violation and _is_as_severe(one, violation) for one in above):
            found.add(index)
    return frozenset(found)


def is_forbidden(violation: Found) -> bool:
    """Return whether a violation says that a member is not allowed, or must be empty.

    `member.newer` does not count: it only warns that a newer version of the API defines the member.
    """
    _, constraint, _ = violation
    if constraint.keyword in EMPTYING:
        return bool(constraint.argument == 0)
    return constraint.keyword == "not" and constraint.argument == ANYTHING and constraint.rule != "member.newer"


def _covers(one: Found, other: Found, *, is_later: bool) -> bool:
    """Return whether the violation `other` only repeats the violation `one` at the same place.

    `is_later` says that `one` was recorded after `other`. Of two equal bounds, the earlier one repeats the later one.
    """
    keyword, repeats = one.constraint.keyword, other.constraint.keyword
    if not _is_as_severe(one, other):
        return False
    if keyword == repeats:
        bounds = one.constraint.argument, other.constraint.argument
        return keyword in CLOSER and CLOSER[keyword](*bounds) and (is_later or bounds[0] != bounds[1])
    return repeats in FORMS and (keyword == "not" or (keyword == "minLength" and other.value == ""))


def _is_as_severe(one: Found, other: Found) -> bool:
    return one.constraint.severity == "error" or other.constraint.severity == "warning"
