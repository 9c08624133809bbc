"""Draw railroad diagrams of patterns as SVG. Important ways through a pattern are numbered, and described in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from ..patterns.syntax import Alternation, Assertion, Characters, Node, Repeat, Sequence
from .samples import branches, parsed, text_of
from .wording import assertion_words, literal, runs, set_words, times, words

WIDE = 560
"""Maximum width of a row of a diagram, in pixels."""
TELLING = 20
"""The alternatives of a group are numbered only if the description of one has more characters than this."""
MARGIN = 12

Numbers = dict[tuple[int, int], str]


class Way(NamedTuple):
    """A numbered way through a pattern: its number in the diagram, its description, and a string that takes it."""

    number: str
    words: str
    sample: str


class Diagram(NamedTuple):
    """A pattern as an SVG drawing and in words, with its numbered ways."""

    svg: str
    words: str
    ways: tuple[Way, ...]


@cache
def diagram(pattern: str, wanted: frozenset[int] = frozenset()) -> Diagram | None:
    """Return the diagram of a pattern; None if this library cannot parse the pattern.

    Alternatives with a long description have a number. So do the ways whose indexes in `samples.ways` are in `wanted`.
    """
    tree = parsed(pattern)
    if tree is None:
        return None
    chosen = [branch for index, branch in enumerate(branches(tree)) if index in wanted or _is_distinctive(branch.fork)]
    numbers = {(id(branch.fork), branch.option): str(index) for index, branch in enumerate(chosen, 1)}
    ways = (
        Way(numbers[id(branch.fork), branch.option], words(branch.part), text_of(tree, way=branch.way))
        for branch in chosen
    )
    railroad = import_module("railroad")
    items = [item for item in (_Drawing(railroad, numbers).drawn(tree),) if item is not None]
    return Diagram(_svg(railroad.Diagram(*items, type="complex"), words(tree)), words(tree), tuple(ways))


def _is_distinctive(fork: Alternation | Repeat) -> bool:
    return isinstance(fork, Alternation) and any(len(words(option)) > TELLING for option in fork.options)


class _Drawing:
    """Converts the syntax tree of a pattern into items of the library `railroad`."""

    def __init__(self, railroad: Any, numbers: Numbers) -> None:
        self.railroad, self.numbers = railroad, numbers

    def drawn(self, node: Node) -> Any:
        """Return the item of the library `railroad` for a node of a pattern; None if there is nothing to draw."""
        match node:
            case Characters():
                alone = literal(node)
                return (
                    self.railroad.Terminal(alone) if alone and alone.isprintable() else self._set(set_words(node.mask))
                )
            case Sequence(parts):
                return self._row(list(self._pieces(parts)))
            case Alternation(options):
                return self.railroad.Choice(
                    0, *(self._way(node, index, option) for index, option in enumerate(options))
                )
            case Repeat():
                return self._repeat(node)
            case Assertion():
                return self.railroad.Comment(assertion_words(node))

    def _set(self, text: str) -> Any:
        return self.railroad.NonTerminal(text)

    def _pieces(self, parts: tuple[Node, ...]) -> Iterator[Any]:
        """Yield the items for the parts of a sequence. Parts that draw nothing are left out."""
        for part in runs(parts):
            item = self.railroad.Terminal(part) if isinstance(part, str) else self.drawn(part)
            if item is not None:
                yield item

    def _row(self, items: list[Any]) -> Any:
        """Return an item that draws the given items in a row, or in several rows if they are too wide."""
        rows: list[list[Any]] = [[]]
        for piece in items:
            if rows[-1] and sum(item.width + 20 for item in (*rows[-1], piece)) > WIDE:
                rows.append([])
            rows[-1].append(piece)
        if len(rows) > 1:
            return self.railroad.Stack(*(self.railroad.Sequence(*row) for row in rows))
        return self.railroad.Sequence(*items) if len(items) > 1 else items[0] if items else None

    def _way(self, fork: Node, option: int, part: Node) -> Any:
        item, number = self.drawn(part) or self.railroad.Skip(), self.numbers.get((id(fork), option))
        return item if number is None else self.railroad.Sequence(self.railroad.Comment(number), item)

    def _repeat(self, node: Repeat) -> Any:
        part, least, most, _ = node
        if (least, most) == (1, 1):
            return self.drawn(part)
        if (least, most) == (0, 1):
            return self.railroad.Optional(self._way(node, 1, part))
        if isinstance(part, Characters):
            return self._set(f"{times(least, most)} {words(part)}")
        again = self.railroad.Comment(times(least, most).removesuffix(" of"))
        repeated = self.railroad.OneOrMore(self.drawn(part), again)
        return repeated if least else self.railroad.Optional(repeated)


def _svg(drawing: Any, label: str) -> str:
    """Return a diagram as SVG. All lines are joined into one path, which needs a tenth of the bytes."""
    drawing.format(MARGIN)
    rails: list[str] = []
    rest = "".join(_elements(drawing, rails))
    width, height = float(drawing.attrs["width"]), max(float(drawing.attrs["height"]), _bottom(rest))
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    path = f'<path d="{"".join(rails)}"/>'
    svg = f'<svg class="railroad" role="img" aria-label="{_escaped(label)}" {size}>{path}{rest}</svg>'
    return re.sub(r"(\d)\.0+(?=[^\d])", r"\1", svg)


def _bottom(elements: str) -> float:
    """Return the y coordinate of the lowest box. The library computes a too small height for some alternatives."""
    boxes = re.findall(r'<rect[^>]* y="([\d.]+)"[^>]* height="([\d.]+)"', elements)
    return max((float(top) + float(height) + 2 * MARGIN for top, height in boxes), default=0.0)


def _elements(item: Any, rails: list[str]) -> Iterator[str]:
    """Yield the boxes and labels of an item as SVG. Its lines are added to the list `rails` instead."""
    for child in item.children:
        if isinstance(child, str):
            yield _escaped(child)
        elif not hasattr(child, "children"):
            rails.append(child.attrs["d"])
        elif child.name == "g":
            yield from _grouped(child, rails)
        elif child.name == "path":
            rails.append(child.attrs["d"])
        else:
            shown = "".join(
                f' {name}="{_escaped(str(child.attrs[name]))}"' for name in SHOWN_ATTRIBUTES if name in child.attrs
            )
            yield f"<{child.name}{shown}>{''.join(_elements(child, rails))}</{child.name}>"


def _grouped(item: Any, rails: list[str]) -> Iterator[str]:
    kind = next((name for name in ("non-terminal", "terminal") if name in str(item.attrs.get("class", ""))), None)
    inner = "".join(_elements(item, rails))
    yield f'<g class="{kind}">{inner}</g>' if kind and inner else inner


SHOWN_ATTRIBUTES = ("class", "x", "y", "width", "height", "rx")
"""The SVG attributes of boxes and labels that are written. All others are left out."""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
