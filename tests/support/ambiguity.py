"""Measure the ambiguity of a pattern in its automaton: how many paths a backtracking engine may try.

A pattern is parsed into positions, one for each character of it. An edge leads from one position to each that may come
next, once for each way. If a string leads from a position back to it in two ways, the ways multiply with each
repetition, and time may grow exponentially. If a string leads from one position to itself, from it to another, and
from that to itself, the ways add up, and time may grow quadratically. If there is neither, the number of attempts at
each place is bounded. (Weber and Seidl, On the degree of ambiguity of finite automata, 1991.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any, NamedTuple

from lambda_validate.patterns.syntax import Alternation, Characters, Repeat, Sequence, parse

LINEAR, QUADRATIC, EXPONENTIAL = "linear", "quadratic", "exponential"


class Part(NamedTuple):
    """The positions with which a part of a pattern begins and ends, and whether it may be empty."""

    empty: bool
    first: tuple[int, ...]
    last: tuple[int, ...]


class Graph:
    """The positions of a pattern.

    Parts that match no character (anchors, lookarounds) are omitted, because they add no paths.
    """

    def __init__(self, pattern: str) -> None:
        self.masks: list[int] = []
        self.edges: Counter[tuple[int, int]] = Counter()
        self.whole = self.visit(parse(pattern))
        self.after: dict[int, list[int]] = {}
        for start, end in self.edges:
            self.after.setdefault(start, []).append(end)

    def visit(self, tree: Any) -> Part:
        if isinstance(tree, Characters):
            self.masks.append(tree.mask)
            return Part(False, (len(self.masks) - 1,), (len(self.masks) - 1,))
        if isinstance(tree, Alternation):
            parts = [self.visit(each) for each in tree.options]
            return Part(any(each.empty for each in parts), *(sum((each[at] for each in parts), ()) for at in (1, 2)))
        if isinstance(tree, Repeat):
            return self.row(self.copies(tree))
        return self.row(map(self.visit, tree.parts)) if isinstance(tree, Sequence) else Part(True, (), ())

    def copies(self, tree: Repeat) -> Iterator[Part]:
        least = max(tree.least - (tree.most is None), 0)
        yield from (self.visit(tree.part) for _ in range(least))
        if tree.most is None:
            again = self.visit(tree.part)
            self.link(again.last, again.first)
            yield again._replace(empty=again.empty or not tree.least)
        else:
            yield from (self.visit(tree.part)._replace(empty=True) for _ in range(tree.most - tree.least))

    def row(self, parts: Iterable[Part]) -> Part:
        whole = Part(True, (), ())
        for part in parts:
            self.link(whole.last, part.first)
            whole = Part(
                whole.empty and part.empty,
                whole.first + part.first if whole.empty else whole.first,
                whole.last + part.last if part.empty else part.last,
            )
        return whole

    def link(self, before: tuple[int, ...], after: tuple[int, ...]) -> None:
        self.edges.update(product(before, after))

    def reached(self, starts: Iterable[Any], step: Callable[[Any], Iterable[Any]]) -> set[Any]:
        found, waiting = set(starts), list(starts)
        while waiting:
            new = [each for each in step(waiting.pop()) if each not in found]
            found.update(new)
            waiting += new
        return found

    def components(self) -> list[frozenset[int]]:
        """Yield the sets of positions that lead to each other."""
        reach = {each: self.reached(self.after[each], lambda at: self.after.get(at, ())) for each in self.after}
        loops = {each for each in reach if each in reach[each]}
        return list({frozenset(b for b in loops if b in reach[a] and a in reach[b]) for a in loops})

    def together(self, state: tuple[int, ...], allowed: tuple[frozenset[int] | None, ...]) -> Iterator[tuple[int, ...]]:
        """Return the states after one more character, which is the same in each place of a state."""
        steps = (self.after.get(at, ()) for at in state)
        ways = [
            [each for each in step if some is None or each in some] for step, some in zip(steps, allowed, strict=True)
        ]
        for after in product(*ways):
            shared = -1
            for each in after:
                shared &= self.masks[each]
            if shared:
                yield after


def degree(pattern: str) -> str:
    """Return how the number of paths may grow with the length of a string."""
    graph = Graph(pattern)
    components = graph.components()
    if any(_multiplies(graph, each) for each in components):
        return EXPONENTIAL
    pairs = ((p, q) for one in components for other in components for p in one for q in other if p != q)
    home = {each: component for component in components for each in component}
    return QUADRATIC if any(_adds(graph, p, q, home) for p, q in pairs) else LINEAR


def _multiplies(graph: Graph, component: frozenset[int]) -> bool:
    if any(graph.edges[a, b] > 1 for a in component for b in component):
        return True
    both = (component, component)
    for start in component:
        found = graph.reached([(start, start)], lambda state: graph.together(state, both))
        for pair in found:
            if pair[0] != pair[1] and (start, start) in graph.reached([pair], lambda at: graph.together(at, both)):
                return True
    return False


def _adds(graph: Graph, p: int, q: int, home: dict[int, frozenset[int]]) -> bool:
    allowed = (home[p], None, home[q])
    if q not in graph.reached([p], lambda at: graph.after.get(at, ())):
        return False
    return (p, q, q) in graph.reached([(p, p, q)], lambda state: graph.together(state, allowed))


def pumps(pattern: str) -> Iterator[tuple[str, str]]:
    """Yield, for each position in a loop, a string that leads to it and one that leads back to it."""
    graph = Graph(pattern)
    for start in sorted(each for component in graph.components() for each in component):
        yield _text(graph, graph.whole.first, start), _text(graph, graph.after[start], start)


def _text(graph: Graph, starts: Iterable[int], end: int) -> str:
    """Return a shortest string that leads through some first positions to another."""
    texts = {each: _character(graph.masks[each]) for each in starts}
    waiting = list(texts)
    for at in waiting:
        for each in graph.after.get(at, ()):
            if each not in texts:
                texts[each] = texts[at] + _character(graph.masks[each])
                waiting.append(each)
    return texts[end]


def _character(mask: int) -> str:
    plain = "a0-.:/ " + "".join(map(chr, range(33, 127)))
    return next((each for each in plain if mask >> ord(each) & 1), "\u0663")
