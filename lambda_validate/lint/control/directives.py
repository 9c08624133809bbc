"""Find inline ignores: comments in YAML and HCL, `Metadata` in templates, and `//` in Terraform's JSON.

# lambda-validate: ignore[batch-size.sqs, member.newer]     for this line; from a line of its own, for the next line
# lambda-validate: ignore-file[member.newer]                for the whole file
"Metadata": {"lambda-validate": {"ignore": ["member.newer"]}}   for the resource or template with this Metadata
"//": "lambda-validate: ignore[member.newer]"               for the object with this member
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from re import Match
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..documents.places import Document, Path, PlacedNode, Range, SourceText, member_at

if TYPE_CHECKING:
    from ..documents.json_places import Outline

DIRECTIVE_MARK = "lambda-validate"
VERBS = ("ignore", "ignore-file")
DIRECTIVE = re.compile(rf"{DIRECTIVE_MARK}:[ \t]*(?P<verb>[A-Za-z][\w-]*)[ \t]*(?:\[(?P<names>[^\]\r\n]*)\])?")
NAME = re.compile(r"[^\s,]+")
LINE = re.compile(r"[^\r\n]*")
BLANK = re.compile(r"\s*")
BLANK_REST = re.compile(r"[^\S\r\n]*(?=[\r\n]|\Z)")
FOLLOWING = re.compile(r"\s*(?:(?:\#|//)[^\r\n]*\s+)*")
"""The blank lines and comments between a comment of its own line and the line that it applies to."""
HASH = re.compile(r"(?:(?<=[ \t])|(?<![^\r\n]))#")
"""A `#` that may begin a comment in YAML: at the beginning of a line or after white space."""
HCL = re.compile(
    r'"(?:[^"\\\r\n]|\\.)*"|<<[-~]?(?P<tag>[^\W\d][\w-]*)[ \t]*\r?$|(?P<comment>(?:\#|//)[^\r\n]*|/\*)', re.MULTILINE
)
"""Strings and heredocs of HCL, in which `#` and `//` begin no comment; and comments, in the group `comment`."""


class Directive(NamedTuple):
    """An inline ignore. It applies to a `line`, to a range (`within`), or to the whole file if both are None.

    `names` are the names of the ignored rules, with their positions. It is None if the directive is malformed, which is
    reported at the position `place`.
    """

    names: tuple[tuple[str, Range], ...] | None
    place: Range
    line: int | None = None
    within: Range | None = None


class Scalars:
    """The ranges of all scalars (names, strings, numbers) in the documents of a file.

    `keys` has, by the offset of a member's value, the offset of the member's name.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self.scalars: list[Range] = []
        self.keys: dict[int, int] = {}
        self.json: Outline | None = None  # used instead of `scalars` and `keys` for JSON, which is always one document
        if documents and documents[0].language == "json":
            self.json = cast("Outline", documents[0].tree)
        for document in () if self.json else documents:
            self._add(document.tree.root)
        self.scalars = sorted(set(self.scalars))
        self.starts = [start for start, end in self.scalars]

    def _add(self, root: PlacedNode) -> None:
        waiting: list[PlacedNode] = [root]
        while waiting:
            node = waiting.pop()
            for member in (node.members or {}).values():
                if member.key:
                    self.scalars.append(member.key)
                    self.keys.setdefault(member.node.start, member.key[0])
                waiting.append(member.node)
            waiting += node.items or ()
            if node.members is None and node.items is None:
                self.scalars.append((node.start, node.end))

    def holding(self, offset: int) -> Range | None:
        """Return the range of the scalar that contains an offset, or ends there; None if there is none."""
        if self.json is not None:
            return self.json.scalar(offset)[0]
        index = bisect_right(self.starts, offset) - 1
        found = self.scalars[index] if index >= 0 else None
        return found if found and found[0] <= offset <= found[1] else None

    def begins(self, offset: int) -> tuple[int, ...]:
        """Return three offsets: the given one, the beginning of the scalar there, and that of the member's name.

        Ignores at any of them apply to a finding at the offset. If there is no name, the last two are equal.
        """
        start = (self.holding(offset) or (offset, offset))[0]
        name = self.keys.get(start) if self.json is None else self.json.scalar(offset)[1]
        return (offset, start, start if name is None else name)


def directives(documents: Sequence[Document], scalars: Scalars) -> list[Directive]:
    """Return all inline ignores in a file, given its documents. There must be at least one document."""
    text, language = documents[0].text.text, documents[0].language
    if language == "json":
        found = list(_in_members(documents))
    else:
        comments = _hcl_comments(text) if language == "hcl" else _yaml_comments(documents[0].text, scalars)
        found = list(_in_comments(documents[0], comments))
    for document in documents:
        found += _in_metadata(document)
    return found


