"""Decide which files and folders the patterns of `.gitignore` files ignore.

All of git's pattern language is supported: negation, patterns for folders only, anchored patterns, `**`, classes and
escapes. `.git/info/exclude` and global patterns of a user are not read. https://git-scm.com/docs/gitignore

The package pathspec is not used. Its regular expressions backtrack, so `*a*a*a*a*b` takes minutes for a name of 250
characters. It also re-includes `dir/a.json` after `dir/` and `!dir/a.json`, which git does not. And it raises for
patterns that git accepts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from re import Match, Pattern
from typing import NamedTuple

from ...files.regular import head, opened

NAME = ".gitignore"
MAX_GITIGNORE_BYTES = 1_000_000
"""Maximum number of bytes that are read of a `.gitignore` file."""
LONGEST_PATTERN = 1_000
"""Maximum length of a pattern. Longer patterns match nothing."""

Segment = Pattern[str] | None
"""The regular expression for one name in a path; None for `**`, which matches any number of names."""
TOKEN = (
    r"(?s)(?P<slash>\\?/)|(?P<stars>\*+)|(?P<any>\?)|\[(?P<not>[!^]?)(?P<class>\]?(?:\\.|\[:[a-z]+:\]|[^\]\\])*)\]"
    r"|\\(?P<escaped>.)|(?P<plain>[^\\[])"
)
CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "space": r" \t\r\n\f\v",
    "blank": r" \t", "xdigit": "0-9a-fA-F", "punct": r"!-/:-@\[-`{-~",
}  # fmt: skip
MEMBER = r"(?s)\[:(?P<named>[a-z]+):\]|(?P<first>\\?.)(?:-(?P<last>\\?.))?"
NEVER_MATCHES = "(?!)"
"""A regular expression that matches nothing."""


class IgnoreRule(NamedTuple):
    """One pattern of a `.gitignore` file, such as `/build/` or `!*.json`.

    `is_anchored` says that its `segments` match a whole path, not only the last name of it. `keeps` says that it begins
    with `!`, so that matching files are not ignored. `is_for_folders` says that it ends with `/`.
    """

    segments: tuple[Segment, ...]
    is_anchored: bool
    keeps: bool
    is_for_folders: bool

    def matches(self, path: str, is_folder: bool) -> bool:
        """Return whether the pattern matches a path, which is relative to the folder of the pattern."""
        names = path.split("/") if self.is_anchored else [path.rpartition("/")[2]]
        return (is_folder or not self.is_for_folders) and _matches(self.segments, names)


class Patterns(NamedTuple):
    """The patterns of a `.gitignore` file. Paths to match are relative to its folder, with slashes."""

    rules: tuple[IgnoreRule, ...]

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Return whether a path is ignored; None if no pattern matches it. The last matching pattern decides."""
        return next((not rule.keeps for rule in reversed(self.rules) if rule.matches(path, is_folder)), None)

    def covers(self, path: str, is_folder: bool = False) -> bool:
        """Return whether a file or folder, or a folder above it, is ignored."""
        above = (path[:end] for end, character in enumerate(path) if character == "/")
        return any(self.verdict(folder, True) for folder in above) or bool(self.verdict(path, is_folder))


def patterns(lines: Iterable[str]) -> Patterns:
    """Return the patterns in the lines of a `.gitignore` file."""
    return Patterns(tuple(rule for line in lines if (rule := _rule(line)) is not None))


def read(folder: str) -> Patterns | None:
    """Return the patterns in the `.gitignore` file of a folder; None if there is no such file, or it cannot be read."""
    try:
        with opened(os.path.join(folder, NAME)) as file:
            data = head(file, MAX_GITIGNORE_BYTES)
    except (OSError, ValueError):
        return None
    return patterns(data.decode("utf-8", "surrogateescape").removeprefix("\ufeff").split("\n"))


