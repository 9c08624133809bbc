"""Parse YAML: build values with positions from the events of PyYAML's parser, without recursion.

An alias (`*name`) shares the value that it refers to, so aliases do not multiply memory. The number of members that
merge keys (`<<`) add is bounded. Of duplicate members, the last one counts, and all are remembered. A value with a tag
that is not standard, such as `!Ref`, becomes `Tagged`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from re import Pattern
from typing import Any, NamedTuple

import yaml

from .digits import DIGITS, integer
from .places import (
    Document,
    Member,
    ParseFailure,
    PlacedNode,
    Range,
    RepeatedMember,
    SourceText,
    Tagged,
    Tree,
    UnreadableError,
)

STANDARD = "YAML 1.2.2"
MAX_YAML_DEPTH = 200
"""Maximum depth of nesting."""
NODES = 250_000
"""Maximum number of values and names in a file. Each takes about 400 bytes of memory."""
MERGED = 1_000_000
"""Maximum number of members that all merge keys of a file may add."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
UNPRINTABLE = yaml.reader.Reader.NON_PRINTABLE
"""Characters that YAML forbids. The pattern is PyYAML's, since compiling another one would take milliseconds."""
PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
STANDARD_TAG = "tag:yaml.org,2002:"


class ScalarKind(NamedTuple):
    """A type of scalar without quotes: its tag such as "int", a pattern of its source, and a function to convert it."""

    tag: str
    pattern: Pattern[str]
    read: Callable[[str], Any]


