"""Payloads that keep an operation's rules, and ones that break each: made from the schema, judged by the validator.

What is shown of a payload is what validating it says. A rule that no payload of these breaks has no example, never a
wrong one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any, NamedTuple

from ..catalog import Operation, Schema
from ..compiler.messages import UNSEEN
from ..report import Constraint, Violation
from ..validator import Validator
from . import samples
from .faults import NOTHING, faults
from .statements import ITEM, NAME, Statement, Steps, facts

VARIANTS = 4
"""Good payloads that are shown of a direction."""
TRIED = 400
"""Values that are tried to make the required members go together."""
LONG = 120
"""Characters of a text that an example shows."""

Told = tuple[str, str]
"""A rule, and one of the sentences that state it."""
Judge = Callable[[Any], "tuple[Violation, ...]"]


class Bad(NamedTuple):
    """A payload that breaks a rule, by one of its wordings, and all that validating it says."""

    rule: str
    wording: str
    payload: Any
    violations: tuple[Violation, ...]


class Examples(NamedTuple):
    """A direction's payloads: good ones, and by rule and wording a bad one."""

    good: tuple[Any, ...]
    bad: Mapping[Told, Bad]


def examples(operation: Operation, direction: str, statements: tuple[Statement, ...], validator: Validator) -> Examples:
    """Return examples of one direction of an operation, which makes these statements."""
    maker = _Maker(operation, direction, statements, validator)
    good = tuple(maker.good())
    return Examples(good, maker.bad(good))


def good(operation: Operation, direction: str, validator: Validator) -> tuple[Any, ...]:
    """Return payloads that break nothing: the least one, then one with all that goes together for each case."""
    statements = tuple(each for each in facts(operation.schema(direction)) if isinstance(each, Statement))
    return _Maker(operation, direction, statements, validator).good()


class _Maker:
    """Makes the examples of one direction."""

    def __init__(
        self, operation: Operation, direction: str, statements: tuple[Statement, ...], validator: Validator
    ) -> None:
        self.schema: Schema = operation.schema(direction)
        judge = validator.validate_request if direction == "request" else validator.validate_response
        self.judge: Judge = lambda payload: judge(operation.name, payload).violations
        self.statements = statements
        self.members = list(self.schema.get("properties", {}))
        self._through: dict[Steps, list[str]] = {}
        self._wordings: dict[Constraint, str] = {}
        self.known = {name: self._values(name) for name in self.members}

    def _values(self, name: str) -> list[Any]:
        """Return values for a member: its own, then those of the rules about it that apply in some cases."""
        found = list(samples.values(self.schema, self.schema["properties"][name]))
        for _, value in self._special(name):
            if value not in found:
                found.append(value)
        return [value for value in found if value is not None]

    def _special(self, name: str) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Yield values for a member that some condition asks for, each with the condition."""
        for each in self.statements:
            if each.path == (name,) and each.when and each.constraint.keyword == "pattern":
                yield from ((each.when, value) for value in samples.values(self.schema, each.schema))

    def good(self) -> tuple[Any, ...]:
        """Return payloads that break nothing: the least one, then one with all that goes together for each case."""
        first = self._completed({})
        if first is None:
            return ()
        least = self._shrunk(first)
        found = [least, self._filled(least)]
        cases = set[tuple[str, ...]]()
        for name in self.members:
            for case, value in self._special(name):
                base = self._completed({**least, name: value}) if case not in cases else None
                if base is not None:
                    cases.add(case)
                    found.append(self._filled(base))
        shown = {json.dumps(each): each for each in found}
        return tuple(shown.values())[:VARIANTS]

    def _completed(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        """Return a payload with what it lacks, member by member, as the validator asks for it."""
        given = set(payload)
        for _ in range(TRIED):
            wrong = self.judge(payload)
            if not wrong:
                return payload
            name = next((each.path[0] for each in wrong if each.path and each.path[0] not in given), None)
            better = self._helped(payload, len(wrong)) if name is None else self._next(payload, str(name))
            if better is None:
                return None
            payload = better
        return None

    def _shrunk(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Return a payload with the shortest values of its objects that will do."""
        for name, value in payload.items():
            if isinstance(value, dict):
                short = sorted((each for each in self.known[name] if isinstance(each, dict)), key=len)
                payload = next((new for each in short if not self.judge(new := {**payload, name: each})), payload)
        return payload

    def _next(self, payload: dict[str, Any], name: str) -> dict[str, Any] | None:
        """Return a payload with the next value of a member that is missing or wrong."""
        rest = self.known.get(name, [])
        at = rest.index(payload[name]) + 1 if payload.get(name) in rest else 0
        return {**payload, name: rest[at]} if at < len(rest) else None

    def _helped(self, payload: dict[str, Any], count: int) -> dict[str, Any] | None:
        """Return a payload with one more member that makes less of it wrong."""
        more = ({**payload, name: value} for name, values in self.known.items() for value in values)
        return next((each for each in more if len(self.judge(each)) < count), None)

    def _filled(self, payload: Any) -> Any:
        """Return a payload with every further member that it can take."""
        filled = dict(payload)
        for name in self.members:
            for value in self.known[name] if name not in filled else ():
                if not self.judge({**filled, name: value}):
                    filled[name] = value
                    break
        return {name: filled[name] for name in sorted(filled, key=self.members.index)}

    def bad(self, good: tuple[Any, ...]) -> dict[Told, Bad]:
        """Return by rule and wording a payload that breaks it, and as little else as can be; of several the first."""
        found: dict[Told, tuple[tuple[int, ...], Bad]] = {}
        wanted = {_told(each): index for index, each in reversed([*enumerate(self.statements)])}
        for tried in (self._broken(good), self._broken_elsewhere(good, found)):
            for meant, payload in tried:
                wrong = self.judge(payload)
                for told in {(each.rule, self._wording(each.constraint)) for each in wrong} & wanted.keys():
                    cost = (len(wrong), told != meant, len(payload) if isinstance(payload, dict) else 0)
                    if told not in found or cost < found[told][0]:
                        found[told] = (cost, Bad(*told, payload, wrong))
        return {told: found[told][1] for told in sorted(found, key=lambda told: (told[0], wanted[told]))}

    def _wording(self, constraint: Constraint) -> str:
        if constraint not in self._wordings:
            self._wordings[constraint] = constraint.explain(constraint, UNSEEN).message
        return self._wordings[constraint]

    def _broken(self, good: tuple[Any, ...]) -> Iterator[tuple[Told | None, Any]]:
        """Yield payloads that are likely to break something, each with what it is meant to break, if anything."""
        least, whole = _ends(good)
        yield None, {**least, "Unknown": "text"}
        for base in good:
            yield from ((None, _without(base, name)) for name in base)
        for base in (least, *good[2:]):
            for each in self.statements if base is least else self._conditional:
                yield from ((_told(each), payload) for payload in self._against(each, base, whole))
            for name, values in self.known.items():
                yield from ((None, {**base, name: value}) for value in values)
        if any(each.constraint.keyword == "x-relation" for each in self.statements):
            yield from ((None, payload) for payload in _alike(whole, self.known))

    def _broken_elsewhere(self, good: tuple[Any, ...], found: Container[Told]) -> Iterator[tuple[Told | None, Any]]:
        """Yield payloads for what no good payload comes near, since what must be so for it is wrong by itself."""
        least, whole = _ends(good)
        for each in self._conditional:
            told = _told(each)
            bases = ({**least, name: value} for name, values in self.known.items() for value in values)
            for base in () if told in found else bases:
                yield from ((told, payload) for payload in self._against(each, base, whole))

    @property
    def _conditional(self) -> list[Statement]:
        return [each for each in self.statements if each.when]

    def _against(self, statement: Statement, base: Any, whole: Any) -> Iterator[Any]:
        """Yield payloads in which the value that a statement is about is likely to break it."""
        path = statement.path
        for wrong in faults(statement, self._ways(path)):
            if not path:
                yield wrong
                continue
            top = base.get(path[0], whole.get(path[0], next(iter(self.known.get(path[0], ())), None)))
            changed = replaced(top, path[1:], wrong)
            yield _without(base, path[0]) if changed is NOTHING else {**base, path[0]: changed}

    def _ways(self, path: Steps) -> list[str]:
        """Return texts that take each way through the pattern of what a path leads to."""
        if path not in self._through:
            own = (each.constraint.argument for each in self.statements if each.path == path and not each.when
                   and each.constraint.keyword == "pattern")  # fmt: skip
            self._through[path] = [text for pattern in own for text in samples.ways(pattern)]
        return self._through[path]


