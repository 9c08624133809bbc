"""Count the steps of a regular expression: the work of a backtracking engine, with an engine in Python.

`re` does not report its work. This engine reads the same syntax tree as `re` and tries the same paths in the same
order. It counts one step for each node that it enters and each character that a repetition consumes. Its results equal
those of `re`, which is asserted for every counted match. The shortcuts of `re` only make its steps cheaper.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from re import _constants as names  # type: ignore[attr-defined]  # the parser of `re` is not typed
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import Any

Matcher = Callable[[int], "int | None"]
"""A function from a position in the string to the end of the match, or None."""
CATEGORIES: dict[Any, Callable[[str], bool]] = {
    names.CATEGORY_DIGIT: str.isdigit, names.CATEGORY_SPACE: str.isspace,
    names.CATEGORY_WORD: lambda each: each.isalnum() or each == "_",
    names.CATEGORY_NOT_DIGIT: lambda each: not each.isdigit(),
    names.CATEGORY_NOT_SPACE: lambda each: not each.isspace(),
    names.CATEGORY_NOT_WORD: lambda each: not (each.isalnum() or each == "_"),
}  # fmt: skip
ENDLESS = 1 << 30


class Engine:
    """A pattern. `steps` increases with every match."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self.tree = parser.parse(pattern, flags)
        self.folds = bool(self.tree.state.flags & re.IGNORECASE)
        self.ascii = isinstance(pattern, bytes) or bool(self.tree.state.flags & re.ASCII)
        self.steps = 0
        self.text: Sequence[int] = ()
        self.whole = self.sequence(list(self.tree), self.accept)
        self.is_full = False

    def run(self, method: str, text: Any) -> bool:
        """Match as `match`, `fullmatch` or `search` do, and return whether it does."""
        folded = text.lower() if self.folds else text
        self.text = folded if isinstance(folded, bytes) else [*map(ord, folded)]
        self.is_full = method == "fullmatch"
        starts = range(len(self.text) + 1) if method == "search" else range(1)
        return any(self.whole(start) is not None for start in starts)

    def accept(self, at: int) -> int | None:
        return at if not self.is_full or at == len(self.text) else None

    def sequence(self, nodes: Sequence[Any], after: Matcher) -> Matcher:
        for node, argument in reversed(nodes):
            after = self.counted(NODES[node](self, node, argument, after))
        return after

    def counted(self, match: Matcher) -> Matcher:
        def entered(at: int) -> int | None:
            self.steps += 1
            return match(at)

        return entered

    def character(self, node: Any, argument: Any, after: Matcher) -> Matcher:
        fits = self.fitting(node, argument)
        return lambda at: after(at + 1) if at < len(self.text) and fits(self.text[at]) else None

    def choice(self, node: Any, argument: Any, after: Matcher) -> Matcher:
        ways = [self.sequence(list(each), after) for each in argument[1]]

        def match(at: int) -> int | None:
            return next((end for way in ways if (end := way(at)) is not None), None)

        return match

    def group(self, node: Any, argument: Any, after: Matcher) -> Matcher:
        return self.sequence(list(argument[-1]), after)

    def repeat(self, node: Any, argument: Any, after: Matcher) -> Matcher:
        least, most, part = argument
        lazy = node is names.MIN_REPEAT
        if len(part) == 1 and part[0][0] in SINGLE and not lazy:
            return self.row(least, most, self.fitting(*part[0]), after, node is not names.MAX_REPEAT)
        return self.again(least, most, list(part), after, lazy)

    def row(self, least: int, most: Any, fits: Callable[[int], bool], after: Matcher, possessive: bool) -> Matcher:
        """Match a repetition of single characters: as many as possible, then fewer."""

        def match(at: int) -> int | None:
            text, end = self.text, at
            last = min(len(text), at + min(int(most), ENDLESS))
            while end < last and fits(text[end]):
                end += 1
            self.steps += end - at
            for each in range(end, at + least - 1, -1):
                found = after(each)
                if found is not None or possessive:
                    return found
            return None

        return match

    def again(self, least: int, most: Any, part: Sequence[Any], after: Matcher, lazy: bool) -> Matcher:
        """Match a repetition of other nodes: each iteration is a separate path."""

        def times(done: int, begun: int) -> Matcher:
            def match(at: int) -> int | None:
                if done > least and at == begun:
                    return None  # an empty iteration is useless
                ways = [after] if done >= least else []
                if done < int(most):
                    ways.insert(len(ways) if lazy else 0, self.sequence(part, times(done + 1, at)))
                return next((end for way in ways if (end := way(at)) is not None), None)

            return match

        return times(0, -1)

    def place(self, node: Any, argument: Any, after: Matcher) -> Matcher:
        def holds(at: int) -> bool:
            end = len(self.text)
            if argument in (names.AT_BEGINNING, names.AT_BEGINNING_STRING):
                return at == 0
            return at == end or (argument is names.AT_END and at == end - 1 and self.text[at] == 10)

        return lambda at: after(at) if holds(at) else None

    def look(self, node: Any, argument: Any, after: Matcher) -> Matcher:
        direction, part = argument
        back = part.getwidth()[0] if direction < 0 else 0  # `re` looks behind by a fixed number of characters
        inner = self.sequence(list(part), lambda at: at)
        wanted = node is names.ASSERT
        return lambda at: after(at) if (at >= back and inner(at - back) is not None) is wanted else None

    def fitting(self, node: Any, argument: Any) -> Callable[[int], bool]:
        """Return a function that tests whether a node of the tree matches a character."""
        if node is names.ANY:
            return lambda code: code != 10
        listed = argument if node is names.IN else [(node, argument)]
        negated = listed[0][0] is names.NEGATE or node is names.NOT_LITERAL
        codes: set[int] = set()
        kinds = []
        for kind, each in listed:
            if kind is names.RANGE:
                codes.update(range(each[0], each[1] + 1))
            elif kind is names.CATEGORY:
                kinds.append(CATEGORIES[each])
            elif kind is not names.NEGATE:
                codes.add(each)
        if not kinds:
            return (lambda code: code not in codes) if negated else codes.__contains__
        limit = 128 if self.ascii else sys.maxunicode + 1
        return lambda code: (code in codes or (code < limit and any(kind(chr(code)) for kind in kinds))) is not negated


