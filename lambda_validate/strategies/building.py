"""Automata of patterns and texts, and what two of them have in common: subset construction, minimisation, products."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from .automata import Automaton
from .dialect import ALL, Characters, Choice, Node, Repeat, Sequence, mask_of, parse, parse_whole
from .nondeterministic import steps_of


def refine(masks: Iterable[int]) -> tuple[int, ...]:
    """Return the coarsest partition of all symbols that tells the given sets apart."""
    parts = [ALL]
    for mask in set(masks):
        parts = [part for each in parts for part in (each & mask, each & ~mask) if part]
    return tuple(sorted(parts, key=lambda part: part & -part))


def _explored(
    first: Any, classes: tuple[int, ...], step: Callable[[Any, int], Any], accepts: Callable[[Any], bool]
) -> Automaton:
    """Return the minimal automaton of states that are found from a first one, class by class."""
    numbers, queue, table = {first: 0}, [first], []
    for state in queue:
        row = []
        for mask in classes:
            after = step(state, mask)
            if after not in numbers:
                numbers[after] = len(queue)
                queue.append(after)
            row.append(numbers[after])
        table.append(row)
    return _minimal(classes, table, {number for state, number in numbers.items() if accepts(state)})


def _minimal(classes: tuple[int, ...], table: list[list[int]], accepting: set[int]) -> Automaton:
    """Merge states that no text tells apart (Moore), then number states and classes in the order of a search."""
    block = [int(state in accepting) for state in range(len(table))]
    count = len(set(block))
    while True:
        names: dict[tuple[int, ...], int] = {}
        block = [names.setdefault((block[s], *[block[t] for t in row]), len(names)) for s, row in enumerate(table)]
        if len(names) == count:
            break
        count = len(names)
    rows = {block[state]: [block[after] for after in row] for state, row in enumerate(table)}
    return _canonical(classes, rows, {block[state] for state in accepting}, block[0])


def _canonical(classes: tuple[int, ...], rows: dict[int, list[int]], accepting: set[int], first: int) -> Automaton:
    columns: dict[tuple[int, ...], int] = {}
    names = list(rows)
    for index, mask in enumerate(classes):
        column = tuple(rows[name][index] for name in names)
        columns[column] = columns.get(column, 0) | mask
    ordered = sorted(columns.items(), key=lambda each: each[1] & -each[1])
    step = {name: [column[place] for column, _ in ordered] for place, name in enumerate(names)}
    numbers, queue = {first: 0}, [first]
    for name in queue:
        for after in step[name]:
            if after not in numbers:
                numbers[after] = len(queue)
                queue.append(after)
    table = tuple(tuple(numbers[after] for after in step[name]) for name in queue)
    found = frozenset(numbers[name] for name in accepting if name in numbers)
    return Automaton(tuple(mask for _, mask in ordered), table, found)


def of_tree(tree: Node) -> Automaton:
    """Return the automaton of a syntax tree (subset construction)."""
    nodes, masks = steps_of(tree)
    classes = refine(masks)

    def step(state: frozenset[int], mask: int) -> frozenset[int]:
        return frozenset(after for each in state if nodes.masks[each] & mask for after in nodes.after[each])

    return _explored(nodes.first, classes, step, lambda state: nodes.last in state)


@cache
def of_pattern(pattern: str) -> Automaton:
    """Return the texts in which a schema's pattern is found. One that is not of the dialect raises `PatternError`."""
    return of_tree(parse(pattern))


@cache
def of_documented(pattern: str) -> Automaton:
    """Return the texts that a pattern matches whole, as documents print it: without anchors."""
    return of_tree(parse_whole(pattern))


@cache
def of_texts(texts: frozenset[str]) -> Automaton:
    """Return the set of some texts."""
    rows = tuple(Sequence(tuple(Characters(mask_of(each)) for each in text)) for text in sorted(texts))
    return of_tree(Choice(rows)) if rows else complement(EVERY)


@cache
def complement(one: Automaton) -> Automaton:
    """Return all other texts."""
    return Automaton(one.classes, one.table, frozenset(range(len(one.table))) - one.accepting)


def _product(one: Automaton, other: Automaton, accepts: Callable[[bool, bool], bool]) -> Automaton:
    classes = refine((*one.classes, *other.classes))
    mine = {mask: one.number(mask) for mask in classes}
    theirs = {mask: other.number(mask) for mask in classes}

    def step(state: tuple[int, int], mask: int) -> tuple[int, int]:
        return one.table[state[0]][mine[mask]], other.table[state[1]][theirs[mask]]

    def is_accepting(state: tuple[int, int]) -> bool:
        return accepts(state[0] in one.accepting, state[1] in other.accepting)

    return _explored((0, 0), classes, step, is_accepting)


@cache
def both(one: Automaton, other: Automaton) -> Automaton:
    """Return the texts that are in both sets."""
    if one is EVERY or other is EVERY or one == other:
        return other if one is EVERY else one
    return _product(one, other, lambda a, b: a and b)


@cache
def difference(one: Automaton, other: Automaton) -> Automaton:
    """Return the texts of the first set that are not in the second."""
    return _product(one, other, lambda a, b: a and not b)


def counterexample(one: Automaton, other: Automaton) -> str | None:
    """Return a shortest text that is in just one of two sets; None proves that they are the same."""
    apart = _product(one, other, lambda a, b: a != b)
    return apart.completion(0) if apart.alive else None


def intruder(one: Automaton, other: Automaton) -> str | None:
    """Return a shortest text of the first set that the second lacks; None proves that it is a part of it."""
    apart = difference(one, other)
    return apart.completion(0) if apart.alive else None


EVERY = of_tree(Repeat(Characters(ALL), 0, None))
"""All texts."""