def _in_comments(document: Document, comments: Iterable[Range]) -> Iterator[Directive]:
    """Yield the inline ignores in comments, given the ranges of the comments in the order of the file."""
    text, target = document.text.text, 0
    for comment in comments:
        if comment[0] >= target:  # comments above the target line of another comment apply to that line, too
            target = _target(document.text, comment)
        line = document.text.point(target)[0]
        for match in DIRECTIVE.finditer(text, *comment):
            yield from _read(match, **({} if match["verb"] == "ignore-file" else {"line": line}))


def _read(match: Match[str], **scope: Any) -> Iterator[Directive]:
    """Yield the inline ignore in a match of `DIRECTIVE`, if its verb is valid, or misspelt.

    `scope` says where it applies: the arguments `line` or `within` of `Directive`.
    """
    whole = match.span()
    if match["verb"] not in VERBS:
        from ...base.spelling import nearest

        if nearest(match["verb"], VERBS):
            yield Directive(None, whole)
        return
    start, end = match.span("names")
    names = () if start < 0 else NAME.finditer(match.string, start, end)
    found = tuple((name[0], name.span()) for name in names)
    yield Directive(found or None, whole, **scope)


def _target(whole: SourceText, comment: Range) -> int:
    """Return an offset in the line that a comment applies to: its own line, or the next line with content."""
    text, (start, end) = whole.text, comment
    if not BLANK.fullmatch(text, whole.line_start(start), start) or not BLANK_REST.match(text, end):
        return start
    following = FOLLOWING.match(text, end)
    return following.end() if following else start


def _yaml_comments(whole: SourceText, scalars: Scalars) -> Iterator[Range]:
    """Yield the ranges of comments in YAML that contain "lambda-validate".

    A comment begins with a `#` that follows white space or begins a line, and is not inside a scalar.
    """
    text, seen = whole.text, 0
    for match in re.finditer(DIRECTIVE_MARK, text):
        if match.start() < seen:
            continue
        first = whole.line_start(match.start())
        found = HASH.finditer(text, max(first, seen), match.start())
        seen = match.end()
        for place in (mark.start() for mark in found):
            inside = scalars.holding(place)
            if inside is None or inside[1] <= place or (inside[0] >= first and text[inside[0]] in "|>"):
                seen = LINE.match(text, place).end()  # type: ignore[union-attr]  # matches anything
                yield place, seen
                break


def _hcl_comments(text: str) -> Iterator[Range]:
    """Yield the ranges of the comments in HCL. A comment `/*` without `*/` reaches to the end of the file."""
    place = 0
    while match := HCL.search(text, place):
        place = match.end()
        if match["tag"]:
            end = re.compile(rf"^[ \t]*{match['tag']}[ \t]*\r?$", re.MULTILINE).search(text, place)
            place = end.end() if end else len(text)
        elif match["comment"]:
            if match["comment"] == "/*":
                end_mark = text.find("*/", place)
                place = end_mark + 2 if end_mark >= 0 else len(text)
            yield match.start(), place


def _in_members(documents: Sequence[Document]) -> Iterator[Directive]:
    """Yield the inline ignores in members named `//`, which are comments in Terraform's JSON."""
    for document in documents:
        outline = cast("Outline", document.tree)
        for node, name, value in outline.root.walk():
            if name == "//":
                for match in DIRECTIVE.finditer(outline.text, value.start, value.end):
                    scope = {} if match["verb"] == "ignore-file" else {"within": (node.start, node.end)}
                    yield from _read(match, **scope)


def _in_metadata(document: Document) -> Iterator[Directive]:
    """Yield the inline ignores in `Metadata` of a template or of its resources.

    The template is the document, or the member `resources` of a serverless.yml.
    """
    for top in ((), ("resources",)):
        template = member_at(document.value, *top)
        if isinstance(template, dict):
            resources = template.get("Resources")
            names = resources if isinstance(resources, dict) else ()
            for path in (top, *((*top, "Resources", name) for name in names)):
                yield from _in_one(document, path)


def _in_one(document: Document, owner: tuple[str, ...]) -> Iterator[Directive]:
    path = (*owner, "Metadata", DIRECTIVE_MARK)
    settings = member_at(document.value, *path)
    if settings is None:
        return
    listed = settings.get("ignore") if isinstance(settings, dict) else None
    names = [listed] if isinstance(listed, str) else listed
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        yield Directive(None, _range(document, path), within=_range(document, owner))
        return
    paths = [(*path, "ignore", *(() if names is not listed else (index,))) for index in range(len(names))]
    places = tuple((name, _range(document, spot)) for name, spot in zip(names, paths, strict=True))
    yield Directive(places, places[0][1], within=_range(document, owner))


def _range(document: Document, path: Path) -> Range:
    """Return the range of the value at a path, or of the innermost value around it that exists."""
    nodes = (document.node(path[:length]) for length in range(len(path), -1, -1))
    return next(((node.start, node.end) for node in nodes if node), (0, 0))
