"""What two automata have in common, and how they are put together: subset construction, minimisation, products."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from . import PatternError
from .automata import Automaton
from .nondeterministic import Builder
from .syntax import ALL, ANYTHING, Node, Sequence


def refine(masks: Iterable[int]) -> tuple[int, ...]:
    """Return the coarsest partition of all symbols that separates the given sets."""
    parts = [ALL]
    for mask in set(masks):
        parts = [part for each in parts for part in (each & mask, each & ~mask) if part]
    return tuple(sorted(parts, key=lambda part: part & -part))


def _explored(
    first: Any,
    classes: tuple[int, ...],
    step: Callable[[Any, int], Any],
    accepts: Callable[[Any], bool],
    most: float = math.inf,
) -> Automaton:
    """Return the minimal automaton of states that are found from a first one, class by class.

    More than `most` states raise `PatternError`.
    """
    numbers, queue, table = {first: 0}, [first], []
    for state in queue:
        row = []
        for mask in classes:
            after = step(state, mask)
            if after not in numbers:
                numbers[after] = len(queue)
                queue.append(after)
            row.append(numbers[after])
        if len(queue) > most:
            raise PatternError("it needs too many states")
        table.append(row)
    return _minimal(classes, table, {number for state, number in numbers.items() if accepts(state)})


def _minimal(classes: tuple[int, ...], table: list[list[int]], accepting: set[int]) -> Automaton:
    """Merge states that no string separates, then number states and classes in the order of a search."""
    block = {state: number for number, states in enumerate(_blocks(table, accepting)) for state in states}
    rows = {block[state]: [block[after] for after in row] for state, row in enumerate(table)}
    return _canonical(classes, rows, {block[state] for state in accepting}, block[0])


def _blocks(table: list[list[int]], accepting: set[int]) -> list[set[int]]:
    """Return sets of states that no string separates (Hopcroft): each set is split by who leads into another."""
    before: list[dict[int, list[int]]] = [{} for _ in table[0]]
    for state, row in enumerate(table):
        for number, after in enumerate(row):
            before[number].setdefault(after, []).append(state)
    blocks = [each for each in (accepting, set(range(len(table))) - accepting) if each]
    home = {state: index for index, states in enumerate(blocks) for state in states}
    waiting = set(range(len(blocks)))
    while waiting:
        splitter = tuple(blocks[waiting.pop()])
        for leading in before:
            found: dict[int, set[int]] = {}
            for state in (each for after in splitter for each in leading.get(after, ())):
                found.setdefault(home[state], set()).add(state)
            for index, part in found.items():
                if len(part) < len(blocks[index]):
                    _split(blocks, home, waiting, index, part)
    return blocks


def _split(blocks: list[set[int]], home: dict[int, int], waiting: set[int], index: int, part: set[int]) -> None:
    """Take the smaller half of a block out of it; it splits others from now on, and so does the rest if it did."""
    rest = blocks[index] - part
    small, blocks[index] = (part, rest) if len(part) <= len(rest) else (rest, part)
    for state in small:
        home[state] = len(blocks)
    waiting.add(len(blocks))
    blocks.append(small)


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


def of_plain(tree: Node, most: float = math.inf) -> Automaton:
    """Return the automaton of a syntax tree without assertions (subset construction).

    More than `most` states before they are merged raise `PatternError`.
    """
    made = Builder()
    whole = made.row([made.visit(tree), made.position(0)])  # the last position reads nothing: it is the end
    end = len(made.masks) - 1

    def step(state: frozenset[int], mask: int) -> frozenset[int]:
        return frozenset(after for each in state if made.masks[each] & mask for after in made.after[each])

    return _explored(whole.first, refine(made.masks), step, lambda state: end in state, most)


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


def apart(one: Automaton, other: Automaton) -> Automaton:
    """Return the texts that are in just one of two sets."""
    return _product(one, other, lambda a, b: a != b)


@cache
def either(one: Automaton, other: Automaton) -> Automaton:
    """Return the texts that are in one of two sets, or in both."""
    return _product(one, other, lambda a, b: a or b)


@cache
def joined(one: Automaton, other: Automaton) -> Automaton:
    """Return the texts that are one of the first set and then one of the second."""
    classes = refine((*one.classes, *other.classes))
    mine = {mask: one.number(mask) for mask in classes}
    theirs = {mask: other.number(mask) for mask in classes}

    def begun(state: int, others: Iterable[int]) -> tuple[int, frozenset[int]]:
        found = frozenset(each for each in others if each in other.alive)
        return state, found | {0} if state in one.accepting else found

    def step(state: tuple[int, frozenset[int]], mask: int) -> tuple[int, frozenset[int]]:
        after = (other.table[each][theirs[mask]] for each in state[1])
        return begun(one.table[state[0]][mine[mask]], after)

    return _explored(begun(0, ()), classes, step, lambda state: not other.accepting.isdisjoint(state[1]))


EVERY = of_plain(ANYTHING)
"""All texts."""
EMPTY = of_plain(Sequence(()))
"""The text without characters."""
NOTHING = complement(EVERY)
"""No text at all."""
