"""Select rules by the settings `select`, `ignore` and `per-file-ignores`.

A name in these settings is the id of a rule, such as `batch-size.sqs`, or the first part of it, such as `batch-size`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from ... import catalog
from ...base.spelling import UnknownNameError, nearest
from ...catalog import Catalog
from ..files.walk import Globs
from ..findings.finding import RuleFilter, all_rules
from ..findings.lint_rules import own
from ..findings.resource import LINTED

if TYPE_CHECKING:
    from argparse import Namespace

    from ...settings import Origin


def means(name: str, rule: str) -> bool:
    """Return whether a name selects a rule: "batch-size.sqs" and "batch-size" select `batch-size.sqs`."""
    return rule == name or rule.startswith(f"{name}.")


def is_name(name: str, other: Catalog | None = None) -> bool:
    """Return whether a name selects any rule: one of linting, of any edition, or of the catalog `other`."""
    return any(name in group for group in _known(other))


def names() -> frozenset[str]:
    """Return all names that select a rule of linting or of any edition: ids of rules, and their first parts."""
    return frozenset[str]().union(*_known(None))


def checked(names: Iterable[str], edition: str | Catalog, origin: Origin) -> tuple[str, ...]:
    """Return some names, or raise an error if one selects no rule. `origin` is the setting that the error mentions."""
    other = edition if isinstance(edition, Catalog) else None
    given = tuple(names)
    for name in given:
        if not is_name(name, other):
            raise origin.blamed(unknown(name, other))
    return given


def unknown(name: str, other: Catalog | None = None) -> UnknownNameError:
    """Return the error for a name that selects no rule, with the nearest name that does."""
    known = sorted(frozenset[str]().union(*_known(other)))
    hint = None if nearest(name, known) else "lambda-validate rules --edition both lists all rules"
    return UnknownNameError("rule", name, known, hint)


@cache
def linted(edition: str) -> frozenset[str]:
    """Return all names that select a rule that linting checks in an edition.

    Rules about members that are newer than the edition are left out, since these need the model of a newer SDK.
    """
    from ...validator.rules import NEWER_RULES, ids  # it loads the compiler

    newer = NEWER_RULES.keys() if catalog.find(edition).made_from else ()
    return frozenset(_prefixes((ids(edition, LINTED) | own(edition).keys()).difference(newer)))


def _known(other: Catalog | None) -> Iterator[frozenset[str]]:
    """Yield sets of names that select a rule. The first ones need only linted operations, which saves time."""
    yield from map(linted, catalog.EDITIONS)
    if other is not None:
        yield _names(other)
    yield from map(_names, catalog.EDITIONS)


@cache
def _names(edition: str | Catalog, only: tuple[str, ...] | None = None) -> frozenset[str]:
    from ...validator.rules import ids  # it loads the compiler

    return frozenset(_prefixes(ids(edition, only)))


def _prefixes(ids: Iterable[str]) -> Iterator[str]:
    """Yield the names that select rules with some ids: the ids, and their first parts."""
    return (name for rule in ids for name in meaning(rule))


def meaning(rule: str) -> Iterator[str]:
    """Yield the names that select a rule: for `batch-size.sqs`, "batch-size" and "batch-size.sqs"."""
    return accumulate(rule.split("."), "{}.{}".format)


class Selection(NamedTuple):
    """The rules that a user selects and ignores, by name.

    If a name in `select` and one in `ignore` mean the same rule, the longer one decides; if they are equal, the rule is
    ignored. `per_file` has names to ignore in files that match patterns, whatever else is selected.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: tuple[tuple[Globs, tuple[str, ...]], ...] = ()

    def has(self, rule: str) -> bool:
        """Return whether a rule is selected, apart from settings for single files."""
        wanted, unwanted = _longest(self.select, rule), _longest(self.ignore, rule)
        return wanted > unwanted or (not unwanted and not self.select)

    def counting(self, file: str) -> RuleFilter:
        """Return a function that returns whether a rule is selected for a file."""
        there = self.ignored_in(file)
        if not (there or self.select or self.ignore):
            return all_rules
        return lambda rule: self.has(rule) and not any(means(name, rule) for name in there)

    def left_out(self, edition: str | Catalog) -> frozenset[str]:
        """Return the ids of an edition's rules that are not selected."""
        from ...validator.rules import ids

        return (
            frozenset(rule for rule in ids(edition) if not self.has(rule)) if self.select or self.ignore else NO_RULES
        )

    def ignored_in(self, file: str) -> tuple[str, ...]:
        """Return the names that are ignored in a file."""
        return tuple(name for globs, names in self.per_file if globs.covers(file) for name in names)


EVERYTHING = Selection()
NO_RULES = frozenset[str]()


def _longest(names: Iterable[str], rule: str) -> int:
    return max((len(name) for name in names if means(name, rule)), default=0)


def selected(arguments: Namespace) -> Selection:
    """Return the selection by arguments and settings.

    A name that selects no rule raises an error, which says in which argument or setting the name is.
    """
    edition, origins = arguments.edition, arguments.origins
    return Selection(
        checked(arguments.select, edition, origins["select"]), checked(arguments.ignore, edition, origins["ignore"])
    )
