"""Judging what is only partly known: a payload becomes the worlds that it may stand for, and these are judged.

- A *branch* (see `branches`) makes each `Choice` one of its options. A violation in any branch is reported; where it
  depends on options that only warn (a parameter's default), it is a warning.
- A *world* of a branch replaces each unknown value by a representative of what it may be. A violation is reported only
  when it is there in every world of its branch, and never at or inside a value of which nothing is known.
- Of a text with holes, the part before the first hole must be extendable to a match of every pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any, NamedTuple

from ...base.values import Opaque
from ...compiler.messages import first_impossible
from ...report import Violation
from ..documents.places import Path
from ..findings.resource import Picks, Resource, place
from .assignments import branches, gathered, key_of
from .parts import ABSENT, Choice, Option, Partial, Unknown
from .shapes import candidates, service

WORLDS = 2000
"""Worlds of a branch that are judged; with more, only what the names of members tell is reported."""

LENGTHS = ("minLength", "maxLength")
"""Keywords that are not judged where only the shape of a part is known."""

Hole = Unknown | Partial
Judge = Callable[[Any], Iterable[Violation]]


class Branch(NamedTuple):
    """A payload without choices. `holes` has its unknown values, `places` where options stand, `soft` the paths of
    those that only warn."""

    payload: Any
    holes: Mapping[Path, Hole]
    places: Mapping[Path, Path]
    soft: frozenset[Path]


class Judged(NamedTuple):
    """A violation, its place in the document, and what a reader should know beside the message.

    `is_soft` tells that it is no more than a warning; `character` is the index of the offending one in the scalar as it
    is written, `help` stands instead of the violation's own.
    """

    violation: Violation
    places: Mapping[Path, Path]
    is_soft: bool = False
    character: int | None = None
    help: str | None = None


def judged(resource: Resource, schema: Any, judge: Judge) -> list[Judged]:
    """Return the violations of a resource's payload, each once for each place."""
    if not _is_uncertain(resource.payload):
        return [Judged(each, resource.places) for each in judge(resource.payload)]
    found = gathered(resource.payload)
    results = [
        (picks, [*_certain(branch, schema, judge, resource.places)])
        for picks in branches(found, resource.payload, resource.possible)
        for branch in (_branch(resource, picks),)
    ]
    return _merged(results, found.soft)


def _is_uncertain(value: Any) -> bool:
    """Whether anything in a value is not known. Aliases may make it large, or hold itself: each part is seen once."""
    waiting, seen = [value], set[int]()
    while waiting:
        each = waiting.pop()
        if each is ABSENT or isinstance(each, Unknown | Partial | Choice):
            return True
        if isinstance(each, (dict, list)) and id(each) not in seen:
            seen.add(id(each))
            waiting += each.values() if isinstance(each, dict) else each
    return False


def _branch(resource: Resource, picks: Picks) -> Branch:
    holes: dict[Path, Hole] = {}
    places: dict[Path, Path] = {}
    soft: set[Path] = set()

    def taken(value: Any, path: Path, original: Path) -> Any:
        while isinstance(value, Choice):
            option = _picked(value, picks, original)
            if option.path is not None:
                places[path] = option.path
            if option.severity == "warning":
                soft.add(path)
            value = option.value
        if isinstance(value, Unknown | Partial):
            holes[path] = value
            return None
        if isinstance(value, dict):
            members = {name: taken(each, (*path, name), (*original, name)) for name, each in value.items()}
            return {name: each for name, each in members.items() if each is not ABSENT}
        if type(value) is list:
            return _items(value, path, original)
        return value

    def _items(value: list[Any], path: Path, original: Path) -> list[Any]:
        items: list[Any] = []
        for index, each in enumerate(value):
            here = (*path, len(items))
            if index != len(items):
                soft.discard(here)  # of the item that was left out
                places[here] = place({**resource.places, **places}, resource.path, (*path, index))
            item = taken(each, here, (*original, index))
            if item is not ABSENT:
                items.append(item)
        return items

    whole = taken(resource.payload, (), ())
    return Branch(whole, holes, places, frozenset(soft))


def _picked(choice: Choice, picks: Picks, path: Path) -> Option:
    index = picks.get(key_of(choice, path))
    return Option(Unknown()) if index is None or index >= len(choice.options) else choice.options[index]


