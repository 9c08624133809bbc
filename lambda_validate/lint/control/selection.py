"""Which rules count: `select` and `ignore`, by rule or by the first part of its name, for all files or for some."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from ... import catalog
from ..files.walk import Globs
from ..own import own_rules
from ..resource import LINTED


def means(name: str, rule: str) -> bool:
    """Whether a name that a user wrote means a rule: its id, or the first part of that."""
    return rule == name or rule.startswith(f"{name}.")


def every_rule() -> frozenset[str]:
    """Return the ids of all rules of all editions, as far as they are about what is linted."""
    return frozenset().union(*map(rules_of, catalog.EDITIONS))


@cache
def rules_of(edition: str) -> frozenset[str]:
    """Return the ids of all rules that linting judges by an edition."""
    from ...rules import rules  # which compiles everything

    return frozenset(each.id for each in (*rules(edition, LINTED), *own_rules()))


def known(name: str, rules: Iterable[str]) -> bool:
    """Whether a name that a user wrote means any rule."""
    return any(means(name, rule) for rule in rules)


def names(rules: Iterable[str]) -> list[str]:
    """Return everything that a user may call rules by."""
    ids = set(rules)
    return sorted(ids | {rule.partition(".")[0] for rule in ids})


class Selection(NamedTuple):
    """The names that users gave. Of two that mean one rule the longer decides, and `ignore` of equals.

    `per_file` has, for files that match patterns, names to ignore there, whatever else is said.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: tuple[tuple[Globs, tuple[str, ...]], ...] = ()

    def has(self, rule: str) -> bool:
        """Whether a rule counts at all."""
        wanted, unwanted = _longest(self.select, rule), _longest(self.ignore, rule)
        return wanted > unwanted or (not unwanted and not self.select)

    def ignored_in(self, file: str) -> tuple[str, ...]:
        """Return the names that are to be ignored in a file."""
        return tuple(name for globs, names in self.per_file if globs.covers(file) for name in names)


EVERYTHING = Selection()


def _longest(names: Iterable[str], rule: str) -> int:
    return max((len(name) for name in names if means(name, rule)), default=0)