# This is the usual algorithm for wildcards, applied to names instead of characters. On a mismatch, it goes back to the
# last `**` and lets that match one more name. An earlier `**` never needs to change: names that it could match in
# addition, the last one can match as well. Example: the pattern `a/**/b` and the path a/x/b. a matches, `**` matches
# no name, b does not match x; so `**` matches x, and b matches.
def _matches(segments: tuple[Segment, ...], names: list[str]) -> bool:
    """Return whether the segments of a pattern match the names in a path, without exponential backtracking."""
    place = name = 0
    resume: tuple[int, int] | None = None
    while name < len(names):
        segment = segments[place] if place < len(segments) else None
        if place < len(segments) and segment is None:
            resume = (place, name)
            place += 1
            if place == len(segments):
                return True  # `**` at the end matches all remaining names, at least one
        elif segment is not None and segment.fullmatch(names[name]):
            place, name = place + 1, name + 1
        elif resume is None:
            return False
        else:
            resume = (resume[0], resume[1] + 1)
            place, name = resume[0] + 1, resume[1]
    return place == len(segments)


def _rule(line: str) -> IgnoreRule | None:
    """Return the pattern in a line; None for a comment, a blank line, or a pattern that cannot match anything."""
    text = line.removesuffix("\r")
    bare = text.rstrip(" ")
    is_escaped = (len(bare) - len(bare.rstrip("\\"))) % 2 and bare != text  # a backslash precedes the space
    text = f"{bare} " if is_escaped else bare
    if text.startswith("#") or len(text) > LONGEST_PATTERN:
        return None
    pattern = text.removeprefix("!").removesuffix("/")
    segments = _segments(pattern.removeprefix("/"))
    return IgnoreRule(segments, "/" in pattern, text[:1] == "!", text[-1:] == "/") if segments else None


def _segments(text: str) -> tuple[Segment, ...]:
    """Return the regular expressions for the names in a pattern; empty for one that cannot match anything."""
    parts: list[list[Match[str]]] = [[]]
    length = 0
    for token in re.finditer(TOKEN, text):
        length += len(token[0])
        if token["slash"]:
            parts.append([])
        else:
            parts[-1].append(token)
    is_valid = length == len(text) and all(parts)  # not if a bracket is not closed, or a backslash is last
    return tuple(_segment(part, len(parts) > 1) for part in parts) if is_valid else ()


def _segment(tokens: list[Match[str]], has_others: bool) -> Segment:
    """Return the regular expression for one name in a pattern, given its tokens; None for `**`.

    The parts between stars match as early as possible, without backtracking.
    """
    if has_others and len(tokens) == 1 and len(tokens[0]["stars"] or "") > 1:
        return None
    pieces = [""]
    for token in tokens:
        if token["stars"]:
            pieces.append("")
        else:
            pieces[-1] += _character(token)
    first, *rest = pieces
    *between, last = rest or [""]
    found = "".join(f"(?>.*?{piece})" for piece in between)
    return re.compile(f"{first}{found}{'.*' if rest else ''}{last}", re.DOTALL)


def _character(token: Match[str]) -> str:
    """Return the regular expression for a token that matches one character."""
    if token["class"] is None:
        return "." if token["any"] else re.escape(token["escaped"] or token["plain"])
    members = re.sub(MEMBER, _member, token["class"])
    try:
        return re.compile(f"[{'^' if token['not'] else ''}{members}]").pattern if members else NEVER_MATCHES
    except re.error:  # a reversed range such as [z-a]
        return NEVER_MATCHES


def _member(match: Match[str]) -> str:
    """Return a member of a class, such as `[:alpha:]` or `a-z`, in the syntax of `re`."""
    if match["named"]:
        return CLASSES.get(match["named"], "")
    ends = filter(None, (match["first"], match["last"]))
    return "-".join(f"\\U{ord(end[-1]):08x}" for end in ends)  # `re` reserves "--" and "&&" in classes
