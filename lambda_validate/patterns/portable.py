r"""Rewrite patterns of service models so that they mean the same in every JSON Schema implementation.

A pattern in a model is written for Java and must match the whole string. It becomes `^(?:P)$(?!\n)`. In `P`, sets such
as `[0-9]` replace `\d`, `\w`, `\s` and `.`. Groups do not capture, and only escapes that all engines accept are used. A
pattern that cannot be rewritten raises `PatternError`, and its schema then has no pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from . import PatternError
from .matching import HEAD, TAIL
from .printing import printed
from .syntax import TOKEN, read

SPACE = r" \t\n\x0b\f\r"
SETS: Mapping[str, str] = {"d": "0-9", "w": "a-zA-Z0-9_", "s": SPACE}
"""The characters that `\\d`, `\\w` and `\\s` match, as written inside a class. Capital letters match all others."""

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
"""Java's names for sets of ASCII characters (`java.util.regex.Pattern`, "POSIX character classes")."""

NOT = "not "
"""A prefix that marks a negated set while a class is being read."""
ANY_CHARACTER = r"[\s\S]"
"""Any character, in the form that every engine accepts."""

PROPERTY = re.compile(r"\{(?:Is)?(L[ultmo]?|N[dlo]?|Z[slp]?|P[cdseifo]?|S[mcko]?|M[nce]?|C[cfosn]?)\}")
CODE = re.compile(r"x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}")
ANCHORS = {"A": "^", "z": "$", "Z": "$"}
CONTROLS = {"t": r"\t", "n": r"\n", "r": r"\r", "f": r"\f"}
SYNTAX = frozenset("^$\\.*+?()[]{}|/")
IN_CLASS = frozenset("^\\-[]()/{}|")
"""Characters to escape outside and inside a class, for the strictest engine (ECMAScript with the flag `v`)."""


@cache
def portable(pattern: str) -> str:
    """Return a model's pattern in the portable form. A pattern without such a form raises `PatternError`."""
    rewritten = f"{HEAD}{printed(read(pattern, may_name=True), _character, _group)}{TAIL}"
    try:
        _compile(rewritten)
    except Exception as error:  # what `regex` raises for a wrong pattern is not of one kind
        raise PatternError(str(error)) from None
    return rewritten


def _group(body: str, repeated: bool) -> str:
    """Return a group with the content `body`, or only `body` if that means the same, since groups make matching slower.

    `repeated` says whether a quantifier follows.
    """
    tokens = TOKEN.findall(body)
    needed = any(token.startswith(("(", r"\p", r"\P")) for token in tokens)
    return f"(?:{body})" if needed or not tokens or (repeated and len(tokens) > 1) else body


def _compile(pattern: str) -> None:
    if "\\p" in pattern.lower():
        import regex  # properties of Unicode are rare

        regex.compile(pattern)
    else:
        re.compile(pattern)


def _character(written: str) -> str:
    """Return the portable form of a character, an escape or a class."""
    if len(written) == 1:
        return r"[^\n]" if written == "." else f"\\{written}" if written in "]}" else written  # alone, some refuse it
    reader = _PieceReader(written)
    return reader.set() if written[0] == "[" else reader.escape()


class _PieceReader:
    """Parses a character class, such as `[\\w-]`, or an escape from left to right, and returns its portable form."""

    def __init__(self, written: str) -> None:
        self.text, self.at = written, 1

    def take(self, count: int = 1) -> str:
        """Return the next characters of the class or escape, and continue after them."""
        found = self.text[self.at : self.at + count]
        if len(found) < count:
            raise PatternError("it ends too early")
        self.at += count
        return found

    def escape(self) -> str:
        """Return the portable form of an escape outside a class."""
        character = self.take()
        if character.lower() in SETS:
            return f"[{'^' if character.isupper() else ''}{SETS[character.lower()]}]"
        if character in "pP":
            return self.property(character, inside=False)
        return ANCHORS.get(character) or self.escaped(character, SYNTAX)

    def escaped(self, character: str, special: frozenset[str]) -> str:
        """Return the portable form of an escaped character: without its backslash unless it is one of `special`."""
        code = CODE.match(self.text, self.at - 1)
        if code:
            self.at = code.end()
            return f"\\{code[0]}"
        if character in CONTROLS:
            return CONTROLS[character]
        if character.isalnum():
            raise PatternError(f"the escape \\{character} is not supported")
        return f"\\{character}" if character in special else character

    def property(self, kind: str, *, inside: bool) -> str:
        r"""Return the portable form of a property such as `\p{Alpha}` (of Java) or `\p{L}` (of Unicode).

        `inside` says whether it is inside a class.
        """
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
            raise PatternError(f"the property {name} is not supported")
        return f"\\{kind}{{{unicode[1]}}}"

    def set(self) -> str:
        """Return the portable form of a character class. Its members remain in the same order."""
        negated = self.text[self.at : self.at + 1] == "^"
        self.at += negated
        members = list(dict.fromkeys(self.members()))
        outside = [member for member in members if member.startswith(NOT)]
        if not members:
            raise PatternError("a class has no members")
        if not outside:
            return f"[{'^' if negated else ''}{''.join(members)}]"
        if not negated and any(SETS[kind] in members for kind in SETS if NOT + SETS[kind] in outside):
            return ANY_CHARACTER
        if len(members) == 1:
            return f"[{'' if negated else '^'}{members[0].removeprefix(NOT)}]"
        raise PatternError("a class joins a negated set, such as \\W, with other members")

    def members(self) -> Iterator[str]:
        r"""Yield the portable form of each member of a class: a character, a range such as `a-z`, or `\d`."""
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
        r"""Yield the range that begins with `start`, such as `a-z`.

        After a set, such as `\w` in `[\w-.]`, the hyphen is not a range but a character: yield the set and the hyphen.
        """
        self.take()
        if start[1] is None:
            yield start[0]
            yield "\\-"
            return
        end = self.member()
        if end[1] is None or start[1] > end[1]:
            raise PatternError(f"the range {start[0]}-{end[0]} is not valid")
        yield f"{start[0]}-{end[0]}"

    def member(self) -> tuple[str, int | None]:
        """Return the portable form of the next member of a class, and its code point: None for a set of characters."""
        character = self.take()
        if character == "[" or (character == "&" and self.text.startswith("&", self.at)):
            raise PatternError("a character class contains another one")
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
    r"""Return the code point of a character, which may be an escape such as `\n` or `\x41`."""
    if len(written) > 2:
        return int(written[2:], 16)
    return {r"\t": 9, r"\n": 10, r"\r": 13, r"\f": 12}.get(written, ord(written[-1]))
