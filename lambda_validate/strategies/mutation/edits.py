"""Small changes to one keyword, such as `maximum: 11` for `maximum: 10`: likely mistakes in writing a schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ...catalog.bounds import OF_KEYWORD
from ...patterns import syntax
from ...patterns.syntax import END
from ..cases.boundaries import OUTSIDER
from ..cases.deciding import ASSERTIONS
from ..cases.walk import GONE

Edit = tuple[str, Any]
"""The name of the change, and the new argument of the keyword; `GONE` if the keyword is deleted."""
WIDER = {"integer": "number", "string": ["string", "null"], "number": ["number", "string"],
         "boolean": ["boolean", "string"], "object": ["object", "null"], "array": ["array", "null"]}  # fmt: skip


def edits(keyword: str, argument: Any) -> Iterator[Edit]:
    """Yield the changes of a keyword, such as `("plus-1", 11)` for `maximum: 10`. Annotations have no changes."""
    if keyword in DELETED:
        yield "deleted", GONE
    yield from EDITS[keyword](argument) if keyword in EDITS else ()


def _bound(argument: Any) -> list[Edit]:
    return [("minus-1", argument - 1), ("plus-1", argument + 1)]


def _length(argument: Any) -> list[Edit]:
    return [edit for edit in _bound(argument) if edit[1] >= 0]


def _enum(argument: list[Any]) -> Iterator[Edit]:
    yield f"with-{OUTSIDER}", [*argument, OUTSIDER]
    yield from _shorter(argument)


def _shorter(argument: list[Any]) -> Iterator[Edit]:
    for index, item in enumerate(argument):
        yield f"without-{item}", argument[:index] + argument[index + 1 :]


def _type(argument: Any) -> Iterator[Edit]:
    if isinstance(argument, str) and argument in WIDER:
        yield "wider", WIDER[argument]


def _properties(argument: Mapping[str, Any]) -> Iterator[Edit]:
    for name in argument:
        yield f"without-{name}", {key: member for key, member in argument.items() if key != name}


TOKEN = re.compile(
    r"(?P<class>\[\^?(?:\\.|[^\]\\])*\])|(?P<count>\{\d+\})|(?P<repeat>[*+?])"
    r"|(?P<words>(?:\\x[0-9A-Fa-f]{2}|\\[^dnrtswDSWxpP]|[\w:/.!#@%&=,;<> -])+)"
)
"""Matches a part of a pattern that is edited alone: a character class, a count, `*`, `+` or `?`, or literal characters.
Groups and alternatives are handled separately."""
RANGE = re.compile(r"(?<!\\)[a-zA-Z0-9]-[a-zA-Z0-9]")


def _pattern(pattern: str) -> Iterator[Edit]:
    """Yield copies of a pattern: without anchors, then with one part changed, then with one alternative removed."""
    yield from _unanchored(pattern)
    end = len(pattern) - len(END) if pattern.endswith(END) else len(pattern)
    for match in TOKEN.finditer(pattern, 0, end):
        kind, text, before = str(match.lastgroup), match[0], pattern[: match.start()]
        if kind == "repeat" and before.endswith(("(", "(?")):
            continue
        if kind == "words" and before.endswith("(?"):
            text = re.sub("^(?::|<?[=!])", "", text)
        for what, changed in PARTS[kind](text) if text else ():
            start = match.end() - len(text)
            yield f"{what}-at-{start}", pattern[:start] + changed + pattern[match.end() :]
    yield from _fewer(pattern)


def _unanchored(pattern: str) -> Iterator[Edit]:
    if pattern.startswith("^"):
        yield "unanchored-at-start", pattern[1:]
    if pattern.endswith(END):
        yield "unanchored-at-end", pattern[: -len(END)]
    if pattern.startswith("^") and pattern.endswith(END):
        yield "unanchored", pattern[1 : -len(END)]


def _class(text: str) -> Iterator[tuple[str, str]]:
    yield "class-with-!", f"{text[:-1]}!]"
    for match in RANGE.finditer(text):
        rest = text[: match.start()] + text[match.end() :]
        if rest not in ("[]", "[^]"):
            yield f"class-without-{match[0]}", rest


def _count(text: str) -> Iterator[tuple[str, str]]:
    number = int(text[1:-1])
    yield "count-plus-1", f"{{{number + 1}}}"
    yield "count-minus-1", f"{{{number - 1}}}"


def _words(text: str) -> Iterator[tuple[str, str]]:
    r"""Yield copies of a literal: with one `\.` replaced by `.`, and without its first character if it has several."""
    for match in re.finditer(r"\\\.", text):
        yield "any-character", f"{text[: match.start()]}.{text[match.end() :]}"
    pieces = re.findall(r"\\x..|\\.|.", text)
    if len(pieces) > 1:
        yield "text-cut", "".join(pieces[1:])


PARTS: Mapping[str, Callable[[str], Iterable[tuple[str, str]]]] = {
    "class": _class,
    "count": _count,
    "repeat": lambda text: [("repeat", {"*": "+", "+": "*", "?": ""}[text])],
    "words": _words,
}


def _fewer(pattern: str) -> Iterator[Edit]:
    """Yield copies of a pattern with one alternative of a group removed: `(?:a|b)` gives `(?:b)` and `(?:a)`."""
    for bounds in _groups(pattern):
        for index in range(len(bounds) - 1 if len(bounds) > 2 else 0):
            start, end = bounds[index], bounds[index + 1]
            first = index == 0
            shortened = pattern[: start + 1] + pattern[end + 1 :] if first else pattern[:start] + pattern[end:]
            yield f"alternative-left-out-at-{start + 1}", shortened


def _groups(pattern: str) -> Iterator[list[int]]:
    """Yield for each group of a pattern the positions of its first character, of each `|`, and of its end."""
    open_groups: list[list[int]] = []
    for token in syntax.TOKEN.finditer(pattern):
        if token[0].startswith("("):
            open_groups.append([token.end() - 1])
        elif token[0] == "|" and open_groups:
            open_groups[-1].append(token.start())
        elif token[0] == ")":
            yield [*open_groups.pop(), token.start()]


EDITS: Mapping[str, Callable[[Any], Iterable[Edit]]] = {
    **{keyword: _length if bound.noun else _bound for keyword, bound in OF_KEYWORD.items()},
    **dict.fromkeys(("then", "else"), lambda argument: [("emptied", {})]),
    "enum": _enum,
    "const": lambda argument: [("changed", OUTSIDER if isinstance(argument, str) else "other")],
    "required": _shorter,
    "type": _type,
    "pattern": _pattern,
    "if": lambda argument: [("negated", {"not": argument})],
    "properties": _properties,
}
DELETED = ASSERTIONS.keys() | {
    "type", "additionalProperties", "propertyNames", "x-unknown-members", "not", "items", "$ref"
}  # fmt: skip
"""Keywords for which one of the changes is to delete them."""
