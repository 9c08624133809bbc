"""Describe patterns in words, and sets of characters in short: `1 or more of a-z 0-9 _`."""

from __future__ import annotations

from collections.abc import Iterator

from ..patterns.syntax import ALL, LINE, OTHER, Alternation, Assertion, Characters, Node, Repeat, Sequence

ASCII = (1 << OTHER) - 1
NAMES = {
    " ": "space",
    "\t": "tab",
    "\n": "line break",
    "\r": "carriage return",
    "\f": "form feed",
    "\v": "vertical tab",
}
SHORT_RUN = 3
"""Minimum number of consecutive letters or digits that are written as a range, such as a to z."""
MANY = 6
"""If more consecutive control characters than this match, they are written as `controls`, and not listed."""
VISIBLE = ((1 << 0x7F) - 1) & ~((1 << 0x21) - 1)
WHOLE = {VISIBLE: "any visible ASCII character", VISIBLE | 1 << 0x20: "any printable ASCII character"}
ORDER = (2, 3, 1, 0)
"""The order in which characters of a set are listed: lower-case letters, capitals, digits, others (kinds 2, 3, 1,
0)."""
BEYOND = ("numbers", "letters", "spaces", "others")
"""The words for the four groups of characters outside ASCII that sets of characters distinguish."""


def literal(node: Node) -> str | None:
    """Return the character that a node of a pattern matches, if it is only one ASCII character; else None."""
    if isinstance(node, Characters) and node.mask.bit_count() == 1 and node.mask <= ASCII:
        return chr(node.mask.bit_length() - 1)
    return None


def set_words(mask: int) -> str:
    """Return a short description of a set of characters, such as `a b c _`. `mask` has a bit for each character."""
    known = {ALL: "any character", LINE: "any but a line break", 0: "no character"}
    if mask in known:
        return known[mask]
    if mask.bit_count() > ALL.bit_count() // 2 and mask >> OTHER == ALL >> OTHER:
        return f"any but {_runs(ALL & ~mask & ASCII)}"
    far = [f"{name} of any script" for index, name in enumerate(BEYOND) if mask >> OTHER + index & 1]
    return ", ".join(filter(None, (_runs(mask & ASCII), *far)))


def _runs(mask: int) -> str:
    for whole, name in WHOLE.items():
        if mask == whole:
            return name
    bounds = sorted(_bounds(mask), key=lambda run: (ORDER.index(_kind(run[0])), run))
    return " ".join(_run(first, last) for first, last in bounds)


def _bounds(mask: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last code of each run of consecutive characters of a set.

    A run has only characters of one kind, such as digits.
    """
    start = None
    for code in range(OTHER + 1):
        is_in = bool(mask >> code & 1)
        if start is not None and (not is_in or _kind(code) != _kind(start)):
            yield start, code - 1
            start = None
        if is_in and start is None:
            start = code


def _kind(code: int) -> int:
    character = chr(code)
    return 0 if not character.isalnum() else 1 if character.isdigit() else 2 if character.islower() else 3


def _run(first: int, last: int) -> str:
    if last - first + 1 >= SHORT_RUN and _kind(first):
        return f"{character(first)}\u2013{character(last)}"
    if last - first + 1 > MANY and last < 0x20:
        return "controls"
    return " ".join(character(code) for code in range(first, last + 1))


def character(code: int) -> str:
    """Return a visible form of a character by its code: itself, a name such as `tab`, or `U+00A0`."""
    text = chr(code)
    return NAMES.get(text) or (text if text.isprintable() else f"U+{code:04X}")


def times(least: int, most: int | None) -> str:
    """Describe a number of repetitions in words, such as `1 or more of`. Without a maximum, `most` is None."""
    if most is None:
        return "any number of" if least == 0 else f"{least} or more of"
    if least == most:
        return f"{least} of"
    return f"up to {most:,} of" if least == 0 else f"{least:,} to {most:,} of"


def words(node: Node) -> str:
    """Describe in words what a pattern's syntax tree matches. Literal strings are in quotes."""
    match node:
        case Characters():
            alone = literal(node)
            return f"“{alone}”" if alone and alone.isprintable() else set_words(node.mask)
        case Sequence(parts):
            return ", ".join(_pieces(parts)) or "nothing"
        case Alternation(options):
            return f"({' or '.join(map(words, options))})"
        case Repeat(part, 0, 1):
            return f"perhaps {words(part)}"
        case Repeat(part, least, most):
            return f"{times(least, most)} {words(part)}" if (least, most) != (1, 1) else words(part)
        case Assertion():
            return assertion_words(node)


def runs(parts: tuple[Node, ...]) -> Iterator[str | Node]:
    """Yield the parts of a sequence in a pattern. Consecutive literal characters are joined into a string."""
    text = ""
    for part in joined(parts):
        alone = literal(part)
        if alone and alone.isprintable():
            text += alone
            continue
        if text:
            yield text
        text = ""
        yield part
    if text:
        yield text


def _pieces(parts: tuple[Node, ...]) -> Iterator[str]:
    """Yield a description in words of each part of a sequence in a pattern."""
    return (f"“{part}”" if isinstance(part, str) else words(part) for part in runs(parts))


def assertion_words(node: Assertion) -> str:
    """Describe an anchor or a look-around of a pattern in words, such as 'the end of the text'."""
    if node.part is None:
        return f"the {node.where} of the text"
    place = "what follows" if node.where == "ahead" else "what precedes"
    return f"{place} is {'' if node.holds else 'not '}{words(node.part)}"


def joined(parts: tuple[Node, ...]) -> Iterator[Node]:
    """Yield the parts of a sequence in a pattern. A nested sequence is replaced by its parts."""
    for part in parts:
        if isinstance(part, Sequence):
            yield from joined(part.parts)
        else:
            yield part
