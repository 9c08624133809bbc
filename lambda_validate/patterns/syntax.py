r"""Parse regular expressions into a small syntax tree.

Supported are literals, escapes, character classes, groups, alternatives, repetitions, anchors and look-arounds.
Anything else in a pattern raises `PatternError`, which names it.

    read("a|b+")    Alternation((Sequence((Characters("a"),)), Sequence((Repeat(Characters("b"), 1, None, "+"),))))

A `Characters` node has a string from the pattern: `a`, `\.` or `[^a-z]`. Its `mask` is a set of symbols, as bits. There
is a symbol for each of the 128 ASCII characters, and four for groups of other characters: see `BEYOND`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple, TypeAlias, cast
from unicodedata import category

from . import PatternError

OTHER = 128
"""The first symbol that stands for characters beyond ASCII."""
BEYOND = ("\u0663", "\u00e9", "\u2028", "\u20ac")
"""The example character for each symbol beyond ASCII: numbers, letters, separators and others. The first is an
Arabic-Indic digit, because many engines accept it as `\\d`."""
PROPERTIES = "NLZ"
"""The Unicode property of each of these symbols; the last one has none of the three."""
SYMBOLS = "".join(map(chr, range(OTHER))) + "".join(BEYOND)
ALL = (1 << len(SYMBOLS)) - 1
LINE = ALL & ~(1 << ord("\n"))
END = "$(?!\\n)"

ESCAPE = r"\\(?:[pP]\{\w*\}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[\s\S])"
OPENING = r"\(\?(?:[:=!]|<[=!]|<[A-Za-z][A-Za-z0-9]*>)|\((?!\?)"
# A pattern is split into tokens: token = group opening / class / escape / any other character ; for example "(?:" or
# "(?<name>", "[^a-z]", "\d", "a".
TOKEN = re.compile(rf"{OPENING}|\[\^?\]?(?:{ESCAPE}|[^\]\\])*\]|{ESCAPE}|[\s\S]")
QUANTIFIER = re.compile(r"([*+?]|\{(?:(\d+)(,?)(\d*)|,(\d+))\})(\??)")
PROPERTY = re.compile(r"\\[pP](?:\{[^}]*\})?")
FAR = re.compile(r"(?<!-)(?:\\(?:x([89A-Fa-f][0-9A-Fa-f])|u([0-9A-Fa-f]{4}))|([^\x00-\x7f]))(?!-)")
"""A character that may be beyond ASCII, as itself or as an escape, and is not the start or end of a range."""
LOOKS = {"(?=": ("ahead", True), "(?!": ("ahead", False), "(?<=": ("behind", True), "(?<!": ("behind", False)}
REPEATS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
KNOWN = frozenset("dDwWsSnrtfvxupP")
"""Letters that may follow a backslash."""
MAX_GROUP_DEPTH = 100
"""Maximum depth of nested groups."""


class Characters(NamedTuple):
    r"""A part of a pattern that matches one character: a character, an escape or a class, such as `\.` or `[a-z]`."""

    written: str

    @property
    def mask(self) -> int:
        """The set of symbols that this part of the pattern matches, one bit for each."""
        return _mask(self.written)


class Sequence(NamedTuple):
    """Parts of a pattern that follow each other, as in `ab`."""

    parts: tuple[Node, ...]


class Alternation(NamedTuple):
    """Alternatives, as in `a|b`."""

    options: tuple[Node, ...]


class Repeat(NamedTuple):
    """A repetition, as in `a{2,4}`: the part, the minimum, the maximum (None if unbounded), and the quantifier."""

    part: Node
    least: int
    most: int | None
    written: str = ""


class Assertion(NamedTuple):
    """An anchor (`^`, `$`) or a look-around, which match no character. `holds` is False for a negative look-around.

    `where` is "start" or "end" for an anchor, and "ahead" or "behind" for a look-around.
    """

    where: str
    part: Node | None = None
    holds: bool = True


Node: TypeAlias = Characters | Sequence | Alternation | Repeat | Assertion
ANYTHING = Repeat(Characters(r"[\s\S]"), 0, None, "*")


def symbol(character: str) -> int:
    """Return the number of a character's symbol: its code for ASCII, otherwise 128 to 131 for one of four groups."""
    return ord(character) if character < "\x80" else OTHER + PROPERTIES.find(category(character)[0]) % len(BEYOND)


