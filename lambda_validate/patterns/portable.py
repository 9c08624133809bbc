"""Patterns of service models, rewritten so that every JSON Schema implementation reads them alike.

A model's pattern is Java's, and binds the whole value. Here it becomes `^(?:P)$(?!\\n)`, where `P` has explicit sets
for `\\d`, `\\w`, `\\s` and `.`, no groups that capture, no escapes that some engine refuses, and classes that are
written one way. What cannot be rewritten is refused, for the caller to list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from . import PatternError

HEAD, TAIL = "^(?:", ")$(?!\\n)"

SPACE = r" \t\n\x0b\f\r"
SETS: Mapping[str, str] = {"d": "0-9", "w": "a-zA-Z0-9_", "s": SPACE}
"""What an escape stands for inside a class; in capitals, for all else."""

POSIX: Mapping[str, str] = {
    "Alnum": "a-zA-Z0-9",
    "Alpha": "a-zA-Z",
    "ASCII": r"\x00-\x7f",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "Digit": "0-9",
    "Graph": r"\x21-\x7e",
    "Lower": "a-z",
    "Print": r"\x20-\x7e",
    "Punct": r"!-\/:-@\[-`\{-~",
    "Space": SPACE,
    "Upper": "A-Z",
    "XDigit": "0-9a-fA-F",
}
"""Java's own names for sets of ASCII. `java.util.regex.Pattern`, POSIX character classes."""

NOT = "not "
"""Marks, while a class is read, all but a set."""
ANY = r"[\s\S]"
"""Any character at all, in the one way in which every engine can say it."""

PROPERTY = re.compile(r"\{(?:Is)?(L[ultmo]?|N[dlo]?|Z[slp]?|P[cdseifo]?|S[mcko]?|M[nce]?|C[cfosn]?)\}")
CODE = re.compile(r"x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}")
CONTROLS = {"t": r"\t", "n": r"\n", "r": r"\r", "f": r"\f"}
QUANTIFIER = re.compile(r"[*+?]|\{\d*(?:,\d*)?\}")
OPENINGS = {"(?:": "(?:", "(?=": "(?=", "(?!": "(?!", "(?<=": "(?<=", "(?<!": "(?<!"}
ATOM = r"[^()|\[\]\\]|\\(?:x..|u....|[^xupP])|\[(?:\\.|[^\]\\])*\]"
RUN = re.compile(rf"(?<!\\)\(\?:((?:{ATOM})+)\)(?![?*+{{])")
"""A group of no alternatives and no groups, that is not repeated."""
ONE = re.compile(rf"(?<!\\)\(\?:({ATOM})\)(?=[?*+{{])")
"""A group of one character, that is repeated."""
SYNTAX = frozenset("^$\\.*+?()[]{}|/")
IN_CLASS = frozenset("^\\-[]()/{}|")
"""What must be escaped outside and inside a class, in the strictest engine (ECMAScript's `v`)."""


@cache
def portable(pattern: str) -> str:
    """Return a model's pattern in the portable form. One that has no such form raises `PatternError`."""
    rewritten = f"{HEAD}{_ungrouped(''.join(_Rewriter(pattern).pieces()))}{TAIL}"
    try:
        _compile(rewritten)
    except Exception as error:  # what `regex` raises for a wrong pattern is not of one kind
        raise PatternError(str(error)) from None
    return rewritten


def _ungrouped(pattern: str) -> str:
    """Return a pattern without the groups that change nothing: each costs every engine something at each match."""
    before = ""
    while before != pattern:
        before, pattern = pattern, ONE.sub(r"\1", RUN.sub(r"\1", pattern))
    return pattern


def _compile(pattern: str) -> None:
    if "\\p" in pattern.lower():
        import regex  # properties of Unicode are rare

        regex.compile(pattern)
    else:
        re.compile(pattern)