def _certain(branch: Branch, schema: Any, judge: Judge, places: Mapping[Path, Path]) -> Iterator[Judged]:
    """Yield the violations that every world of a branch has, and those of texts with holes."""
    known = {**places, **branch.places}
    options = [candidates(hole, schema, path) for path, hole in branch.holes.items()]
    total = 1
    for each in options:
        total *= len(each)
    first: dict[tuple[Path, str], Violation] | None = None
    for world in islice(product(*options), WORLDS):
        payload = branch.payload
        for path, value in zip(branch.holes, world, strict=True):
            payload = _put(payload, path, value)
        here = {(each.path, each.rule): each for each in judge(payload)}
        first = here if first is None else {key: first[key] for key in first if key in here}
        if all(rule.startswith("member.") for _, rule in first):
            break  # nothing that another world could take back
    for violation in (first or {}).values():
        if total <= WORLDS or violation.rule.startswith("member."):
            yield from _shown(violation, branch, places, known)
    for path, hole in branch.holes.items():
        if isinstance(hole, Partial) and not hole.is_whole:
            yield from _impossible(path, hole, branch, judge, known)


def _put(payload: Any, path: Path, value: Any) -> Any:
    """Put a value at a path; the containers on the way are the branch's own."""
    if not path:
        return value
    inner = payload
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return payload


def _shown(
    violation: Violation, branch: Branch, base: Mapping[Path, Path], places: Mapping[Path, Path]
) -> Iterator[Judged]:
    """Yield a violation, unless it is about a value of which nothing is known."""
    path = violation.path
    if violation.rule.startswith("member."):  # which is about the name, not about the option that is its value
        places = {known: where for known, where in places.items() if known != path}
        if path in base:
            places[path] = base[path]
        if path in branch.holes:
            hole = branch.holes[path]
            if not (isinstance(hole, Unknown) and hole.implied):
                yield Judged(violation, places)
            return
        path = path[:-1]
    is_soft = any(path[: len(each)] == each for each in branch.soft)
    hole_path = next((path[:length] for length in range(len(path) + 1) if path[:length] in branch.holes), None)
    if hole_path is None:
        yield Judged(violation, places, is_soft)
    elif hole_path == path:
        yield from _at_hole(violation, branch.holes[path], places, is_soft)


def _at_hole(violation: Violation, hole: Hole, places: Mapping[Path, Path], is_soft: bool) -> Iterator[Judged]:
    """Yield a violation by an unknown value where what is known of it is enough."""
    if isinstance(hole, Partial) and hole.is_whole:
        if violation.keyword not in LENGTHS:
            character = violation.position
            written = None if character is None else hole.written(character)
            yield Judged(violation._replace(value=Opaque("a text")), places, is_soft, written, hole.help)
    elif service(hole) is not None:
        yield Judged(violation._replace(value=Opaque("a reference")), places, is_soft, None, hole.help)


def _impossible(
    path: Path, hole: Partial, branch: Branch, judge: Judge, places: Mapping[Path, Path]
) -> Iterator[Judged]:
    """Yield the patterns that nothing can match that begins as a text with holes does."""
    prefix = hole.prefix
    for violation in judge(_put(branch.payload, path, prefix)) if prefix else ():
        if violation.path != path or violation.keyword != "pattern":
            continue
        position = first_impossible(violation.constraint.argument, prefix)
        if position is not None and position < len(prefix):
            is_soft = any(path[: len(each)] == each for each in branch.soft)
            yield Judged(violation._replace(value=Opaque("a text")), places, is_soft, hole.written(position), hole.help)


def _merged(results: list[tuple[Picks, list[Judged]]], soft: set[Hashable]) -> list[Judged]:
    """Return each violation of any branch once. It is soft when it depends on what soft choices turn out to be."""
    found: dict[tuple[Path, str], Judged] = {}
    seen: dict[tuple[Path, str], dict[Hashable, int]] = {}
    sizes: dict[Hashable, int] = {}
    for picks, violations in results:
        hard = frozenset((key, index) for key, index in picks.items() if key not in soft)
        sizes[hard] = sizes.get(hard, 0) + 1
        for at, each in {(_document_path(each), each.violation.rule): each for each in violations}.items():
            found.setdefault(at, each)
            counts = seen.setdefault(at, {})
            counts[hard] = counts.get(hard, 0) + 1
    return [
        each._replace(is_soft=each.is_soft or all(count < sizes[hard] for hard, count in seen[at].items()))
        for at, each in found.items()
    ]


def _document_path(judged: Judged) -> Path:
    return place(judged.places, (), judged.violation.path)