def mask_of(characters: str) -> int:
    """Return the symbols of all characters in a string as one set, with a bit for each."""
    mask = 0
    for character in characters:
        mask |= 1 << symbol(character)
    return mask


def literal(character: str) -> Characters:
    """Return a node that matches only the given character."""
    return Characters(character if character.isalnum() or character > "\x7f" else f"\\{character}")


@cache
def _mask(written: str) -> int:
    """Return the symbols that a character, an escape or a class matches, as bits. `re` or `regex` decides for each."""
    if len(written) == 1 and written not in ".\\[":
        return mask_of(written)
    if len(written) == 1 and written != ".":
        raise PatternError("it ends too early")
    properties = PROPERTY.findall(written)
    if unsupported := [name for name in properties if name[2:] not in ("{L}", "{N}", "{Z}")]:
        raise PatternError(f"the property {unsupported[0]} is not supported")
    if written[0] == "\\" and written[1].isalnum() and written[1] not in KNOWN:
        raise PatternError(f"the escape {written} is not supported")
    matches = _matcher(FAR.sub(_near, written), bool(properties))
    return sum(1 << index for index, character in enumerate(SYMBOLS) if matches(character))


def _matcher(written: str, has_properties: bool) -> Callable[[str], Any]:
    try:
        if not has_properties:
            return re.compile(written, re.ASCII).fullmatch
        import regex  # only few patterns name properties of Unicode, and this is dear to load

        return cast("Callable[[str], Any]", regex.compile(written, regex.VERSION0).fullmatch)
    except Exception as error:  # what `regex` raises for a wrong pattern is not of one kind
        raise PatternError(str(error)) from None


def _near(found: re.Match[str]) -> str:
    """Return the example character of the group that a character beyond ASCII is in, or the ASCII character itself.

    Only the example of a group is matched, so a pattern must contain the example to accept the group's symbol.
    """
    character = found[3] or chr(int(found[1] or found[2], 16))
    return found[0] if character < "\x80" else SYMBOLS[symbol(character)]


def parse(pattern: str) -> Node:
    """Return the syntax tree for all strings in which a pattern finds a match.

    If the pattern does not begin with `^`, the tree begins with any characters. If it does not end with `$`, the tree
    ends with any characters.
    """
    body = pattern
    before: Node = ANYTHING
    after: Node = ANYTHING
    if body.startswith("^"):
        body, before = body[1:], Sequence(())
    if body.endswith(END) or (body.endswith("$") and not body.endswith("\\$")):
        body, after = body[: -len(END) if body.endswith(END) else -1], Sequence(())
    tree = _known(pattern, body)
    if isinstance(tree, Alternation) and (before, after) != (ANYTHING, ANYTHING):
        raise PatternError(f"the pattern {pattern!r} anchors one alternative; put them into a group")
    return Sequence((before, bare(tree), after))


def parse_whole(pattern: str) -> Node:
    """Return the syntax tree of a pattern that matches whole strings without anchors, as in the AWS documents."""
    return bare(_known(pattern, pattern))


def _known(pattern: str, body: str) -> Node:
    """Return the syntax tree of `body`, the pattern without anchors. Unsupported syntax raises `PatternError`."""
    try:
        tree = read(body)
        for token in characters(tree):
            _mask(token)
    except PatternError as error:
        raise PatternError(f"the pattern {pattern!r} cannot be read: {error}") from None
    return tree


def read(pattern: str, *, may_name: bool = False) -> Node:
    """Parse a pattern, and return its syntax tree.

    A group becomes a `Sequence` or an `Alternation` inside another node. With `may_name`, named groups are accepted, as
    in Java.
    """
    reader = _Reader(pattern, may_name)
    tree = reader.choice()
    if reader.at < len(pattern):
        raise PatternError("a closing parenthesis has no opening one")
    return tree


