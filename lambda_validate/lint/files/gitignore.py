"""Patterns as git's own `.gitignore` files have them: what they match, and which of several decides.

The whole pattern language is here: negation, patterns for folders only, anchored ones, `**`, classes, escapes; files in
all folders count, of which the nearest decides. Not read are `.git/info/exclude` and a user's global patterns.
https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from re import Match, Pattern
from typing import NamedTuple

from ...files.regular import head, opened

NAME = ".gitignore"
LARGEST = 1_000_000
"""Bytes of a file of patterns that are read."""
LONGEST = 1_000
"""Characters of a pattern beyond which it matches nothing."""

Segment = Pattern[str] | None
"""What one name of a path must match; None for `**`, which stands for any number of names."""


class Rule(NamedTuple):
    """One pattern: its segments, whether they bind the whole path, whether it keeps, and whether only folders."""

    segments: tuple[Segment, ...]
    is_anchored: bool
    keeps: bool
    is_for_folders: bool

    def matches(self, path: str, is_folder: bool) -> bool:
        """Whether a path, relative to the folder of the pattern, is meant."""
        if self.is_for_folders and not is_folder:
            return False
        names = path.split("/") if self.is_anchored else [path.rpartition("/")[2]]
        return _matches(self.segments, names)


class Patterns(NamedTuple):
    """The patterns of one folder; paths are judged relative to it, with slashes."""

    rules: tuple[Rule, ...]

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Whether a path is ignored; None when no pattern matches it. The last one that matches decides."""
        return next((not rule.keeps for rule in reversed(self.rules) if rule.matches(path, is_folder)), None)

    def covers(self, path: str, is_folder: bool = False) -> bool:
        """Whether a file or folder, or a folder above it, is ignored."""
        parts = path.split("/")
        above = ("/".join(parts[:end]) for end in range(1, len(parts)))
        return any(self.verdict(each, True) for each in above) or bool(self.verdict(path, is_folder))


def patterns(lines: Iterable[str]) -> Patterns:
    """Return the patterns that lines hold."""
    return Patterns(tuple(rule for line in lines if (rule := _rule(line)) is not None))


def read(folder: str) -> Patterns | None:
    """Return the patterns of a folder's file; None when it has none, or what has its name cannot be read."""
    try:
        with opened(os.path.join(folder, NAME)) as file:
            data = head(file, LARGEST)
    except (OSError, ValueError):
        return None
    return patterns(data.decode("utf-8", "surrogateescape").removeprefix("\ufeff").split("\n"))


def _matches(segments: tuple[Segment, ...], names: list[str]) -> bool:
    """Match names one by one; on a mismatch, the last `**` takes one name more. No earlier one ever needs to."""
    place = name = 0
    resume: tuple[int, int] | None = None
    while name < len(names):
        segment = segments[place] if place < len(segments) else None
        if place < len(segments) and segment is None:
            resume = (place, name)
            place += 1
            if place == len(segments):
                return True  # at the end, `**` takes all that is left, which is something
        elif segment is not None and segment.fullmatch(names[name]):
            place, name = place + 1, name + 1
        elif resume is None:
            return False
        else:
            resume = (resume[0], resume[1] + 1)
            place, name = resume[0] + 1, resume[1]
    return place == len(segments)


def _rule(line: str) -> Rule | None:
    text = _without_trailing_blanks(line.removesuffix("\r"))
    if not text or text.startswith("#") or len(text) > LONGEST:
        return None
    keeps = text.startswith("!")
    text = text[1:] if keeps else text
    is_for_folders = text.endswith("/")
    text = text[:-1] if is_for_folders else text
    segments = _segments(text.removeprefix("/"))
    return Rule(segments, "/" in text, keeps, is_for_folders) if segments else None


def _without_trailing_blanks(text: str) -> str:
    """Trailing blanks count only when a backslash is before them."""
    bare = text.rstrip(" ")
    slashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if slashes % 2 and len(bare) < len(text) else bare


TOKEN = (
    r"(?s)(?P<slash>\\?/)|(?P<stars>\*+)|(?P<any>\?)|(?P<class>\[[!^]?\]?(?:\\.|\[:[a-z]+:\]|[^\]\\])*\])"
    r"|\\(?P<escaped>.)|(?P<plain>[^\\\[])"
)
CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "space": r" \t\r\n\f\v",
    "blank": r" \t", "xdigit": "0-9a-fA-F", "punct": r"!-/:-@\[-`{-~",
}  # fmt: skip
MEMBER = r"(?s)\[:(?P<named>[a-z]+):\]|\\(?P<escaped>.)|(?P<plain>.)"


def _segments(text: str) -> tuple[Segment, ...]:
    """Return what each name of a path must match; nothing for a pattern that can match nothing."""
    tokens, place, pattern = [], 0, re.compile(TOKEN)
    while place < len(text):
        token = pattern.match(text, place)
        if token is None:  # a bracket that never closes, or a backslash at the end
            return ()
        tokens.append(token)
        place = token.end()
    parts: list[list[Match[str]]] = [[]]
    for token in tokens:
        if token["slash"]:
            parts.append([])
        else:
            parts[-1].append(token)
    several = len(parts) > 1
    found = [None if several and _is_any_depth(part) else _segment(part) for part in parts]
    return tuple(found) if all(parts) else ()


def _is_any_depth(tokens: list[Match[str]]) -> bool:
    return len(tokens) == 1 and len(tokens[0]["stars"] or "") > 1


def _segment(tokens: list[Match[str]]) -> Pattern[str]:
    """Return the expression of one name: what lies between stars is met as early as can be, and never sought again."""
    pieces = [""]
    for token in tokens:
        if token["stars"]:
            pieces.append("")
        else:
            pieces[-1] += _character(token)
    first, *rest = pieces
    *between, last = rest or [""]
    sought = "".join(f"(?=(?P<p{index}>.*?{piece}))(?P=p{index})" for index, piece in enumerate(between))
    return re.compile(f"{first}{sought}{'.*' if rest else ''}{last}", re.DOTALL)


def _character(token: Match[str]) -> str:
    if token["any"]:
        return "."
    if token["class"] is None:
        return re.escape(token["escaped"] or token["plain"])
    text = token["class"][1:-1]
    is_negated = text[:1] in ("!", "^")
    members = _members(text[1:] if is_negated else text)
    return f"[{'^' if is_negated else ''}{members}]" if members else "(?!)"


def _members(text: str) -> str:
    """Return the members of a class as a regular expression spells them; nothing for a class without any."""
    spelled = []
    for each in re.finditer(MEMBER, text):
        if each["named"] is not None:
            spelled.append(CLASSES.get(each["named"], ""))
        elif each["plain"] == "-" and each.start() and each.end() < len(text):
            spelled.append("-")
        else:
            spelled.append(re.escape(each["plain"] or each["escaped"]))
    try:
        re.compile(f"[{''.join(spelled)}]")
    except re.error:  # empty, or a range from high to low
        return ""
    return "".join(spelled)
