"""Build automata (sets of strings) from syntax trees, minimise them, and combine two: union, intersection and so on.

There are two constructions. A state of a *subset construction* is a set of positions of a pattern. A state of a
*product* is a pair of states, one of each automaton. `_explored` finds all states that can be reached from the first
one, and minimises the result.
"""

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
    """Divide all symbols into as few sets as possible, so that each of the given sets is a union of these."""
    parts = [ALL]
    for mask in set(masks):
        parts = [part for whole in parts for part in (whole & mask, whole & ~mask) if part]
    return tuple(sorted(parts, key=lambda part: part & -part))


def _explored(
    first: Any,
    classes: tuple[int, ...],
    step: Callable[[Any, int], Any],
    accepts: Callable[[Any], bool],
    most: float = math.inf,
) -> Automaton:
    """Return the minimal automaton of all states that can be reached from the state `first`.

    `step(state, mask)` returns the next state after a symbol of the class `mask`. States can be of any hashable type.
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
            raise PatternError("its automaton has too many states")
        table.append(row)
    return _minimal(classes, table, {number for state, number in numbers.items() if accepts(state)})


def _minimal(classes: tuple[int, ...], table: list[list[int]], accepting: set[int]) -> Automaton:
    """Return the automaton with the fewest states: states from which the same strings are accepted become one."""
    block = {state: number for number, states in enumerate(_blocks(table, accepting)) for state in states}
    rows = {block[state]: [block[after] for after in row] for state, row in enumerate(table)}
    return _canonical(classes, rows, {block[state] for state in accepting}, block[0])


# Input: the transitions of each state of an automaton, and its accepting states. Output: groups of equivalent states,
# called blocks. Begin with two blocks, accepting and other states. Take a block as the splitter. If, for some symbols,
# only a part of another block's states leads into it, that part is not equivalent to the others. So that block is
# split. The smaller half becomes a splitter itself, which limits the time to n log n. Example: for `^ab?$` the states
# after a and after ab are both accepting. But only the first has a transition by b to a state that can still accept. So
# they are in two blocks at the end.
def _blocks(table: list[list[int]], accepting: set[int]) -> list[set[int]]:
    """Return the sets of equivalent states: those from which the same strings are accepted (Hopcroft's algorithm)."""
    before = [_inverse(column) for column in dict.fromkeys(zip(*table, strict=True))]  # equal columns split alike
    blocks = [block for block in (accepting, set(range(len(table))) - accepting) if block]
    home = {state: index for index, states in enumerate(blocks) for state in states}
    waiting = set(range(len(blocks)))
    while waiting:
        splitter = tuple(blocks[waiting.pop()])
        for leading in before:
            found: dict[int, set[int]] = {}
            for state in (state for after in splitter for state in leading.get(after, ())):
                found.setdefault(home[state], set()).add(state)
            for index, part in found.items():
                if len(part) < len(blocks[index]):
                    _split(blocks, home, waiting, index, part)
    return blocks


def _inverse(column: tuple[int, ...]) -> dict[int, list[int]]:
    """Return the states that lead to each state by one class of symbols. `column` has the next state of each state."""
    found: dict[int, list[int]] = {}
    for state, after in enumerate(column):
        found.setdefault(after, []).append(state)
    return found


def _split(blocks: list[set[int]], home: dict[int, int], waiting: set[int], index: int, part: set[int]) -> None:
    """Divide a block into `part` and the rest. The smaller of them becomes a new block, and is added to `waiting`.

    If the block itself is in `waiting`, the larger part remains there.
    """
    rest = blocks[index] - part
    small, blocks[index] = (part, rest) if len(part) <= len(rest) else (rest, part)
    for state in small:
        home[state] = len(blocks)
    waiting.add(len(blocks))
    blocks.append(small)


# Two automata that accept the same strings must be equal as values, whatever pattern they are made from. So classes of
# symbols with equal transitions are merged and sorted by their smallest symbol. States are numbered in the order of a
# breadth-first search.
def _canonical(classes: tuple[int, ...], rows: dict[int, list[int]], accepting: set[int], first: int) -> Automaton:
    columns: dict[tuple[int, ...], int] = {}
    names = list(rows)
    for index, mask in enumerate(classes):
        column = tuple(rows[name][index] for name in names)
        columns[column] = columns.get(column, 0) | mask
    ordered = sorted(columns.items(), key=lambda pair: pair[1] & -pair[1])
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
    """Return the automaton of a syntax tree without anchors and look-arounds, by subset construction.

    More than `most` states, counted before equivalent states are merged, raise `PatternError`.
    """
    made = Builder()
    whole = made.row([made.visit(tree), made.position(0)])  # the last position reads nothing: it is the end
    end = 1 << len(made.masks) - 1
    classes, links = refine(made.masks), [_bits(positions) for positions in made.after]
    readers = {mask: _bits(index for index, symbols in enumerate(made.masks) if symbols & mask) for mask in classes}

    @cache
    def after(positions: int) -> int:
        found = 0
        while positions:
            last = positions.bit_length() - 1
            found |= links[last]
            positions ^= 1 << last
        return found

    def step(state: int, mask: int) -> int:
        return after(state & readers[mask])

    return _explored(_bits(whole.first), classes, step, lambda state: bool(state & end), most)


def _bits(positions: Iterable[int]) -> int:
    """Return a set of positions as the bits of a number."""
    found = 0
    for position in positions:
        found |= 1 << position
    return found


@cache
def complement(one: Automaton) -> Automaton:
    """Return the set of all strings that are not in a set."""
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
    """Return the strings that are in both sets."""
    if one is EVERY or other is EVERY or one == other:
        return other if one is EVERY else one
    return _product(one, other, lambda a, b: a and b)


@cache
def difference(one: Automaton, other: Automaton) -> Automaton:
    """Return the strings of the first set that are not in the second."""
    return _product(one, other, lambda a, b: a and not b)


def apart(one: Automaton, other: Automaton) -> Automaton:
    """Return the strings that are in exactly one of two sets."""
    return _product(one, other, lambda a, b: a != b)


@cache
def either(one: Automaton, other: Automaton) -> Automaton:
    """Return the strings that are in at least one of two sets."""
    return _product(one, other, lambda a, b: a or b)


# The concatenation of two automata is built from pairs: the state of the first automaton, and the set of states that
# the second may be in. Whenever the first accepts, a string of the second may begin, so its state 0 is added to the
# set.
@cache
def joined(one: Automaton, other: Automaton) -> Automaton:
    """Return the strings that consist of a string of the first set followed by one of the second."""
    if EMPTY in (one, other):
        return other if one == EMPTY else one
    classes = refine((*one.classes, *other.classes))
    mine = {mask: one.number(mask) for mask in classes}
    theirs = {mask: other.number(mask) for mask in classes}

    def begun(state: int, others: Iterable[int]) -> tuple[int, frozenset[int]]:
        found = other.alive.intersection(others)
        return state, found | {0} if state in one.accepting else found

    def step(state: tuple[int, frozenset[int]], mask: int) -> tuple[int, frozenset[int]]:
        after = (other.table[follower][theirs[mask]] for follower in state[1])
        return begun(one.table[state[0]][mine[mask]], after)

    return _explored(begun(0, ()), classes, step, lambda state: not other.accepting.isdisjoint(state[1]))


EVERY = of_plain(ANYTHING)
"""The set of all strings."""
EMPTY = of_plain(Sequence(()))
"""The set that contains only the empty string."""
NO_STRINGS = complement(EVERY)
"""The empty set."""
