"""Fixing: edits are tried, and kept when the text then loads as before but for them, and the findings are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ..documents.places import Document, Tagged
from ..files import Failure, SourceFile
from ..findings.finding import FileFindings, Finding
from .edits import Edit, edits

ROUNDS = 20
"""How often a text is looked at anew: a name that is right now may have a value that is wrong."""
AT_ONCE = 1_000
"""Edits that are tried in one round."""


Check = Callable[[SourceFile], "FileFindings | Failure | None"]
Wanted = Callable[[FileFindings], Sequence[Finding]]


class FixResult(NamedTuple):
    """A text after fixing, what is left to find in it, how many edits it took, and how many findings they removed."""

    source: SourceFile
    current: FileFindings
    edits: int
    findings: int


def fixed(source: SourceFile, current: FileFindings, check: Check, wanted: Wanted) -> FixResult:
    """Return a text with everything fixed that safely can be; `wanted` picks the findings that are to be."""
    done, first = 0, current
    for _ in range(ROUNDS):
        tried = edits(current.documents, wanted(current))[:AT_ONCE] if current.documents else []
        kept = tested(source, current, check, tried)
        if not kept:
            break
        found = _after(source, current, check, kept)
        assert found is not None  # it has been tried
        source, current = found
        done += len(kept)
    return FixResult(source, current, done, _gone(wanted(first), current) if done else 0)


def _gone(before: Sequence[Finding], after: FileFindings) -> int:
    """Return how many findings are no longer there."""
    left = {_key(each) for each in after.findings}
    return sum(_key(each) not in left for each in before)


def tested(source: SourceFile, current: FileFindings, check: Check, tried: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return those of some edits that work together: each removes a finding, and nothing else changes."""
    return _kept(source, current, check, (), tried)


def _kept(
    source: SourceFile, current: FileFindings, check: Check, kept: tuple[Edit, ...], tried: Sequence[Edit]
) -> tuple[Edit, ...]:
    """Return the edits that work together; halves are tried when the whole does not work."""
    if not tried:
        return kept
    if _after(source, current, check, (*kept, *tried)) is not None:
        return (*kept, *tried)
    if len(tried) == 1:
        return kept
    middle = len(tried) // 2
    return _kept(source, current, check, _kept(source, current, check, kept, tried[:middle]), tried[middle:])


def _after(
    source: SourceFile, current: FileFindings, check: Check, kept: Sequence[Edit]
) -> tuple[SourceFile, FileFindings] | None:
    """Return what edits make of a text; None when they change more than they should, or do not help."""
    changed = source._replace(text=edited(source.text, kept))
    found = check(changed)
    if not isinstance(found, FileFindings) or len(found.documents) != len(current.documents):
        return None
    changes = [each for pair in zip(current.documents, found.documents, strict=True) for each in _changes(*pair)]
    if len(changes) != len(kept) or not all(changes):
        return None
    left = {_key(each) for each in found.findings}
    helped = all(any(_key(finding) not in left for finding in each.findings) for each in kept)
    return (changed, found) if helped else None


def edited(text: str, kept: Sequence[Edit]) -> str:
    """Return a text with edits made."""
    parts, place = [], 0
    for each in sorted(kept, key=lambda each: each.start):
        parts += [text[place : each.start], each.text]
        place = each.end
    return "".join((*parts, text[place:]))


def _key(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.operation, finding.direction, finding.owner, finding.pointer


def _changes(before: Document, after: Document) -> Iterator[bool]:
    """Yield, for each difference between two documents, whether an edit of ours can have made it."""
    waiting: list[tuple[Any, Any]] = [(before.value, after.value)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        one, other = waiting.pop()
        if type(one) is not type(other):
            yield _is_ours(one, other)
        elif not isinstance(one, (dict, list, tuple, Tagged)):
            if one != other and one == one:  # NaN is what it was, and not equal to itself
                yield _is_ours(one, other)
        elif (id(one), id(other)) not in seen:
            seen.add((id(one), id(other)))
            yield from _inner(one, other, waiting)


def _inner(one: Any, other: Any, waiting: list[tuple[Any, Any]]) -> Iterator[bool]:
    """Yield what two containers differ in themselves, and add what is in them to what is waiting."""
    if isinstance(one, Tagged):
        waiting.append((one.value, other.value))
        if one.tag != other.tag:
            yield False
    elif len(one) != len(other):
        yield False
    elif isinstance(one, dict):
        yield from (True for name, new in zip(one, other, strict=True) if name != new)
        waiting += zip(one.values(), other.values(), strict=True)
    else:
        waiting += zip(one, other, strict=True)


def _is_ours(one: Any, other: Any) -> bool:
    if not isinstance(one, str):
        return False
    return str(other).lower() == one.lower() or other == one.rstrip()