def bare(node: Node) -> Node:
    """Return a syntax tree in which each sequence of a single part is replaced by that part."""
    if isinstance(node, Sequence):
        return bare(node.parts[0]) if len(node.parts) == 1 else Sequence(tuple(map(bare, node.parts)))
    if isinstance(node, Alternation):
        return Alternation(tuple(map(bare, node.options)))
    return node._replace(part=bare(node.part)) if not isinstance(node, Characters) and node.part else node


def nodes(tree: Node) -> Iterator[Node]:
    """Yield every node of a syntax tree, and the tree itself first."""
    yield tree
    inner = getattr(tree, "parts", None) or getattr(tree, "options", None) or (getattr(tree, "part", None),)
    for node in inner:
        if node is not None:
            yield from nodes(node)


def positions(tree: Node) -> int:
    """Return the number of positions of a syntax tree's automaton: 5 for `a{2,4}b`, which is `aaaab` at most."""
    if isinstance(tree, Repeat):
        times = tree.least + 1 if tree.most is None else tree.most
        return times * positions(tree.part)
    if isinstance(tree, Characters):
        return 1
    inner = (
        tree.options if isinstance(tree, Alternation) else tree.parts if isinstance(tree, Sequence) else (tree.part,)
    )
    return sum(positions(node) for node in inner if node is not None)


def characters(tree: Node) -> Iterator[str]:
    r"""Yield each character, escape and class in a syntax tree, as a string of the pattern such as `a` or `[a-z]`."""
    return (node.written for node in nodes(tree) if isinstance(node, Characters))


class _Reader:
    """A recursive descent parser of patterns, by this grammar:

    choice    = sequence *("|" sequence)
    sequence  = *(part *quantifier)
    part      = "^" / "$" / character / opening choice ")"
    """

    def __init__(self, text: str, may_name: bool) -> None:
        self.text, self.may_name, self.at, self.depth = text, may_name, 0, 0

    def next(self) -> str:
        """Return the next token of the pattern, without moving past it; an empty string at the end."""
        found = TOKEN.match(self.text, self.at)
        return found[0] if found else ""

    def choice(self) -> Node:
        """Parse alternatives, up to the end of their group."""
        options = [self.sequence()]
        while self.next() == "|":
            self.at += 1
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Alternation(tuple(options))

    def sequence(self) -> Sequence:
        """Parse parts that follow each other, up to a `|`, a `)` or the end."""
        parts: list[Node] = []
        while (token := self.next()) not in ("", "|", ")"):
            self.at += len(token)
            parts.append(self.repeated(self.part(token)))
        return Sequence(tuple(parts))

    def part(self, token: str) -> Node:
        """Parse the character, anchor or group that begins with `token`. The parser is already behind that token."""
        if token in "^$":
            return Assertion("start" if token == "^" else "end")
        is_named = token not in LOOKS and token.startswith("(?<")
        if (is_named and not self.may_name) or (token == "(" and self.text.startswith("?", self.at)):
            raise PatternError("a group is of a kind that is not supported")
        if token[0] != "(":
            if token in "*+?{[":
                raise PatternError(
                    "it ends too early" if token == "[" else f"a repetition of nothing, {token!r}, is not known"
                )
            return Characters(token)
        inner = self.group()
        return Assertion(LOOKS[token][0], inner, LOOKS[token][1]) if token in LOOKS else inner

    def group(self) -> Node:
        """Parse the content of a group, and its closing parenthesis."""
        self.depth += 1
        if self.depth > MAX_GROUP_DEPTH:
            raise PatternError("its groups are nested too deeply")
        inner = self.choice()
        if self.next() != ")":
            raise PatternError("a group is not closed")
        self.at, self.depth = self.at + 1, self.depth - 1
        return inner

    def repeated(self, part: Node) -> Node:
        """Parse the quantifiers after a part. A lazy one, such as `*?`, is not marked: it matches the same strings."""
        while found := QUANTIFIER.match(self.text, self.at):
            self.at = found.end()
            if self.text.startswith("+", self.at):
                raise PatternError("a possessive quantifier is not supported")
            sign, least, comma, last, most, _ = found.groups()
            end = last or most or ("" if comma else least)
            bounds = REPEATS.get(sign) or (int(least or 0), int(end) if end else None)
            part = Repeat(part, *bounds, sign.replace("{,", "{0,"))
        return part