def _ends(good: tuple[Any, ...]) -> tuple[Any, Any]:
    """Return the least good payload, and the one with all that goes with it."""
    return (good[0], good[min(1, len(good) - 1)]) if good else ({}, {})


def _told(statement: Statement) -> Told:
    return statement.constraint.rule, statement.message


def _without(base: Any, name: str) -> Any:
    return {each: value for each, value in base.items() if each != name}


def _alike(payload: Any, known: Mapping[str, list[Any]]) -> Iterator[Any]:
    """Yield a payload with one text, at each place where there is one, replaced by texts of other places."""
    texts = [each for values in known.values() for each in values if isinstance(each, str)]
    for path, old in leaves(payload):
        yield from (replaced(payload, path, new) for new in texts if isinstance(old, str) and new != old)


def leaves(value: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Yield each scalar below the objects of a payload, with its path."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, (*path, name))
    else:
        yield path, value


def replaced(value: Any, path: Steps, new: Any) -> Any:
    """Return a value in which what stands at a path is another, or left out; what is missing on the way is made."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if step == ITEM:
        items = value if isinstance(value, list) else []
        changed = replaced(items[0] if items else None, rest, new)
        return [] if changed is NOTHING else [changed, *items[1:]]
    members = value if isinstance(value, dict) else {}
    name = next(iter(members), "name") if step == NAME else step
    changed = replaced(members.get(name), rest, new)
    kept = {each: inner for each, inner in members.items() if each != name}
    return kept if changed is NOTHING else {**kept, name: changed}


def shortened(value: Any) -> Any:
    """Return a payload as an example shows it: what is very long is cut, and says so."""
    if isinstance(value, dict):
        return {shortened(name): shortened(each) for name, each in value.items()}
    if isinstance(value, list):
        return [*map(shortened, value[:3]), *([f"… {len(value):,} items in all"] if len(value) > 3 else [])]
    if isinstance(value, str) and len(value) > LONG:
        return f"{value[:40]}… {len(value):,} characters in all"
    return value
