"""Which edits of a text are worth a try: one that a finding asks for, and that changes a name or a scalar, no more.

- A name that is misspelt by its letter case, a `_`, a `-`, or one letter, becomes the right one.
- A text that is a whole number, `true` or `false` loses its quotes where the API wants no text.
- A text loses the white space that it ends with.
- A choice whose letter case is wrong is written as the API spells it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from re import Pattern
from typing import NamedTuple

from ...base.grouping import grouped
from ...base.spelling import folded
from ..control.directives import Scalars
from ..documents.places import Document, Node, Range
from ..findings.finding import Finding
from ..findings.lint_rules import SPELLING

NAMING = ("member.unknown", SPELLING)
"""The rules about names."""
WRITE = re.compile(r"Write ([A-Za-z_][\w-]*)\.")
"""What a finding's help says of a name that is misspelt."""
CHOICE = re.compile(r"Write (\S+)\.(?=\s|\Z)")
"""What a finding's help says of a choice that is misspelt."""
QUOTED = re.compile(r"""(["'])(-?(?:0|[1-9][0-9]{0,15})|true|false|True|False|TRUE|FALSE)\1""")
LAST_BLANKS: Mapping[str, Pattern[str]] = {
    '"': re.compile(r'(?<!\\)(?:\\\\)*(?P<blanks>(?:\\[nrt]|\\u000[9aAdD]|[ \t])+)"\Z'),
    "'": re.compile(r"(?P<blanks>[ \t]+)'\Z"),
}
"""By quote, the white space that a scalar ends with."""
CLIPPED = re.compile(r"[|>](?=[ \t]*(?:[ \t]#[^\r\n]*)?[\r\n])")
"""How a block scalar begins whose last line break is a part of it."""
ANCHOR = re.compile(r"&\S+\s+\Z")


class Edit(NamedTuple):
    """What to write in place of a stretch of text, and the findings that ask for it, one at least."""

    start: int
    end: int
    text: str
    findings: tuple[Finding, ...]


def edits(documents: Sequence[Document], findings: Sequence[Finding]) -> list[Edit]:
    """Return what to try for the findings of a text, in its order; no two edits touch."""
    scalars = Scalars(documents)
    shared = [each for document in documents if document.may_alias for each in _aliased(document.tree.root)]
    groups = grouped(
        (each[:3], finding)
        for finding in findings
        for each in _wanted(documents[0], scalars, finding)
        if not any(start <= each.start < end for start, end in shared)
    )
    single = [Edit(*change, tuple(group)) for change, group in groups.items()]
    claims = Counter(map(_claim, single))
    kept: list[Edit] = []
    for each in sorted(single, key=lambda each: (each.start, each.end)):
        if claims[_claim(each)] == 1 and (not kept or each.start >= kept[-1].end):
            kept.append(each)
    return kept


def _claim(edit: Edit) -> tuple[str, ...]:
    """Return what no two edits may do: two names in one object cannot both become the right one."""
    finding = edit.findings[0]
    if finding.rule not in NAMING:
        return (str(edit.start),)
    return finding.owner, finding.pointer.rpartition("/")[0], edit.text.strip("\"'")


def _aliased(root: Node) -> Iterator[Range]:
    """Yield what aliases stand for: a change there is a change in more than one place."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if node.target is not None:
            seen.add((node.target.start, node.target.end))
            continue
        waiting += node.items or ()
        waiting += [each.node for each in (node.members or {}).values()]
    yield from seen


def _wanted(document: Document, scalars: Scalars, finding: Finding) -> Iterator[Edit]:
    if finding.line is None or finding.column is None or finding.end_line is None or finding.end_column is None:
        return
    text = document.text.text
    start = document.text.offset(finding.line, finding.column)
    end = document.text.offset(finding.end_line, finding.end_column)
    if finding.rule in NAMING:
        yield from _renamed(text, start, end, finding)
        return
    scalar = scalars.holding(start)
    if scalar is None or _has_anchor(text, scalar[0]):
        return
    match = QUOTED.fullmatch(text, *scalar)
    if match and finding.rule.endswith(".type"):
        yield Edit(*scalar, match[2] if match[2][-1].isdigit() else match[2].lower(), (finding,))
    else:
        yield from _respelt(text, *scalar, finding)
        yield from _trimmed(text, *scalar, finding)


def _has_anchor(text: str, start: int) -> bool:
    first = max(start - 200, 0)
    return text.find("&", first, start) >= 0 and ANCHOR.search(text, first, start) is not None


def _renamed(text: str, start: int, end: int, finding: Finding) -> Iterator[Edit]:
    meant = WRITE.match(finding.help or "")
    name = text[start:end]
    quote = name[:1] if name[:1] in ("'", '"') and name[:1] == name[-1:] else ""
    if meant and is_slip(name.strip(quote) if quote else name, meant[1]):
        yield Edit(start, end, f"{quote}{meant[1]}{quote}", (finding,))


def is_slip(name: str, right: str) -> bool:
    """Whether a name is so near the right one that nothing else can be meant."""
    one, other = map(folded, (name, right))
    return one == other or (len(other) > 5 and _is_one_letter_off(one, other))


def _is_one_letter_off(one: str, other: str) -> bool:
    """Whether a letter that is wrong, missing, too many, or swapped with the next makes the whole difference."""
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    left, right = one[same:], other[same:]
    swapped = left[1:2] + left[:1] + left[2:] == right
    return swapped or left[1:] == right[1:] or left == right[1:] or left[1:] == right


def _respelt(text: str, start: int, end: int, finding: Finding) -> Iterator[Edit]:
    """Yield the edit that corrects the letter case of a choice."""
    meant = CHOICE.match(finding.help or "")
    quote = text[start] if text[start : start + 1] in ("'", '"') and text[end - 1] == text[start] else ""
    written = text[start + len(quote) : end - len(quote)]
    if meant and written != meant[1] and written.lower() == meant[1].lower():
        yield Edit(start, end, f"{quote}{meant[1]}{quote}", (finding,))


def _trimmed(text: str, start: int, end: int, finding: Finding) -> Iterator[Edit]:
    scalar = text[start:end]
    if CLIPPED.match(text, start, end):
        yield Edit(start, start + 1, f"{text[start]}-", (finding,))
    pattern = LAST_BLANKS.get(scalar[:1])
    match = pattern.search(scalar, 1) if pattern and "\n" not in scalar and "\r" not in scalar else None
    if match:
        yield Edit(start + match.start("blanks"), start + match.end("blanks"), "", (finding,))
