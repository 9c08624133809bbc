"""Print a syntax tree as a pattern: `printed(read("(?:a|b)+"), str.upper)` returns `(?:A|B)+`."""

from __future__ import annotations

from collections.abc import Callable

from .syntax import LOOKS, Alternation, Assertion, Characters, Node, Repeat, Sequence

SIGNS = {meaning: sign for sign, meaning in LOOKS.items()}


def printed(tree: Node, character: Callable[[str], str] = str, group: Callable[[str, bool], str] | None = None) -> str:
    """Return a syntax tree, which `syntax.read` returned, as a pattern again.

    `character` can change each character or class: it gets the original string, such as `[a-z]`. `group` can change
    each group without alternatives: it gets the content, and whether the group is repeated.
    """
    grouped = group or (lambda body, repeated: f"(?:{body})")

    def inner(node: Node, repeated: bool = False) -> str:
        match node:
            case Characters(written):
                return character(written)
            case Sequence():
                return grouped(whole(node), repeated)
            case Alternation():
                return f"(?:{whole(node)})"
            case Repeat(part, _, _, quantifier):
                return f"{inner(part, repeated=True)}{quantifier}"
            case Assertion(where, part, holds):
                return f"{SIGNS[where, holds]}{whole(part)})" if part else "^" if where == "start" else "$"

    def whole(node: Node) -> str:
        if isinstance(node, Alternation):
            return "|".join(map(whole, node.options))
        return "".join(map(inner, node.parts)) if isinstance(node, Sequence) else inner(node)

    return whole(tree)