class _Rewriter:
    """Reads a pattern from left to right, and yields each piece as it is written portably."""

    def __init__(self, pattern: str) -> None:
        self.text, self.at, self.depth = pattern, 0, 0

    def pieces(self) -> Iterator[str]:
        """Yield the pieces of the whole pattern."""
        while self.at < len(self.text):
            yield self.piece()
        if self.depth:
            raise PatternError("a group is not closed")

    def take(self, count: int = 1) -> str:
        """Return the next characters, and go past them."""
        found = self.text[self.at : self.at + count]
        if len(found) < count:
            raise PatternError("it ends too early")
        self.at += count
        return found

    def piece(self) -> str:
        """Return the next piece."""
        quantifier = QUANTIFIER.match(self.text, self.at)
        if quantifier:
            return self.quantifier(quantifier[0])
        character = self.take()
        return PIECES.get(character, _literal)(self, character)

    def quantifier(self, found: str) -> str:
        """A quantifier; a possessive one has no portable form."""
        self.at += len(found)
        if self.text[self.at : self.at + 1] == "+":
            raise PatternError("a possessive quantifier")
        lazy = self.text[self.at : self.at + 1] == "?"  # it changes how a match is found, not what is matched
        self.at += lazy
        return "{0," + found[2:] if found.startswith("{,") else found

    def group(self, _: str) -> str:
        """The start of a group; one that captures need not."""
        self.depth += 1
        if self.text[self.at : self.at + 1] != "?":
            return "(?:"
        for opening, written in sorted(OPENINGS.items(), key=lambda each: -len(each[0])):
            if self.text.startswith(opening, self.at - 1):
                self.at += len(opening) - 1
                return written
        named = re.compile(r"\?<[A-Za-z][A-Za-z0-9]*>").match(self.text, self.at)
        if named is None:
            raise PatternError("a group of a kind that is not known")
        self.at = named.end()
        return "(?:"

    def end(self, _: str) -> str:
        """The end of a group."""
        self.depth -= 1
        if self.depth < 0:
            raise PatternError("a group is closed that was not opened")
        return ")"

    def escape(self, _: str) -> str:
        """An escape outside a class."""
        character = self.take()
        if character.lower() in SETS:
            return f"[{'^' if character.isupper() else ''}{SETS[character.lower()]}]"
        if character in "pP":
            return self.property(character, inside=False)
        return {"A": "^", "z": "$", "Z": "$"}.get(character) or self.escaped(character, SYNTAX)

    def escaped(self, character: str, special: frozenset[str]) -> str:
        """The escape of one character, which is written so only where it must be."""
        code = CODE.match(self.text, self.at - 1)
        if code:
            self.at = code.end()
            return f"\\{code[0]}"
        if character in CONTROLS:
            return CONTROLS[character]
        if character.isalnum():
            raise PatternError(f"the escape \\{character}")
        return f"\\{character}" if character in special else character

    def property(self, kind: str, *, inside: bool) -> str:
        """A property of characters: one of Java's own, or one of Unicode's."""
        if self.text[self.at : self.at + 1] != "{":
            name = f"{{{self.take()}}}"
        else:
            end = self.text.find("}", self.at)
            name = self.take(end + 1 - self.at) if end > 0 else self.take(len(self.text) + 1)
        posix = POSIX.get(name[1:-1].removeprefix("Is").replace("Alphabetic", "Alpha"))
        if posix is not None and kind == "p":
            return posix if inside else f"[{posix}]"
        unicode = PROPERTY.fullmatch(name)
        if unicode is None:
            raise PatternError(f"the property {name}")
        return f"\\{kind}{{{unicode[1]}}}"

    def set(self, _: str) -> str:
        """A class, its members in the order of the model."""
        negated = self.text[self.at : self.at + 1] == "^"
        self.at += negated
        members = list(dict.fromkeys(self.members()))
        outside = [each for each in members if each.startswith(NOT)]
        if not members:
            raise PatternError("a class without members")
        if not outside:
            return f"[{'^' if negated else ''}{''.join(members)}]"
        if not negated and any(SETS[kind] in members for kind in SETS if NOT + SETS[kind] in outside):
            return ANY
        if len(members) == 1:
            return f"[{'' if negated else '^'}{members[0].removeprefix(NOT)}]"
        raise PatternError("a class with the complement of a set")

    def members(self) -> Iterator[str]:
        """Yield each member of a class: a character, a range, or a set that an escape stands for."""
        first = True
        while first or self.text[self.at : self.at + 1] != "]":
            first = False
            start = self.member()
            if self.text[self.at : self.at + 1] == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                yield from self.range(start)
            else:
                yield start[0]
        self.take()

    def range(self, start: tuple[str, int | None]) -> Iterator[str]:
        """A range; or, after what is a set itself, a hyphen and what follows it."""
        self.take()
        if start[1] is None:
            yield start[0]
            yield "\\-"
            return
        end = self.member()
        if end[1] is None or start[1] > end[1]:
            raise PatternError(f"the range {start[0]}-{end[0]}")
        yield f"{start[0]}-{end[0]}"

    def member(self) -> tuple[str, int | None]:
        """One member of a class as it is written there, and its code where it is a single character."""
        character = self.take()
        if character == "[" or (character == "&" and self.text.startswith("&", self.at)):
            raise PatternError("a class inside a class")
        if character != "\\":
            return (f"\\{character}" if character in IN_CLASS else character), ord(character)
        character = self.take()
        if character in SETS:
            return SETS[character], None
        if character in "pP":
            return self.property(character, inside=True), None
        if character.lower() in SETS:
            return NOT + SETS[character.lower()], None
        written = self.escaped(character, IN_CLASS)
        return written, _code(written)


def _code(written: str) -> int:
    """The code of a single character as it is written in a class."""
    if len(written) > 2:
        return int(written[2:], 16)
    return {r"\t": 9, r"\n": 10, r"\r": 13, r"\f": 12}.get(written, ord(written[-1]))


def _literal(_: _Rewriter, character: str) -> str:
    return f"\\{character}" if character in "]}" else character  # which some engines refuse when it stands alone


PIECES: Mapping[str, Callable[[_Rewriter, str], str]] = {
    "(": _Rewriter.group,
    ")": _Rewriter.end,
    "[": _Rewriter.set,
    "\\": _Rewriter.escape,
    ".": lambda *_: r"[^\n]",
}
