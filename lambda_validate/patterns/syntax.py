"""The patterns of the schemas, read into a small syntax tree.

The dialect is closed, as the schemas' vocabulary is: literals, escapes, character classes, groups, alternatives and
repetitions, anchors, looks ahead and behind. Whatever else a pattern holds is a `PatternError` that names it, never a
guess. Characters are sets of symbols: the 128 of ASCII, and one for each kind of all others that a pattern tells apart.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias
from unicodedata import category

from . import PatternError

OTHER = 128
"""The first symbol that stands for characters beyond ASCII."""
BEYOND = ("\u0663", "\u00e9", "\u2028", "\u20ac")
"""What is drawn for the symbols beyond ASCII, which are numbers, letters, separators and all others. The Arabic-Indic
digit is the likeliest to be let through."""
PROPERTIES = "NLZ"
"""The property of Unicode that each of these symbols has; the last has none of them."""
ALL = (1 << (OTHER + len(BEYOND))) - 1
END = "$(?!\\n)"


class Characters(NamedTuple):
    """One character out of a set, a bit a symbol."""

    mask: int


class Sequence(NamedTuple):
    """One after the other."""

    parts: tuple[Node, ...]


class Choice(NamedTuple):
    """One of several."""

    options: tuple[Node, ...]


class Repeat(NamedTuple):
    """Again and again, `most` None meaning without end."""

    part: Node
    least: int
    most: int | None


class Assertion(NamedTuple):
    """What takes no character: `^` and `$`, or a look at what follows or precedes, where `holds` is False for `!`."""

    where: str
    part: Node | None = None
    holds: bool = True


Node: TypeAlias = Characters | Sequence | Choice | Repeat | Assertion
ANYTHING = Repeat(Characters(ALL), 0, None)


def mask_of(characters: str) -> int:
    """Return the set of some characters."""
    mask = 0
    for each in characters:
        mask |= 1 << symbol(each)
    return mask


def symbol(character: str) -> int:
    """Return the symbol that stands for a character."""
    return ord(character) if character < "\x80" else OTHER + PROPERTIES.find(category(character)[0]) % len(BEYOND)


def span(first: str, last: str) -> int:
    """Return the set of all characters from one to another."""
    return sum(1 << code for code in range(ord(first), ord(last) + 1))


DIGIT = span("0", "9")
WORD = DIGIT | span("a", "z") | span("A", "Z") | mask_of("_")
SPACE = mask_of(" \t\n\r\f\v")
LINE = ALL & ~mask_of("\n")
CLASSES = {"d": DIGIT, "D": ALL & ~DIGIT, "w": WORD, "W": ALL & ~WORD, "s": SPACE, "S": ALL & ~SPACE}
WITHIN = {"L": span("a", "z") | span("A", "Z"), "N": DIGIT, "Z": mask_of(" ")}
"""The characters of ASCII that have a property of Unicode."""
LOOKS = {"=": ("ahead", True), "!": ("ahead", False), "<=": ("behind", True), "<!": ("behind", False)}
CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
REPEATS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


def parse(pattern: str) -> Node:
    """Return the tree of all texts in which a pattern is found: what it leaves unanchored may be anything."""
    body = pattern
    before: Node = ANYTHING
    after: Node = ANYTHING
    if body.startswith("^"):
        body, before = body[1:], Sequence(())
    if body.endswith(END) or (body.endswith("$") and not body.endswith("\\$")):
        body, after = body[: -len(END) if body.endswith(END) else -1], Sequence(())
    reader = _Reader(body, pattern)
    tree = reader.finished(reader.choice())
    if reader.split and (before, after) != (ANYTHING, ANYTHING):
        raise PatternError(f"the pattern {pattern!r} anchors one alternative; put them into a group")
    return Sequence((before, tree, after))


def parse_whole(pattern: str) -> Node:
    """Return the tree of the texts that a pattern, written without anchors as documents print it, matches whole."""
    reader = _Reader(pattern, pattern)
    return reader.finished(reader.choice())


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str, pattern: str) -> None:
        self.text, self.pattern, self.at = text, pattern, 0
        self.split = False

    @property
    def done(self) -> bool:
        return self.at >= len(self.text)

    def peek(self, width: int = 1) -> str:
        return self.text[self.at : self.at + width]

    def take(self, width: int = 1) -> str:
        if self.at + width > len(self.text):
            raise PatternError(f"the pattern {self.pattern!r} ends too early")
        self.at += width
        return self.text[self.at - width : self.at]

    def finished(self, tree: Node) -> Node:
        if not self.done:
            raise PatternError(f"the pattern {self.pattern!r} has an unmatched {self.peek()!r}")
        return tree

    def choice(self) -> Node:
        options = [self.sequence()]
        while self.peek() == "|":
            self.take()
            options.append(self.sequence())
        self.split = len(options) > 1  # of the choice that is read last: the outermost
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while not self.done and self.peek() not in "|)":
            parts.append(self.repeated(self.atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def repeated(self, part: Node) -> Node:
        while self.peek() and self.peek() in "*+?{":
            least, most = self.bounds() if self.peek() == "{" else REPEATS[self.take()]
            part = Repeat(part, least, most)
            if self.peek() == "?":  # lazy: the same texts
                self.take()
        return part

    def bounds(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        first, comma, last = self.text[self.at + 1 : end].partition(",")
        if end < 0 or not first.isdecimal() or not (last.isdecimal() or not last):
            raise PatternError(f"the pattern {self.pattern!r} has a repetition that cannot be read")
        self.at = end + 1
        return int(first), int(last) if last else (None if comma else int(first))

    def atom(self) -> Node:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return Characters(self.members())
        if character == "\\":
            return Characters(self.escape())
        if character in "^$":
            return Assertion("start" if character == "^" else "end")
        if character in "*+?{":
            raise PatternError(f"the pattern {self.pattern!r} has {character!r} where it is not known")
        return Characters(LINE if character == "." else mask_of(character))

    def group(self) -> Node:
        look = None
        if self.peek(2) == "?:":
            self.take(2)
        elif self.peek() == "?":
            look = self.look()
        tree = self.choice()
        if self.peek() != ")":
            raise PatternError(f"the pattern {self.pattern!r} has a group without end")
        self.take()
        return tree if look is None else Assertion(look[0], tree, look[1])

    def look(self) -> tuple[str, bool]:
        for sign in sorted(LOOKS, key=len, reverse=True):
            if self.peek(1 + len(sign)) == f"?{sign}":
                self.take(1 + len(sign))
                return LOOKS[sign]
        raise PatternError(f"the pattern {self.pattern!r} has a group ({self.peek(3)}, which is not known")

    def escape(self) -> int:
        character = self.take()
        if character in CLASSES:
            return CLASSES[character]
        if character == "x":
            return self.numbered()
        if character in "pP":
            return self.property() if character == "p" else ALL & ~self.property()
        if character.isalnum() and character not in CONTROLS:
            raise PatternError(f"the pattern {self.pattern!r} has the escape \\{character}, which is not known")
        return mask_of(CONTROLS.get(character, character))

    def numbered(self) -> int:
        digits = self.take(2)
        try:
            return mask_of(chr(int(digits, 16)))
        except ValueError:
            raise PatternError(f"the pattern {self.pattern!r} has the escape \\x{digits}, which is not known") from None

    def property(self) -> int:
        name = self.take(3)[1:2]
        if name not in WITHIN or self.text[self.at - 3 : self.at] != f"{{{name}}}":
            raise PatternError(f"the pattern {self.pattern!r} has a property of Unicode that is not known")
        return WITHIN[name] | 1 << OTHER + PROPERTIES.index(name)

    def members(self) -> int:
        negated = self.peek() == "^"
        self.at += negated
        mask = 0
        while self.peek() != "]":
            mask |= self.member()
        self.take()
        return ALL & ~mask if negated else mask

    def member(self) -> int:
        first = self.take()
        mask = self.escape() if first == "\\" else mask_of(first)
        last = self.peek(2)[1:]
        if self.peek() != "-" or last in ("]", "") or mask.bit_count() != 1:
            return mask
        self.take()
        end = self.escape() if self.take() == "\\" else mask_of(last)
        if end.bit_count() != 1 or end < mask:
            raise PatternError(f"the pattern {self.pattern!r} has a range that cannot be read")
        return sum(1 << code for code in range(mask.bit_length() - 1, end.bit_length()))