SINGLE = (names.LITERAL, names.NOT_LITERAL, names.ANY, names.IN)
NODES: dict[Any, Callable[[Engine, Any, Any, Matcher], Matcher]] = {
    **dict.fromkeys(SINGLE, Engine.character),
    names.BRANCH: Engine.choice,
    names.SUBPATTERN: Engine.group,
    names.MAX_REPEAT: Engine.repeat,
    names.MIN_REPEAT: Engine.repeat,
    names.AT: Engine.place,
    names.ASSERT: Engine.look,
    names.ASSERT_NOT: Engine.look,
    names.POSSESSIVE_REPEAT: Engine.repeat,
}  # fmt: skip


class Tally:
    """The work of all patterns of this package so far."""

    steps = 0


class Counted:
    """A compiled pattern that counts. If `Engine` cannot parse it, it counts the characters of its strings."""

    def __init__(self, made: Any) -> None:
        self.made = made

    @cached_property
    def engine(self) -> Engine | None:
        """Return the same pattern as an `Engine`, or None if it is one of `regex`, or has an unsupported node."""
        try:
            return Engine(self.made.pattern, self.made.flags) if isinstance(self.made, re.Pattern) else None
        except KeyError:
            return None

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.made, name)
        return partial(self.called, name, found) if callable(found) else found

    def called(self, name: str, method: Any, *arguments: Any, **settings: Any) -> Any:
        result = method(*arguments, **settings)
        texts = [each for each in arguments if isinstance(each, (str, bytes))]  # and places
        if not texts:
            return result
        text = texts[-1]
        if name not in WAYS or len(arguments) > 1 or settings or self.engine is None:
            Tally.steps += len(text)
            return result
        before = self.engine.steps
        assert self.engine.run(name, text) is (result is not None), self.made.pattern
        Tally.steps += self.engine.steps - before
        return result


WAYS = ("match", "fullmatch", "search")


def count(module: Any) -> None:
    """Replace `compile` of `re` and `regex` by a counting one. Call this before the package is imported."""
    plain = module.compile

    def compiled(pattern: Any, flags: int = 0, **settings: Any) -> Any:
        made = plain(pattern, flags, **settings)
        caller = str(sys._getframe(1).f_globals.get("__name__"))
        return Counted(made) if caller.startswith("lambda_validate") and not isinstance(pattern, re.Pattern) else made

    module.compile = compiled
