"""Explain why a text is not valid HCL: the position of the mistake, and what was expected there.

First, opening and closing brackets, quotes, comments and heredocs are paired, since only that finds one that is never
closed. If all have partners, the first error in tree-sitter's syntax tree is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from re import Match
from typing import TYPE_CHECKING

from .places import ParseFailure, SourceText

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

Step = int | tuple[int, str]
"""The offset at which to continue; or, after a mistake, its offset and what was expected there."""
Stack = list[tuple[str, int]]
"""The brackets and quotes that are not closed yet, with their offsets. The innermost is last."""

CODE = re.compile(
    r"(?P<comment>\#[^\n]*|//[^\n]*)|(?P<long>/\*)|(?P<heredoc><<-?[^\s\"'<]+[ \t\r]*\n)"
    r"|(?P<quote>\")|(?P<open>[\[({])|(?P<close>[\])}])|(?P<empty>(?<![=!<>])=(?=[ \t\r]*(?:\n|\Z)))"
)
"""Tokens outside strings that open or close something, such as quotes and brackets; and an `=` without a value."""
STRING = re.compile(r"(?P<escape>\\.|\$\$\{|%%\{)|(?P<open>[$%]\{)|(?P<quote>\")|(?P<close>\n)")
"""Tokens inside quoted strings: escapes, `${` and the closing quote; and a line break, which is a mistake there."""

CLOSING: Mapping[str, str] = {"(": ")", "[": "]", "{": "}", "${": "}", "%{": "}"}
QUOTE = '"'
NAMES: Mapping[str, str] = {
    "attribute": "an argument", "block_end": "}", "object_end": "}", "tuple_end": "]", "block_start": "{",
    "identifier": "a name", "quoted_template_end": "a closing quote", "template_interpolation_end": "}",
    "<<": "a value", "template_literal": "a text", "expression": "a value", "heredoc_identifier": "the heredoc's end",
}  # fmt: skip
"""The words that say what is missing, by the kind of the missing node in the syntax tree."""
VALUES = frozenset({"variable_expr", "expression", "unary_operation", "binary_operation"})
INSIDE: Mapping[str, str] = {
    "(": "a value, a comma or the closing )",
    "[": "a value, a comma or the closing ]",
    "${": "a value, or the closing }",
    "%{": "for, if, else, endfor or endif, and the closing }",
    '"': "a valid escape after the backslash",
}
"""The words that say what is allowed at a position, by the innermost bracket or quote that is open there."""
ANYWHERE = "an argument, such as name = value, or a block, such as name { }"


def fault(source: SourceText, root: Syntax, offset: Callable[[int], int]) -> ParseFailure:
    """Return the position of the mistake in a text with syntax errors, and what was expected there.

    `root` is its syntax tree; `offset` converts the tree's byte offsets into offsets in the text.
    """
    step, stack = _paired(source.text, len(source.text))
    if isinstance(step, int) and stack:
        step = _unclosed(*(stack[-1] if stack[-1][0] == QUOTE else stack[0]))
    place, words = _stumble(source.text, root, offset) if isinstance(step, int) else step
    return source.failure(place, f"expected {words}")


def _paired(text: str, end: int) -> tuple[Step, Stack]:
    """Pair opening and closing brackets and quotes up to an offset.

    Return a step, and the brackets and quotes that are still open. The step is the offset where pairing ended. If
    something has no partner, it is a pair: the offset of the mistake, and what was expected there.
    """
    stack: Stack = []
    place = 0
    while match := (STRING if stack and stack[-1][0] == QUOTE else CODE).search(text, place):
        if match.start() >= end:
            break
        take = STEPS.get(match.lastgroup or "")
        step = take(text, match, stack) if take else match.end()
        if not isinstance(step, int):
            return step, stack
        place = step
    return place, stack


def _unclosed(opener: str, start: int) -> tuple[int, str]:
    if opener == QUOTE:
        return start, "a closing quote for the string that begins here"
    return start, f"a closing {CLOSING[opener]} for the {opener} that is here"


def _quote(text: str, match: Match[str], stack: Stack) -> Step:
    if stack and stack[-1][0] == QUOTE:
        stack.pop()
    else:
        stack.append((QUOTE, match.start()))
    return match.end()


def _open(text: str, match: Match[str], stack: Stack) -> Step:
    stack.append((match[0], match.start()))
    return match.end()


def _close(text: str, match: Match[str], stack: Stack) -> Step:
    if not stack:
        return match.start(), f"no {match[0]}, as no bracket is open that it could close"
    opener, start = stack.pop()
    if opener == QUOTE:
        return _unclosed(opener, start)
    if CLOSING[opener] != match[0]:
        line = text.count("\n", 0, start) + 1
        return match.start(), f"{CLOSING[opener]} to close the {opener} of line {line}, but {match[0]} is here"
    return match.end()


def _long(text: str, match: Match[str], stack: Stack) -> Step:
    end = text.find("*/", match.end())
    return end + 2 if end >= 0 else (match.start(), "a closing */ for the comment that begins here")


def _heredoc(text: str, match: Match[str], stack: Stack) -> Step:
    end = re.compile(rf"^[ \t]*{re.escape(match[0].lstrip('<-').strip())}[ \t\r]*$", re.MULTILINE).search(
        text, match.end()
    )
    if end:
        return end.end()
    return match.start(), "a line with nothing but the end marker of the heredoc that begins here"


def _empty(text: str, match: Match[str], stack: Stack) -> Step:
    if stack and stack[-1][0] in "([":
        return match.end()
    return match.end(), "a value after the equals sign, on the same line"


STEPS: Mapping[str, Callable[[str, Match[str], Stack], Step]] = {
    "long": _long, "heredoc": _heredoc, "quote": _quote, "open": _open, "close": _close, "empty": _empty,
}  # fmt: skip
"""The function that handles a token, by the name of its group in `CODE` or `STRING`. Other tokens are skipped."""


# tree-sitter recovers from errors and always returns a tree, so the node with the error must be found: descend into the
# first child with an error until no child has one. If the last node is "missing", the parser inserted it, so its kind
# is what was expected. Otherwise, what is allowed there follows from the innermost open bracket.
def _stumble(text: str, root: Syntax, offset: Callable[[int], int]) -> tuple[int, str]:
    """Return the offset of the first error in the syntax tree, and what was expected there, such as "a value"."""
    node, parent = root, root
    while not node.is_missing:
        inner = next((child for child in node.children if child.has_error), None)
        if inner is None:
            break
        node, parent = inner, node
    place = offset(node.start_byte)
    if node.is_missing:
        is_value = node.type == "identifier" and parent.type in VALUES
        return place, "a value" if is_value else NAMES.get(node.type, node.type)
    for before, after in zip(node.children, node.children[1:], strict=False):
        # After some errors, tree-sitter parses the rest of the file as a heredoc. The error is then just before that.
        if after.type == "heredoc_identifier" and before.type != "heredoc_start":
            end = offset(before.end_byte)
            place = end + len(text[end:]) - len(text[end:].lstrip())
            break
    stack = _paired(text, place)[1]
    return place, INSIDE.get(stack[-1][0], ANYWHERE) if stack else ANYWHERE
