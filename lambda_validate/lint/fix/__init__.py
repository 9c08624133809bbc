"""Fix files: propose edits for findings, and apply those that remove their finding and change nothing else.

Input: a text, its findings, and a function that checks a text. Output: the changed text. `edits` proposes an edit for a
finding: for "did you mean BatchSize?" it replaces `BatchSzie`. The changed text is then parsed and checked again. An
edit is accepted only if its finding is gone, and no other value of the document has changed. `fixer` writes files or
shows a diff. `proposals` returns the edits for a report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ..documents.places import Document, Tagged
from ..files import Failure, SourceFile
from ..findings.finding import FileFindings, LintFinding
from .edits import Edit, edits

ROUNDS = 20
"""Maximum number of rounds of edits. After a name is corrected, its value may need a correction in the next round."""
MAX_EDITS_PER_ROUND = 1_000
"""Maximum number of edits to try in one round."""


Check = Callable[[SourceFile], "FileFindings | Failure | None"]
Wanted = Callable[[FileFindings], Sequence[LintFinding]]


class FixResult(NamedTuple):
    """The file after fixing, the findings in it, the number of accepted edits, and the number of removed findings."""

    source: SourceFile
    current: FileFindings
    edits: int
    findings: int


def fixed(source: SourceFile, current: FileFindings, check: Check, wanted: Wanted) -> FixResult:
    """Return a file with all safe edits applied. `check` returns the findings of a file, and `wanted` those to fix."""
    done, first = 0, current
    for _ in range(ROUNDS):
        tried = edits(current.documents, wanted(current))[:MAX_EDITS_PER_ROUND] if current.documents else []
        accepted = tested(source, current, check, tried)
        if not accepted:
            break
        found = _after(source, current, check, accepted)
        assert found is not None  # `tested` accepted the same edits
        source, current = found
        done += len(accepted)
    return FixResult(source, current, done, _gone(wanted(first), current) if done else 0)


def _gone(before: Sequence[LintFinding], after: FileFindings) -> int:
    """Return how many of the findings `before` no longer exist."""
    left = {_key(finding) for finding in after.findings}
    return sum(_key(finding) not in left for finding in before)


def tested(source: SourceFile, current: FileFindings, check: Check, tried: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return those of some edits that can be applied together: each removes a finding, and nothing else changes."""
    return _accepted(source, current, check, (), tried)


# Each test parses and checks the whole file. Usually all edits are good, so one test of all is enough. If one of n
# edits is bad, bisecting finds it with about log n further tests. Testing each edit alone would need n tests.
def _accepted(
    source: SourceFile, current: FileFindings, check: Check, accepted: tuple[Edit, ...], tried: Sequence[Edit]
) -> tuple[Edit, ...]:
    """Return `accepted` with those of the edits in `tried` that can be applied too. If not all can, try each half."""
    if not tried:
        return accepted
    if _after(source, current, check, (*accepted, *tried)) is not None:
        return (*accepted, *tried)
    if len(tried) == 1:
        return accepted
    middle = len(tried) // 2
    return _accepted(
        source, current, check, _accepted(source, current, check, accepted, tried[:middle]), tried[middle:]
    )


def _after(
    source: SourceFile, current: FileFindings, check: Check, accepted: Sequence[Edit]
) -> tuple[SourceFile, FileFindings] | None:
    """Return the file after some edits, and its findings. Return None if an edit is bad.

    An edit is bad if it removes no finding, or if anything else in the document changes.
    """
    changed = source._replace(text=edited(source.text, accepted))
    found = check(changed)
    if not isinstance(found, FileFindings) or len(found.documents) != len(current.documents):
        return None
    changes = [change for pair in zip(current.documents, found.documents, strict=True) for change in _changes(*pair)]
    if len(changes) != len(accepted) or not all(changes):
        return None
    left = {_key(finding) for finding in found.findings}
    helped = all(any(_key(finding) not in left for finding in edit.findings) for edit in accepted)
    return (changed, found) if helped else None


def edited(text: str, accepted: Sequence[Edit]) -> str:
    """Return a text with some edits applied, which must not overlap."""
    parts, place = [], 0
    for edit in sorted(accepted, key=lambda edit: edit.start):
        parts += [text[place : edit.start], edit.text]
        place = edit.end
    return "".join((*parts, text[place:]))


def _key(finding: LintFinding) -> tuple[str, ...]:
    return finding.rule, finding.operation, finding.direction, finding.owner, finding.pointer


def _changes(before: Document, after: Document) -> Iterator[bool]:
    """Yield for each difference between two documents whether an edit can intend it, such as "10" and 10."""
    waiting: list[tuple[Any, Any]] = [(before.value, after.value)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        one, other = waiting.pop()
        if type(one) is not type(other):
            yield _is_ours(one, other)
        elif not isinstance(one, (dict, list, tuple, Tagged)):
            if one != other and one == one:  # NaN is not equal to itself, although it is unchanged
                yield _is_ours(one, other)
        elif (id(one), id(other)) not in seen:
            seen.add((id(one), id(other)))
            yield from _inner(one, other, waiting)


def _inner(one: Any, other: Any, waiting: list[tuple[Any, Any]]) -> Iterator[bool]:
    """Compare two objects, two lists or two tagged values, and add the pairs of their parts to `waiting`.

    Yield True for each name of a member that has changed, since edits correct names. Yield False if the tag or the
    number of parts has changed, since no edit should do that.
    """
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