def _whole(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    base = {"0o": 8, "0x": 16}.get(digits[:2])
    return sign * (int(digits[2:], base) if base else integer(digits))


def _whole11(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-").replace("_", "")
    base = {"0b": 2, "0x": 16}.get(digits[:2])
    if base:
        return sign * int(digits[2:] or "0", base)
    return sign * (int(digits[:DIGITS], 8) if digits.startswith("0") else integer(digits))


def _real(text: str) -> float:
    return float(text.lower().replace("_", "").replace(".inf", "inf"))


REAL = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
REAL11 = r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?"
WORDS = {word: word in ("yes", "true", "on") for word in ("yes", "no", "true", "false", "on", "off")}

ScalarType = tuple[str, str, Callable[[str], Any]]
NULL: ScalarType = ("null", r"null|Null|NULL|~|", lambda text: None)
NAN: ScalarType = ("float", r"\.(?:nan|NaN|NAN)", lambda text: float("nan"))
CORE: tuple[ScalarType, ...] = (
    NULL,
    ("bool", r"true|True|TRUE|false|False|FALSE", lambda text: text[0] in "tT"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", _whole),
    ("float", REAL + r"|[-+]?\.(?:inf|Inf|INF)", _real),
    NAN,
)
"""The core schema of YAML 1.2."""
YAML11: tuple[ScalarType, ...] = (
    NULL,
    ("bool", "|".join(f"{word}|{word.title()}|{word.upper()}" for word in WORDS), lambda text: WORDS[text.lower()]),
    ("int", r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)", _whole11),
    ("float", REAL11 + r"|[-+]?\.(?:inf|Inf|INF)", _real),
    NAN,
)
"""The types of YAML 1.1, as CloudFormation reads templates: `yes` is true and 010 is eight.

Numbers in base sixty, such as 1:30, are left out.
"""

TYPED_SCALAR_STARTS = frozenset("0123456789+-.~nNtTfFyYoO")
"""First characters that a number, boolean or null may have. A scalar with another one, such as an ARN, is a string."""

DIALECTS: Mapping[str, tuple[ScalarType, ...]] = {"core": CORE, "yaml11": YAML11}


@cache
def kinds(dialect: str = "core") -> tuple[ScalarKind, ...]:
    """Return the types of scalars in a dialect ("core" or "yaml11"), with compiled patterns. The result is cached."""
    return tuple(ScalarKind(tag, re.compile(pattern), read) for tag, pattern, read in DIALECTS[dialect])


class _Open:
    """An object or array whose end has not been reached."""

    def __init__(self, value: Any, start: int, anchor: str | None) -> None:
        self.value, self.anchor = value, anchor
        self.node = (
            PlacedNode(start, start, {}, None) if isinstance(value, dict) else PlacedNode(start, start, None, [])
        )
        self.end = start
        self.key: tuple[str, Range] | None = None
        self.is_merge = False
        self.tag: str | None = None
        self.merges: list[tuple[Range, Any, PlacedNode]] = []

    @property
    def step(self) -> str | int:
        """The last step of the path to the next value: an index in an array, or the name of a member."""
        return len(self.value) if isinstance(self.value, list) else self.key[0] if self.key else ""


def parse(text: str, dialect: str = "core") -> tuple[Document, ...] | ParseFailure:
    """Return the documents of a YAML file, or the reason why it cannot be parsed. `dialect` is one of `DIALECTS`."""
    source = SourceText(text)
    bad = UNPRINTABLE.search(text)
    if bad:
        return source.failure(bad.start(), f"expected no control character, but U+{ord(bad[0]):04X} is here")
    composer = Composer(source, kinds(dialect))
    try:
        for event in yaml.parse(text, Loader=LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = " ".join(str(part) for part in (error.context, error.problem) if part)
        return source.failure(mark.index if mark else 0, f"expected YAML: {words}")
    except UnreadableError as error:
        return source.failure(*error.args)
    return tuple(composer.documents)


# `yaml.load` is not used: it gives no positions, recurses, and copies merged objects without a limit. Instead, each
# event of PyYAML's parser changes a stack of open objects and arrays (`_Open`). For `{a: [1]}` the events, each with
# the stack after it, are: mapping start [{}]; scalar a [{} key=a]; sequence start [{} key=a, []]; scalar 1 [{} key=a,
# [1]]; sequence end [{a: [1]}]; mapping end []. `HANDLERS` has a method for each kind of event.
class Composer:
    """Builds documents from the events of PyYAML's parser.

    As YAML requires, the anchor of an object or array can already be used inside it.
    """

    def __init__(self, text: SourceText, kinds: tuple[ScalarKind, ...]) -> None:
        self.text, self.kinds = text, kinds
        self.documents: list[Document] = []
        self.merged = self.nodes = 0
        self.begin(None)

    def take(self, event: Any) -> None:
        """Handle one event of the parser. Raise `UnreadableError` after more than `NODES` events."""
        handler = HANDLERS.get(type(event).__name__)
        self.nodes += 1
        if self.nodes > NODES:
            raise UnreadableError(event.start_mark.index, f"expected at most {NODES:,} values and names in YAML")
        if handler:
            handler(self, event)

    def begin(self, event: Any) -> None:
        """Begin a document. The anchors of the previous document are no longer known."""
        self.stack = [_Open([], 0, None)]
        self.anchors: dict[str, tuple[Any, PlacedNode]] = {}
        self.repeats: list[RepeatedMember] = []
        self.tagged = False

    def finish(self, event: Any) -> None:
        """End a document: add it to `documents`."""
        root = self.stack[0]
        found = Tree(root.node.items[0], tuple(self.repeats))  # type: ignore[index]  # the outermost is a list
        options: Any = {"repeated": bool(self.repeats), "tagged": self.tagged, "standard": STANDARD, "language": "yaml"}
        self.documents.append(Document(root.value[0], self.text, lambda: found, **options))

    def scalar(self, event: Any) -> None:
        """Handle a scalar: it is the name of the next member if an object expects one, or else a value."""
        start, end = self.bounds(event)
        top = self.stack[-1]
        if isinstance(top.value, dict) and top.key is None:
            self.name(event.value, (start, end), event.tag is None and event.implicit[0])
            if event.anchor is not None:
                self.anchor(event.anchor, event.value, PlacedNode(start, end, style=event.style or ""))
            return
        value = self.resolve(event)
        node = PlacedNode(start, end, None, None, event.style or "")
        if event.anchor is not None:
            self.anchor(event.anchor, value, node)
        self.add(value, node)

    def bounds(self, event: Any) -> Range:
        """Return the range of a scalar without its tag and anchor, and without white space after a block (`|`, `>`)."""
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor is not None or event.tag is not None:
            start = min(PROPERTIES.match(self.text.text, start, end).end(), end)  # type: ignore[union-attr]  # matches always
        if event.style in ("|", ">"):
            end = start + len(self.text.text[start:end].rstrip())
        return start, end

    def name(self, name: str, key: Range, is_plain: bool) -> None:
        """Set the name of the next member, and note it if the object has that name already. `key` is its range."""
        top = self.stack[-1]
        top.is_merge = is_plain and name == "<<"
        top.key = (name, key)
        if not top.is_merge and top.node.members is not None and name in top.node.members:
            self.repeats.append(RepeatedMember(tuple(frame.step for frame in self.stack[1:]), key))

    def resolve(self, event: Any) -> Any:
        """Return the value of a scalar: a string, number, boolean or null, or `Tagged` for a tag such as `!Ref`."""
        if event.tag == "!" or (event.tag is None and not event.implicit[0]):
            return event.value
        if event.tag is None:
            if event.value and event.value[0] not in TYPED_SCALAR_STARTS:
                return event.value
            kind = next((option for option in self.kinds if option.pattern.fullmatch(event.value)), None)
            return kind.read(event.value) if kind else event.value
        tag = event.tag.removeprefix(STANDARD_TAG)
        if tag == "str" and event.tag != tag:
            return event.value
        named = (
            option for option in self.kinds if option.tag == tag != event.tag and option.pattern.fullmatch(event.value)
        )
        kind = next(named, None)
        return kind.read(event.value) if kind else Tagged(event.tag, event.value)

    def alias(self, event: Any) -> None:
        """Handle an alias (`*name`): add the value that its anchor marks, at the position of the alias."""
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor not in self.anchors:
            raise UnreadableError(start, "expected an alias whose anchor is defined before it")
        value, node = self.anchors[event.anchor]
        top = self.stack[-1]
        if isinstance(top.value, dict) and top.key is None:
            self.name(value if isinstance(value, str) else self.text.text[start:end], (start, end), False)
        else:
            self.add(value, PlacedNode(start, end, style=node.style, target=node))

    def open(self, event: Any) -> None:
        """Begin an object or array. Raise `UnreadableError` if it is nested too deeply, or is the name of a member."""
        start = event.start_mark.index
        if len(self.stack) > MAX_YAML_DEPTH:
            raise UnreadableError(start, f"expected at most {MAX_YAML_DEPTH} levels of nesting")
        top = self.stack[-1]
        if isinstance(top.value, dict) and top.key is None:
            raise UnreadableError(start, "expected a member's name, which must be a scalar")
        if event.anchor is not None or event.tag is not None:
            start = PROPERTIES.match(self.text.text, start).end()  # type: ignore[union-attr]  # matches always
        frame = _Open({} if type(event).__name__ == "MappingStartEvent" else [], start, event.anchor)
        if event.tag not in (None, "!", STANDARD_TAG + "map", STANDARD_TAG + "seq"):
            frame.tag = event.tag
        self.anchor(event.anchor, frame.value, frame.node)
        self.stack.append(frame)

    def close(self, event: Any) -> None:
        """End an object or array. One without a closing bracket ends where its last part ends."""
        frame = self.stack.pop()
        for merge in frame.merges:
            self.merge(frame, *merge)
        inner = event.end_mark.index if event.end_mark.index > event.start_mark.index else frame.end
        node = frame.node._replace(end=max(inner, frame.node.start + 1))
        value = frame.value if frame.tag is None else Tagged(frame.tag, frame.value)
        if frame.anchor is not None and self.anchors[frame.anchor][0] is frame.value:
            self.anchor(frame.anchor, value, node)
        self.add(value, node)

    def anchor(self, name: str | None, value: Any, node: PlacedNode) -> None:
        """Store the value and the position that an anchor (`&name`) marks, for later aliases."""
        if name is not None:
            self.anchors[name] = (value, node)

    def add(self, value: Any, node: PlacedNode) -> None:
        """Add a complete value to the innermost open array or object."""
        top = self.stack[-1]
        top.end = max(top.end, node.end)
        self.tagged = self.tagged or isinstance(value, Tagged)
        if top.node.items is not None:
            top.value.append(value)
            top.node.items.append(node)
            return
        assert top.key is not None  # an object's value follows its name
        assert top.node.members is not None
        (name, key), top.key = top.key, None
        top.end = max(top.end, key[1])
        if top.is_merge and self.mergeable(top, key, value, node):
            return
        top.node.members[name] = Member(key, node)
        top.value[name] = value

    def mergeable(self, top: _Open, key: Range, value: Any, node: PlacedNode) -> bool:
        """Store the value of a merge key (`<<`). Return False if it is neither an object nor a list of objects."""
        written = node.target or node
        if isinstance(value, Tagged):
            top.tag = "<<"  # the tagged value may have any members
            return True
        if isinstance(value, dict):
            top.merges.append((key, value, node))
            return True
        if not isinstance(value, list) or not all(isinstance(element, dict) for element in value):
            return False
        items = [node._replace(target=item) if node.target else item for item in written.items or ()]
        top.merges += [(key, one, item) for one, item in zip(value, items, strict=True)]
        return True

    def merge(self, frame: _Open, key: Range, value: dict[str, Any], node: PlacedNode) -> None:
        """Add the members of a merged object (`<<: *name`) that the object in `frame` does not have itself."""
        members = (node.target or node).members or {}
        self.merged += len(members)
        if self.merged > MERGED:
            raise UnreadableError(key[0], f"expected merge keys that add at most {MERGED:,} members in all")
        for name, member in members.items():
            if name not in frame.node.members:  # type: ignore[operator]  # only objects merge
                place = node._replace(style=member.node.style, target=member.node) if node.target else member.node
                frame.node.members[name] = Member(key, place)  # type: ignore[index]  # as above
                frame.value[name] = value[name]


HANDLERS: Mapping[str, Callable[[Composer, Any], None]] = {
    "DocumentStartEvent": Composer.begin,
    "DocumentEndEvent": Composer.finish,
    "ScalarEvent": Composer.scalar,
    "AliasEvent": Composer.alias,
    "MappingStartEvent": Composer.open,
    "SequenceStartEvent": Composer.open,
    "MappingEndEvent": Composer.close,
    "SequenceEndEvent": Composer.close,
}
"""The method that handles an event, by the name of the event's class."""
