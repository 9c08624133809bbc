"""Propose edits for the findings of a text. Each changes one name or one scalar.

- A misspelt name is corrected if it differs in letter case, `_` or `-`, or by one letter.
- A string that is a whole number, `true` or `false` loses its quotes if the API expects no string.
- White space at the end of a string is removed.
- A value of an enumeration with a wrong letter case, such as "Latest", is corrected.
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
from ..documents.places import Document, PlacedNode, Range
from ..findings.finding import LintFinding
from ..findings.lint_rules import SPELLING

NAMING = ("member.unknown", SPELLING)
"""The rules about unknown and misspelt names of members."""
WRITE = re.compile(r"Write ([A-Za-z_][\w-]*)\.")
"""The help of a finding about a misspelt name."""
CHOICE = re.compile(r"Write (\S+)\.(?=\s|\Z)")
"""The help of a finding about a misspelt value of an enumeration."""
QUOTED = re.compile(r"""(["'])(-?(?:0|[1-9][0-9]{0,15})|true|false|True|False|TRUE|FALSE)\1""")
LAST_BLANKS: Mapping[str, Pattern[str]] = {
    '"': re.compile(r'(?<!\\)(?:\\\\)*(?P<blanks>(?:\\[nrt]|\\u000[9aAdD]|[ \t])+)"\Z'),
    "'": re.compile(r"(?P<blanks>[ \t]+)'\Z"),
}
"""Patterns of the white space at the end of a string, by the quote that encloses it."""
CLIPPED = re.compile(r"[|>](?=[ \t]*(?:[ \t]#[^\r\n]*)?[\r\n])")
"""The first line of a block in YAML whose value ends with a line break: `|` or `>`, and not `|-` or `>-`."""
ANCHOR = re.compile(r"&\S+\s+\Z")


class Edit(NamedTuple):
    """The replacement of a part of a text, from offset `start` to `end`, and the findings that it should remove."""

    start: int
    end: int
    text: str
    findings: tuple[LintFinding, ...]


def edits(documents: Sequence[Document], findings: Sequence[LintFinding]) -> list[Edit]:
    """Return the edits to try for the findings of a text, sorted by position. They do not overlap."""
    scalars = Scalars(documents)
    shared = [span for document in documents if document.may_alias for span in _aliased(document.tree.root)]
    groups = grouped(
        (edit[:3], finding)
        for finding in findings
        for edit in _wanted(documents[0], scalars, finding)
        if not any(start <= edit.start < end for start, end in shared)
    )
    single = [Edit(*change, tuple(group)) for change, group in groups.items()]
    claims = Counter(map(_claim, single))
    chosen: list[Edit] = []
    for edit in sorted(single, key=lambda edit: (edit.start, edit.end)):
        if claims[_claim(edit)] == 1 and (not chosen or edit.start >= chosen[-1].end):
            chosen.append(edit)
    return chosen


def _claim(edit: Edit) -> tuple[str, ...]:
    """Return a key for an edit. Edits with the same key exclude each other, since they would make a name duplicate.

    For an edit of a name, it is the object and the new name; for other edits, their position.
    """
    finding = edit.findings[0]
    if finding.rule not in NAMING:
        return (str(edit.start),)
    return finding.owner, finding.pointer.rpartition("/")[0], edit.text.strip("\"'")


def _aliased(root: PlacedNode) -> Iterator[Range]:
    """Yield the ranges of values that aliases of YAML refer to, since a change there affects several places."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if node.target is not None:
            seen.add((node.target.start, node.target.end))
            continue
        waiting += node.items or ()
        waiting += [member.node for member in (node.members or {}).values()]
    yield from seen


def _wanted(document: Document, scalars: Scalars, finding: LintFinding) -> Iterator[Edit]:
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


def _renamed(text: str, start: int, end: int, finding: LintFinding) -> Iterator[Edit]:
    meant = WRITE.match(finding.help or "")
    name = text[start:end]
    quote = name[:1] if name[:1] in ("'", '"') and name[:1] == name[-1:] else ""
    if meant and is_slip(name.strip(quote) if quote else name, meant[1]):
        yield Edit(start, end, f"{quote}{meant[1]}{quote}", (finding,))


def is_slip(name: str, expected: str) -> bool:
    """Return whether a name is so similar to `expected` that it can only be a misspelling of it."""
    one, other = map(folded, (name, expected))
    return one == other or (len(other) > 5 and _is_one_letter_off(one, other))


def _is_one_letter_off(one: str, other: str) -> bool:
    """Return whether two names differ only by one letter that is wrong, missing, extra, or swapped with the next."""
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    left, right = one[same:], other[same:]
    swapped = left[1:2] + left[:1] + left[2:] == right
    return swapped or left[1:] == right[1:] or left == right[1:] or left[1:] == right


def _respelt(text: str, start: int, end: int, finding: LintFinding) -> Iterator[Edit]:
    """Yield the edit that corrects the letter case of a value of an enumeration."""
    meant = CHOICE.match(finding.help or "")
    quote = text[start] if text[start : start + 1] in ("'", '"') and text[end - 1] == text[start] else ""
    written = text[start + len(quote) : end - len(quote)]
    if meant and written != meant[1] and written.lower() == meant[1].lower():
        yield Edit(start, end, f"{quote}{meant[1]}{quote}", (finding,))


def _trimmed(text: str, start: int, end: int, finding: LintFinding) -> Iterator[Edit]:
    scalar = text[start:end]
    if CLIPPED.match(text, start, end):
        yield Edit(start, start + 1, f"{text[start]}-", (finding,))
    pattern = LAST_BLANKS.get(scalar[:1])
    match = pattern.search(scalar, 1) if pattern and "\n" not in scalar and "\r" not in scalar else None
    if match:
        yield Edit(start + match.start("blanks"), start + match.end("blanks"), "", (finding,))
