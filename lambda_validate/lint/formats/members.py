"""An object of a format becomes a payload: each member under the API's name, and what is to be said of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ...base.spelling import LONGEST, folded, listing, nearest
from ...compiler.messages import allowing, as_of
from ..documents.places import Path
from ..findings.lint_rules import MISPLACED, SPELLING
from ..findings.resource import FormatFinding

SYNONYMS: Mapping[str, str] = {
    "arn": "EventSourceArn",
    "batchwindow": "MaximumBatchingWindowInSeconds",
    "destinations": "DestinationConfig",
    "maximumbatchingwindow": "MaximumBatchingWindowInSeconds",
    "maximumeventage": "MaximumEventAgeInSeconds",
    "queue": "EventSourceArn",
    "stream": "EventSourceArn",
}
"""Names that other formats have for the API's, bare of case and underscores, where they are not the same words."""


class Names(NamedTuple):
    """The members of an object in a format: its `title`, the format's `own` names and the API's, and names that mean
    something else there. `made_from` is the SDK that the names are made from, where they are."""

    title: str
    own: Mapping[str, str]
    others: frozenset[str] = frozenset()
    made_from: str = ""

    @property
    def by_api(self) -> Mapping[Path, str]:
        """The format's names by the API's, where they differ."""
        return {(api,): own for own, api in self.own.items() if own != api}

    def meant(self, name: str) -> str | None:
        """Return the own name that a name of another format stands for; None when it stands for none."""
        bare = folded(name)
        api = SYNONYMS.get(bare)
        return next(
            (own for own, known in self.own.items() if bare in (own.lower(), known.lower()) or known == api), None
        )


class Read(NamedTuple):
    """What was read of an object: the payload, where its members stand, and what is to be said."""

    payload: dict[str, Any]
    places: dict[Path, Path]
    extra: tuple[FormatFinding, ...]


def read(value: Mapping[str, Any], path: Path, names: Names, known: Callable[[Any, Path], Any]) -> Read:
    """Return an object's members as a payload; `known` turns a value into what it stands for."""
    payload: dict[str, Any] = {}
    places: dict[Path, Path] = {(): path}
    extra: list[FormatFinding] = []
    strangers = [name for name in value if name not in names.own and name not in names.others]
    for name in (*(each for each in value if each in names.own), *strangers):
        own = name if name in names.own else names.meant(name)
        if name not in names.own and not name.startswith("Fn::"):
            extra.append(stranger(name, own, path, names))
        if own is not None and names.own[own] not in payload:
            payload[names.own[own]] = known(value[name], (*path, name))
            places[names.own[own],] = (*path, name)
    return Read(payload, places, tuple(extra))


def stranger(name: str, own: str | None, path: Path, names: Names) -> FormatFinding:
    """Return what there is to say of a member that the format does not have."""
    shown = ascii(name[:LONGEST])
    if own is not None and not _is_anothers(name, own, names):
        message = f"{names.title} has no member {shown}; did you mean {own!r}?"
        return FormatFinding(SPELLING, "error", (*path, name), message, f"Write {own}.")
    if own is not None:
        message = f"{names.title} has no member {shown}, which is how another format spells {own!r}."
        return FormatFinding(SPELLING, "error", (*path, name), message, f"Write {own}.")
    absent, place = f"{names.title} has no member {shown}{as_of(names.made_from)}", (*path, name)
    meant = likely(name, names.own)
    if meant:
        help = allowing(f"Write {meant}.", names.made_from)
        return FormatFinding("member.unknown", "error", place, f"{absent}; did you mean {meant!r}?", help)
    listed = listing(names.own, "and") if len(names.own) <= 12 else ""
    help = allowing(f"The members are {listed}." if listed else None, names.made_from)
    return FormatFinding("member.unknown", "error", place, f"{absent}.", help)


def likely(name: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` names that a name most likely means; None when it is near none."""
    return _likely(name, tuple(known)) if len(name) <= LONGEST else None


@lru_cache(maxsize=16)
def _likely(name: str, known: tuple[str, ...]) -> str | None:
    """As `nearest`, which takes long, and is asked the same of every resource of a file that has a slip in each."""
    return nearest(name, known)


def _is_anothers(name: str, own: str, names: Names) -> bool:
    """Whether a name is spelt as some format spells it: in camel case, with underscores, or as the API does."""
    bare = folded(name)
    if bare in SYNONYMS or name == names.own[own] or ("_" in name and name.islower()):
        return True
    is_one_word = own[1:].islower() and name.islower()
    return is_one_word or (name[:1].islower() and not name.islower()) or (name[:1].isupper() and not own[:1].isupper())


def misplaced(value: Mapping[str, Any], path: Path, names: Names, home: str) -> Iterator[FormatFinding]:
    """Yield the members that stand beside the object that they belong into."""
    for name in displaced(value, names):
        message = f"{name} does not belong here, but into {home}."
        yield FormatFinding(MISPLACED, "error", (*path, name), message, f"Indent it below {home}.")


def displaced(value: Mapping[str, Any], names: Names) -> Iterable[str]:
    """Return the names of an object's members that belong into another object."""
    return [name for name in value if name in names.own and name not in names.others]
