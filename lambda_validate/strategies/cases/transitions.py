"""`pattern_cases`: strings that take every transition of every pattern's automaton, as valid and as invalid cases.

Strings are made for each member with patterns. They are made from its patterns, from patterns inside conditions, and
from the set of strings that all its rules together allow. Then junk, such as a line break, is added before, after and
inside them, since some regex engines ignore it. Each string is put into a valid payload if the schema allows it there,
and into payloads that break one rule of the member.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from ...patterns import building, covering
from ...patterns.automata import Automaton
from ..sets import domains
from ..sets.domains import Items, Members, Text, Values
from ..sets.solver import Focus
from ..values.places import MISSING, put, value_at
from ..values.samples import every_member, plain
from .boundaries import split, with_member
from .case import Case
from .generator import BreakingPlan, Generator, numbered
from .leaves import Leaf, Pointer, pointer_of
from .walk import occurrences

JUNK = ("\n", "\r", "\u2028", " ", "\u0663", "\x00", "\u00e9")
"""Characters that some regex engines accept by mistake: line breaks that `$` or `.` matches, and digits outside
ASCII."""
MAX_SHORTEST_LENGTH = 1000
"""Maximum length of the shortest string of a set. Sets with only longer strings are skipped: they break a length, not a
pattern."""
ARABIC = str.maketrans("0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669")


class PatternMember(NamedTuple):
    """A payload in which a member with patterns can be any string of a set.

    `text` is the set, and `plan` says which keyword its strings break; None for valid ones. `model` is the case with
    one of the strings. Any other string of the set gives the same verdict and rules. If warnings differ between the
    strings, `model` is None.
    """

    payload: Any
    text: Text
    plan: BreakingPlan | None
    model: Case | None


class MemberPatterns(NamedTuple):
    """The patterns of one member: `stated` are rules, `inside` are parts of conditions. `steps` is its path."""

    steps: Pointer
    stated: tuple[str, ...]
    inside: tuple[str, ...]


@cache
def cases(maker: Generator) -> tuple[Case, ...]:
    """Return the pattern cases for the requests, or the responses, of an operation."""
    return tuple(numbered(case for member in members_with_patterns(maker) for case in _at(maker, member)))


def members_with_patterns(maker: Generator) -> list[MemberPatterns]:
    """Return the members that have patterns, each with its patterns."""
    stated: dict[Pointer, dict[str, None]] = {}
    inside: dict[Pointer, dict[str, None]] = {}
    for leaf in maker.breakable:
        if leaf.keyword == "pattern":
            stated.setdefault(leaf.steps, {})[leaf.schema["pattern"]] = None
    for occurrence in occurrences(maker.schema):
        if occurrence.outer is not None and "pattern" in occurrence.schema:
            inside.setdefault(pointer_of((*occurrence.path, "pattern")), {})[occurrence.schema["pattern"]] = None
    return [
        MemberPatterns(steps, tuple(stated.get(steps, ())), tuple(inside.get(steps, ())))
        for steps in {**stated, **inside}
    ]


def _at(maker: Generator, at: MemberPatterns) -> Iterator[Case]:
    groups = [group for group in _groups(maker, at) if group]
    if not groups:  # names of members, or unknown members: `boundary_cases` breaks each of these once
        return
    stated, inside = ([building.of_pattern(pattern) for pattern in some] for some in (at.stated, at.inside))
    starts = ("", *(text for language in stated for text in covering.leaving(language)))
    begun = (*starts, *(text for language in inside for text in covering.cover(language)))
    for make, texts in ((exact, _texts(groups, at.steps, stated, inside)), (extended, begun)):
        for text in dict.fromkeys(texts):
            yield from _made(maker, groups, at.steps, text, make)


def _made(
    maker: Generator,
    groups: list[list[PatternMember]],
    steps: Pointer,
    text: str,
    make: Callable[[Text, str], str | None],
) -> Iterator[Case]:
    """Yield the cases of a string: put it into one payload of each group, the first one that can contain it."""
    for group in groups:
        for place in group:
            if (value := make(place.text, text)) is not None:
                yield _case(maker, place, steps, value)
                break


def _groups(maker: Generator, at: MemberPatterns) -> Iterator[list[PatternMember]]:
    """Yield groups of payloads into which strings of a member can be put.

    The first group has valid payloads. Then each keyword of the member has a group of payloads that break it. If
    the member has patterns both in rules and in conditions, the valid payloads have all other members too. So a
    validator that chooses the wrong branch of a condition for a string then finds a broken rule.
    """
    cells = tuple(with_member(cell, at.steps) for cell in maker.cells)
    yield _places(maker, cells, at.steps, None, every_member if at.inside and at.stated else plain_member)
    warnings = frozenset(path for path, leaf in maker.leaves.items() if leaf.is_warning)
    for leaf in maker.breakable:
        if leaf.steps == at.steps and leaf.keyword != "type":
            plan = maker.plan(leaf)
            strict = _places(maker, plan.cells, at.steps, plan)
            is_pattern = leaf.keyword == "pattern" and not leaf.is_warning
            known = {place.text.language for place in strict}
            more = _lenient(maker, leaf, warnings) if is_pattern else []
            yield [*strict, *(place for place in more if place.text.language not in known)]


def _lenient(maker: Generator, leaf: Leaf, warnings: frozenset[Any]) -> list[PatternMember]:
    """Return payloads that break a pattern and may also break rules of warnings.

    Some strings that break the pattern give a warning in every payload. They can only be put into these.
    """
    cells = maker.solver.solve(Focus(leaf.path, {"not": {"pattern": leaf.schema["pattern"]}}), warnings)
    return [
        place._replace(model=None) for place in _places(maker, cells, leaf.steps, BreakingPlan(leaf, cells, warnings))
    ]


def plain_member(cell: Any) -> Any:
    """Return the simplest payload of a cell (a set of similar payloads)."""
    return plain((cell,))


def _places(
    maker: Generator,
    cells: Values,
    steps: Pointer,
    plan: BreakingPlan | None,
    make: Callable[[Any], Any] = plain_member,
) -> list[PatternMember]:
    """Return a payload for each different set of strings that a member can have in some cells (sets of payloads)."""
    found: dict[Text, PatternMember] = {}
    for cell in cells:
        for form in split(cell, steps):
            text = _domain(form, steps)
            if isinstance(text, Text) and text.least <= MAX_SHORTEST_LENGTH and text._replace(hints=()) not in found:
                payload = make(form)
                if value_at(payload, steps) is not MISSING:  # an object may have no room for it
                    found[text._replace(hints=())] = PatternMember(
                        payload, text, plan, maker.case(payload, "model", plan)
                    )
    return list(found.values())


def _domain(cell: Any, steps: Pointer) -> Any:
    for step in steps:
        if isinstance(cell, Items) and step == "*" and cell.some:
            cell = next(iter(cell.some[0]), None)
        elif isinstance(cell, Members) and step in cell.slots:
            cell = next(iter(cell.slots[step].values), None)
        else:
            return None
    return cell


def _texts(
    groups: list[list[PatternMember]], steps: Pointer, stated: list[Automaton], inside: list[Automaton]
) -> Iterator[str]:
    """Yield strings inside and just outside each pattern of a member, and the set that all its patterns allow."""
    together = [place.text.language for place in groups[0]] if len(stated) > 1 else []
    broken = [
        place.text.language
        for group in groups
        for place in group
        if place.plan is not None and place.plan.leaf.keyword == "not" and place.model is not None
    ]
    admitted = {place.text.language: value_at(place.payload, steps) for place in groups[0]}
    for language, example in admitted.items():
        yield covering.enriched(language, example)
        ends = covering.tails(language)
        for state in sorted(language.alive):
            yield from (covering.enriched(language, language.shortest_to[state] + tail) for tail in ends[state][:1])
    for language in dict.fromkeys([*stated, *together, *(broken if stated else [])]):
        yield from covering.cover(language)
    for language in (*stated, *inside):
        yield from (f"{value_at(place.payload, steps)}{language.completion(0)}" for group in groups for place in group)
    for place in groups[0]:
        yield from _junked(value_at(place.payload, steps))


def _junked(text: str) -> Iterator[str]:
    """Yield variants of a string: with junk before, after and inside it, doubled, in upper case, with Arabic digits."""
    for junk in JUNK:
        yield from (junk + text, text + junk, text + junk + text)
        yield from (text[:index] + junk + text[index + 1 :] for index in (len(text) // 2, len(text) - 1))
    yield from (text + text, f"{text} {text}", text.upper(), text.translate(ARABIC))


def exact(text: Text, value: str) -> str | None:
    """Return `value` if it is in a set of strings, else None."""
    return value if domains.fits(text, value) else None


def extended(text: Text, start: str) -> str | None:
    """Return the shortest string of a set that begins with `start`; None if there is none."""
    language = text.language
    state = language.run(start)
    if state not in language.alive:
        return None
    first = max(text.least, len(start) + len(language.completion(state)))
    for length in range(first, min(text.most, first + len(language.table)) + 1):
        if state in language.able(length - len(start)):
            return language.plainest(length, start)
    return None


def _case(maker: Generator, place: PatternMember, steps: Pointer, value: str) -> Case:
    payload = put(place.payload, steps, value)
    if place.model is None:
        return maker.case(payload, "text", place.plan)
    source = maker.source(payload) if maker.reads(steps) else place.model.source
    what = "text" if place.plan else f"{'-'.join(map(str, steps))}-text"
    return place.model._replace(payload=payload, source=source, id=place.model.id.removesuffix("model") + what)
